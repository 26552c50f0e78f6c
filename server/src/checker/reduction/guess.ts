// Which slots and values an exchange of two agents would exchange, from what lowering says of its variables: where the proof starts, and nothing
// that it trusts.
import type { System, Variable } from '../../system/system.ts';
import { partner, swapOf, type ValueMap } from './valueMap.ts';

/** From what lowering says of its variables. */
export function guess(system: System, a: number, b: number) {
  const slots = new Int32Array(system.slots).fill(-1);
  const values: Array<ValueMap | null> = new Array<ValueMap | null>(system.slots).fill(null);
  const symmetry = system.symmetries.find((y) => y.agents.includes(a) && y.agents.includes(b));
  if (symmetry === undefined) return null;
  const one = symmetry.agents.indexOf(a);
  const other = symmetry.agents.indexOf(b);
  const paired = (all: ReadonlyArray<readonly number[]>): ReadonlyArray<readonly [number, number]> | null =>
    all[one].length === all[other].length ? all[one].map((x, k) => [x, all[other][k]] as const) : null;
  const own = paired(symmetry.slots);
  const companions = paired(symmetry.companions);
  const places = paired(symmetry.places);
  if (own === null || companions === null || places === null) return null;
  const agents = [[a, b] as const, ...companions];
  for (const [x, y] of own) {
    slots[x] = y;
    slots[y] = x;
  }
  const swap = (by: number): ValueMap => ({ kind: 'swap', pairs: agents.map(([x, y]) => [by + x, by + y] as const) });
  for (const v of system.variables) {
    if (v.over === 'agents') perAgent(v, slots, system.agents.length, agents);
    for (let slot = v.slot; slot < v.slot + v.length; slot++) {
      if (v.holds === 'agent') values[slot] = swap(1);
      else if (v.holds === 'agentMask') values[slot] = { kind: 'bits', pairs: agents };
      else if (v.holds === 'place') values[slot] = swapOf(places);
    }
  }
  for (const r of system.heap.roots) if (r.life !== null) values[r.life] = swap(2);
  return { slots, values, agents };
}

/** An array of one element for each agent, or of several such rows: rows change places as objects do, elements within them as agents do. */
function perAgent({ slot, length }: Variable, slots: Int32Array, count: number, agents: ReadonlyArray<readonly [number, number]>): void {
  const rows = Array.from({ length: Math.floor(length / count) }, (_, row) => slot + row * count);
  const images = rows.map((row) => (slots[row] < 0 ? row : slots[row]));
  rows.forEach((row, i) => {
    for (let agent = 0; agent < count; agent++) slots[row + agent] = images[i] + partner(agents, agent);
  });
}
