// What a result takes for granted about time, as people read it wherever they meet the result.
import type { Run, Violation } from '../analysis.ts';

/** `assumed of time: a register access takes 1000 ns; ...`; null where the scenario has no clock. */
export function assumedText({ trace }: Violation): string | null {
  return textOf(trace.clock?.assumed ?? []);
}

/** The same of a run, which may have found nothing. */
export function assumedOfRun({ assumed = [] }: Run): string | null {
  return textOf(assumed);
}

function textOf(assumed: readonly string[]): string | null {
  return assumed.length === 0 ? null : `assumed of time: ${assumed.join('; ')}`;
}
