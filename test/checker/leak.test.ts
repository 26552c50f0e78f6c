// What is left when every process has ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leakedRoots } from '../../server/src/checker/leak.ts';
import type { RootObject } from '../../server/src/system/system.ts';
import { type AgentSpec, at, build, set, type SystemSpec } from './build.ts';
import { check } from './run.ts';

const LIFE = 0;
const LOADED = 2;
const HEAD = 3;
const places = [
  { type: 'null', name: 'null', root: -1 },
  { type: 'timer_dev', name: 'timer_dev#0', root: 0 },
  { type: 'miscdevice', name: 'timer_dev#0.misc', root: 0 },
  { type: 'file', name: 'file#0', root: 1 },
];
const field = (name: string, slot: number) => ({ name, slot, type: { kind: 'place' as const } });
const roots: RootObject[] = [
  { name: 'timer_dev#0', type: 'timer_dev', life: LIFE, fields: [field('file', 4)], anchored: null, view: 'memory', leak: 0 },
  { name: 'file#0', type: 'file', life: 1, fields: [], anchored: null, view: 'file', leak: 0 },
  { name: 'nova', type: 'module', life: null, fields: [field('head', HEAD)], anchored: at(LOADED), view: 'module', leak: null },
];
const spec = (agents: readonly AgentSpec[]): SystemSpec => ({
  variables: {
    life: { max: 3 },
    fileLife: { max: 3 },
    loaded: { max: 1, start: 1 },
    head: { max: 3, holds: 'place' },
    file: { max: 3, holds: 'place' },
  },
  faults: [{ kind: 'leak', message: '{object} is still there' }],
  agents,
  roots,
  places,
});

test('only what stands by itself, or is led to, is kept', () => {
  const system = build(spec([]));
  const left = (life: number, fileLife: number, loaded: number, head: number, file: number) => [
    ...leakedRoots(system, [life, fileLife, loaded, head, file]),
  ];
  assert.deepEqual(left(1, 0, 1, 1, 0), [], 'a loaded module leads to it');
  assert.deepEqual(left(1, 0, 1, 2, 0), [], 'so does a pointer to what is embedded in it');
  assert.deepEqual(left(1, 1, 1, 2, 3), [], 'and from there on');
  assert.deepEqual(left(1, 1, 0, 1, 3), [0, 1], 'an unloaded module leads nowhere');
  assert.deepEqual(left(2, 1, 1, 1, 3), [1], 'nor does a freed object');
  assert.deepEqual(left(0, 2, 0, 0, 0), [], 'what is freed, or never was, is not left');
});

test('a leak is found once the processes have ended, and not before', () => {
  const app: AgentSpec = {
    name: 'app',
    program: [{ steps: [{ environment: true, do: [set(LIFE, 1), set(HEAD, 1)] }] }, { steps: [{ environment: true, do: [set(HEAD, 0)] }] }],
  };
  const { findings } = check(build(spec([app])));
  assert.deepEqual(
    findings.map((f) => [f.kind, f.object, f.instance, f.message, f.path.choices.length]),
    [['leak', 'timer_dev', 'timer_dev#0', 'timer_dev#0 is still there', 2]],
  );
  const idle: AgentSpec = { name: 'idle worker', context: 'work', forever: true, program: [{ steps: [] }] };
  assert.deepEqual(
    check(build(spec([app, idle]))).findings.map((f) => f.kind),
    ['leak'],
    'an idle worker never ends',
  );
  const stays: AgentSpec = { ...app, program: [...app.program, { steps: [] }] };
  assert.deepEqual(check(build(spec([stays]))).findings, []);
  const frees: AgentSpec = {
    name: 'worker',
    context: 'work',
    forever: true,
    program: [
      {
        name: 'top',
        steps: [
          { when: { op: 'binary', operator: '==', left: at(LIFE), right: { op: 'constant', value: 1 } }, do: [set(LIFE, 2)], to: 'top' },
        ],
      },
    ],
  };
  assert.deepEqual(check(build(spec([app, frees]))).findings, [], 'a worker that is still to come frees it');
});
