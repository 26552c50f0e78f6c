// What a user sees in the editor, asked through VS Code's own API: runs in the Node extension host and on the desktop.
import * as assert from './assert.ts';
import * as vscode from 'vscode';

suite('Lifeline in VS Code', () => {
  test('is installed and wakes up on a scenario', async () => {
    const extension = vscode.extensions.getExtension('lifeline.lifeline');
    assert.ok(extension, 'the extension is not there');
    const document = await vscode.workspace.openTextDocument({ language: 'lifeline', content: 'scenario empty\n' });
    await vscode.window.showTextDocument(document);
    await extension.activate();
    assert.equal(document.languageId, 'lifeline');
    assert.ok(extension.isActive, 'the extension is not active');
  });
});
