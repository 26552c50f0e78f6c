// The generated engine against the reference interpreter, state by state and edge by edge, and the counts that other checkers give.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import type { Expression, Location, Statement, System } from '../../server/src/system/system.ts';
import { compareWithReference, engineOf, finish, free } from './compare.ts';
import { family, type Guard } from './family.ts';
import { randomSystem } from './random.ts';

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
      if (compareWithReference(system)) compared++;
    }),
    { seed: 20250227, numRuns: 100 },
  );
  assert.ok(compared > 30);
});

test('what is not exact as a number is not computed beforehand', () => {
  const c = (value: number): Expression => ({ op: 'constant', value });
  const smallest: Expression = { op: 'binary', operator: '<<', left: { op: 'choose', condition: c(0), then: c(0), else: c(-1) }, right: c(63) };
  const guard: Expression = { op: 'binary', operator: '>=', left: { op: 'negate', operand: smallest }, right: c(1) };
  const label = { text: 'step', at: { file: 'x', span: { start: 0, end: 1 } }, event: null };
  const location: Location = { call: null, stack: [], wait: null, access: null, steps: [{ agent: 0, environment: false, guard, body: [{ op: 'goto', location: 1 }], label }] };
  const end: Location = { ...location, steps: [] };
  const system: System = {
    variables: [{ name: 'at', slot: 0, length: 1, min: 0, max: 1, holds: 'location', over: null, owner: 0 }],
    slots: 1, tables: [], calls: [], faults: [], initial: [0], boot: null, heap: { places: [], roots: [] }, symmetries: [],
    agents: [{ name: 'a', context: 'process', slot: 0, locations: [location, end], exit: 1, entry: 0, process: 'a' }],
  };
  assert.equal(compareWithReference(system), true);
  const engine = engineOf(system);
  finish(engine);
  assert.equal(engine.states, 1);
  engine.release();
});

test('an element that holds its value always is written at an index that is not known before', () => {
  const load = (slot: number): Expression => ({ op: 'load', slot });
  const index: Expression = { op: 'binary', operator: '+', left: { op: 'element', slot: 1, length: 2, index: { op: 'constant', value: 0 } }, right: load(3) };
  const label = { text: 'step', at: { file: 'x', span: { start: 0, end: 1 } }, event: null };
  const body: Statement[] = [{ op: 'setElement', slot: 1, length: 2, index, value: { op: 'constant', value: 1 } }, { op: 'goto', location: 1 }];
  const location: Location = { call: null, stack: [], wait: null, access: null, steps: [{ agent: 0, environment: false, guard: null, body, label }] };
  const variable = { min: 0, max: 1, holds: 'int', over: null, owner: null } as const;
  const system: System = {
    variables: [
      { ...variable, name: 'at', slot: 0, length: 1, holds: 'location', owner: 0 },
      { ...variable, name: 'array', slot: 1, length: 2 },
      { ...variable, name: 'one', slot: 3, length: 1 },
    ],
    slots: 4, tables: [], calls: [], faults: [], initial: [0, 0, 1, 1], boot: null, heap: { places: [], roots: [] }, symmetries: [],
    agents: [{ name: 'a', context: 'process', slot: 0, locations: [location, { ...location, steps: [] }], exit: 1, entry: 0, process: 'a' }],
  };
  assert.equal(compareWithReference(system), true);
});

test('one element is written, and then read at an index that is not known before', () => {
  const c = (value: number): Expression => ({ op: 'constant', value });
  const variable = { holds: 'int', over: null, owner: null } as const;
  const element = (index: Expression): Expression => ({ op: 'element', slot: 1, length: 3, index });
  const copied = { op: 'set', slot: 4, value: element({ op: 'load', slot: 5 }) } as const;
  const label = { text: 'step', at: { file: 'x', span: { start: 0, end: 1 } }, event: null };
  const step = (to: number, body: Statement[]) => ({ agent: 0, environment: false, guard: null, body: [...body, { op: 'goto', location: to } as const], label });
  const location = (...steps: Location['steps']): Location => ({ call: null, stack: [], wait: null, access: null, steps });
  // Elements of 8, 16, 32 and 64 bits lie in several words.
  for (const max of [255, 65_535, 2 ** 32 - 1, 2 ** 40]) {
    const filled = [0, 1, 2].map((i) => ({ op: 'set', slot: 1 + i, value: c(max - i) }) as const);
    const system: System = {
      variables: [
        { ...variable, name: 'at', slot: 0, length: 1, min: 0, max: 3, holds: 'location', owner: 0 },
        { ...variable, name: 'array', slot: 1, length: 3, min: 0, max },
        { ...variable, name: 'copy', slot: 4, length: 1, min: 0, max },
        { ...variable, name: 'index', slot: 5, length: 1, min: 0, max: 2 },
      ],
      slots: 6, tables: [], calls: [], faults: [], initial: [0, 0, 0, 0, 0, 0], boot: null, heap: { places: [], roots: [] }, symmetries: [],
      agents: [{
        name: 'a', context: 'process', slot: 0, exit: 3, entry: 0, process: 'a',
        locations: [
          location(...[0, 1, 2].map((i) => step(1, [{ op: 'set', slot: 5, value: c(i) }]))),
          location(step(2, filled)),
          location(...[0, 1, 2].map((i) => step(3, [{ op: 'set', slot: 1 + i, value: c(7) }, copied]))),
          location(),
        ],
      }],
    };
    assert.equal(compareWithReference(system), true);
    const engine = engineOf(system);
    finish(engine);
    const slots = new Float64Array(6);
    const copies: number[] = [];
    for (let state = 0; state < engine.states; state++) {
      engine.decode(state, slots);
      if (slots[0] !== 3) continue;
      assert.equal(slots[4], slots[1 + slots[5]]);
      copies.push(slots[4]);
    }
    assert.deepEqual([copies.length, copies.filter((copy) => copy === 7).length], [9, 3]);
    engine.release();
  }
});

test('what && and || give is a truth, also where one side is a constant', () => {
  const c = (value: number): Expression => ({ op: 'constant', value });
  const set = (slot: number, operator: '&&' | '||', right: number): Statement => ({ op: 'set', slot, value: { op: 'binary', operator, left: { op: 'load', slot: 1 }, right: c(right) } });
  const label = { text: 'step', at: { file: 'x', span: { start: 0, end: 1 } }, event: null };
  const step = (to: number, ...body: Statement[]) => ({ agent: 0, environment: false, guard: null, body: [...body, { op: 'goto', location: to } as const], label });
  const location = (...steps: Location['steps']): Location => ({ call: null, stack: [], wait: null, access: null, steps });
  const variable = { length: 1, min: 0, max: 7, holds: 'int', over: null, owner: null } as const;
  const system: System = {
    variables: [{ ...variable, name: 'at', slot: 0, max: 2, holds: 'location', owner: 0 }, ...[1, 2, 3].map((slot) => ({ ...variable, name: `v${slot}`, slot }))],
    slots: 4, tables: [], calls: [], faults: [], initial: [0, 0, 0, 0], boot: null, heap: { places: [], roots: [] }, symmetries: [],
    agents: [{
      name: 'a', context: 'process', slot: 0, exit: 2, entry: 0, process: 'a',
      locations: [location(...[0, 4, 7].map((v) => step(1, { op: 'set', slot: 1, value: c(v) }))), location(step(2, set(2, '&&', -1), set(3, '||', 0))), location()],
    }],
  };
  assert.equal(compareWithReference(system), true);
});

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
