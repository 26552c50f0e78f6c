// The extension in Node: the language server is a process of its own, spoken to over IPC.
import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { LifelineApi } from './api.ts';
import { wire } from './wire.ts';

export function activate(context: vscode.ExtensionContext): LifelineApi {
  const module = context.asAbsolutePath('dist/lsp.js');
  const ipc = { module, transport: TransportKind.ipc };
  const debug = { ...ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
  return wire(context, (options) => new LanguageClient('lifeline', 'Lifeline', { run: ipc, debug }, options));
}
