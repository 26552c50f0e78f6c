// Golden files that explain themselves: the input, then each output under a heading. `UPDATE=1` writes what is computed now; the diff is reviewed.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

const HEADING = /^======== (.+)\n/m;

/** The text before the first heading. */
export function inputOf(file: string): string {
  return readFileSync(file, 'utf8').split(HEADING)[0];
}

export function checkGolden(file: string, outputs: Readonly<Record<string, string>>): void {
  const input = inputOf(file);
  const computed = input + Object.entries(outputs).map(([name, text]) => `======== ${name}\n${text}`).join('');
  if (process.env.UPDATE === '1') writeFileSync(file, computed);
  else assert.equal(computed, readFileSync(file, 'utf8'), `${file} tells something else; UPDATE=1 rewrites it`);
}
