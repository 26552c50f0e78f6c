// Puts the extension together: server, status bar, commands, panels, documents. The same in Node and in a browser.
import * as vscode from 'vscode';
import type { LifelineApi } from './api.ts';
import { checkNow } from './commands/checkNow.ts';
import { copyForMail } from './commands/copyForMail.ts';
import { openExample } from './commands/openExample.ts';
import { reportIssue } from './commands/reportIssue.ts';
import { followMatrix, showMatrix } from './commands/showMatrix.ts';
import { followResult, showTrace } from './commands/showTrace.ts';
import { virtualDocuments } from './documents.ts';
import { matrixPanel } from './panels/matrixPanel.ts';
import { tracePanel } from './panels/tracePanel.ts';
import { type MakeClient, server as startServer } from './server.ts';
import { statusBar } from './statusBar.ts';
import { statuses } from './statuses.ts';

export function wire(context: vscode.ExtensionContext, make: MakeClient, threadScript: string | null = null): LifelineApi {
  const output = vscode.window.createOutputChannel('Lifeline', { log: true });
  const all = statuses();
  const server = startServer(make, threadScript, output, all.put);
  const bar = statusBar(all);
  const panel = tracePanel(context);
  const table = matrixPanel(context);
  const follow = all.changed(({ uri, state, summary }) => {
    if (state === 'done') output.info(`${uri}: ${summary}`);
    void followResult(server, panel, uri, state === 'done');
    void followMatrix(server, table, uri, state === 'done');
  });
  const command = (name: string, run: (...args: readonly unknown[]) => unknown) => vscode.commands.registerCommand(name, run);

  context.subscriptions.push(
    output,
    bar,
    panel,
    table,
    follow,
    virtualDocuments(server),
    command('lifeline.check', (uri) => checkNow(server, uri)),
    command('lifeline.showTrace', (uri, violation) => showTrace(server, panel, uri, violation)),
    command('lifeline.showMatrix', (uri) => showMatrix(server, table, uri)),
    command('lifeline.copyForMail', (uri, violation) => copyForMail(server, uri, violation)),
    command('lifeline.openExample', (name) => openExample(name)),
    command('lifeline.showOutput', () => output.show()),
    command('lifeline.reportIssue', () => reportIssue(context)),
    { dispose: () => void server.stop() },
  );
  // Not awaited: the editor does not wait for a server to open a file.
  server.start().catch((e: unknown) => output.error(`the language server did not start: ${String(e)}`));
  return {
    status: all.get,
    waitForStatus: all.waitFor,
    statusBar: bar.shown,
    panelState: panel.state,
    panelReady: panel.ready,
  };
}
