// lifeline.showMatrix: what each combination of a scenario's parameters comes to, as a table.
import * as vscode from 'vscode';
import { type MatrixAnswer, methods } from '../../../server/src/lsp/protocol.ts';
import type { MatrixPanel } from '../panels/matrixPanel.ts';
import type { Server } from '../server.ts';
import { targetUri } from './target.ts';

export async function showMatrix(server: Server, panel: MatrixPanel, given: unknown): Promise<void> {
  const uri = targetUri(given);
  if (uri === null) return;
  const answer = await server.request<MatrixAnswer | null>(methods.matrix, { uri });
  if (answer === null) void vscode.window.showInformationMessage('There is no table to show: this file has not been explored.');
  else panel.show(answer);
}

/** An open table is marked while it is out of date, and drawn anew when there is a result. */
export async function followMatrix(server: Server, panel: MatrixPanel, uri: string, done: boolean): Promise<void> {
  if (panel.uri() !== uri) return;
  if (!done) return panel.markStale();
  const answer = await server.request<MatrixAnswer | null>(methods.matrix, { uri });
  if (answer !== null && panel.uri() === uri) panel.update(answer);
}
