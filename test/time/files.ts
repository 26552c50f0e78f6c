// The vector files of test/fixtures/time, and one call to run a few vectors given as objects. Tests run from the root of the checkout.
import { readdirSync, readFileSync } from 'node:fs';
import { runVectors, type VectorReport, type VectorResult } from '../../server/src/time/vectors.ts';

export const fixtureFolder = 'test/fixtures/time';

export const vectorFiles = (): { readonly file: string; readonly text: string }[] =>
  readdirSync(fixtureFolder)
    .filter((f) => f.endsWith('.vectors.json'))
    .sort()
    .map((file) => ({ file, text: readFileSync(`${fixtureFolder}/${file}`, 'utf8') }));

export const runObjects = (...vectors: readonly object[]): VectorReport => runVectors(JSON.stringify({ version: 1, vectors }));

/** The result of one vector, or a throw that shows the errors of the input. */
export function computed(vector: object): VectorResult['computed'] {
  const report = runObjects({ name: 'x', kind: 'routine', expect: { errno: null }, ...vector });
  if (report.errors.length > 0) throw new Error(report.errors.map((e) => `${e.path}: ${e.message}`).join('\n'));
  return report.vectors[0]!.computed;
}
