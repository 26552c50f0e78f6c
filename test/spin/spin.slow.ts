// SPIN as a second opinion: every shipped scenario in every combination of its params, the scaling family, and random systems. Wants spin and
// gcc (Debian packages of those names). LIFELINE_RANDOM says how many random systems; LIFELINE_SEED repeats a run; LIFELINE_TENTH asks about
// one combination of each scenario, for builds that have to end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scenarioFiles, subjectsOf } from '../../bench/systems.ts';
import { family } from '../wasm/family.ts';
import { narrowSystem } from '../wasm/random.ts';
import { compareWithSpin } from './compare.ts';

/** Larger ones take pan minutes; the benchmark runs those. */
const MOST_STATES = 2_000_000;
const RANDOM = Number(process.env['LIFELINE_RANDOM'] ?? '25');
const SEED = process.env['LIFELINE_SEED'];
const TENTH = process.env['LIFELINE_TENTH'] !== undefined;

for (const guard of ['srcu', 'rwsem', 'naked'] as const) {
  test(`the scaling family with ${guard}`, () => {
    const system = family(2, 1, guard);
    assert.ok(compareWithSpin(guard, system, system.initial, MOST_STATES).agreed);
  });
}

for (const file of [...scenarioFiles('scenarios'), ...scenarioFiles('bench/scenarios')]) {
  test(file, (t) => {
    const subjects = subjectsOf(file, MOST_STATES);
    // The last combination is the one that differs most from the plain model.
    for (const s of TENTH ? subjects.slice(-1) : subjects) {
      // One run of SPIN has one initial state.
      s.initials.forEach((initial, i) => {
        const name = s.initials.length > 1 ? `${s.name} (initial state ${i})` : s.name;
        const compared = compareWithSpin(name, s.system, initial, MOST_STATES);
        t.diagnostic(compared.agreed ? `${name}: ${compared.states} states` : `${name}: not asked, ${compared.why}`);
      });
    }
  });
}

test(`${RANDOM} random systems`, (t) => {
  let agreed = 0;
  let asked = 0;
  const property = fc.property(narrowSystem, (system) => {
    asked++;
    if (compareWithSpin('random', system, system.initial, 3000).agreed) agreed++;
  });
  fc.assert(property, { numRuns: RANDOM, ...(SEED === undefined ? {} : { seed: Number(SEED) }) });
  t.diagnostic(`${agreed} of ${asked} could be asked and agreed`);
  assert.ok(agreed > RANDOM / 2);
});
