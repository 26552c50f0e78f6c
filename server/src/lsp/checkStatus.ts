// The states of a check in the words that everybody shows. When a file is in which state is checking.ts's.
import type { FileResult, Progress } from '../analysis.ts';
import { grouped } from '../base/numbers.ts';
import { groups, outcome, totals } from '../export/group.ts';
import { plural, summary } from '../export/summary.ts';
import type { CheckStatus } from './protocol.ts';

export function blank(document: Pick<CheckStatus, 'uri' | 'version'>): CheckStatus {
  const { uri, version } = document;
  return {
    uri,
    version,
    state: 'stale',
    outcome: null,
    summary: 'not explored yet',
    states: 0,
    statesPerSecond: 0,
    elapsedMs: 0,
    findings: 0,
  };
}

export function notChecked(errors: number): Partial<CheckStatus> {
  return { outcome: 'errors', summary: `not checked: ${plural(errors, 'error')}` };
}

export function runningStatus({ states, statesPerSecond, run, runs }: Progress, elapsedMs: number): Partial<CheckStatus> {
  const which = runs > 1 ? `combination ${run + 1} of ${runs}, ` : '';
  const text = `${which}${grouped(states)} states, ${grouped(Math.round(statesPerSecond))} states/s`;
  return { summary: text, states, statesPerSecond, elapsedMs };
}

export function doneStatus(result: FileResult): Partial<CheckStatus> {
  const { word, rest } = summary(result);
  const { states, elapsedMs } = totals(result);
  return { outcome: outcome(result), summary: `${word}${rest}`, states, elapsedMs, findings: groups(result).length };
}
