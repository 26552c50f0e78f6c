// What a finding takes for granted about time, as people read it wherever they meet the finding.
import type { Violation } from '../analysis.ts';

/** `assumed of time: a register access takes 1000 ns; ...`; null where the scenario has no clock. */
export function assumedText({ trace }: Violation): string | null {
  const assumed = trace.clock?.assumed ?? [];
  return assumed.length === 0 ? null : `assumed of time: ${assumed.join('; ')}`;
}
