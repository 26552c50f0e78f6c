// Explorations that end early: what they still say, and what they never say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ExploreHost, explorationOf } from '../../server/src/checker/explore.ts';
import { findingKey } from '../../server/src/checker/finding.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { replay } from '../../server/src/checker/reference.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import type { System } from '../../server/src/system/system.ts';
import { type AgentSpec, at, build, c, plus, set } from './build.ts';
import { randomSystem } from './random.ts';
import { check, host, unlimited } from './run.ts';

/** Two counters: (n + 1) * (n + 1) states. */
const grid = (n: number, body: AgentSpec['program'][number]['steps'][number]['do'] = []): System => {
  const counter = (slot: number): AgentSpec => ({
    name: `a${slot}`,
    program: [
      {
        name: 'top',
        steps: [{ when: { op: 'binary', operator: '<', left: at(slot), right: c(n) }, do: [set(slot, plus(slot, 1)), ...body], to: 'top' }],
      },
    ],
  });
  return build({ variables: { x: { max: n }, y: { max: n } }, agents: [counter(0), counter(1)], faults: [{ kind: 'assertion' }] });
};

test('of what was found before a cap, all is real, and nothing is said of whole runs', () => {
  let real = 0;
  fc.assert(
    fc.property(randomSystem({ agents: 3, locations: 3, variables: 2, holders: true, faults: true }), fc.nat(100), (system, percent) => {
      const whole = check(system);
      const maxStates = Math.max(1, Math.floor((whole.stats.states * percent) / 100));
      if (maxStates >= whole.stats.states) return;
      const cut = check(system, { maxStates });
      assert.equal(cut.limit, 'states');
      const all = new Map(whole.findings.map((f) => [findingKey(f), f]));
      for (const f of cut.findings) {
        assert.ok(['assertion', 'use-after-free', 'data-race'].includes(f.kind));
        assert.equal(f.path.choices.length, all.get(findingKey(f))?.path.choices.length);
        replay(system, cut.initials, f.path);
        real++;
      }
      assert.deepEqual(cut.reached, []);
    }),
    { seed: 11, numRuns: 300 },
  );
  assert.ok(real > 50, `only ${real} findings were compared`);
});

test('time and memory are caps like states', () => {
  const big = grid(300);
  assert.equal(check(big).stats.states, 301 * 301);
  let now = 0;
  const slow: ExploreHost = { ...host, now: () => (now += 10) };
  const late = finished(big, { ...unlimited, maxTimeMs: 100 }, slow);
  assert.equal(late.limit, 'time');
  assert.ok(late.stats.states > 0 && late.stats.states < 301 * 301);
  const small = finished(big, { ...unlimited, maxMemoryBytes: 500_000 }, host);
  assert.equal(small.limit, 'memory');
  assert.ok(small.stats.bytes <= 500_000);
});

test('the memory for looking at whole runs counts too', () => {
  const big = grid(100);
  const engine = makePlainEngine(big, [big.initial], { maxStates: null, maxMemoryBytes: null, reduction: false });
  while (engine.run(1000) !== 'done');
  assert.equal(finished(big, { ...unlimited, maxMemoryBytes: engine.bytes + 1000 }, host).limit, 'memory');
});

test('it can be cancelled at every pause, and then ends at once', () => {
  const big = grid(120, [
    {
      op: 'if',
      condition: { op: 'binary', operator: '>', left: at(0), right: c(115) },
      then: [{ op: 'report', fault: 0, object: null, by: null }],
      else: [],
    },
  ]);
  let pauses = 0;
  finished(big, unlimited, { ...host, cancelled: () => ++pauses < 0 });
  assert.ok(pauses > 20, `it pauses only ${pauses} times`);
  for (let cancelAt = 1; cancelAt <= pauses; cancelAt++) {
    let asked = 0;
    const end = finished(big, unlimited, { ...host, cancelled: () => ++asked >= cancelAt });
    assert.equal(end.limit, 'cancelled');
    assert.ok(asked - cancelAt < 10, `it went on for ${asked - cancelAt} pauses`);
    for (const f of end.findings) assert.equal(replay(big, end.initials, f.path).length, 116);
  }
});

test('progress is told on the way', () => {
  const seen: number[] = [];
  let now = 0;
  finished(grid(120), unlimited, { ...host, now: () => ++now, progress: (p) => seen.push(p.states) });
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
  assert.equal(seen[seen.length - 1], 121 * 121);
});

function finished(system: System, options: typeof unlimited, on: ExploreHost): Exploration {
  const run = explorationOf(system, options, on, makePlainEngine);
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return value;
  }
}
