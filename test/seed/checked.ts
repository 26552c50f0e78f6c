// Scenario files, checked whole: each once for all tests that ask.
import { readdirSync, readFileSync } from 'node:fs';
import type { FileResult, Violation } from '../../server/src/analysis.ts';
import { startCheck } from '../../server/src/analysis.ts';

const files = {
  read(path: string): string | null {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  },
};
const options = { params: {}, maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true, workers: 1 };
const host = { now: () => performance.now(), cancelled: () => false, progress: () => {} };
const known = new Map<string, FileResult>();

export function checked(path: string): FileResult {
  let result = known.get(path) ?? null;
  if (result !== null) return result;
  const task = startCheck(path, readFileSync(path, 'utf8'), files, options, host);
  while (result === null) result = task.step();
  known.set(path, result);
  return result;
}

/** Every scenario that ships, in order. */
export function scenarios(): readonly string[] {
  return readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.lifeline'))
    .map((f) => `scenarios/${f.replaceAll('\\', '/')}`)
    .sort();
}

/** `unload-refused of nova by app`, of one violation. */
export function matches(v: Violation, pattern: string): boolean {
  const [kind, ...clauses] = pattern.split(' ');
  if (v.kind !== kind) return false;
  for (let i = 0; i < clauses.length; i += 2) {
    const name = clauses[i + 1];
    const named = { in: [v.function, ...v.functions], of: [v.object, v.instance], by: v.by }[clauses[i]];
    if (named === undefined) throw new Error(`no such clause: ${clauses[i]} in "${pattern}"`);
    if (!named.includes(name)) return false;
  }
  return true;
}
