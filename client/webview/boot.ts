// Starts the trace viewer in VS Code's webview: wires messages and the remembered state to view.ts. In a plain page the host is the window itself.
import type { FromPage, Saved, ToPage } from './protocol.ts';
import { view } from './view.ts';

interface VsCode {
  postMessage(message: FromPage): void;
  getState(): Saved | undefined;
  setState(saved: Saved): void;
}

declare function acquireVsCodeApi(): VsCode;

const vscode = acquireVsCodeApi();
let saved: Saved | null = vscode.getState() ?? null;

// The state holds the trace: it is written when stepping pauses, not with every key.
const SAVE_DELAY_MS = 200;
let timer: ReturnType<typeof setTimeout> | null = null;
const write = (): void => {
  if (timer === null || saved === null) return;
  clearTimeout(timer);
  timer = null;
  vscode.setState(saved);
};

const viewer = view({
  post: (message) => vscode.postMessage(message),
  save: (next) => {
    saved = next;
    timer ??= setTimeout(write, SAVE_DELAY_MS);
  },
});
window.addEventListener('pagehide', write);

window.addEventListener('message', (event: MessageEvent<ToPage>) => {
  const message = event.data;
  switch (message.type) {
    case 'show':
      return viewer.show(message, saved);
    case 'select':
      return viewer.select(message.step);
    case 'stale':
      return viewer.stale(message.stale);
  }
});

document.getElementById('app')?.append(viewer.node);
// After a reload of the window the last trace is here before the server is.
if (saved !== null) viewer.show(saved.show, saved);
vscode.postMessage({ type: 'ready' });
