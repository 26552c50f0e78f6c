// Shows the statement of a step in an editor while the focus stays in the panel. Steps come faster than editors open: only the last counts.
import * as vscode from 'vscode';
import type { Span } from '../../../server/src/base/span.ts';

export interface Follower extends vscode.Disposable {
  /** `panel`: the column that must stay as it is. */
  readonly to: (file: string, span: Span, panel: vscode.ViewColumn | undefined) => void;
  /** Takes the mark away. */
  readonly forget: () => void;
}

export function follower(): Follower {
  const mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.stackFrameHighlightBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.infoForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  let wanted = 0;
  const forget = () => {
    for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(mark, []);
  };
  const go = async (file: string, span: Span, panel: vscode.ViewColumn | undefined) => {
    const mine = ++wanted;
    let document: vscode.TextDocument;
    try {
      document = await vscode.workspace.openTextDocument(vscode.Uri.parse(file));
    } catch {
      // Gone since the trace was made.
      return;
    }
    if (mine !== wanted) return;
    const range = new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
    const visible = vscode.window.visibleTextEditors.find((e) => e.document === document);
    const column =
      visible?.viewColumn ?? vscode.window.visibleTextEditors.find((e) => e.viewColumn !== panel)?.viewColumn ?? vscode.ViewColumn.One;
    const editor = visible ?? (await vscode.window.showTextDocument(document, { viewColumn: column, preserveFocus: true, preview: true }));
    if (mine !== wanted) return;
    forget();
    editor.setDecorations(mark, [range]);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };
  return {
    to: (file, span, panel) => void go(file, span, panel),
    forget,
    dispose: () => mark.dispose(),
  };
}
