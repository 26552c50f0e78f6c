// The leaping clock against unit ticks: on every scenario with a clock that ships, scaled down as they are, and on hundreds of random programs.
// LIFELINE_SHARE is the share of the full number (500); LIFELINE_SEED repeats a run.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareScaled, compareTicks, newTicksTally, toldTicks } from '../random/ticks.ts';
import { timedProgram } from '../random/timed.ts';

const RUNS = Math.ceil(500 * Number(process.env['LIFELINE_SHARE'] ?? '1'));
const SEED = Number(process.env['LIFELINE_SEED'] ?? '3');
/** Larger programs are thrown away; as many more are made. */
const MOST_STATES = 8000;
const FOLDER = 'scenarios/timer';
const PART = 50;

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.lifeline'))) {
  // Times that are scaled down like all the rest.
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8').replaceAll('msleep(1)', 'msleep(3ns)').replaceAll(/\b(\d+)us\b/g, '$1ns');
  test(`${file} by leaps and ns by ns`, (t) => {
    const tally = newTicksTally();
    compareScaled(text, 500_000, tally);
    t.diagnostic(toldTicks(tally));
    assert.equal(tally.tooLarge, 0);
  });
}

for (let from = 0; from < RUNS; from += PART) {
  const wanted = Math.min(PART, RUNS - from);
  const seed = SEED + from;
  test(`${wanted} random programs with a clock from seed ${seed}`, (t) => {
    const tally = newTicksTally();
    fc.assert(
      fc.property(timedProgram, (text) => {
        if (tally.programs - tally.tooLarge < wanted) compareTicks(text, MOST_STATES, tally);
      }),
      { seed, numRuns: 3 * wanted },
    );
    t.diagnostic(toldTicks(tally));
    assert.equal(tally.programs - tally.tooLarge, wanted);
  });
}
