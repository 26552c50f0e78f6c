// How a scenario starts, and what is said when it does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runBoot } from '../../server/src/checker/boot.ts';
import { replay } from '../../server/src/checker/reference.ts';
import { type AgentSpec, build, is, set, slotOf, type SystemSpec } from './build.ts';
import { check, finish } from './run.ts';

const boot = (program: AgentSpec['program']): AgentSpec => ({ name: 'boot', context: 'boot', calls: { init: null }, program });
const spec = (first: AgentSpec, ...others: readonly AgentSpec[]): SystemSpec => ({
  variables: { x: { max: 3 }, y: { max: 3 } },
  faults: [{ kind: 'use-after-free' }],
  agents: [first, ...others],
  boot: 0,
});

test('boot runs before any process or hardware, through all its choices', () => {
  const app: AgentSpec = { name: 'app', program: [{ steps: [{ do: [set(1, 1)] }] }] };
  const hardware: AgentSpec = { name: 'hardware', context: 'hardware', program: [{ steps: [{ do: [set(1, 2)] }] }] };
  const s = spec(boot([{ steps: [{ do: [set(0, 1)] }, { do: [set(0, 2)] }] }, { steps: [{}] }]), app, hardware);
  const { initials, limit } = finish(runBoot(build(s), 100));
  assert.equal(limit, null);
  assert.deepEqual(
    initials.map((i) => [i[0], i[1], i[slotOf(s, 'app')]]),
    [
      [1, 0, 0],
      [2, 0, 0],
    ],
  );
  const whole = check(build(s));
  assert.deepEqual(whole.initials, initials);
  assert.equal(whole.stats.states, 10);
});

test('a worker that boot waits for runs, and only while it waits', () => {
  const worker: AgentSpec = {
    name: 'worker',
    context: 'work',
    forever: true,
    program: [
      {
        name: 'top',
        steps: [
          { when: is(0, 1), do: [set(0, 2)], to: 'top' },
          { when: is(0, 3), do: [set(1, 1)], to: 'top' },
        ],
      },
    ],
  };
  const s = spec(
    boot([
      { call: 'init', steps: [{ do: [set(0, 1)] }] },
      { call: 'init', steps: [{ when: is(0, 2), do: [set(0, 3)] }] },
    ]),
    worker,
  );
  const { initials } = finish(runBoot(build(s), 100));
  assert.deepEqual(
    initials.map((i) => i.slice(0, 2)),
    [[3, 0]],
  );
});

test('a violation during boot is a finding with a trace that starts before it', () => {
  const s = build(
    spec(
      boot([
        { call: 'init', steps: [{}] },
        { call: 'init', steps: [{ do: [{ op: 'fail', fault: 0, object: null, by: null }] }] },
      ]),
    ),
  );
  const { findings, initials, stats } = check(s);
  assert.deepEqual(
    findings.map((f) => `${f.kind} ${f.agent} ${f.path.initial} ${f.path.choices.length}`),
    ['use-after-free boot -1 2'],
  );
  assert.equal(replay(s, initials, findings[0].path).length, 2);
  assert.equal(stats.states, 0);
});

test('boot that waits for ever, or goes round for ever, is a verdict', () => {
  const waits = check(
    build(spec(boot([{ call: 'init', wait: { kind: 'event', what: 'dev.ready', holder: null }, steps: [{ when: is(0, 1) }] }]))),
  );
  assert.deepEqual(
    waits.findings.map((f) => `${f.kind}: ${f.message}`),
    ['deadlock: the scenario never starts: boot waits in init for dev.ready'],
  );
  const rounds = check(build(spec(boot([{ name: 'loop', call: 'init', steps: [{ to: 'loop' }] }]))));
  assert.deepEqual(
    rounds.findings.map((f) => `${f.kind}: ${f.message}`),
    ['livelock: the scenario never starts: boot goes round in init for ever'],
  );
});

test('boot has a cap of its own', () => {
  const s = build(spec(boot([{ steps: [{ do: [set(0, 1)] }] }, { steps: [{}] }])));
  assert.equal(finish(runBoot(s, 2)).limit, 'states');
  assert.equal(finish(runBoot(s, 3)).limit, null);
  assert.equal(check(s, { maxStates: 1 }).limit, null, 'what comes after it is one state');
});
