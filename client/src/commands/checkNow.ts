// lifeline.check: explores the file now, as it stands in the editor.
import * as vscode from 'vscode';
import { type CheckStatus, methods } from '../../../server/src/lsp/protocol.ts';
import type { Server } from '../server.ts';
import { targetUri } from './target.ts';

export async function checkNow(server: Server, given: unknown): Promise<void> {
  const uri = targetUri(given);
  if (uri === null) return;
  const status = await server.request<CheckStatus | null>(methods.check, { uri });
  if (status === null) void vscode.window.showInformationMessage('This is a library: scenarios that use it are what is explored.');
}
