// The clocks of a run: instants are told once, in the order of time, and a look that gave something else than the clock showed is wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../server/src/checker/referenceValue.ts';
import type { Expression, Label, Location, Sample, System } from '../../server/src/system/system.ts';
import { clockOf, timesOf } from '../../server/src/trace/clock.ts';

const slot = { time: 0, at: 1, gone: 2 };
const load = (s: number): Expression => ({ op: 'load', slot: s });
const number = (value: number): Expression => ({ op: 'constant', value });
const binary = (operator: '&' | '-', left: Expression, right: Expression): Expression => ({ op: 'binary', operator, left, right });

const shown = binary('&', load(slot.time), number(0xffffffe0));
const sample: Sample = { what: 'TIME_0', value: { op: 'choose', condition: load(slot.gone), then: number(-1), else: shown }, shown, base: 16 };
const label: Label = { text: 'readl', at: { file: 'x', span: { start: 0, end: 1 } }, event: null, sample };
const place: Location = { steps: [{ agent: 0, environment: false, guard: null, body: [], label }], call: null, stack: [], wait: null, access: null };
const system: System = {
  variables: [], slots: 3, tables: [], calls: [], faults: [], initial: [], boot: null, heap: { places: [], roots: [] }, symmetries: [],
  agents: [{ name: 'app', context: 'process', slot: slot.at, locations: [place], exit: null, entry: 0, process: 'app' }],
  clock: { slot: slot.time, wrap: 2 ** 53, counts: [], assumed: ['a read takes 32 ns'], instants: [{ kind: 'deadline', text: "app's deadline", left: binary('-', number(200), load(slot.time)) }] },
};
/** Its only agent is the clock. */
const ticking: System = { ...system, agents: [{ ...system.agents[0], name: 'clock', context: 'clock' }] };
const clock = (...visits: Parameters<typeof clockOf>[1]) => clockOf(system, visits, (state, e) => evaluate(system, state, e));
const passing = (...visits: Parameters<typeof clockOf>[1]) => clockOf(ticking, visits, (state, e) => evaluate(system, state, e));

test('a look says what it gave, and whether the clock showed that', () => {
  const told = clock(
    { agent: 0, step: 0, before: [96, 0, 0], state: [96, 0, 0] },
    { agent: 0, step: 0, before: [96, 0, 1], state: null },
  );
  assert.deepEqual(told?.samples, [
    { step: 0, time: '96', agent: 'app', what: 'TIME_0', value: '0x60', wrong: false },
    { step: 1, time: '96', agent: 'app', what: 'TIME_0', value: '0xffffffffffffffff', wrong: true },
  ]);
});

test('an instant is told once while it is ahead, and not when it has passed', () => {
  assert.deepEqual(passing({ agent: 0, step: 0, before: [96, 0, 0], state: [128, 0, 0] })?.instants, [{ time: '200', kind: 'deadline', text: "app's deadline" }]);
  assert.deepEqual(passing({ agent: 0, step: 0, before: [201, 0, 0], state: [232, 0, 0] })?.instants, []);
});

test('without a clock there is nothing to tell', () => {
  assert.equal(clockOf({ ...system, clock: null }, [], () => 0), null);
  assert.equal(timesOf({ ...system, clock: null }, []), null);
});

test('time comes round, or stands while something else counts down, and goes on being told', () => {
  const round: System = { ...ticking, clock: { ...ticking.clock!, wrap: 8, counts: [slot.gone] } };
  const step = (...[before, state]: number[][]) => ({ agent: 0, step: 0, before, state });
  assert.deepEqual(timesOf(round, [step([6, 0, 9], [1, 0, 6]), step([1, 0, 6], [1, 0, 2])]), [6n, 9n, 13n]);
});

test('a roll-over is not told of a time that stands because nobody looks at it any more', () => {
  const rolls = { kind: 'roll-over' as const, text: 'TIME_0 rolls over', left: binary('-', number(200), load(slot.time)) };
  const clockwork: Location = { ...place, steps: [{ ...place.steps[0], agent: 1 }] };
  const counts = 1;
  const two: System = {
    ...system,
    agents: [...system.agents, { name: 'clock', context: 'clock', slot: slot.gone, locations: [clockwork], exit: null, entry: 0, process: 'clock' }],
    clock: { ...(system.clock as NonNullable<System['clock']>), counts: [counts], instants: [rolls] },
  };
  const run = (after: number) => clockOf(two, [{ agent: 1, step: 0, before: [100, 0, 0], state: [after, -5, 0] }], (state, e) => evaluate(two, state, e));
  assert.deepEqual(run(105)?.instants.map((i) => i.time), ['200']);
  assert.deepEqual(run(100)?.instants.map((i) => i.time), ['200']);
});
