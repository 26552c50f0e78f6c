// A few random programs, everything compared about each; thousands of them are the soak's business.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agree, newTally, told } from './agree.ts';
import { randomProgram } from './program.ts';
import { mistakes } from './subjects.ts';

const SEED = 20250227;

test('random programs have no mistakes', () => {
  fc.assert(
    fc.property(randomProgram, (text) => {
      assert.deepEqual(mistakes(text), [], text);
    }),
    { seed: SEED, numRuns: 150 },
  );
});

test('random programs: the reference, the engines, reductions and the formatter agree', (t) => {
  const tally = newTally();
  fc.assert(
    fc.property(randomProgram, (text) => agree(text, 400, tally)),
    { seed: SEED, numRuns: 40 },
  );
  t.diagnostic(told(tally));
  assert.ok(tally.glued > 0);
  assert.ok(tally.tooLarge * 2 < tally.programs, 'most programs are small enough');
});
