// Leaves out of a system what is behind it where a model begins: above all, what boot did.
import type { Agent, Statement, System } from '../system/system.ts';

/** The same locations, of which those that no step leads to any more have no steps. */
export function fromHereOn(system: System, state: readonly number[]): System {
  return {
    ...system,
    agents: system.agents.map((a): Agent => {
      const ahead = locationsAhead(a, state[a.slot]);
      return { ...a, locations: a.locations.map((l, at) => (ahead.has(at) ? l : { ...l, steps: [], access: null })) };
    }),
  };
}

function locationsAhead(a: Agent, from: number): ReadonlySet<number> {
  const ahead = new Set([from]);
  const visit = (s: Statement): void => {
    if (s.op === 'goto') ahead.add(s.location);
    else if (s.op === 'if') for (const inside of [...s.then, ...s.else]) visit(inside);
  };
  for (const location of ahead) for (const step of a.locations[location].steps) for (const s of step.body) visit(s);
  return ahead;
}
