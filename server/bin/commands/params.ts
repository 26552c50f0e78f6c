// `--param` is checked before anything runs: a name or value that no file has is a slip, not a design space without points.
import { analyse } from '../../src/analysis.ts';
import { nearest } from '../../src/base/nearest.ts';
import type { Io } from './io.ts';

/** What is wrong with the parameters given; null: nothing. Files with errors are left to say so themselves. */
export function unknownParams(files: readonly string[], params: Readonly<Record<string, string>>, io: Io): string | null {
  const wanted = Object.entries(params);
  if (wanted.length === 0) return null;
  const known = new Map<string, Set<string>>();
  for (const file of files) {
    for (const info of analyse(file, io.read(file) ?? '', io).program.paramInfos) {
      const values = known.get(info.name) ?? new Set();
      for (const value of info.values) values.add(value.kind === 'name' ? value.name : String(value.value));
      known.set(info.name, values);
    }
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
