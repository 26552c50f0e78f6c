// lifeline.showTrace: opens a counterexample as a diagram; asks which where there are several and none was named.
import * as vscode from 'vscode';
import { type FindingItem, methods, type TraceAnswer } from '../../../server/src/lsp/protocol.ts';
import type { TracePanel } from '../panels/tracePanel.ts';
import type { Server } from '../server.ts';
import { targetUri, violationNumber } from './target.ts';

export async function showTrace(server: Server, panel: TracePanel, given: unknown, wanted: unknown): Promise<void> {
  const uri = targetUri(given);
  if (uri === null) return;
  const violation = violationNumber(wanted) ?? (await choose(server, uri));
  if (violation === null) return;
  const answer = await server.request<TraceAnswer | null>(methods.trace, { uri, violation });
  if (answer === null) {
    void vscode.window.showInformationMessage('There is no trace to show: nothing has been found in this file.');
    return;
  }
  panel.show(answer);
}

/** Keeps an open panel honest: marks a trace whose file has changed, and takes up the new one of the same finding when there is one. */
export async function followResult(server: Server, panel: TracePanel, uri: string, done: boolean): Promise<void> {
  const state = panel.state();
  if (state === null || state.uri !== uri) return;
  if (!done) return panel.markStale(uri, true);
  const answer = await server.request<TraceAnswer | null>(methods.trace, { uri, violation: state.violation });
  if (answer !== null && !answer.stale && answer.title === state.title && panel.state()?.title === state.title) panel.update(answer);
}

/** Null: nothing to choose, or the user chose nothing. */
export async function choose(server: Server, uri: string): Promise<number | null> {
  const items = await server.request<readonly FindingItem[]>(methods.findings, { uri });
  if (items.length === 0) {
    void vscode.window.showInformationMessage('There is no trace to show: nothing has been found in this file.');
    return null;
  }
  if (items.length === 1) return items[0].violation;
  const picks = items.map((item) => ({
    label: item.kind,
    description: [`line ${item.position.line + 1}`, item.combination, item.expected ? 'expected' : ''].filter((s) => s !== '').join(', '),
    detail: item.message,
    violation: item.violation,
  }));
  return (await vscode.window.showQuickPick(picks, { title: 'Show the trace of', matchOnDetail: true }))?.violation ?? null;
}
