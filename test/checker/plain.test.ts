// The plain engine where random small systems do not lead: wide values, large tables, races on references that are null.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { referenceExplore } from '../../server/src/checker/reference.ts';
import type { System } from '../../server/src/system/system.ts';
import { type AgentSpec, at, build, c, plus, set } from './build.ts';
import { explored } from './run.ts';

test('states keep values of any width, next to each other', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const bounds = fc.constantFrom(
    [0, 1],
    [-1, 6],
    [0, 2 ** 31 - 1],
    [-(2 ** 31), 2 ** 31 - 1],
    [0, 2 ** 32 - 1],
    [-5, 2 ** 40],
    [-most, 0],
    [-most, most],
  );
  const variable = bounds.chain(([min, max]) => {
    const value = fc.oneof(
      fc.constantFrom(min, max),
      fc.maxSafeInteger().map((v) => Math.max(min, Math.min(max, v))),
    );
    return fc.record({ min: fc.constant(min), max: fc.constant(max), values: fc.array(value, { maxLength: 3 }) });
  });
  fc.assert(
    fc.property(fc.array(variable, { minLength: 1, maxLength: 6 }), (variables) => {
      const agents = variables.map((v, slot): AgentSpec => {
        return { name: `a${slot}`, program: v.values.map((value) => ({ steps: [{ do: [set(slot, value)] }] })) };
      });
      const system = build({
        variables: Object.fromEntries(variables.map((v, i) => [`v${i}`, { min: v.min, max: v.max, start: v.min }])),
        agents: agents.slice(0, 3),
      });
      assertAgrees(system);
    }),
    { seed: 5, numRuns: 200 },
  );
});

test('the table grows without losing a state', () => {
  const n = 200;
  const counter = (slot: number): AgentSpec => ({
    name: `a${slot}`,
    program: [
      {
        name: 'top',
        steps: [{ when: { op: 'binary', operator: '<', left: at(slot), right: c(n) }, do: [set(slot, plus(slot, 1))], to: 'top' }],
      },
    ],
  });
  const engine = explored(build({ variables: { x: { max: n }, y: { max: n } }, agents: [counter(0), counter(1)] }));
  assert.deepEqual([engine.states, engine.transitions, engine.depth], [201 * 201, 2 * 200 * 201, 400]);
});

test('initial states are the first, each once, in their order', () => {
  const system = build({ variables: { x: { max: 9 } }, agents: [] });
  const engine = explored(system, [[3], [1], [3], [2]]);
  const slots = new Int32Array(1);
  const seen = [0, 1, 2].map((state) => {
    engine.decode(state, slots);
    return [slots[0], engine.parent(state)];
  });
  assert.deepEqual(
    [engine.states, seen],
    [
      3,
      [
        [3, -1],
        [1, -1],
        [2, -1],
      ],
    ],
  );
});

test('a null reference is no access', () => {
  const access = (name: string, start: number): [AgentSpec, number] => [
    { name, program: [{ access: { slot: 2, length: 2, index: at(start), write: true }, steps: [{}] }] },
    start,
  ];
  const system = (one: number, other: number) =>
    build({
      variables: { one: { min: -1, max: 1, start: one }, other: { min: -1, max: 1, start: other }, data: { max: 1, length: 2 } },
      agents: [access('a', 0)[0], access('b', 1)[0]],
    });
  const races = (one: number, other: number) => explored(system(one, other)).races.length;
  assert.deepEqual([races(0, 0), races(1, 1), races(0, 1), races(-1, -1), races(-1, 0)], [1, 1, 0, 0, 0]);
});

test('a value outside its range is an internal error, with the place', () => {
  const system = build({
    variables: { x: { max: 2 } },
    agents: [{ name: 'a', program: [{ name: 'top', steps: [{ do: [set(0, plus(0, 1))], to: 'top' }] }] }],
  });
  const engine = makePlainEngine(system, [system.initial], { maxStates: null, maxMemoryBytes: null, reduction: false });
  assert.throws(() => engine.run(10), /slot 0 would become 3, outside 0..2/);
  assert.throws(() => referenceExplore(system, [system.initial], 10), /x is 3, outside 0..2, after a: a 0/);
});

function assertAgrees(system: System): void {
  const x = referenceExplore(system, [system.initial], 10_000);
  const engine = explored(system);
  const slots = new Float64Array(system.slots);
  const states = Array.from({ length: engine.states }, (_, state) => {
    engine.decode(state, slots);
    return [...slots];
  });
  assert.deepEqual(states, x.states);
}
