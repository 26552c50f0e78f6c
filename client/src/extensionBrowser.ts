// The extension in a browser (VS Code for the Web): the language server is a Web Worker.
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import type { LifelineApi } from './api.ts';
import { wire } from './wire.ts';

/** Of the browser's world no more than this is needed. */
declare const Worker: new (url: string) => ConstructorParameters<typeof LanguageClient>[3] & object;

export function activate(context: vscode.ExtensionContext): LifelineApi {
  const script = (name: string) => vscode.Uri.joinPath(context.extensionUri, 'dist/web', name).toString(true);
  return wire(
    context,
    (options) => new LanguageClient('lifeline', 'Lifeline', new Worker(script('lsp.js')), options),
    script('checkWorker.js'),
  );
}
