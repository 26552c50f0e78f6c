// A clock that leaps from instant to instant against one that goes nanosecond by nanosecond: what the second finds the first finds too.
import assert from 'node:assert/strict';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import { format } from '../../server/src/analysis.ts';
import { explore, mistakes, programsOf } from './subjects.ts';

export interface TicksTally {
  programs: number;
  tooLarge: number;
  leapStates: number;
  unitStates: number;
  readonly kinds: Map<string, number>;
}

export function newTicksTally(): TicksTally {
  return { programs: 0, tooLarge: 0, leapStates: 0, unitStates: 0, kinds: new Map() };
}

/** Kind, position, object and who. */
function found({ findings }: Exploration): string[] {
  return [...new Set(findings.map((f) => `${f.kind} at ${f.at.file}:${f.at.span.start} of ${f.object ?? 'nothing'} in ${f.agent}`))].sort();
}

/** The same with agents that may be scheduled out for any time, every character where it was. */
function forAnyTime(text: string): string {
  return text.replace(/preempt = ([\w ]+)/g, (all, given: string) => `preempt = ${'any'.padEnd(given.length)}`.padEnd(all.length));
}

/**
 * Throws where ns by ns something is found that leaps do not find, with the program. Its agents are scheduled out for some time, so that there is an
 * end to it; by leaps they are for any time, so that more may be found: whatever it is, each leap is so many nanoseconds.
 */
export function compareTicks(text: string, maxStates: number, tally: TicksTally): void {
  assert.deepEqual(mistakes(text), [], `the generator makes a program with mistakes:\n${text}`);
  const without = programsOf(forAnyTime(text));
  programsOf(text).forEach((program, i) => {
    tally.programs++;
    const unit = explore(program, maxStates, makePlainEngine, false, 'unit');
    const leap = unit === null ? null : explore(without[i], 4 * maxStates, makePlainEngine, false, 'leap');
    if (unit === null || leap === null) {
      tally.tooLarge++;
      return;
    }
    tally.leapStates += leap.exploration.stats.states;
    tally.unitStates += unit.exploration.stats.states;
    for (const f of new Set(unit.exploration.findings.map((x) => x.kind))) tally.kinds.set(f, (tally.kinds.get(f) ?? 0) + 1);
    const byLeaps = new Set(found(leap.exploration));
    assert.deepEqual(found(unit.exploration).filter((f) => !byLeaps.has(f)), [], `leaps do not find what unit ticks find in\n${format(text)}`);
  });
}

/** Throws where the two differ, with agents that are scheduled out for as long as the program says. */
export function compareScaled(text: string, maxStates: number, tally: TicksTally): void {
  for (const program of programsOf(text)) {
    tally.programs++;
    const unit = explore(program, maxStates, makePlainEngine, false, 'unit');
    const leap = explore(program, maxStates, makePlainEngine, false, 'leap');
    if (unit === null || leap === null) {
      tally.tooLarge++;
      continue;
    }
    tally.leapStates += leap.exploration.stats.states;
    tally.unitStates += unit.exploration.stats.states;
    for (const f of new Set(unit.exploration.findings.map((x) => x.kind))) tally.kinds.set(f, (tally.kinds.get(f) ?? 0) + 1);
    assert.deepEqual(found(leap.exploration), found(unit.exploration));
  }
}

export function toldTicks({ programs, tooLarge, leapStates, unitStates, kinds }: TicksTally): string {
  const counts = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} ${count}`);
  return `${programs} programs, ${tooLarge} thrown away as too large; ${leapStates} states by leaps, ${unitStates} by unit ticks; found ${counts.join(', ')}`;
}
