// What one slot can hold while an agent stands at a location, and who wrote it last. Two agents of which each knows that it was itself, as
// holders of a lock do, are never there at the same time.
import type { System } from '../../system/system.ts';
import type { StepsUnder } from './touches.ts';

/** By agent and location: values of the slot with who wrote them, see `valueIn`. Empty: nobody ever stands there. */
export interface Exclusion {
  readonly slot: number;
  readonly at: ReadonlyArray<ReadonlyArray<ReadonlySet<number>>>;
}

export function valueIn(system: System, code: number): number {
  return Math.floor(code / (system.agents.length + 1));
}

/**
 * Each agent goes its way with what the slot holds, and whatever one writes, from what it can hold where that one stands, all others may find.
 * Null where the values are not few. Yields now and then.
 */
export function* exclusionOf(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  under: StepsUnder,
  slot: number,
  tellsWriters: boolean,
): Generator<void, Exclusion | null> {
  const { agents } = system;
  const [{ [slot]: free }] = initials;
  // Who let go of a lock last is of no interest.
  const holding = (value: number, writer: number): number =>
    value * (agents.length + 1) + (tellsWriters && value !== free ? writer : agents.length);
  const at = agents.map((a) => a.locations.map(() => new Set<number>()));
  const open: Array<readonly [agent: number, location: number, code: number]> = [];
  const where = new Map<number, Array<readonly [agent: number, location: number]>>();
  const add = (agent: number, location: number, code: number): void => {
    if (at[agent][location].has(code)) return;
    at[agent][location].add(code);
    open.push([agent, location, code]);
    const there = where.get(code);
    if (there === undefined) where.set(code, [[agent, location]]);
    else there.push([agent, location]);
  };
  /** What each agent makes of what it finds. */
  const turns = agents.map(() => new Map<number, Set<number>>());
  const turn = (agent: number, from: number, to: number): void => {
    const known = turns[agent].get(from) ?? new Set();
    if (known.has(to)) return;
    turns[agent].set(from, known.add(to));
    for (const [other, location] of where.get(from) ?? []) if (other !== agent) add(other, location, to);
  };
  for (const s of initials) agents.forEach((a, agent) => add(agent, s[a.slot], holding(s[slot], agents.length)));
  let looked = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if ((++looked & 63) === 0) yield;
    const [agent, location, code] = next;
    for (let other = 0; other < turns.length; other++) {
      const theirs = other === agent ? undefined : turns[other].get(code);
      if (theirs !== undefined) for (const to of theirs) add(agent, location, to);
    }
    const steps = under(agent, location, { slot, value: valueIn(system, code) });
    if (steps === undefined) return null;
    for (const end of steps.flatMap((t) => t?.ends ?? [])) {
      const to = end.written === null ? code : holding(end.written, agent);
      add(agent, end.location ?? location, to);
      if (to !== code) turn(agent, code, to);
    }
  }
  return { slot, at };
}
