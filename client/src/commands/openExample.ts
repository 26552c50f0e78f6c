// lifeline.openExample: opens a copy of a scenario that ships with the extension, to play with.
import * as vscode from 'vscode';

export async function openExample(extension: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(extension, 'scenarios');
  const examples = await scenariosUnder(folder, '');
  if (examples.length === 0) {
    void vscode.window.showWarningMessage('This build of Lifeline has no examples in it.');
    return;
  }
  const picks = await Promise.all(
    examples.map(async (path) => {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, path)));
      const title = /^\s*scenario\s+\w+\s+"([^"]*)"/m.exec(text)?.[1] ?? '';
      return { label: path.replace(/\.lifeline$/, ''), description: title, text };
    }),
  );
  const pick = await vscode.window.showQuickPick(picks, { title: 'Open an example', matchOnDescription: true });
  if (pick === undefined) return;
  const document = await vscode.workspace.openTextDocument({ language: 'lifeline', content: pick.text });
  await vscode.window.showTextDocument(document);
}

async function scenariosUnder(folder: vscode.Uri, path: string): Promise<readonly string[]> {
  let entries: ReadonlyArray<[string, vscode.FileType]>;
  try {
    entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, path));
  } catch {
    return [];
  }
  const found = await Promise.all(
    entries.map(([name, type]) => {
      const inside = path === '' ? name : `${path}/${name}`;
      if (type === vscode.FileType.Directory) return scenariosUnder(folder, inside);
      return name.endsWith('.lifeline') ? [inside] : [];
    }),
  );
  return found.flat().sort();
}
