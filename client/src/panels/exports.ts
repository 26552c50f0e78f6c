// What the trace panel gives away: text to the clipboard, pictures to a file that the user names.
import * as vscode from 'vscode';
import type { CopyFormat, FromPage } from '../../webview/protocol.ts';

export async function copied(text: string, as: CopyFormat): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  void vscode.window.setStatusBarMessage(`$(clippy) Copied the trace as ${as}`, 5000);
}

export async function saved({ as, data }: Extract<FromPage, { readonly type: 'save' }>, title: string): Promise<void> {
  const name = `${title.replace(/[^\w-]+/g, '-')}.${as}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [as.toUpperCase()]: [as] },
  });
  if (target === undefined) return;
  const bytes = as === 'svg' ? new TextEncoder().encode(data) : Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  await vscode.workspace.fs.writeFile(target, bytes);
}
