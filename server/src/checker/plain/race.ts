// Data races of one state: pairs of agents that are each about to make a plain access to the same slot, one of them a write. Keeps the
// first state of each pair of locations; states are shown to it in breadth-first order.
import type { Race } from '../engine.ts';
import { type Compiler, type Value, compileExpression, inside } from './expression.ts';

interface CompiledAccess {
  readonly slot: number;
  readonly length: number;
  readonly index: Value | null;
  readonly write: boolean;
}

export interface RaceDetector {
  /** Looks at the current state of the compiler's slots. */
  readonly look: (state: number) => void;
  readonly races: readonly Race[];
}

export function makeRaceDetector(c: Compiler): RaceDetector {
  const { agents } = c.system;
  const accesses = agents.map((a) =>
    a.locations.map((l) => (l.access === null ? null : { ...l.access, index: indexOf(c, l.access.index) })),
  );
  const watched = agents.map((_, agent) => agent).filter((agent) => accesses[agent].some((x) => x !== null));
  const races: Race[] = [];
  const seen = new Set<string>();
  const about: Array<CompiledAccess | null> = [];
  const at: number[] = [];

  const look = (state: number): void => {
    let writes = 0;
    let count = 0;
    for (let i = 0; i < watched.length; i++) {
      const access = accesses[watched[i]][c.slots[agents[watched[i]].slot]];
      about[i] = access;
      if (access === null) continue;
      count++;
      if (access.write) writes++;
    }
    if (count < 2 || writes === 0) return;
    for (let i = 0; i < watched.length; i++) {
      const access = about[i];
      at[i] = access === null ? -1 : slotOf(access);
      if (access === null || at[i] < 0) continue;
      for (let j = 0; j < i; j++) {
        if (at[j] === at[i] && (access.write || about[j]?.write === true)) found(state, watched[j], watched[i]);
      }
    }
  };

  const found = (state: number, first: number, second: number): void => {
    const key = `${first} ${c.slots[agents[first].slot]} ${second} ${c.slots[agents[second].slot]}`;
    if (seen.has(key)) return;
    seen.add(key);
    races.push({ state, first, second });
  };

  return { look, races };
}

function indexOf(c: Compiler, index: Parameters<typeof compileExpression>[1] | null): Value | null {
  return index === null ? null : compileExpression(c, index);
}

/** -1: nothing to access. */
function slotOf(access: CompiledAccess): number {
  if (access.index === null) return access.slot;
  const index = access.index();
  return index < 0 ? -1 : access.slot + inside(index, access.length);
}
