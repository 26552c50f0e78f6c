// Scenario text in, visible verdicts out: `use-after-free in run by admin`, one line for each violation (and `error 3: ...` for what does not
// resolve). `late-callback`, which every careful zombie has, is left out unless a test asks for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCheck, type FileResult, type Violation } from '../../server/src/analysis.ts';

const options = { params: {}, maxStates: 2_000_000, maxTimeMs: 60_000, maxMemoryBytes: null, reduction: process.env.FULL === undefined, workers: 1 };
const host = { now: () => performance.now(), cancelled: () => false, progress: () => {} };

export function checkText(text: string): FileResult {
  const task = startCheck('t.lifeline', text.startsWith('scenario ') ? text : `scenario t "t"\n${text}`, { read: () => null }, options, host);
  let result: FileResult | null = null;
  while (result === null) result = task.step();
  return result;
}

function line(v: Violation, params: string): string {
  return `${params}${v.kind}${v.function === null ? '' : ` in ${v.function}`}${v.by.length === 0 ? '' : ` by ${[...v.by].sort().join(',')}`}`;
}

export function verdicts(text: string): string[] {
  const result = checkText(text);
  return [
    ...result.errors.map((e) => `error ${e.range.start.line}: ${e.message}`),
    ...result.runs.flatMap((run) => {
      const params = Object.entries(run.params).map(([name, value]) => `${name}=${value}: `).join('');
      return [...(run.complete ? [] : [`${params}incomplete`]), ...run.violations.map((v) => line(v, params))];
    }),
  ];
}

/** Exactly these verdicts, and no other. */
export function finds(name: string, text: string, wanted: readonly string[]): void {
  test(name, () => {
    const found = verdicts(text).filter((v) => !v.includes('late-callback') || wanted.some((w) => w.includes('late-callback')));
    assert.deepEqual([...new Set(found)].sort(), [...wanted].sort());
  });
}

/** `livelock at 7: while ...`, with the text of the file that it points at. */
export function shown(name: string, text: string, wanted: readonly string[]): void {
  test(name, () => {
    const whole = `scenario t "t"\n${text}`;
    const found = checkText(whole).runs.flatMap((run) => run.violations.filter((v) => v.severity !== 'information').map((v) => `${v.kind} at ${v.range.start.line + 1}: ${whole.slice(v.at.span.start, v.at.span.end)}`));
    assert.deepEqual(found, wanted);
  });
}
