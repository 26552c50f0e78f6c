// The generated engine against the reference interpreter, state by state and edge by edge, and the counts that other checkers give.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { referenceExplore, type ReferenceExploration } from '../../server/src/checker/reference.ts';
import { evaluate } from '../../server/src/checker/referenceValue.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { makeWasmEngine, type WasmEngine } from '../../server/src/checker/wasm/engine.ts';
import { buildGraph } from '../../server/src/checker/graph.ts';
import type { Engine, EngineOptions } from '../../server/src/checker/engine.ts';
import type { System } from '../../server/src/system/system.ts';
import { family, type Guard } from './family.ts';
import { randomSystem } from './random.ts';

const free: EngineOptions = { maxStates: null, maxMemoryBytes: null, reduction: false };
const LARGEST = 800;

function engineOf(system: System, options: EngineOptions = free): WasmEngine {
  const engine = makeWasmEngine(system, [system.initial], options);
  assert.ok(engine !== null);
  return engine;
}

function finish(engine: WasmEngine): string {
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

for (const [users, ioctls, states, transitions] of [
  [2, 1, 9350, 26806],
  [2, 2, 22292, 65229],
  [3, 1, 141464, 513431],
]) {
  test(`the family of ${users} users and ${ioctls} ioctls has ${states} states`, () => {
    const engine = engineOf(family(users, ioctls));
    assert.equal(finish(engine), 'done');
    assert.deepEqual([engine.states, engine.transitions, engine.hits.length], [states, transitions, 0]);
    engine.release();
  });
}

test('every guard of the family gives what the plain engine gives', () => {
  for (const guard of ['srcu', 'rwsem', 'naked'] satisfies Guard[]) {
    const system = family(2, 1, guard);
    const plain = makePlainEngine(system, [system.initial], free);
    while (plain.run(1000) === null);
    const engine = engineOf(system);
    finish(engine);
    assert.deepEqual([engine.states, engine.transitions, engine.depth], [plain.states, plain.transitions, plain.depth]);
    assert.deepEqual(engine.hits, plain.hits);
    assert.equal(engine.hits.length > 0, guard === 'naked');
    engine.release();
  }
});

test('random systems: the same states, edges, hits and races as the reference', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomSystem, (system) => {
      const expected = small(system);
      if (expected === null) return;
      compared++;
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
        for (const r of racesOf(system, state))
          if (!races.has(r.key)) races.set(r.key, { state: number, first: r.first, second: r.second });
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
    }),
    { numRuns: 100 },
  );
  assert.ok(compared > 30);
});

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

test('a cap on states ends it with exactly so many', () => {
  const engine = engineOf(family(2, 1), { ...free, maxStates: 5000 });
  assert.equal(finish(engine), 'states');
  assert.equal(engine.states, 5000);
  engine.release();
});

test('a cap that the whole space just fits into is no limit', () => {
  const engine = engineOf(family(2, 1), { ...free, maxStates: 9350 });
  assert.equal(finish(engine), 'done');
  engine.release();
});

test('a cap on memory is respected', () => {
  const maxMemoryBytes = 2 ** 20;
  const engine = engineOf(family(3, 1), { ...free, maxMemoryBytes });
  assert.equal(finish(engine), 'memory');
  assert.ok(engine.bytes <= maxMemoryBytes && engine.states > 10_000, `${engine.states} states in ${engine.bytes} bytes`);
  engine.release();
});

test('memory that another system has used does not show', () => {
  for (let round = 0; round < 3; round++) {
    for (const system of [family(2, 2, 'naked'), family(3, 1), family(2, 1, 'rwsem')]) {
      const engine = engineOf(system);
      finish(engine);
      const plain = makePlainEngine(system, [system.initial], free);
      if (engine.states < 50_000) {
        while (plain.run(1000) === null);
        assert.equal(engine.states, plain.states);
        assert.deepEqual(engine.hits, plain.hits);
      } else assert.equal(engine.states, 141464);
      engine.release();
    }
  }
});
