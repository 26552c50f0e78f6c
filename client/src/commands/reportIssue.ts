// lifeline.reportIssue: VS Code's issue reporter with the versions that a report needs.
import * as vscode from 'vscode';

export async function reportIssue(context: vscode.ExtensionContext): Promise<void> {
  const { version } = context.extension.packageJSON as { readonly version: string };
  const issueBody = [
    `Lifeline ${version}, VS Code ${vscode.version}, ${vscode.env.appHost}${vscode.env.remoteName === undefined ? '' : `, remote ${vscode.env.remoteName}`}`,
    '',
    'What happened, and what should have:',
    '',
    'The scenario (the shorter the better):',
    '',
    '```lifeline',
    '```',
    '',
  ].join('\n');
  try {
    await vscode.commands.executeCommand('workbench.action.openIssueReporter', {
      extensionId: context.extension.id,
      issueTitle: '',
      issueBody,
    });
  } catch {
    // Browsers and forks have no reporter.
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content: issueBody }));
  }
}
