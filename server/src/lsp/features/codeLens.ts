// textDocument/codeLens: above the scenario, its claims and its expects, how they stand, with the trace one click away.
import type { CodeLens, Command } from 'vscode-languageserver';
import type { ClaimResult, ExpectResult } from '../../analysis.ts';
import type { Span } from '../../base/span.ts';
import { groups } from '../../export/group.ts';
import { plural } from '../../export/summary.ts';
import type { Shown } from '../checking.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { findingFor, headerSpan, locatedRanges } from '../located.ts';
import { type CheckStatus, commands } from '../protocol.ts';

/** `runnable`: the client has the commands; others are only told how things stand. */
export function codeLens(document: Document, status: CheckStatus | null, shown: Shown | null, runnable: boolean): CodeLens[] {
  if (status === null) return [];
  const lenses: CodeLens[] = [];
  const add = (span: Span, ...titles: Command[]) => {
    for (const command of titles.filter((t) => runnable || t.command === ''))
      lenses.push({ range: spanRange(document.map, span), command });
  };
  const current = status.state === 'done' && shown !== null && shown.changes.length === 0;
  const first = current ? firstToShow(shown) : null;
  add(headerSpan(document), ...scenarioLens(document.uri, status), ...(first === null ? [] : traceCommands(document.uri, first)));
  if (!current) return lenses;
  if (shown.result.runs.length > 1)
    add(headerSpan(document), { title: 'Show matrix', command: commands.showMatrix, arguments: [document.uri] });
  for (const { of, span } of locatedRanges(shown.result.claims, shown)) add(span, plain(claimTitle(of)));
  for (const { of, span } of locatedRanges(shown.result.expects, shown)) {
    const finding = findingFor(shown.result, of);
    const steps = finding === null ? '' : `, ${plural(finding.violation.steps, 'step')}`;
    add(span, plain(`${expectTitle(of)}${steps}`), ...(finding === null ? [] : traceCommands(document.uri, finding.number)));
  }
  return lenses;
}

function scenarioLens(uri: string, status: CheckStatus): Command[] {
  switch (status.state) {
    case 'stale':
      return [plain(status.summary), { title: 'Check now', command: commands.check, arguments: [uri] }];
    case 'queued':
      return [plain('queued')];
    case 'running':
      return [plain(`running: ${status.summary}`)];
    case 'done':
      return [plain(status.summary)];
  }
}

function traceCommands(uri: string, violation: number): Command[] {
  return [
    { title: 'Show trace', command: commands.showTrace, arguments: [uri, violation] },
    { title: 'Copy for mail', command: commands.copyForMail, arguments: [uri, violation] },
  ];
}

/** What nobody expected comes first. */
function firstToShow(shown: Shown): number | null {
  const all = groups(shown.result);
  return (all.find((g) => !g.expected && g.violation.severity !== 'information') ?? all.at(0))?.number ?? null;
}

function claimTitle(claim: ClaimResult): string {
  const assumption = claim.underAssumption === null ? '' : ` under the assumption that ${claim.underAssumption}`;
  const quotation = claim.quotation === null ? '' : `, quotation ${claim.quotation}`;
  return `${claim.state}${assumption}${quotation}`;
}

function expectTitle(expect: ExpectResult): string {
  return expect.met === null ? 'not decided' : expect.met ? 'met' : 'not met';
}

/** A lens that only says something has no command to run. */
function plain(title: string): Command {
  return { title, command: '' };
}
