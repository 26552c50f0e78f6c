// The leaping clock against unit ticks: a few random programs, and the timed scenarios that ship and are small; hundreds of programs are the soak's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareTicks, newTicksTally, toldTicks } from './ticks.ts';
import { timedProgram } from './timed.ts';

const SEED = Number(process.env['LIFELINE_SEED'] ?? '5');
const RUNS = Number(process.env['LIFELINE_RUNS'] ?? '25');

test('random programs with a clock find the same by leaps as ns by ns', (t) => {
  const tally = newTicksTally();
  fc.assert(
    fc.property(timedProgram, (text) => compareTicks(text, 2500, tally)),
    { seed: SEED, numRuns: RUNS },
  );
  t.diagnostic(toldTicks(tally));
  assert.ok(tally.tooLarge * 2 < tally.programs, 'most programs are small enough');
});
