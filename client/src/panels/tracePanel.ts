// The panel that draws a counterexample: makes the page, tells it what to draw, lets the editor follow its steps. One panel, reused, restored
// after a reload of the window. What is drawn is the page's business (client/webview).
import * as vscode from 'vscode';
import type { TraceAnswer } from '../../../server/src/lsp/protocol.ts';
import type { FromPage, Saved, Show, ToPage } from '../../webview/protocol.ts';
import type { PanelState } from '../api.ts';
import { copied, saved } from './exports.ts';
import { fillPage } from './fillPage.ts';
import { follower } from './follower.ts';

export interface TracePanel extends vscode.Disposable {
  readonly show: (answer: TraceAnswer) => void;
  /** Draws the present trace of the finding that is shown; nothing moves on the screen but what is new. */
  readonly update: (answer: TraceAnswer) => void;
  /** The file of the trace has changed. */
  readonly markStale: (uri: string, stale: boolean) => void;
  readonly state: () => PanelState | null;
  /** Resolves when the page has drawn what it was last sent. */
  readonly ready: () => Promise<PanelState>;
}

/** What of a trace the page gives back when a panel is restored. */
interface Source {
  readonly uri: string;
  readonly violation: number;
}

const viewType = 'lifeline.trace';

export function tracePanel(context: vscode.ExtensionContext): TracePanel {
  let panel: vscode.WebviewPanel | null = null;
  let shown: Show | null = null;
  let listening = false;
  let state: PanelState | null = null;
  const drawn = new vscode.EventEmitter<PanelState>();
  const follow = follower();

  const send = (message: ToPage) => {
    if (listening) void panel?.webview.postMessage(message);
  };
  const put = (show: Show) => {
    shown = show;
    state = { ...sourceOf(show), title: show.title, lanes: [], steps: show.trace.steps.length, step: 0, drawn: false };
    if (panel !== null) panel.title = `Trace: ${show.title}`;
    send(show);
  };

  const receive = (message: FromPage) => {
    switch (message.type) {
      case 'ready':
        listening = true;
        if (shown !== null) send(shown);
        return;
      case 'state':
        if (state === null || message.key !== shown?.key) return;
        state = { ...state, step: message.step, steps: message.steps, lanes: message.lanes, drawn: true };
        drawn.fire(state);
        return;
      case 'reveal':
        return follow.to(message.file, message.span, panel?.viewColumn);
      case 'copy':
        return void copied(message.text, message.as);
      case 'save':
        return void saved(message, shown?.title ?? 'trace');
    }
  };

  const adopt = (made: vscode.WebviewPanel) => {
    panel = made;
    listening = false;
    made.webview.onDidReceiveMessage(receive, null, context.subscriptions);
    made.onDidDispose(
      () => {
        // A restored panel may have taken its place already.
        if (panel !== made) return;
        panel = null;
        state = null;
        follow.forget();
      },
      null,
      context.subscriptions,
    );
    fillPage(made.webview, context.extensionUri, 'boot.js', 'style.css');
  };

  const serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
    // The page draws what it remembers by itself; here is only caught up with it.
    async deserializeWebviewPanel(restored: vscode.WebviewPanel, remembered: Saved | undefined) {
      panel?.dispose();
      adopt(restored);
      if (remembered !== undefined) put({ ...remembered.show, stale: true, step: remembered.step });
    },
  });

  return {
    show(answer) {
      if (panel === null) {
        // Beside the editor: its lines follow the steps.
        adopt(
          vscode.window.createWebviewPanel(
            viewType,
            'Trace',
            { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
            { retainContextWhenHidden: false },
          ),
        );
      } else panel.reveal(undefined, true);
      put(showOf(answer));
    },
    update: (answer) => put(showOf(answer)),
    markStale(uri, stale) {
      if (state?.uri !== uri || shown === null || shown.stale === stale) return;
      shown = { ...shown, stale };
      send({ type: 'stale', stale });
    },
    state: () => state,
    ready() {
      if (state?.drawn === true) return Promise.resolve(state);
      return new Promise((resolve) => {
        const listener = drawn.event((next) => {
          listener.dispose();
          resolve(next);
        });
      });
    },
    dispose() {
      serializer.dispose();
      follow.dispose();
      drawn.dispose();
      panel?.dispose();
    },
  };
}

function showOf({ uri, violation, title, combination, stale, trace }: TraceAnswer): Show {
  const source: Source = { uri, violation };
  const key = [uri, title, combination, trace.steps.map((s) => `${s.agent} ${s.text}`).join('\n')].join('\n');
  return { type: 'show', key, title, combination, stale, trace, step: null, source };
}

function sourceOf(show: Show): Source {
  const { uri = '', violation = 0 } = (show.source ?? {}) as Partial<Source>;
  return { uri, violation };
}
