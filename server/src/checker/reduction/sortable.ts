// What has been proved of identical agents, as code that sorts them needs it: which exchanges there are, and what belongs to each.
import { type Automorphism, mapped, type ValueMap } from './valueMap.ts';
import type { Coded } from './coded.ts';

/** Agents that can be exchanged freely: `swaps[i]` exchanges the i-th with the next. */
export interface Sortable {
  readonly agents: readonly number[];
  readonly swaps: readonly Automorphism[];
  /** By agent, in one order for all: slots that move with it. */
  readonly columns: ReadonlyArray<readonly number[]>;
}

export function sortable(agents: readonly number[], swaps: readonly Automorphism[]): Sortable {
  return { agents, swaps, columns: columnsOf(swaps) };
}

/**
 * The same of a system in which variables hold codes: its states and steps correspond one to one, so that nothing has to be proved again. Null
 * where two variables that change places have other codes.
 */
export function inCodes(s: Sortable, codes: Coded['values']): Sortable | null {
  const swaps = s.swaps.map((x): Automorphism | null => {
    const values = x.values.map((map, slot) => codedMap(map, codes[slot], codes[x.slots[slot]]));
    return values.includes(null) ? null : { slots: x.slots, values: values.filter((map) => map !== null) };
  });
  return swaps.includes(null) ? null : { ...s, swaps: swaps.filter((x) => x !== null) };
}

function codedMap(map: ValueMap, from: readonly number[] | null, to: readonly number[] | null): ValueMap | null {
  if (from === null && to === null) return map;
  if (from === null || to === null || from.length !== to.length || from.some((v, code) => to[code] !== v)) return null;
  if (map.kind === 'same') return map;
  const images = from.map((v) => from.indexOf(mapped(map, v)));
  // A value whose image nobody can hold is a value that nobody can hold.
  const pairs = images.flatMap((to, code): Array<readonly [number, number]> => (to > code ? [[code, to]] : []));
  return pairs.length === 0 ? { kind: 'same' } : { kind: 'swap', pairs };
}

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
