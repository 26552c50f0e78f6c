// Whole explorations of small hand-written systems: counts, faults, races, caps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExploreHost, explorationOf, explore } from '../../server/src/checker/explore.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { replay } from '../../server/src/checker/reference.ts';
import type { AgentSpec } from './build.ts';
import { at, build, is, plus, set } from './build.ts';

const host: ExploreHost = { now: () => 0, cancelled: () => false, progress: () => {} };
const free = { maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: false };

const X = 0;
const LOCK = 1;
/** Reads x, then stores it plus one: the update that two can lose. Slot `own` is where it is kept meanwhile. */
const adder = (name: string, own: number, locked: boolean): AgentSpec => ({
  name,
  calls: { add: null },
  program: [
    { steps: [{ environment: true }] },
    { call: 'add', steps: [locked ? { when: is(LOCK, 0), do: [set(LOCK, 1)] } : {}] },
    { call: 'add', access: { slot: X, write: false }, steps: [{ do: [set(own, at(X))] }] },
    { call: 'add', access: { slot: X, write: true }, steps: [{ do: [set(X, plus(own, 1)), ...(locked ? [set(LOCK, 0)] : [])] }] },
  ],
});
const counter = (locked: boolean) =>
  build({
    variables: { x: { max: 2 }, lock: { max: 1 }, a: { max: 2 }, b: { max: 2 } },
    agents: [
      adder('one', 2, locked),
      adder('two', 3, locked),
      {
        name: 'check',
        program: [
          { steps: [{ when: { op: 'binary', operator: '&&', left: is(4, 4), right: is(5, 4) }, environment: true }] },
          { steps: [{ do: [{ op: 'if', condition: is(X, 1), then: [{ op: 'fail', fault: 0, object: null, by: null }], else: [] }] }] },
        ],
      },
    ],
    faults: [{ kind: 'assertion', agent: 2, message: 'an update is lost' }],
  });

test('two that add without a lock lose an update and race', () => {
  const system = counter(false);
  const result = explore(system, free, host, makePlainEngine);
  assert.equal(result.limit, null);
  assert.deepEqual(result.findings.map((f) => `${f.kind} ${f.agent} ${f.path.choices.length}`).sort(), [
    'assertion check 10',
    'data-race one 5',
    'data-race one 6',
    'data-race two 5',
  ]);
  for (const f of result.findings) assert.equal(replay(system, result.initials, f.path).length, f.path.choices.length);
});

test('with a lock they do neither', () => {
  const result = explore(counter(true), free, host, makePlainEngine);
  assert.equal(result.limit, null);
  assert.deepEqual(result.findings, []);
  assert.equal(result.reached[2].size, 3);
});

test('a cap on states ends the search and claims nothing', () => {
  const whole = explore(counter(true), free, host, makePlainEngine);
  const enough = explore(counter(true), { ...free, maxStates: whole.stats.states }, host, makePlainEngine);
  assert.equal(enough.limit, null);
  const short = explore(counter(true), { ...free, maxStates: whole.stats.states - 1 }, host, makePlainEngine);
  assert.equal(short.limit, 'states');
  assert.equal(short.stats.states, whole.stats.states - 1);
  assert.deepEqual(short.reached, []);
});

test('a run can be cancelled between slices', () => {
  let asked = 0;
  const run = explorationOf(counter(false), free, { ...host, cancelled: () => ++asked > 3 }, (...args) =>
    Object.assign(makePlainEngine(...args), { run: () => null }),
  );
  let slices = 0;
  let end = run.next();
  for (; end.done !== true; end = run.next()) slices++;
  assert.equal(end.value.limit, 'cancelled');
  assert.equal(slices, 3);
});
