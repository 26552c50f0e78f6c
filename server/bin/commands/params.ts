// `--param` is checked before anything runs: a name or value that no file has is a slip, not a design space without points.
import { paramValues, parseFile } from '../../src/analysis.ts';
import { nearest } from '../../src/base/nearest.ts';
import type { Io } from './io.ts';

/** What is wrong with the parameters given; null: nothing. Files with errors are left to say so themselves. */
export function unknownParams(files: readonly string[], params: Readonly<Record<string, string>>, io: Io): string | null {
  const wanted = Object.entries(params);
  if (wanted.length === 0) return null;
  const known = new Map<string, Set<string>>();
  for (const file of files) {
    for (const [name, values] of paramValues(parseFile(io.read(file) ?? '').file)) known.set(name, new Set([...(known.get(name) ?? []), ...values]));
  }
  for (const [name, value] of wanted) {
    const values = known.get(name);
    if (values === undefined) {
      const near = nearest(name, known.keys());
      return `no file has a param ${name}${near === null ? '' : `, did you mean ${near}?`}`;
    }
    if (!values.has(value)) return `param ${name} is one of ${[...values].join(', ')}, never ${value}`;
  }
  return null;
}
