// Pools begin with the sizes that an exploration before came to. Whatever they begin with, they end with the least that will do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { analyse } from '../../server/src/analysis.ts';
import { type Explored, runOf } from '../../server/src/check/run.ts';
import type { MakeEngine } from '../../server/src/checker/engine.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';

const { programs } = analyse('holders.lifeline', readFileSync('scenarios/seed/s6_holders.lifeline', 'utf8'), { read: () => null });

function explored(pools: ReadonlyMap<string, number>): { readonly explored: Explored; readonly attempts: number } {
  const options = { maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true };
  const host = { now: () => 0, cancelled: () => false, progress: () => {} };
  let attempts = 0;
  const counted: MakeEngine = (...given) => {
    attempts++;
    return makePlainEngine(...given);
  };
  const run = runOf(programs[0], options, host, counted, { pools, states: 0 });
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return { explored: value, attempts };
  }
}

suite('sizes of pools', () => {
  const cold = explored(new Map());

  test('what was found before is where the next exploration begins, and it needs no other', () => {
    assert.deepEqual([...cold.explored.sizes].sort(), [['file', 2], ['llc_sock', 2]]);
    assert.equal(cold.attempts, 3);
    const warm = explored(cold.explored.sizes);
    assert.equal(warm.attempts, 1);
    assert.deepEqual(warm.explored.exploration, cold.explored.exploration);
    assert.deepEqual(warm.explored.lowered.system, cold.explored.lowered.system);
  });

  for (const guess of [{ file: 3 }, { file: 5, llc_sock: 2 }, { llc_sock: 8, net_device: 2, file: 2 }, { nothing: 4, file: 2 }]) {
    test(`a guess of ${JSON.stringify(guess)} ends the same`, () => {
      const { explored: other } = explored(new Map(Object.entries(guess)));
      assert.deepEqual(other.exploration, cold.explored.exploration);
      assert.deepEqual(other.lowered.system, cold.explored.lowered.system);
    });
  }
});
