// Which agents race in one state, by the reference's reading of the system: for finding every shallowest state of a race again. The
// engines look for the first one while they explore.
import type { System } from '../system/system.ts';
import { evaluate } from './referenceValue.ts';

/** Pairs of agents, the lower first, that are about to make plain accesses to one slot, one of them a write. */
export function racesIn(system: System, state: ArrayLike<number>): ReadonlyArray<{ readonly first: number; readonly second: number }> {
  const about: Array<{ readonly agent: number; readonly slot: number; readonly write: boolean }> = [];
  system.agents.forEach((a, agent) => {
    const access = a.locations[state[a.slot]].access;
    if (access === null) return;
    const index = access.index === null ? 0 : evaluate(system, state, access.index);
    if (index >= 0) about.push({ agent, slot: access.slot + index, write: access.write });
  });
  return about.flatMap((x, i) =>
    about.slice(i + 1).flatMap((y) => (x.slot === y.slot && (x.write || y.write) ? [{ first: x.agent, second: y.agent }] : [])),
  );
}
