// The language server as the rest of the client sees it: requests that wait until it runs. Node and browser start it differently.
import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { type CheckStatus, methods } from '../../server/src/lsp/protocol.ts';

export interface Server {
  readonly request: <R>(method: string, params: unknown) => Promise<R>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export type MakeClient = (options: LanguageClientOptions) => BaseLanguageClient;

/** `threadScript`: URL of the script that explores, where the server cannot find it by itself. */
export function server(
  make: MakeClient,
  threadScript: string | null,
  output: vscode.LogOutputChannel,
  onStatus: (status: CheckStatus) => void,
): Server {
  const client = make({
    // Whatever its scheme: a remote file, an unsaved one, a shipped library.
    documentSelector: [{ language: 'lifeline' }],
    outputChannel: output,
    initializationOptions: { client: 'lifeline', ...(threadScript === null ? {} : { threadScript }) },
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.lifeline') },
    markdown: { isTrusted: false },
  });
  client.onNotification(methods.status, onStatus);
  client.onRequest(methods.readFile, async ({ uri }: { readonly uri: string }) => {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.parse(uri)));
    } catch {
      return null;
    }
  });
  let started: Promise<void> | null = null;
  const start = () => {
    started ??= client.start();
    return started;
  };
  return {
    start,
    async request(method, params) {
      await start();
      return client.sendRequest(method, params);
    },
    stop: () => client.stop(),
  };
}
