// Ways on in which identical processes are told apart, and that mostly nobody goes: a module reference put back by an agent that took none comes
// off the first holder. They are cut out of the system that the reduced search goes through, with a fault in their place that says so.
import type { Agent, Statement, System } from '../../system/system.ts';
import { heldBy } from '../wasm/narrow.ts';
import type { Held } from '../wasm/values.ts';
import { exchange } from './automorphism.ts';
import { type Sortable, sortable } from './sortable.ts';
import type { Arms } from './statementMatcher.ts';
import type { Automorphism } from './valueMap.ts';

export interface Cut {
  /** With those symmetries alone that were proved. */
  readonly system: System;
  /** Index of the fault that stands for what was cut out. Where the search of `system` never meets it, nothing is missing. */
  readonly fault: number;
  /** What slots can hold, there at most. */
  readonly held: ReadonlyArray<Readonly<Held>>;
  /** What was proved of `system`. */
  readonly sortable: readonly Sortable[];
}

/** Null where there are no agents that can be exchanged, whatever is cut out. Yields after each location that it has looked at. */
export function* cutApart(system: System, initials: ReadonlyArray<readonly number[]>): Generator<void, Cut | null> {
  const held = heldBy(system, initials);
  yield;
  const arms: Arms = new Map();
  let found: readonly Sortable[] = [];
  // What one exchange needs cut out is looked at by the others again, until nothing is added.
  for (let size = -1; size < arms.size; ) {
    size = arms.size;
    const proved: Sortable[] = [];
    for (const { agents } of system.symmetries) {
      const own: Arms = new Map(arms);
      const swaps = yield* swapsOf(system, initials, held, agents, own);
      if (swaps === null) continue;
      for (const [branch, arm] of own) arms.set(branch, arm);
      proved.push(sortable(agents, swaps));
    }
    found = proved;
  }
  if (found.length === 0) return null;
  const fault = system.faults.length;
  const symmetries = system.symmetries.filter((y) => found.some((s) => s.agents === y.agents));
  if (arms.size === 0) return { system: { ...system, symmetries }, fault, held, sortable: found };
  const body = (statements: readonly Statement[]): readonly Statement[] => statements.map(statement);
  const statement = (s: Statement): Statement => {
    if (s.op !== 'if') return s;
    const out = arms.get(s);
    const fail: Statement = { op: 'fail', fault, object: null, by: null };
    return { ...s, then: out === 'then' ? [fail] : body(s.then), else: out === 'else' ? [fail] : body(s.else) };
  };
  const agents = system.agents.map(
    (a): Agent => ({
      ...a,
      locations: a.locations.map((l) => ({ ...l, steps: l.steps.map((s) => ({ ...s, body: body(s.body) })) })),
    }),
  );
  const cut = { kind: 'assertion', at: system.faults[0].at, stack: [], agent: 0, object: null, message: '', by: 'agent' as const };
  return { system: { ...system, symmetries, agents, faults: [...system.faults, cut] }, fault, held, sortable: found };
}

/** Of each agent with the next one; null where one of them is not proved. */
function* swapsOf(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  held: ReadonlyArray<Readonly<Held>>,
  agents: readonly number[],
  arms: Arms,
): Generator<void, readonly Automorphism[] | null> {
  const swaps: Automorphism[] = [];
  for (let i = 1; i < agents.length; i++) {
    const swap = yield* exchange(system, initials, held, agents[i - 1], agents[i], arms);
    if (swap === null) return null;
    swaps.push(swap);
  }
  return swaps;
}

/** The agents that may take an agent's place, itself among them: copies of a process, their threads, the contexts of their objects. */
export function identicalTo(system: System, agent: number): readonly number[] {
  for (const { agents, companions } of system.symmetries) {
    if (agents.includes(agent)) return agents;
    for (const own of companions) if (own.includes(agent)) return companions.map((c) => c[own.indexOf(agent)]);
  }
  return [agent];
}
