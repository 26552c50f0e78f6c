// Which of the shortest runs is shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePaths, groupFindings, switchesOf } from '../../server/src/checker/group.ts';
import type { Finding } from '../../server/src/checker/verdict.ts';
import type { Expression } from '../../server/src/system/system.ts';
import { type AgentSpec, at, build, is, placeAt, plus, set } from './build.ts';
import { check } from './run.ts';

const faults = [{ kind: 'assertion' }];
const fail = { op: 'fail', fault: 0, object: null, by: null } as const;
const by = (finding: Finding) => finding.path.choices.map((c) => c.agent).join('');

test('the fewest switches, and those as late as can be', () => {
  const a: AgentSpec = {
    name: 'a',
    program: [{ steps: [{ do: [set(0, 1)] }] }, { steps: [{}] }, { steps: [{ when: is(1, 1), do: [fail] }] }],
  };
  const b: AgentSpec = { name: 'b', program: [{ steps: [{ when: is(0, 1), do: [set(1, 1)] }] }] };
  const [finding] = check(build({ variables: { started: { max: 1 }, done: { max: 1 } }, faults, agents: [a, b] })).findings;
  // 0100 and 0010 are as short and switch as often.
  assert.equal(by(finding), '0010');
  assert.deepEqual(switchesOf(finding.path), [2, 3]);
});

test('of runs that first switch at the same step, the one whose next switch is later', () => {
  const a: AgentSpec = { name: 'a', program: [{ steps: [{ do: [set(0, 1)] }] }, { steps: [{ when: is(1, 1), do: [set(2, 1)] }] }] };
  const b: AgentSpec = {
    name: 'b',
    program: [{ steps: [{ when: is(0, 1), do: [set(1, 1)] }] }, { steps: [{}] }, { steps: [{ when: is(2, 1), do: [fail] }] }],
  };
  const [finding] = check(build({ variables: { x: { max: 1 }, y: { max: 1 }, z: { max: 1 } }, faults, agents: [a, b] })).findings;
  // 01011 is as short, switches as often, and comes first in the file.
  assert.equal(by(finding), '01101');
});

test('even where that is decided long before', () => {
  const both = (left: Expression, right: Expression): Expression => ({ op: 'binary', operator: '&&', left, right });
  const [X, Y, Z, W] = [0, 1, 2, 3];
  const a: AgentSpec = {
    name: 'a',
    program: [
      { steps: [{ do: [set(X, 1)] }, { do: [set(X, 2)] }] },
      {
        steps: [
          { when: both(is(X, 1), is(Y, 1)), do: [set(Z, 1)] },
          { when: both(is(X, 2), is(W, 1)), do: [set(Z, 1)] },
        ],
      },
    ],
  };
  const b: AgentSpec = {
    name: 'b',
    program: [
      { steps: [{ when: { op: 'not', operand: is(X, 0) }, do: [set(Y, 1)] }] },
      {
        steps: [
          { when: both(is(X, 1), is(Z, 1)), do: [set(W, 1)] },
          { when: is(X, 2), do: [set(W, 1)] },
        ],
      },
      { steps: [{ when: is(Z, 1), do: [fail] }] },
    ],
  };
  const [finding] = check(
    build({ variables: { x: { max: 2 }, y: { max: 1 }, z: { max: 1 }, w: { max: 1 } }, faults, agents: [a, b] }),
  ).findings;
  // x = 1 comes first and leads to 01011.
  assert.equal(by(finding), '01101');
});

test('then the order of the file', () => {
  const counts = (name: string): AgentSpec => ({ name, program: [{ steps: [{ do: [set(0, plus(0, 1))] }] }] });
  const checker: AgentSpec = { name: 'c', program: [{ steps: [{ when: is(0, 2), do: [fail] }] }] };
  const [finding] = check(build({ variables: { n: { max: 2 } }, faults, agents: [counts('a'), counts('b'), checker] })).findings;
  assert.equal(by(finding), '012');
});

/** `a` takes x = 1 or x = 2 and stores it in y. `b` comes between the two for the one, or after both for the other. */
const chooser: AgentSpec = {
  name: 'a',
  program: [
    {
      steps: [
        { environment: true, do: [set(0, 1)] },
        { environment: true, do: [set(0, 2)] },
      ],
    },
    { steps: [{ do: [set(1, at(0))] }] },
  ],
};
const between: Expression = { op: 'binary', operator: '&&', left: is(0, 1), right: is(1, 0) };
const two = { x: { max: 2 }, y: { max: 2 } };

test('the run ends in any of the shallowest states that show the finding, wherever the search came first', () => {
  const b: AgentSpec = {
    name: 'b',
    program: [
      { steps: [{ when: between }, { when: is(1, 2) }] },
      {
        steps: [
          { when: is(1, 1), do: [fail] },
          { when: is(1, 2), do: [fail] },
        ],
      },
    ],
  };
  const [finding] = check(build({ variables: two, faults, agents: [chooser, b] })).findings;
  // 010 1 is found first.
  assert.equal(by(finding), '0011');
});

test('so does the run to a call that is stuck', () => {
  const b: AgentSpec = {
    name: 'b',
    calls: { rmmod: 'unload-blocked' },
    program: [
      {
        steps: [
          { environment: true, when: between },
          { environment: true, when: is(1, 2) },
        ],
      },
      { call: 'rmmod', steps: [] },
    ],
  };
  const [finding] = check(build({ variables: two, agents: [chooser, b] })).findings;
  assert.equal(`${finding.kind} ${by(finding)}`, 'deadlock 001');
});

test('what is stuck has a shortest run too', () => {
  const step: AgentSpec = { name: 'a', program: [{ steps: [{ environment: true }] }, { steps: [{ environment: true, do: [set(0, 1)] }] }] };
  const stuck: AgentSpec = {
    name: 'b',
    calls: { rmmod: 'unload-blocked' },
    program: [{ steps: [{ environment: true, when: is(0, 1) }] }, { call: 'rmmod', steps: [] }],
  };
  const [finding] = check(build({ variables: { x: { max: 1 } }, agents: [step, stuck] })).findings;
  assert.equal(`${finding.kind} ${by(finding)}`, 'deadlock 001');
});

test('findings are shown once for each kind, position and object type, the best run first', () => {
  const base: Finding = {
    kind: 'leak',
    at: placeAt(5),
    stack: [],
    agent: 'app',
    object: 'dev',
    instance: null,
    by: [],
    waitsFor: null,
    message: '',
    path: {
      initial: 0,
      choices: [
        { agent: 0, step: 0 },
        { agent: 1, step: 0 },
      ],
    },
  };
  const late: Finding = {
    ...base,
    by: ['admin'],
    path: {
      initial: 0,
      choices: [
        { agent: 1, step: 0 },
        { agent: 1, step: 0 },
      ],
    },
  };
  const other: Finding = { ...base, object: 'file' };
  assert.deepEqual(groupFindings([base, late, other]), [[late, base], [other]]);
  assert.ok(comparePaths(late.path, base.path) < 0);
  assert.equal(comparePaths(base.path, base.path), 0);
});
