// SPIN as a second opinion: every shipped scenario in every combination of its params, the scaling family, and random systems. Wants spin and
// gcc (Debian packages of those names). LIFELINE_RANDOM says how many random systems; LIFELINE_SEED repeats a run; LIFELINE_TENTH asks about
// one combination of each scenario, for builds that have to end. SPIN, gcc and pan run for two systems at once.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { eachSubject, scenarioFiles } from '../../bench/systems.ts';
import { family } from '../wasm/family.ts';
import { randomSystem } from '../wasm/random.ts';
import { compareWithSpin } from './compare.ts';

/** Larger ones take pan minutes; the benchmark runs those. */
const MOST_STATES = 2_000_000;
const RANDOM = Number(process.env['LIFELINE_RANDOM'] ?? '25');
const SEED = Number(process.env['LIFELINE_SEED'] ?? '7');
const TENTH = process.env['LIFELINE_TENTH'] !== undefined;

/** SPIN, gcc and pan of two systems at once. */
const atOnce = { concurrency: Math.min(2, availableParallelism()) };

suite('SPIN and Lifeline agree', atOnce, () => {
  for (const guard of ['srcu', 'rwsem', 'naked'] as const) {
    test(`the scaling family with ${guard}`, async () => {
      const system = family(2, 1, guard);
      assert.notEqual(await compareWithSpin(guard, system, system.initial, MOST_STATES), null);
    });
  }

  for (const file of [...scenarioFiles('scenarios'), ...scenarioFiles('bench/scenarios')]) {
    test(file, async (t) => {
      // The last combination is the one that differs most from the plain model.
      let asked = 0;
      for (const s of eachSubject(file, MOST_STATES, {}, TENTH ? 'last' : 'all')) {
        asked++;
        // One run of SPIN has one initial state.
        for (const [i, initial] of s.initials.entries()) {
          const name = s.initials.length > 1 ? `${s.name} (initial state ${i})` : s.name;
          const states = await compareWithSpin(name, s.system, initial, MOST_STATES);
          assert.notEqual(states, null, `${name} has more than ${MOST_STATES} states`);
          t.diagnostic(`${name}: ${states} states`);
        }
      }
      assert.ok(asked > 0, 'the file has errors');
    });
  }

  test(`${RANDOM} random systems`, async (t) => {
    let agreed = 0;
    const property = fc.asyncProperty(randomSystem, async (system) => {
      if ((await compareWithSpin('random', system, system.initial, 3000)) !== null) agreed++;
    });
    await fc.assert(property, { numRuns: RANDOM, seed: SEED });
    t.diagnostic(`${agreed} of ${RANDOM} are small enough and agreed`);
    assert.ok(agreed > RANDOM / 2);
  });
});
