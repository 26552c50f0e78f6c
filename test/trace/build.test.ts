// From visited states to a trace: a system of two agents written by hand, so that every effect, lane and key can be told in advance.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Agent, Frame, Label, Location, RootObject, Statement, System } from '../../server/src/system/system.ts';
import { evaluate } from '../../server/src/checker/referenceValue.ts';
import { buildTrace, type Found, type Visit } from '../../server/src/trace/build.ts';
import { statesOf } from '../../server/src/trace/state.ts';

const FILE = 'driver.lifeline';
const SOURCE = 'ioctl(file) {\n  let t = file.private\n  return readl(t.bar, 0)   // the use\n}\nremove(dev) {\n  free t\n}\n';
const at = (text: string) => ({ file: FILE, span: { start: SOURCE.indexOf(text), end: SOURCE.indexOf(text) + text.length } });
const frame = (name: string, text: string, module: string | null = null): Frame => ({ function: name, module, at: at(text) });

// Slots: 0 app's location, 1 admin's location, 2 life of t, 3 t.bar, 4 nova's text, 5 gone of gpu, 6 mask, 7 worker's location.
const set = (slot: number, value: number): Statement => ({ op: 'set', slot, value: { op: 'constant', value } });
const label = (text: string, event: Label['event'] = null): Label => ({ text, at: at(text), event });
const location = (agent: number, stack: readonly Frame[], call: number | null, what: string | null, text: string, body: readonly Statement[], event: Label['event'] = null): Location => ({
  steps: [{ agent, environment: call === null, guard: null, body, label: label(text, event) }],
  call,
  stack,
  wait: what === null ? null : { kind: 'lock', what, holder: null },
  access: null,
});
const agent = (name: string, slot: number, context: Agent['context'], locations: readonly Location[]): Agent => ({ name, context, slot, locations, exit: null, entry: 0, process: name });

const roots: readonly RootObject[] = [
  { name: 'timer_dev#0', type: 'timer_dev', life: 2, fields: [{ name: 'bar', slot: 3, type: { kind: 'place' } }], anchored: null, view: 'memory', leak: null },
  { name: 'nova', type: 'module', life: null, fields: [{ name: 'text', slot: 4, type: { kind: 'enum', names: ['absent', 'coming', 'live', 'going', 'gone (app)', 'gone (admin)'] } }], anchored: null, view: 'module', leak: null },
  { name: 'gpu', type: 'pci_dev', life: null, fields: [{ name: 'gone', slot: 5, type: { kind: 'bool' } }, { name: 'readers', slot: 6, type: { kind: 'agentMask' } }], anchored: null, view: 'device', leak: null },
  { name: 'misc_mtx', type: 'mutex', life: null, fields: [{ name: 'owner', slot: 3, type: { kind: 'agent' } }], anchored: null, view: 'internal', leak: null },
];

const ioctl = [frame('app', 'ioctl'), frame('timer_fops.ioctl', 't.bar', 'nova')];
const system: System = {
  variables: [],
  slots: 8,
  tables: [],
  agents: [
    agent('app', 0, 'process', [location(0, ioctl, 0, null, 'file.private', [set(0, 1)]), location(0, ioctl, 0, null, 't.bar', [{ op: 'fail', fault: 0, object: null, by: null }])]),
    agent('admin', 1, 'process', [location(1, [frame('admin', 'remove'), frame('timer_driver.remove', 'free t', 'nova')], 1, 'misc_mtx', 'free t', [set(2, 3)], 'free')]),
    agent('t.work worker', 7, 'work', [location(2, [frame('t.work worker', 'remove')], null, 'work to be queued', 'remove', [])]),
  ],
  calls: [],
  faults: [],
  initial: [],
  boot: null,
  heap: { places: [{ type: 'null', name: 'null', root: -1 }, { type: 'mmio', name: 'mmio#0', root: 0 }], roots },
  symmetries: [],
};

const start = [0, 0, 1, 1, 2, 0, 3, 0];
const read = [1, 0, 1, 1, 2, 0, 3, 0];
const freed = [1, 0, 3, 0, 2, 0, 1, 0];
const steps: readonly Visit[] = [
  { agent: 0, step: 0, before: start, state: read },
  { agent: 1, step: 0, before: read, state: freed },
  { agent: 0, step: 0, before: freed, state: null },
];
const found: Found = {
  kind: 'use-after-free',
  at: at('t.bar'),
  stack: ioctl,
  agent: 'app',
  object: 'timer_dev',
  instance: 'timer_dev#0',
  by: ['admin'],
  waitsFor: null,
  message: '`t` was freed by admin while app was inside `timer_fops.ioctl`',
};
const build = (more: Partial<Parameters<typeof buildTrace>[0]> = {}) =>
  buildTrace({ system, initial: start, steps, found, functions: [], possible: (s) => (s === freed ? [0] : [0, 1]), evaluate: (state, e) => evaluate(system, state, e), source: (f) => (f === FILE ? SOURCE : null), ...more });

suite('building a trace', () => {
  test('objects are printed in words, internal ones left out', () => {
    assert.deepEqual(build().initial, {
      'timer_dev#0': { life: 'alive', bar: 'mmio#0' },
      nova: { life: 'live' },
      gpu: { life: 'present', readers: 'app, admin' },
    });
  });

  test('effects are what differs, lives by the object’s name alone', () => {
    assert.deepEqual(
      build().steps.map((s) => s.effects),
      [
        [],
        [
          { on: 'timer_dev#0', was: 'alive', is: 'freed by admin' },
          { on: 'timer_dev#0.bar', was: 'mmio#0', is: 'null' },
          { on: 'gpu.readers', was: 'app, admin', is: 'app' },
        ],
        [],
      ],
    );
  });

  test('the initial state and the effects give back every state', () => {
    const states = statesOf(build());
    assert.equal(states.length, steps.length + 1);
    assert.deepEqual(Object.fromEntries(states[3].get('timer_dev#0') ?? []), { life: 'freed by admin', bar: 'null' });
    assert.deepEqual(Object.fromEntries(states[1].get('timer_dev#0') ?? []), { life: 'alive', bar: 'mmio#0' });
  });

  test('lanes: who acts, then what the finding is about, with its end', () => {
    assert.deepEqual(
      build().lanes.map((l) => [l.kind, l.id, l.title, l.from, l.to]),
      [
        ['process', 'app', 'app', null, null],
        ['process', 'admin', 'admin', null, null],
        ['module', 'nova', 'nova', null, null],
        ['device', 'gpu', 'gpu', null, null],
        ['memory', 'timer_dev#0', 'timer_dev', null, 1],
      ],
    );
  });

  test('the step that ends the run is the violation; others keep their event', () => {
    assert.deepEqual(
      build().steps.map((s) => s.event),
      [null, 'free', 'violation'],
    );
  });

  test('the message says in which function the other side did it', () => {
    assert.equal(build().verdict.message, '`t` was freed by admin in `timer_driver.remove` while app was inside `timer_fops.ioctl`');
    const message = 'the text of `nova` was unloaded by admin2';
    assert.equal(build({ found: { ...found, message } }).verdict.message, message, 'another agent with the same beginning');
  });

  test('the key steps, in order', () => {
    assert.deepEqual(build().verdict.keys, [
      { step: 0, message: 'app had come to here when `timer_dev` was freed' },
      { step: 1, message: '`timer_dev` is freed here by admin in `timer_driver.remove`' },
      { step: 2, message: 'app uses it here' },
    ]);
  });

  test('who could go instead, and who waits; an idle kernel context does not', () => {
    const trace = build();
    assert.deepEqual(
      trace.steps.map((s) => [s.enabled, s.waiting]),
      [
        [['admin'], []],
        [['app'], []],
        [[], [{ agent: 'admin', what: 'misc_mtx' }]],
      ],
    );
    assert.deepEqual(trace.end?.stands.map((s) => [s.agent, s.function, s.inCall]), [
      ['app', 'timer_fops.ioctl', true],
      ['admin', 'timer_driver.remove', true],
      ['t.work worker', 't.work worker', false],
    ]);
  });

  test('a step knows its whole statement, without the comment behind it', () => {
    assert.deepEqual(
      build().steps.map((s) => s.statement?.text),
      ['let t = file.private', 'free t', 'return readl(t.bar, 0)'],
    );
    assert.deepEqual(
      build({ source: () => null }).steps.map((s) => s.statement),
      [null, null, null],
    );
  });

  test('module text and devices have lives of their own', () => {
    const gone = [...freed];
    gone[4] = 5;
    gone[5] = 1;
    const trace = build({ steps: [...steps.slice(0, 2), { agent: 1, step: 0, before: freed, state: gone }] });
    assert.deepEqual(trace.steps[2].effects, [
      { on: 'nova', was: 'live', is: 'unloaded by admin' },
      { on: 'gpu', was: 'present', is: 'unplugged' },
    ]);
    assert.deepEqual(
      trace.lanes.filter((l) => l.to !== null).map((l) => [l.id, l.to]),
      [
        ['nova', 2],
        ['gpu', 2],
        ['timer_dev#0', 1],
      ],
    );
  });
});
