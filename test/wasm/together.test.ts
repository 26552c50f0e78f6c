// Two threads on one exploration: the same states level by level, the same violations, the same limits; and nothing left behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ExploreHost, explore } from '../../server/src/checker/explore.ts';
import { levelsOf } from '../../server/src/checker/graph.ts';
import type { WasmEngine } from '../../server/src/checker/wasm/generated.ts';
import type { System } from '../../server/src/system/system.ts';
import { engineOf, finish, free } from './compare.ts';
import { family, type Guard } from './family.ts';
import { randomSystem } from './random.ts';
import { eager, together } from './threads.ts';

test('every guard of the family: the same states at every depth, the same steps between them, the same violations', () => {
  for (const guard of ['srcu', 'rwsem', 'naked'] satisfies Guard[]) {
    const system = family(2, 1, guard);
    const alone = engineOf(system);
    const together = engineOf(system, { ...free, second: eager });
    assert.deepEqual([finish(alone), finish(together)], ['done', 'done']);
    assert.deepEqual(whatIsIn(system, together), whatIsIn(system, alone));
    for (const engine of [alone, together]) engine.release();
  }
});

for (const [users, ioctls, states, transitions] of [
  [3, 1, 141464, 513431],
  [3, 2, 546450, 2020485],
]) {
  test(`the family of ${users} users and ${ioctls} ioctls has ${states} states for two threads, through every growth of the table`, () => {
    const engine = engineOf(family(users, ioctls), { ...free, second: { ...eager, chunk: 64 } });
    assert.equal(finish(engine), 'done');
    assert.deepEqual([engine.states, engine.expanded, engine.transitions, engine.hits.length], [states, states, transitions, 0]);
    const levels = levelsOf(engine);
    assert.equal(levels.length, engine.depth + 2);
    const slots = new Float64Array(family(users, ioctls).slots);
    for (let state = 0; state < engine.states; state += 997) {
      engine.decode(state, slots);
      assert.equal(engine.find(slots), state);
    }
    engine.release();
  });
}

test('random systems: the same states, steps and violations', () => {
  fc.assert(
    fc.property(randomSystem, (system) => {
      const alone = engineOf(system, { ...free, maxStates: 20_000 });
      const together = engineOf(system, { ...free, maxStates: 20_000, second: eager });
      const ended = finish(alone);
      assert.equal(finish(together), ended);
      if (ended === 'done') assert.deepEqual(whatIsIn(system, together), whatIsIn(system, alone));
      for (const engine of [alone, together]) engine.release();
    }),
    { seed: 20250227, numRuns: 60 },
  );
});

test('a cap on states ends two threads with exactly so many', () => {
  const engine = engineOf(family(3, 1), { ...free, maxStates: 100_000, second: eager });
  assert.equal(finish(engine), 'states');
  assert.equal(engine.states, 100_000);
  engine.release();
});

test('a cap on memory is respected by two threads', () => {
  const maxMemoryBytes = 2 ** 21;
  const engine = engineOf(family(3, 1), { ...free, maxMemoryBytes, second: eager });
  assert.equal(finish(engine), 'memory');
  assert.ok(engine.bytes <= maxMemoryBytes && engine.states > 20_000, `${engine.states} states in ${engine.bytes} bytes`);
  engine.release();
});

test('what two threads are in the middle of can be looked at, gone on with, and given up', () => {
  const system = family(3, 1);
  const engine = engineOf(system, { ...free, second: eager });
  for (let slice = 0; slice < 20; slice++) {
    assert.equal(engine.run(500), null);
    // Asking for a parent brings the other thread to rest.
    const last = engine.parent(engine.states - 1);
    assert.ok(last >= 0 && last < engine.expanded, `the last state comes from ${last} of ${engine.expanded}`);
    const levels = levelsOf(engine);
    assert.ok(levels.length === engine.depth + 2 || levels.length === engine.depth + 3);
  }
  assert.equal(finish(engine), 'done');
  assert.equal(engine.states, 141464);
  engine.release();
  const given = engineOf(system, { ...free, second: eager });
  given.run(5000);
  given.release();
});

test('two threads can be cancelled at every pause, and tell their progress in order', () => {
  const system = family(2, 1, 'naked');
  const options = { maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: false };
  const ended = (on: ExploreHost) => explore(system, options, on, together);
  const host: ExploreHost = { now: () => 0, cancelled: () => false, progress: () => {} };
  let pauses = 0;
  const seen: number[] = [];
  const whole = ended({ ...host, cancelled: () => ++pauses < 0, progress: (p) => seen.push(p.states) });
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
  assert.ok(pauses > 20, `they pause only ${pauses} times`);
  for (let cancelAt = 1; cancelAt <= pauses; cancelAt += 3) {
    let asked = 0;
    const cut = ended({ ...host, cancelled: () => ++asked >= cancelAt });
    // How often they pause depends on who waits for whom: a run may be over before it is cancelled.
    assert.equal(cut.limit, asked < cancelAt ? null : 'cancelled');
    assert.ok(asked - cancelAt < 10 + 2 * cut.findings.length, `they went on for ${asked - cancelAt} pauses`);
    assert.ok(cut.findings.length <= whole.findings.length);
  }
});

/** By depth, every state with the states that its steps lead to; and at which depths each violation was met first. */
function whatIsIn(system: System, engine: WasmEngine) {
  const slots = new Float64Array(system.slots);
  const told = (state: number): string => {
    engine.decode(state, slots);
    return slots.join();
  };
  const levels = levelsOf(engine);
  const depths = levels.slice(0, -1).map((begin, depth) => {
    const states = Array.from({ length: levels[depth + 1] - begin }, (_, i) => begin + i);
    return states.map((s) => `${told(s)} ${engine.successors(s).map((e) => `${e.agent} ${e.step} ${e.to < 0 ? 'fails' : told(e.to)}`)}`).sort();
  });
  const depthOf = (state: number): number => levels.findIndex((begin) => begin > state) - 1;
  const hits = engine.hits.map((h) => `${h.fault} ${h.object} ${h.by} at ${depthOf(h.state)}`).sort();
  const races = engine.races.map((r) => `${r.first} ${r.second} at ${depthOf(r.state)}`).sort();
  return { depths, hits, races, transitions: engine.transitions, depth: engine.depth, reached: engine.reached() };
}
