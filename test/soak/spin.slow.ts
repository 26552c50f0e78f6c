// SPIN on random programs: the kinds of errors, the lengths of the runs to them and the stored states. Wants spin and gcc (Debian packages of those
// names). LIFELINE_SHARE is the share of the full number (500); LIFELINE_SEED repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { format } from '../../server/src/analysis.ts';
import { randomProgram } from '../random/program.ts';
import { subjectsOf } from '../random/subjects.ts';
import { compareWithSpin } from '../spin/compare.ts';

const RUNS = Math.ceil(500 * Number(process.env['LIFELINE_SHARE'] ?? '1'));
const SEED = Number(process.env['LIFELINE_SEED'] ?? '7');
/** Larger programs are thrown away. */
const MOST_STATES = 1500;
/** Programs to a test. */
const PART = 25;

for (let from = 0; from < RUNS; from += PART) {
  const numRuns = Math.min(PART, RUNS - from);
  const seed = SEED + from;
  test(`SPIN on ${numRuns} random programs from seed ${seed}`, async (t) => {
    let asked = 0;
    let thrown = 0;
    let states = 0;
    // Each is one of SPIN's minutes: what is found is not made smaller.
    for (const text of fc.sample(randomProgram, { seed, numRuns: 4 * numRuns })) {
      if (asked === numRuns) break;
      const subject = subjectsOf(text, MOST_STATES)?.[0];
      if (subject === undefined || subject.initials.length !== 1) {
        thrown++;
        continue;
      }
      try {
        states += (await compareWithSpin('random', subject.system, subject.initials[0], MOST_STATES)) ?? 0;
        asked++;
      } catch (e) {
        throw new Error(`${e instanceof Error ? e.message : String(e)}\n--- in\n${format(text)}`);
      }
    }
    t.diagnostic(`${asked} programs agreed, ${states} states; ${thrown} thrown away`);
    assert.equal(asked, numRuns);
  });
}
