// Generates the code that sorts identical agents: of all states that differ only in who is who, one is kept. Which exchanges are allowed was
// proved in automorphism.ts; the order is by a hash of what belongs to each agent, so that states that tie are at worst kept apart.
import type { System } from '../../system/system.ts';
import { Code, I32, I64, Op } from '../wasm/emit.ts';
import type { MakeCanonical } from '../wasm/generate.ts';
import { type Automorphism, exchange } from './automorphism.ts';
import { emitKeys } from './keys.ts';
import { emitNetwork } from './network.ts';
import { canSwap, swapFunction } from './swap.ts';

/** Agents that can be exchanged freely: `swaps[i]` exchanges the i-th with the next. */
export interface Sortable {
  readonly agents: readonly number[];
  readonly swaps: readonly Automorphism[];
  /** By agent, in one order for all: slots that move with it. */
  readonly columns: ReadonlyArray<readonly number[]>;
}

/** The symmetries of a system that hold up to proof. */
function sortableIn(system: System, initials: ReadonlyArray<readonly number[]>): readonly Sortable[] {
  return system.symmetries.flatMap(({ agents }): readonly Sortable[] => {
    const swaps = agents.slice(1).map((b, i) => exchange(system, initials, agents[i], b));
    const proved = swaps.filter((s) => s !== null);
    return proved.length < swaps.length ? [] : [{ agents, swaps: proved, columns: columnsOf(proved) }];
  });
}

/** canonical(entry): rewrites a state in place. Null where nothing can be sorted. */
export const canonicalFunction: MakeCanonical = (context, initials, add) => {
  const usable = sortableIn(context.system, initials).filter((s) => s.swaps.every((x) => canSwap(context, x)));
  if (usable.length === 0) return null;
  const code = new Code([I32], []);
  for (const s of usable) {
    if (emitNetwork(context, code, s)) continue;
    const swaps = s.swaps.map((x) => add(swapFunction(context, x)));
    const keys = s.agents.map(() => code.local(I64));
    emitKeys(context, code, s, keys);
    // Few agents, and mostly sorted already: a bubble sort, unrolled.
    for (let end = keys.length - 1; end > 0; end--) {
      for (let i = 0; i < end; i++) {
        code
          .get(keys[i])
          .get(keys[i + 1])
          .op(Op.gtU64)
          .if();
        code
          .get(keys[i])
          .get(keys[i + 1])
          .set(keys[i])
          .set(keys[i + 1]);
        code.get(0).call(swaps[i]).end();
      }
    }
  }
  return add(code);
};

/** What is of an agent and of another one together is left out: the order does not depend on it. */
function columnsOf(swaps: readonly Automorphism[]): ReadonlyArray<readonly number[]> {
  const [first, second] = swaps;
  const moves = (x: Automorphism, slot: number): boolean => x.slots[slot] !== slot;
  // What the second exchange moves too belongs to the second agent; with two agents either way will do.
  const isOwn = (slot: number): boolean => moves(first, slot) && (second === undefined ? slot < first.slots[slot] : !moves(second, slot));
  const columns: number[][] = [[...first.slots.keys()].filter(isOwn)];
  for (const s of swaps) columns.push(columns[columns.length - 1].map((slot) => s.slots[slot]));
  // Each slot moves where its agent is exchanged, and nowhere else.
  const clean = columns[0].flatMap((_, k) =>
    columns.every((column, agent) => swaps.every((x, i) => moves(x, column[k]) === (i === agent - 1 || i === agent))) ? [k] : [],
  );
  return columns.map((column) => clean.map((k) => column[k]));
}
