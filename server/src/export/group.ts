// The findings of all runs of a file as a reader wants them: once each, with the combinations of parameters that have it.
import type { FileResult, Run, Violation } from '../analysis.ts';

export interface Group {
  /** The one whose trace is shown: the first in the order of `check`. */
  readonly violation: Violation;
  /** Its number for `lifeline trace --violation`, from 1. */
  readonly number: number;
  /** Combinations that have it, in the order of the runs. */
  readonly runs: readonly Run[];
  /** Every run has it. */
  readonly everywhere: boolean;
  /** Covered by an `expect` in each of its runs. */
  readonly expected: boolean;
}

/** Groups over all runs, in the order of `check`: by first appearance. */
export function groups(result: FileResult): readonly Group[] {
  const found = new Map<string, { violation: Violation; number: number; runs: Run[]; expected: boolean }>();
  let number = 0;
  for (const run of result.runs) {
    for (const violation of run.violations) {
      number++;
      const key = identity(violation);
      const known = found.get(key);
      if (known === undefined) found.set(key, { violation, number, runs: [run], expected: violation.expected });
      else {
        if (!known.runs.includes(run)) known.runs.push(run);
        // An unexpected one is what has to be looked at: its trace is the one to show.
        if (known.expected && !violation.expected) Object.assign(known, { violation, number, expected: false });
      }
    }
  }
  return [...found.values()].map((g) => ({ ...g, everywhere: g.runs.length === result.runs.length }));
}

/** What makes the file red first, errors before warnings; then what was expected; then what is for information. */
export function byGravity(found: readonly Group[]): readonly Group[] {
  const rank = ({ expected, violation }: Group): number =>
    violation.severity === 'information' ? 3 : expected ? 2 : violation.severity === 'warning' ? 1 : 0;
  return [...found].sort((a, b) => rank(a) - rank(b));
}

/** The violation with this number (from 1, over all runs) and its run; null: there are fewer. */
export function violationNumber(result: FileResult, number: number): { readonly violation: Violation; readonly run: Run } | null {
  let left = number;
  for (const run of result.runs) {
    if (left <= run.violations.length && left >= 1) return { violation: run.violations[left - 1], run };
    left -= run.violations.length;
  }
  return null;
}

/** `fence = srcu, workers = 2`; empty without parameters. */
export function combination(params: Readonly<Record<string, string>>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}

/** `; in fence = none and fence = rwsem`, or what shortens a long list; empty where every run has it. */
export function whenText(group: Group, runs: number): string {
  if (group.everywhere) return '';
  const names = group.runs.map((run) => combination(run.params));
  if (names.length <= 3) return `when ${names.join(' or ')}`;
  return `in ${names.length} of ${runs} combinations, first when ${names[0]}`;
}

export type Outcome = 'errors' | 'red' | 'incomplete' | 'green';

/** What a result comes to. Something red stays red in an exploration that ended early; nothing that ended early is green. */
export function outcome(result: FileResult): Outcome {
  if (result.errors.some((e) => e.severity === 'error')) return 'errors';
  if (unexpected(result) > 0 || result.expects.some((e) => e.met === false)) return 'red';
  if (result.incomplete || !result.green) return result.incomplete ? 'incomplete' : 'red';
  return 'green';
}

/** Number of distinct violations that no `expect` covers and that make a file red. */
export function unexpected(result: FileResult): number {
  return groups(result).filter((g) => !g.expected && g.violation.severity !== 'information').length;
}

export type Hint = Run['hints'][number];

/** What holds in every combination: a statement that one of them reaches is reached. */
export function commonHints(result: FileResult, file: string): readonly Hint[] {
  const [first, ...others] = result.runs;
  if (first === undefined) return [];
  const same = (a: Hint, b: Hint) =>
    a.code === b.code && a.at.file === b.at.file && a.at.span.start === b.at.span.start && a.at.span.end === b.at.span.end;
  return first.hints.filter((hint) => hint.at.file === file && others.every((run) => run.hints.some((other) => same(hint, other))));
}

export interface Totals {
  readonly states: number;
  readonly elapsedMs: number;
  readonly combinations: number;
}

export function totals(result: FileResult): Totals {
  return {
    states: result.runs.reduce((sum, run) => sum + run.stats.states, 0),
    elapsedMs: result.runs.reduce((sum, run) => sum + run.stats.elapsedMs, 0),
    combinations: result.runs.length,
  };
}

function identity(v: Violation): string {
  return JSON.stringify([v.kind, v.at.file, v.at.span.start, v.at.span.end, v.function, v.object, v.agent, v.by, v.waitsFor]);
}
