// Data races of one state: pairs of agents that are each about to make a plain access to the same slot, one of them a write. Keeps the
// first state of each pair of locations; states are shown to it in breadth-first order.
import type { Race } from '../engine.ts';
import { type Compiler, compileExpression, inside, type Slots, type Value } from './expression.ts';

interface CompiledAccess {
  readonly slot: number;
  readonly length: number;
  readonly index: Value | null;
  readonly write: boolean;
}

export class RaceDetector {
  readonly races: Race[] = [];
  private readonly slots: Slots;
  /** By agent: the slot that says where it stands. */
  private readonly agentSlots: Int32Array;
  private readonly accesses: ReadonlyArray<ReadonlyArray<CompiledAccess | null>>;
  /** The agents that have an access anywhere. */
  private readonly watched: readonly number[];
  private readonly seen = new Set<string>();
  private readonly about: Array<CompiledAccess | null> = [];
  private readonly at: number[] = [];

  constructor(c: Compiler) {
    const { agents } = c.system;
    this.slots = c.slots;
    this.agentSlots = Int32Array.from(agents, (a) => a.slot);
    this.accesses = agents.map((a) => a.locations.map((l) => (l.access === null ? null : { ...l.access, index: indexOf(c, l.access.index) })));
    this.watched = agents.map((_, agent) => agent).filter((agent) => this.accesses[agent].some((x) => x !== null));
  }

  /** Looks at the current state of the compiler's slots. */
  look(state: number): void {
    const { watched, about, at } = this;
    let writes = 0;
    let count = 0;
    for (let i = 0; i < watched.length; i++) {
      const access = this.accesses[watched[i]][this.standing(watched[i])];
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
        if (at[j] === at[i] && (access.write || about[j]?.write === true)) this.found(state, watched[j], watched[i]);
      }
    }
  }

  private standing(agent: number): number {
    return this.slots[this.agentSlots[agent]];
  }

  private found(state: number, first: number, second: number): void {
    const key = `${first} ${this.standing(first)} ${second} ${this.standing(second)}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.races.push({ state, first, second });
  }
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
