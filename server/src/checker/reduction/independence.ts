// Whether what an agent does next gets in anybody's way, or anybody in its: found out from the steps of all others that can be taken while it
// stands where it does.
import type { Expression, System } from '../../system/system.ts';
import type { Held } from '../wasm/values.ts';
import { visitSystem } from '../wasm/visit.ts';
import { type Exclusion, exclusionOf, valueIn } from './exclusion.ts';
import { accessReads, type StepsUnder, stepsUnder, type Touches, touchesOf } from './touches.ts';

export interface Independence {
  /** What the steps at a location do; none where the agent never comes to it. */
  readonly steps: (agent: number, location: number) => ReadonlyArray<Touches | null>;
  /** Whether a step there that does this is the same to everybody, and to itself, taken at once or later. */
  readonly isClear: (agent: number, location: number, t: Touches) => boolean;
}

interface At {
  readonly agent: number;
  readonly location: number;
}

/** Null where agents put each other somewhere. Yields now and then. */
export function* independence(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  held: ReadonlyArray<Readonly<Held>>,
): Generator<void, Independence | null> {
  const { agents } = system;
  // Who touches a slot, and where.
  const readers = Array.from({ length: system.slots }, () => new Set<At>());
  const writers = Array.from({ length: system.slots }, () => new Set<At>());
  const steps = agents.map(() => new Map<number, ReadonlyArray<Touches | null>>());
  for (const [agent, a] of agents.entries()) {
    for (const [location, l] of a.locations.entries()) {
      if (!canHold(held[a.slot], location)) continue;
      const here = { agent, location };
      const all = l.steps.map((s) => touchesOf(system, held, s) ?? null);
      steps[agent].set(location, all);
      for (const t of all) {
        for (const slot of t?.reads ?? []) readers[slot].add(here);
        for (const slot of t?.writes ?? []) writers[slot].add(here);
      }
      for (const slot of accessReads(system, held, l)) readers[slot].add(here);
    }
    yield;
  }
  if (agents.some((a, agent) => [...writers[a.slot]].some((w) => w.agent !== agent))) return null;

  const under = stepsUnder(system, held, steps);
  const exclusions: Exclusion[] = [];
  for (const [slot, written] of constantsWritten(system).entries()) {
    if (written === null || written.size === 0 || (held[slot].values?.size ?? 1) < 2) continue;
    // What never becomes again what it was at first is no lock, but tells what is over.
    const found = yield* exclusionOf(system, initials, under, slot, written.has(initials[0][slot]));
    if (found !== null) exclusions.push(found);
  }

  const isClear = (agent: number, location: number, t: Touches): boolean => {
    const others = new Set<At>();
    for (const slot of t.reads) for (const at of writers[slot]) others.add(at);
    for (const slot of t.writes) for (const at of [...readers[slot], ...writers[slot]]) others.add(at);
    return [...others].every(
      (there) => there.agent === agent || exclusions.some((x) => keepsApart(system, held, under, x, { agent, location }, t, there)),
    );
  };
  return { steps: (agent, location) => steps[agent].get(location) ?? [], isClear };
}

function canHold({ values, range }: Readonly<Held>, value: number): boolean {
  return values === null ? value >= range.low && value <= range.high : values.has(value);
}

/** By slot, what is written to it; null where that is not always a constant. */
function constantsWritten(system: System): ReadonlyArray<ReadonlySet<number> | null> {
  const written: Array<Set<number> | null> = Array.from({ length: system.slots }, () => new Set());
  const note = (slot: number, value: Expression): void => {
    if (value.op === 'constant') written[slot]?.add(value.value);
    else written[slot] = null;
  };
  visitSystem(system, {
    statement: (s) => {
      if (s.op === 'set') note(s.slot, s.value);
      else if (s.op === 'setElement') for (let i = 0; i < s.length; i++) note(s.slot + i, s.value);
    },
    expression: () => {},
  });
  return written;
}

/** Whether the two are never there together, or what the other one can do as long as the slot holds what it then holds is of no importance. */
function keepsApart(
  system: System,
  held: ReadonlyArray<Readonly<Held>>,
  under: StepsUnder,
  { slot, at }: Exclusion,
  here: At,
  t: Touches,
  there: At,
): boolean {
  const theirs = at[there.agent][there.location];
  const values = new Set([...at[here.agent][here.location]].filter((code) => theirs.has(code)).map((code) => valueIn(system, code)));
  if (values.size === 0) return true;
  for (const read of accessReads(system, held, system.agents[there.agent].locations[there.location])) if (t.writes.has(read)) return false;
  return [...values].every(
    (value) => under(there.agent, there.location, { slot, value })?.every((u) => u === null || !inTheWay(t, u)) === true,
  );
}

function inTheWay(t: Touches, u: Touches): boolean {
  for (const slot of t.writes) if (u.reads.has(slot) || u.writes.has(slot)) return true;
  for (const slot of t.reads) if (u.writes.has(slot)) return true;
  return false;
}
