// Whichever engine searches, the exploration says the same, to the last step of every run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explore } from '../../server/src/checker/explore.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import { wasmOr } from '../../server/src/checker/wasm/engine.ts';
import { randomSystem } from './random.ts';
import { host, unlimited } from './run.ts';

test('the generated engine and the plain one lead to the same findings', () => {
  let findings = 0;
  fc.assert(
    fc.property(randomSystem({ agents: 3, locations: 3, variables: 2, holders: true, faults: true }), (system) => {
      const generated = explore(system, unlimited, host, wasmOr(makePlainEngine));
      assert.deepEqual(withoutBytes(generated), withoutBytes(explore(system, unlimited, host, makePlainEngine)));
      findings += generated.findings.length;
    }),
    { seed: 3, numRuns: 150 },
  );
  assert.ok(findings > 100, `only ${findings} findings were compared`);
});

function withoutBytes(exploration: Exploration) {
  const { bytes: _, ...stats } = exploration.stats;
  return { ...exploration, stats };
}
