// The panel with the table of a design space. One panel, reused, restored after a reload; a cell opens its trace.
import * as vscode from 'vscode';
import { commands, type MatrixAnswer } from '../../../server/src/lsp/protocol.ts';
import type { FromMatrixPage, SavedMatrix, ShowMatrix, ToMatrixPage } from '../../webview/protocol.ts';
import { copied } from './exports.ts';
import { fillPage } from './fillPage.ts';

export interface MatrixPanel extends vscode.Disposable {
  readonly show: (answer: MatrixAnswer) => void;
  /** The present table of the file that is shown. */
  readonly update: (answer: MatrixAnswer) => void;
  readonly markStale: () => void;
  /** The file whose table is shown; null: the panel is closed. */
  readonly uri: () => string | null;
}

const viewType = 'lifeline.matrix';

export function matrixPanel(context: vscode.ExtensionContext): MatrixPanel {
  let panel: vscode.WebviewPanel | null = null;
  let shown: ShowMatrix | null = null;
  let listening = false;

  const send = (message: ToMatrixPage) => {
    if (listening) void panel?.webview.postMessage(message);
  };
  const put = (show: ShowMatrix) => {
    shown = show;
    if (panel !== null) panel.title = `Matrix: ${show.title}`;
    send(show);
  };
  const receive = (message: FromMatrixPage) => {
    switch (message.type) {
      case 'ready':
        listening = true;
        if (shown !== null) send(shown);
        return;
      case 'open':
        return void vscode.commands.executeCommand(commands.showTrace, uriOf(shown), message.violation);
      case 'copy':
        return void copied(message.text, message.as);
    }
  };
  const adopt = (made: vscode.WebviewPanel) => {
    panel = made;
    listening = false;
    made.webview.onDidReceiveMessage(receive, null, context.subscriptions);
    made.onDidDispose(
      () => {
        if (panel === made) panel = null;
      },
      null,
      context.subscriptions,
    );
    fillPage(made.webview, context.extensionUri, 'bootMatrix.js', 'matrix.css');
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(restored: vscode.WebviewPanel, remembered: SavedMatrix | undefined) {
      panel?.dispose();
      adopt(restored);
      if (remembered !== undefined) put({ ...remembered.show, stale: true });
    },
  });

  return {
    show(answer) {
      if (panel === null)
        adopt(vscode.window.createWebviewPanel(viewType, 'Matrix', { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }));
      else panel.reveal(undefined, true);
      put(showOf(answer));
    },
    update: (answer) => put(showOf(answer)),
    markStale() {
      if (shown === null || shown.stale) return;
      shown = { ...shown, stale: true };
      send({ type: 'stale', stale: true });
    },
    uri: () => (panel === null ? null : uriOf(shown)),
    dispose() {
      serializer.dispose();
      panel?.dispose();
    },
  };
}

function showOf({ uri, title, stale, matrix }: MatrixAnswer): ShowMatrix {
  return { type: 'matrix', title, stale, matrix, source: { uri } };
}

function uriOf(show: ShowMatrix | null): string | null {
  const source = (show?.source ?? {}) as { readonly uri?: string };
  return source.uri ?? null;
}
