// Gives a webview its page: the bundled script and style, and nothing else that it could load.
import * as vscode from 'vscode';
import { pageHtml } from '../../webview/page.ts';

export function fillPage(webview: vscode.Webview, extension: vscode.Uri, script: string, style: string): void {
  const root = vscode.Uri.joinPath(extension, 'dist', 'webview');
  const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  webview.html = pageHtml({ nonce: crypto.randomUUID(), cspSource: webview.cspSource, scriptUri: uri(script), styleUri: uri(style) });
}
