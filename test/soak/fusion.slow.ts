// Every shipped scenario with steps glued together: it meets the same and comes to rest in the same states; and a check that the second search
// shortens, although no processes are identical, says the same, with runs as short. LIFELINE_SHARE is the share of the scenarios.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { wasmOr } from '../../server/src/checker/wasm/engine.ts';
import { compareFusion } from '../random/fusions.ts';
import { compareReductions } from '../random/reductions.ts';
import { explore, programsOf } from '../random/subjects.ts';
import { scenarios } from '../seed/checked.ts';

const SHARE = Number(process.env['LIFELINE_SHARE'] ?? '1');
const MOST_STATES = 200_000;

const files = scenarios().filter((_, i) => Math.floor(i * SHARE) !== Math.floor((i - 1) * SHARE));
for (const file of files) {
  test(path.basename(file), (t) => {
    for (const program of programsOf(readFileSync(file, 'utf8'))) {
      const subject = explore(program, MOST_STATES, wasmOr(makePlainEngine), false);
      if (subject === null) continue;
      compareReductions(subject);
      const glued = compareFusion(subject.system, subject.initials);
      t.diagnostic(glued === null ? 'nothing is glued' : `over ${glued.over} locations: ${glued.reduced} of ${glued.whole} states`);
    }
  });
}
