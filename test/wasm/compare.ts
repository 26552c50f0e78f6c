// Holds the generated engine against the reference interpreter on one system, state by state and edge by edge.
import assert from 'node:assert/strict';
import type { Engine, EngineOptions } from '../../server/src/checker/engine.ts';
import { buildGraph } from '../../server/src/checker/graph.ts';
import { referenceExplore, type ReferenceExploration } from '../../server/src/checker/reference.ts';
import { evaluate } from '../../server/src/checker/referenceValue.ts';
import { makeWasmEngine, type WasmEngine } from '../../server/src/checker/wasm/generated.ts';
import type { System } from '../../server/src/system/system.ts';

export const free: EngineOptions = { maxStates: null, maxMemoryBytes: null, reduction: false };
const LARGEST = 800;

/** False where there are too many states for the reference. */
export function compareWithReference(system: System): boolean {
  const expected = small(system);
  if (expected === null) return false;
  const engine = engineOf(system);
  assert.equal(finish(engine), 'done');
  assert.equal(engine.states, expected.states.length);
  const slots = new Float64Array(system.slots);
  const hits = new Map<string, unknown>();
  const races = new Map<string, unknown>();
  expected.states.forEach((state, number) => {
    engine.decode(number, slots);
    assert.deepEqual([...slots], state);
    const edges = expected.edges[number];
    assert.deepEqual(
      engine.successors(number),
      edges.map(({ agent, step, environment, to }) => ({ agent, step, environment, to })),
    );
    assert.equal(
      engine.quiet(number),
      edges.every((e) => e.environment),
    );
    const parent = engine.parent(number);
    if (number === 0) assert.equal(parent, -1);
    else assert.equal(expected.depths[parent], expected.depths[number] - 1);
    for (const { agent, step, met } of edges) {
      for (const m of met) {
        const key = `${m.fault} ${m.object} ${m.by}`;
        if (!hits.has(key)) hits.set(key, { ...m, state: number, agent, step });
      }
    }
    for (const r of racesOf(system, state)) if (!races.has(r.key)) races.set(r.key, { state: number, first: r.first, second: r.second });
  });
  assert.equal(
    engine.transitions,
    expected.edges.reduce((n, e) => n + e.length, 0),
  );
  assert.equal(engine.depth, Math.max(...expected.depths));
  assert.deepEqual(engine.hits, [...hits.values()]);
  assert.deepEqual(engine.races, [...races.values()]);
  engine.reached().forEach((locations, agent) => {
    assert.deepEqual([...locations].sort(), [...new Set(expected.states.map((s) => s[system.agents[agent].slot]))].sort());
  });
  assert.deepEqual(last(engine.stepGraph()), last(buildGraph(system, withoutBulk(engine))));
  engine.release();
  return true;
}

export function engineOf(system: System, options: EngineOptions = free): WasmEngine {
  const engine = makeWasmEngine(system, [system.initial], options);
  assert.ok(engine !== null);
  return engine;
}

export function finish(engine: WasmEngine): string {
  for (;;) {
    const ended = engine.run(1000);
    if (ended !== null) return ended;
  }
}

/** The reference's answer; null where there are too many states for it. */
function small(system: System): ReferenceExploration | null {
  try {
    return referenceExplore(system, [system.initial], LARGEST);
  } catch (e) {
    if (e instanceof Error && e.message.includes('was asked for more than')) return null;
    throw e;
  }
}

/** Only what the seam has, so that steps are asked for one state at a time. */
function withoutBulk(engine: WasmEngine): Engine {
  const { stepGraph: _, ...rest } = engine;
  return rest;
}

function last<T>(parts: Generator<void, T>): T {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
  }
}

/** Pairs of agents that are about to access one slot, by the words of the reference. */
function racesOf(system: System, state: readonly number[]) {
  const about = system.agents.map((a) => {
    const { access } = a.locations[state[a.slot]];
    if (access === null) return null;
    const index = access.index === null ? 0 : evaluate(system, state, access.index);
    return index < 0 ? null : { at: access.slot + index, write: access.write };
  });
  const found: Array<{ key: string; first: number; second: number }> = [];
  about.forEach((b, second) => {
    for (let first = 0; first < second; first++) {
      const a = about[first];
      if (a === null || b === null || a.at !== b.at || !(a.write || b.write)) continue;
      const at = (agent: number) => state[system.agents[agent].slot];
      found.push({ key: `${first} ${at(first)} ${second} ${at(second)}`, first, second });
    }
  });
  return found;
}
