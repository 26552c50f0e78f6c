// lifeline.openExample: opens a copy of a scenario that ships with the extension, to play with.
import * as vscode from 'vscode';
import { examples } from './examples.ts';

/** `name` opens that one without asking. */
export async function openExample(name: unknown): Promise<void> {
  const picks = examples.map((example) => ({ label: example.name, description: example.title, text: example.text }));
  const pick =
    picks.find((p) => p.label === name) ??
    (await vscode.window.showQuickPick(picks, { title: 'Open an example', matchOnDescription: true }));
  if (pick === undefined) return;
  const document = await vscode.workspace.openTextDocument({ language: 'lifeline', content: pick.text });
  await vscode.window.showTextDocument(document);
}
