// What the tests do in the editor: write a scenario into the workspace, show it, wait for what Lifeline says about it.
import * as vscode from 'vscode';

const limitMs = 20_000;
const pollMs = 50;

/** Writes a file into the workspace folder and shows it. */
export async function open(name: string, text: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no workspace folder');
  const uri = vscode.Uri.joinPath(folder.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Replaces the whole text, as one edit of the user's. */
export async function rewrite(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('the edit was refused');
}

/** The range of the nth occurrence of `part`, counted from 0. */
export function rangeOf(document: vscode.TextDocument, part: string, nth = 0): vscode.Range {
  let at = -1;
  for (let i = 0; i <= nth; i++) at = document.getText().indexOf(part, at + 1);
  if (at < 0) throw new Error(`"${part}" is not in ${document.uri.path}`);
  return new vscode.Range(document.positionAt(at), document.positionAt(at + part.length));
}

/** Asks until the answer is there; says what it last saw when it never comes. */
export async function until<T>(what: string, ask: () => Promise<T | null> | T | null, seen: () => unknown): Promise<T> {
  for (const start = Date.now(); Date.now() - start < limitMs; ) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Error(`${what}: not after ${limitMs / 1000} s; seen: ${JSON.stringify(await seen())}`);
}

/** Waits for a diagnostic with this code and severity at this range. (An old one is shown greyed, as information, until the new one is there.) */
export function diagnostic(document: vscode.TextDocument, severity: vscode.DiagnosticSeverity, code: string, range: vscode.Range): Promise<vscode.Diagnostic> {
  const all = () => vscode.languages.getDiagnostics(document.uri);
  return until(
    `${vscode.DiagnosticSeverity[severity]} ${code} at ${place(range)}`,
    () => all().find((d) => codeOf(d) === code && d.severity === severity && d.range.isEqual(range)) ?? null,
    () => all().map((d) => `${vscode.DiagnosticSeverity[d.severity]} ${codeOf(d)} at ${place(d.range)}`),
  );
}

export function codeOf(diagnostic: vscode.Diagnostic): string {
  return String(typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code);
}

/** Waits for a code lens whose title has this form, anywhere or on one line. */
export function lens(document: vscode.TextDocument, title: RegExp, line: number | null = null): Promise<vscode.CodeLens> {
  const ask = () => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
  const all = async () => ((await ask()) ?? []).filter((l) => line === null || l.range.start.line === line);
  return until(
    `a lens ${title}`,
    async () => (await all()).find((l) => title.test(l.command?.title ?? '')) ?? null,
    async () => (await all()).map((l) => l.command?.title),
  );
}

export async function hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  return (hovers ?? []).flatMap((h) => h.contents.map((c) => (typeof c === 'string' ? c : c.value))).join('\n');
}

export function webviewTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((g) => g.tabs).filter((t) => t.input instanceof vscode.TabInputWebview);
}

function place(range: vscode.Range): string {
  return `${range.start.line}:${range.start.character}-${range.end.line}:${range.end.character}`;
}
