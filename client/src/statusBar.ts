// The status bar item: how the active scenario stands. Green only for a result that is for exactly this text.
import * as vscode from 'vscode';
import type { CheckStatus } from '../../server/src/lsp/protocol.ts';
import type { Statuses } from './statuses.ts';

export interface StatusBar extends vscode.Disposable {
  readonly shown: () => { readonly text: string; readonly visible: boolean };
}

export function statusBar(all: Statuses): StatusBar {
  const item = vscode.window.createStatusBarItem('lifeline.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Lifeline';
  let visible = false;
  const update = () => {
    const document = vscode.window.activeTextEditor?.document;
    visible = document?.languageId === 'lifeline' && document.uri.scheme !== 'lifeline';
    if (!visible || document === undefined) return item.hide();
    const status = all.get(document.uri.toString());
    const { text, background } = look(status);
    item.text = text;
    item.backgroundColor = background === null ? undefined : new vscode.ThemeColor(background);
    item.tooltip = status?.summary ?? 'not explored yet';
    item.accessibilityInformation = { label: `Lifeline: ${status?.summary ?? 'not explored yet'}` };
    item.command = status?.state === 'done' && status.findings > 0 ? 'lifeline.showTrace' : 'lifeline.check';
    item.show();
  };
  const subscriptions = [vscode.window.onDidChangeActiveTextEditor(update), all.changed(update)];
  update();
  return {
    shown: () => ({ text: item.text, visible }),
    dispose() {
      for (const s of subscriptions) s.dispose();
      item.dispose();
    },
  };
}

function look(status: CheckStatus | null): { readonly text: string; readonly background: string | null } {
  switch (status?.state) {
    case undefined:
      return { text: '$(circle-outline) Lifeline', background: null };
    case 'stale':
      return { text: '$(history) Lifeline: stale', background: null };
    case 'queued':
      return { text: '$(clock) Lifeline: queued', background: null };
    case 'running':
      return { text: `$(sync~spin) Lifeline: ${status.states === 0 ? 'running' : status.summary}`, background: null };
    case 'done':
      switch (status.outcome) {
        case 'green':
          return { text: '$(pass-filled) Lifeline: green', background: null };
        case 'red':
          return { text: '$(error) Lifeline: red', background: 'statusBarItem.errorBackground' };
        case 'errors':
          return { text: '$(warning) Lifeline: not checked', background: 'statusBarItem.warningBackground' };
        case 'incomplete':
        case null:
          return { text: '$(circle-slash) Lifeline: incomplete', background: 'statusBarItem.warningBackground' };
      }
  }
}
