// Random transition systems, which do what no program does: the generated engine against the reference, and against SPIN, and with steps glued
// together. LIFELINE_SHARE is the share of the full numbers (5,000, 200 and 5,000); LIFELINE_SEED repeats a run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareFusion } from '../random/fusions.ts';
import { randomGluable } from '../reduction/gluable.ts';
import { compareWithSpin } from '../spin/compare.ts';
import { compareWithReference } from '../wasm/compare.ts';
import { randomSystem } from '../wasm/random.ts';

const share = Number(process.env['LIFELINE_SHARE'] ?? '1');
const seed = Number(process.env['LIFELINE_SEED'] ?? '5');
const runs = (whole: number) => ({ numRuns: Math.ceil(whole * share), seed });

test('engine and reference agree', (t) => {
  let compared = 0;
  const property = fc.property(randomSystem, (system) => {
    if (compareWithReference(system)) compared++;
  });
  fc.assert(property, runs(5000));
  t.diagnostic(`${compared} systems compared; the others were too large for the reference`);
  assert.ok(compared > 0);
});

test('steps glued together are not noticed', (t) => {
  let fewer = 0;
  const property = fc.property(randomGluable, (system) => {
    const states = compareFusion(system, [system.initial]);
    if (states !== null && states.reduced < states.whole) fewer++;
  });
  fc.assert(property, runs(5000));
  t.diagnostic(`${fewer} systems with fewer states for it`);
  assert.ok(fewer > 0);
});

const hasSpin = spawnSync('spin', ['-V'], { stdio: 'ignore' }).error === undefined;
if (hasSpin) {
  test('engine and SPIN agree', async (t) => {
    let agreed = 0;
    const property = fc.asyncProperty(randomSystem, async (system) => {
      if ((await compareWithSpin('random', system, system.initial, 3000)) !== null) agreed++;
    });
    await fc.assert(property, runs(200));
    t.diagnostic(`${agreed} systems compared; the others have too many states`);
    assert.ok(agreed > 0);
  });
} else console.error('SPIN is not installed: the soak test goes without it');
