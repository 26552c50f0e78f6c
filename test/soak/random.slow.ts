// Random programs by the thousand: the reference interpreter against the engines, reductions against none, every run replayed.
// LIFELINE_SHARE is the share of the full number (5,000); LIFELINE_SEED repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agree, newTally, told } from '../random/agree.ts';
import { randomProgram } from '../random/program.ts';

const RUNS = Math.ceil(5000 * Number(process.env['LIFELINE_SHARE'] ?? '1'));
const SEED = Number(process.env['LIFELINE_SEED'] ?? '3');
/** Larger programs are thrown away; as many more are made. */
const MOST_STATES = 3000;
/** Programs to a test, so that it can be seen how far it is. */
const PART = 250;

for (let from = 0; from < RUNS; from += PART) {
  const wanted = Math.min(PART, RUNS - from);
  const seed = SEED + from;
  test(`${wanted} random programs from seed ${seed}`, (t) => {
    const tally = newTally();
    fc.assert(
      fc.property(randomProgram, (text) => {
        if (tally.programs - tally.tooLarge < wanted) agree(text, MOST_STATES, tally);
      }),
      { seed, numRuns: 3 * wanted },
    );
    t.diagnostic(told(tally));
    assert.equal(tally.programs - tally.tooLarge, wanted);
  });
}
