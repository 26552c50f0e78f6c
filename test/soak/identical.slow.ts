// Every shipped scenario with its first application twice: a search that does not tell the two apart finds the same, as near, as one that does.
// LIFELINE_SHARE is the share of the scenarios.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { cutApart } from '../../server/src/checker/reduction/apart.ts';
import { finished } from '../../server/src/checker/slices.ts';
import { wasmOr } from '../../server/src/checker/wasm/engine.ts';
import { explore, programsOf } from '../random/subjects.ts';
import { compareSearches } from '../random/symmetries.ts';
import { scenarios } from '../seed/checked.ts';

const SHARE = Number(process.env['LIFELINE_SHARE'] ?? '1');
const MOST_STATES = 2_000_000;

const files = scenarios().filter((_, i) => Math.floor(i * SHARE) !== Math.floor((i - 1) * SHARE));
for (const file of files) {
  const text = readFileSync(file, 'utf8').replace(/process (\w+)(\s*\{[^}]*open\()/, 'process $1 x2 $2');
  test(path.basename(file), (t) => {
    for (const program of programsOf(text)) {
      const subject = explore(program, MOST_STATES, wasmOr(makePlainEngine), false);
      if (subject === null || subject.system.symmetries.length === 0) continue;
      const { system, initials } = subject;
      const cut = finished(cutApart(system, initials));
      const states = cut === null ? null : compareSearches(system, initials, cut);
      t.diagnostic(states === null ? 'told apart' : `${states.reduced} of ${states.whole} states`);
    }
  });
}
