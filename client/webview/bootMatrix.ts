// Starts the matrix page in VS Code's webview: wires messages and the remembered state to matrix.ts.
import { matrixView } from './matrix.ts';
import type { FromMatrixPage, SavedMatrix, ToMatrixPage } from './protocol.ts';

interface VsCode {
  postMessage(message: FromMatrixPage): void;
  getState(): SavedMatrix | undefined;
  setState(saved: SavedMatrix): void;
}

declare function acquireVsCodeApi(): VsCode;

const vscode = acquireVsCodeApi();
const saved = vscode.getState() ?? null;
const view = matrixView({ post: (message) => vscode.postMessage(message), save: (next) => vscode.setState(next) });

window.addEventListener('message', (event: MessageEvent<ToMatrixPage>) => {
  const message = event.data;
  switch (message.type) {
    case 'matrix':
      return view.show(message, vscode.getState() ?? null);
    case 'stale':
      return view.stale(message.stale);
  }
});

document.getElementById('app')?.append(view.node);
if (saved !== null) view.show(saved.show, saved);
vscode.postMessage({ type: 'ready' });
