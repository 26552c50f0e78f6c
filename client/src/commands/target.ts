// Which document a command speaks of: the one that a lens names, else the one in front of the user.
import * as vscode from 'vscode';

/** Null after telling the user that there is none. */
export function targetUri(given: unknown): string | null {
  if (typeof given === 'string') return given;
  // Menus of the editor title and the explorer pass the resource.
  if (given instanceof vscode.Uri) return given.toString();
  const document =
    vscode.window.activeTextEditor?.document ??
    vscode.window.visibleTextEditors.find((e) => e.document.languageId === 'lifeline')?.document;
  if (document?.languageId === 'lifeline') return document.uri.toString();
  void vscode.window.showInformationMessage('Open a Lifeline scenario first (“Lifeline: Open Example” has some).');
  return null;
}

export function violationNumber(given: unknown): number | undefined {
  return typeof given === 'number' ? given : undefined;
}
