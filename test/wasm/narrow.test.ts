// What variables can hold: only what some step can come to write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constant, equal, load } from '../../server/src/system/expression.ts';
import type { Agent, Location, Statement, Step, System } from '../../server/src/system/system.ts';
import { heldBy } from '../../server/src/checker/wasm/narrow.ts';

const AT = 0;
const X = 1;
const Y = 2;
const place = { file: 'narrow', span: { start: 0, end: 1 } };

test('a location that nobody comes to writes nothing', () => {
  const held = heldBy(systemOf([[set(X, 1), goto(1)], [], [set(X, 7), goto(0)]]), [[0, 0, 0]]);
  assert.deepEqual([...(held[X].values ?? [])].sort(), [0, 1]);
});

test('a condition that no value meets lets nothing through, until a value meets it', () => {
  const arm: Statement = { op: 'if', condition: equal(load(X), constant(3)), then: [set(Y, 5)], else: [set(Y, 1)] };
  const shut = heldBy(systemOf([[arm, goto(1)], [set(X, 2)]]), [[0, 0, 0]]);
  assert.deepEqual([...(shut[Y].values ?? [])].sort(), [0, 1]);
  const open = heldBy(systemOf([[arm, goto(1)], [set(X, 3)]]), [[0, 0, 0]]);
  assert.deepEqual([...(open[Y].values ?? [])].sort(), [0, 1, 5]);
});

test('nothing is written behind a failure', () => {
  const fail: Statement = { op: 'fail', fault: 0, object: null, by: null };
  const held = heldBy(systemOf([[set(X, 1), fail, set(X, 9)]]), [[0, 0, 0]]);
  assert.deepEqual([...(held[X].values ?? [])].sort(), [0, 1]);
});

function set(slot: number, value: number): Statement {
  return { op: 'set', slot, value: constant(value) };
}

function goto(location: number): Statement {
  return { op: 'goto', location };
}

/** One agent with one step at each location. */
function systemOf(bodies: ReadonlyArray<readonly Statement[]>): System {
  const locations = bodies.map((body): Location => {
    const step: Step = { agent: 0, environment: false, guard: null, body, label: { text: '', at: place, event: null } };
    return { steps: [step], call: null, stack: [], wait: null, access: null };
  });
  const agent: Agent = { name: 'a', context: 'process', slot: AT, locations, exit: null, entry: 0, process: 'a' };
  const variable = (name: string, slot: number) =>
    ({ name, slot, length: 1, min: 0, max: 9, holds: 'int', over: null, owner: null }) as const;
  return {
    variables: [variable('at', AT), variable('x', X), variable('y', Y)],
    slots: 3,
    tables: [],
    agents: [agent],
    calls: [],
    faults: [],
    initial: [0, 0, 0],
    boot: null,
    heap: { places: [], roots: [] },
    symmetries: [],
  };
}
