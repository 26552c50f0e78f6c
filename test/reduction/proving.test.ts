// The reduced search: its counts, and that an exploration that it shortens says the same as one that goes through everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MakeEngine } from '../../server/src/checker/engine.ts';
import { explore, type ExploreHost, type ExploreOptions } from '../../server/src/checker/explore.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { cutApart } from '../../server/src/checker/reduction/apart.ts';
import { exchange } from '../../server/src/checker/reduction/automorphism.ts';
import { canonicalFunction } from '../../server/src/checker/reduction/canonical.ts';
import { proving } from '../../server/src/checker/reduction/proving.ts';
import { inCodes } from '../../server/src/checker/reduction/sortable.ts';
import { type Automorphism, image } from '../../server/src/checker/reduction/valueMap.ts';
import { enabledSteps, referenceExplore, takeStep } from '../../server/src/checker/reference.ts';
import { finished } from '../../server/src/checker/slices.ts';
import { wasmOr } from '../../server/src/checker/wasm/engine.ts';
import { makeWasmEngine } from '../../server/src/checker/wasm/generated.ts';
import { heldBy } from '../../server/src/checker/wasm/narrow.ts';
import type { System } from '../../server/src/system/system.ts';
import { family, type Guard } from '../wasm/family.ts';

const free = { maxStates: null, maxMemoryBytes: null, reduction: false };
const host: ExploreHost = { now: () => 0, cancelled: () => false, progress: () => {} };
const options: ExploreOptions = { ...free, maxTimeMs: null };

for (const [users, ioctls, states] of [
  [2, 1, 4937],
  [2, 2, 11530],
  [3, 1, 27491],
  [3, 2, 100170],
  [4, 1, 123737],
]) {
  test(`${users} users and ${ioctls} ioctls are ${states} states when users are not told apart`, () => {
    const system = family(users, ioctls);
    const cut = finished(cutApart(system, [system.initial]));
    assert.ok(cut !== null);
    const engine = makeWasmEngine(system, [system.initial], free, (...made) => canonicalFunction(cut.sortable, ...made));
    assert.ok(engine?.sorts === true);
    while (engine.run(4096) === null);
    assert.equal(engine.states, states);
    engine.release();
  });
}

test('a search that is ended while a second one goes on has seen more than where that began', () => {
  const system = family(4, 2);
  let asked = 0;
  const impatient: ExploreHost = { ...host, cancelled: () => ++asked > 200 };
  const make: MakeEngine = (...given) => {
    const whole = makeWasmEngine(...given);
    assert.ok(whole !== null);
    return proving(...given, whole, { identical: 3, states: 2000, ahead: 1000 });
  };
  const { limit, stats } = explore(system, { ...options, reduction: true }, impatient, make);
  assert.equal(limit, 'cancelled');
  assert.ok(stats.states > 20_000, `${stats.states} states`);
});

test('exchanging two processes maps every step of every state to a step', () => {
  for (const guard of ['srcu', 'rwsem', 'naked'] satisfies Guard[]) {
    const system = family(2, 1, guard);
    const x: Automorphism | null = exchanged(system);
    assert.ok(x !== null, guard);
    const { states } = referenceExplore(system, [system.initial], 20_000);
    for (const state of states.filter((_, i) => i % 61 === 0)) {
      const other: readonly number[] = image(x, state);
      assert.deepEqual(image(x, other), state);
      assert.deepEqual(
        successors(system, state)
          .map((s): string => image(x, s).join())
          .sort(),
        successors(system, other)
          .map((s): string => s.join())
          .sort(),
      );
    }
  }
});

test('processes that are not the same program are told apart', () => {
  const system = family(2, 1);
  const [first, ...others] = system.agents;
  // The first user leaves the lock alone once.
  const [entry, ...rest] = first.locations;
  const changed = { ...first, locations: [{ ...entry, steps: entry.steps.map((s) => ({ ...s, body: s.body.slice(1) })) }, ...rest] };
  assert.equal(exchanged({ ...system, agents: [changed, ...others] }), null);
});

test('a variable that means one of them by its number is found out', () => {
  const system = family(2, 1);
  const owner = system.slots;
  const withOwner = (take: number): System => ({
    ...system,
    slots: owner + 1,
    initial: [...system.initial, 0],
    variables: [...system.variables, { name: 'owner', slot: owner, length: 1, min: 0, max: 7, holds: 'int', over: null, owner: null }],
    agents: system.agents.map((a, agent) =>
      agent > 1
        ? a
        : {
            ...a,
            locations: a.locations.map((l, at) =>
              at > 0
                ? l
                : {
                    ...l,
                    steps: l.steps.map((s) => ({
                      ...s,
                      body: [
                        ...s.body,
                        { op: 'set' as const, slot: owner, value: { op: 'constant' as const, value: agent === 0 ? take : 5 } },
                      ],
                    })),
                  },
            ),
          },
    ),
  });
  const x = exchanged(withOwner(3));
  assert.deepEqual(x?.values[owner], { kind: 'swap', pairs: [[3, 5]] });
  // Zero is what it holds at first: then one of them would have been there before.
  assert.equal(exchanged(withOwner(0)), null);
});

for (const guard of ['srcu', 'rwsem', 'naked'] satisfies Guard[]) {
  test(`three users under ${guard}: the same findings with and without reduction`, () => {
    const system = family(3, 1, guard);
    const whole = explore(system, options, host, wasmOr(makePlainEngine));
    const reduced = explore(system, { ...options, reduction: true }, host, wasmOr(makePlainEngine));
    assert.equal(reduced.limit, null);
    assert.deepEqual(reduced.findings, whole.findings);
    assert.equal(whole.findings.length > 0, guard === 'naked');
    assert.deepEqual(
      reduced.reached.map((r) => [...r].sort()),
      whole.reached.map((r) => [...r].sort()),
    );
    assert.ok(reduced.stats.states < whole.stats.states, `${reduced.stats.states} of ${whole.stats.states}`);
  });
}

test('an exploration can be cancelled at every pause, while something is proved too', () => {
  const system = family(3, 1);
  const locations = system.agents.reduce((sum, a) => sum + a.locations.length, 0);
  let looks = 0;
  for (const part = cutApart(system, [system.initial]); part.next().done !== true; ) looks++;
  assert.ok(looks > locations, `${looks} pauses in the proof for ${locations} locations`);
  const reduced = (cancelled: () => boolean) =>
    explore(system, { ...options, reduction: true }, { ...host, cancelled }, wasmOr(makePlainEngine));
  let pauses = 0;
  assert.equal(reduced(() => ++pauses < 0).limit, null);
  for (let at = 1; at <= pauses; at += 7) {
    let asked = 0;
    assert.equal(reduced(() => ++asked >= at).limit, 'cancelled', `at pause ${at} of ${pauses}`);
    assert.equal(asked, at);
  }
});

test('what was proved holds for codes too, where both variables have the same', () => {
  const swap = { kind: 'swap' as const, pairs: [[100, 200] as const] };
  const proved = { agents: [0, 1], swaps: [{ slots: Int32Array.of(1, 0, 2), values: [swap, swap, swap] }], columns: [[0], [1]] };
  const own = [-5, 100, 200];
  const there = inCodes(proved, [own, own, null]);
  const coded = { kind: 'swap', pairs: [[1, 2]] };
  assert.deepEqual(there?.swaps[0].values, [coded, coded, swap]);
  assert.equal(inCodes(proved, [own, [100, 200], null]), null);
  assert.equal(inCodes(proved, [own, null, null]), null);
});

/** The first two agents. */
function exchanged(system: System): Automorphism | null {
  return finished(exchange(system, [system.initial], heldBy(system, [system.initial]), 0, 1));
}

function successors(system: System, state: readonly number[]): ReadonlyArray<readonly number[]> {
  return enabledSteps(system, state).flatMap((s) => {
    const next = takeStep(system, state, s.agent, s.step)?.state ?? null;
    return next === null ? [] : [next];
  });
}
