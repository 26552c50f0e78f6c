// A clock that leaps from instant to instant against one that goes nanosecond by nanosecond: they find the same, wherever it is.
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

/** Throws where the two differ, with the program. */
export function compareTicks(text: string, maxStates: number, tally: TicksTally): void {
  assert.deepEqual(mistakes(text), [], `the generator makes a program with mistakes:\n${text}`);
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
    assert.deepEqual(found(leap.exploration), found(unit.exploration), `leaps (first) find something else than unit ticks in\n${format(text)}`);
  }
}

export function toldTicks({ programs, tooLarge, leapStates, unitStates, kinds }: TicksTally): string {
  const counts = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} ${count}`);
  return `${programs} programs, ${tooLarge} thrown away as too large; ${leapStates} states by leaps, ${unitStates} by unit ticks; found ${counts.join(', ')}`;
}
