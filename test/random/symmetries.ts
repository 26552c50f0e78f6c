// Identical processes: an exchange that is proved maps reachable states to reachable ones and steps to steps, and a search that does not tell them
// apart finds as much, as deep, and reaches as many places.
import assert from 'node:assert/strict';
import { faultFinding, raceFinding } from '../../server/src/checker/finding.ts';
import { depthOf, levelsOf } from '../../server/src/checker/graph.ts';
import { type Cut, cutApart, identicalTo } from '../../server/src/checker/reduction/apart.ts';
import { exchange } from '../../server/src/checker/reduction/automorphism.ts';
import { canonicalFunction } from '../../server/src/checker/reduction/canonical.ts';
import { image } from '../../server/src/checker/reduction/valueMap.ts';
import type { ReferenceExploration } from '../../server/src/checker/reference.ts';
import { finished } from '../../server/src/checker/slices.ts';
import { makeWasmEngine, type WasmEngine } from '../../server/src/checker/wasm/generated.ts';
import { heldBy } from '../../server/src/checker/wasm/narrow.ts';
import type { System } from '../../server/src/system/system.ts';
import { keyOf } from './reductions.ts';
import type { Subject } from './subjects.ts';

const everything = { maxStates: null, maxMemoryBytes: null, reduction: false };

type Initials = ReadonlyArray<readonly number[]>;

/** How many pairs of identical agents could be exchanged. */
export function compareSymmetries({ system, initials }: Subject, x: ReferenceExploration): number {
  if (system.symmetries.length === 0) return 0;
  const cut = finished(cutApart(system, initials));
  if (cut === null || compareSearches(system, initials, cut) === null) return 0;
  let proved = 0;
  for (const { agents } of system.symmetries) {
    for (const b of agents.slice(1)) if (mapsSteps(cut.system, initials, x, agents[0], b)) proved++;
  }
  return proved;
}

function mapsSteps(system: System, initials: Initials, x: ReferenceExploration, a: number, b: number): boolean {
  const swapped = finished(exchange(system, initials, heldBy(system, initials), a, b));
  if (swapped === null) return false;
  const numbers = new Map(x.states.map((s, number) => [s.join(), number]));
  const images = x.states.map((s) => numbers.get(image(swapped, s).join()));
  x.edges.forEach((edges, state) => {
    const other = images[state];
    assert.ok(other !== undefined, `exchanging ${system.agents[a].name} and ${system.agents[b].name} leads out of the reachable states`);
    const there = (e: (typeof edges)[number], to: number | undefined): string => `${e.environment} ${to} ${e.met.length}`;
    assert.deepEqual(
      edges.map((e) => there(e, e.to < 0 ? -1 : images[e.to])).sort(),
      x.edges[other].map((e) => there(e, e.to)).sort(),
      `exchanging ${system.agents[a].name} and ${system.agents[b].name} changes steps`,
    );
  });
  return true;
}

/**
 * Everything, and with identical processes not told apart: the states of both searches. Null: somebody goes where they are told apart after
 * all.
 */
export function compareSearches(system: System, initials: Initials, cut: Cut): { readonly whole: number; readonly reduced: number } | null {
  const whole = searched(makeWasmEngine(system, initials, everything));
  const reduced = searched(makeWasmEngine(cut.system, initials, everything, (...made) => canonicalFunction(cut.sortable, ...made)));
  try {
    if (reduced.hits.some((h) => h.fault === cut.fault)) return null;
    assert.ok(reduced.states <= whole.states, 'where processes are not told apart there are more states');
    assert.deepEqual(found(system, reduced), found(system, whole), 'where processes are not told apart (actual), other things are found');
    assert.deepEqual(
      closed(system, reduced.reached()),
      closed(system, whole.reached()),
      'where processes are not told apart, other places are reached',
    );
    return { whole: whole.states, reduced: reduced.states };
  } finally {
    reduced.release();
    whole.release();
  }
}

function searched(engine: WasmEngine | null): WasmEngine {
  assert.ok(engine !== null, 'this host has no WebAssembly');
  while (engine.run(4096) === null);
  return engine;
}

/** Everything that is wrong, each with the depth at which it first is. */
function found(system: System, engine: WasmEngine): readonly string[] {
  const levels = levelsOf(engine);
  const slots = new Float64Array(system.slots);
  const hits = engine.hits.map((h) => [keyOf(faultFinding(system, h.fault, h.object, h.by)), depthOf(levels, h.state) + 1] as const);
  const races = engine.races.map((r) => {
    engine.decode(r.state, slots);
    return [pairOf(system, slots, r), depthOf(levels, r.state)] as const;
  });
  return [...nearest(hits), ...nearest(races)];
}

/** A race of two writers is told from the first of them: exchanged, it is told from the other. */
function pairOf(system: System, state: ArrayLike<number>, r: { readonly first: number; readonly second: number }): string {
  return [keyOf(raceFinding(system, state, r.first, r.second)), keyOf(raceFinding(system, state, r.second, r.first))].sort().join(' and ');
}

function nearest(all: ReadonlyArray<readonly [string, number]>): readonly string[] {
  const steps = new Map<string, number>();
  for (const [key, n] of all) steps.set(key, Math.min(n, steps.get(key) ?? n));
  return [...steps].map(([key, n]) => `${n} steps to ${key}`).sort();
}

function closed(system: System, reached: ReadonlyArray<ReadonlySet<number>>): ReadonlyArray<readonly number[]> {
  return reached.map((own, agent) => {
    const alike = identicalTo(system, agent);
    return [...new Set([...own, ...alike.flatMap((a) => [...reached[a]])])].sort((a, b) => a - b);
  });
}
