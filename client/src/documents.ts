// `lifeline:` documents: shipped libraries and the pages of verdicts, read-only, as the server has them.
import * as vscode from 'vscode';
import { methods } from '../../server/src/lsp/protocol.ts';
import type { Server } from './server.ts';

export function virtualDocuments(server: Server): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider('lifeline', {
    async provideTextDocumentContent(uri) {
      const text = await server.request<string | null>(methods.text, { uri: uri.toString() });
      if (text === null) throw new Error(`Lifeline has no document ${uri.path}`);
      return text;
    },
  });
}
