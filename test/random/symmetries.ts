// Identical processes: an exchange that is proved maps reachable states to reachable ones and steps to steps, and a search that does not tell them
// apart finds as much, as deep, and reaches as many places.
import assert from 'node:assert/strict';
import { faultFinding, raceFinding } from '../../server/src/checker/finding.ts';
import { depthOf, levelsOf } from '../../server/src/checker/graph.ts';
import { exchange, image } from '../../server/src/checker/reduction/automorphism.ts';
import { canonicalFunction } from '../../server/src/checker/reduction/canonical.ts';
import { racesIn } from '../../server/src/checker/race.ts';
import type { ReferenceExploration } from '../../server/src/checker/reference.ts';
import { makeWasmEngine } from '../../server/src/checker/wasm/engine.ts';
import type { System } from '../../server/src/system/system.ts';
import { keyOf } from './reductions.ts';
import type { Subject } from './subjects.ts';

const whole = { maxStates: null, maxMemoryBytes: null, reduction: false };
const ofWholeRuns: ReadonlySet<string> = new Set(['deadlock', 'livelock', 'leak', 'unload-blocked', 'unbind-blocked', 'close-blocked']);

/** How many pairs of identical agents could be exchanged. */
export function compareSymmetries(subject: Subject, x: ReferenceExploration): number {
  const { system, initials } = subject;
  if (system.symmetries.length === 0) return 0;
  let proved = 0;
  for (const y of system.symmetries) {
    for (const b of y.agents.slice(1)) if (mapsSteps(system, initials, x, y.agents[0], b)) proved++;
  }
  compareSearches(subject, x);
  return proved;
}

function mapsSteps(system: System, initials: Subject['initials'], x: ReferenceExploration, a: number, b: number): boolean {
  const swapped = exchange(system, initials, a, b);
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

function compareSearches({ system, initials, exploration }: Subject, x: ReferenceExploration): void {
  const engine = makeWasmEngine(system, initials, whole, canonicalFunction);
  assert.ok(engine !== null, 'this host has no WebAssembly');
  while (engine.run(4096) === null);
  assert.ok(engine.states <= exploration.stats.states, 'where processes are not told apart there are more states');
  const levels = levelsOf(engine);
  const seen = exploration.findings.filter((f) => f.path.initial >= 0 && f.kind !== 'data-race' && !ofWholeRuns.has(f.kind));
  assert.deepEqual(
    nearest(engine.hits.map((h) => [keyOf(faultFinding(system, h.fault, h.object, h.by)), depthOf(levels, h.state) + 1])),
    nearest(seen.map((f) => [keyOf(f), f.path.choices.length])),
    'where processes are not told apart (actual), other things are found',
  );
  const slots = new Float64Array(system.slots);
  assert.deepEqual(
    nearest(
      engine.races.map((r) => {
        engine.decode(r.state, slots);
        return [pairOf(system, slots, r), depthOf(levels, r.state)];
      }),
    ),
    nearest(x.states.flatMap((state, number) => racesIn(system, state).map((r) => [pairOf(system, state, r), x.depths[number]] as const))),
    'where processes are not told apart (actual), other races are found',
  );
  assert.deepEqual(
    closed(system, engine.reached()),
    closed(system, exploration.reached),
    'where processes are not told apart, other places are reached',
  );
  engine.release();
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
    const alike = system.symmetries.find((y) => y.agents.includes(agent))?.agents ?? [agent];
    return [...new Set([...own, ...alike.flatMap((a) => [...reached[a]])])].sort((a, b) => a - b);
  });
}
