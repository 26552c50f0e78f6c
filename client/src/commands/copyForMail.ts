// lifeline.copyForMail: puts a counterexample on the clipboard as plain text of mail width.
import * as vscode from 'vscode';
import { methods } from '../../../server/src/lsp/protocol.ts';
import type { Server } from '../server.ts';
import { choose } from './showTrace.ts';
import { targetUri, violationNumber } from './target.ts';

export async function copyForMail(server: Server, given: unknown, wanted: unknown): Promise<void> {
  const uri = targetUri(given);
  if (uri === null) return;
  const violation = violationNumber(wanted) ?? (await choose(server, uri));
  if (violation === null) return;
  const text = await server.request<string | null>(methods.traceText, { uri, violation, as: 'mail' });
  if (text === null) {
    void vscode.window.showInformationMessage('There is no trace to copy: nothing has been found in this file.');
    return;
  }
  await vscode.env.clipboard.writeText(text);
  void vscode.window.setStatusBarMessage(`$(clippy) Copied ${text.trimEnd().split('\n').length} lines for a mail`, 5000);
}
