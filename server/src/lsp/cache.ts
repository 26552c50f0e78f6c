// Results of explorations by everything that they depend on: undoing an edit, or opening a file again, finds its answer here.
import type { FileResult } from '../analysis.ts';

/** Results hold their traces: the oldest make room. */
const resultsMax = 64;

export interface ResultCache {
  readonly get: (key: string) => FileResult | null;
  readonly put: (key: string, result: FileResult) => void;
}

export function resultCache(): ResultCache {
  const known = new Map<string, FileResult>();
  return {
    get(key) {
      const result = known.get(key);
      if (result === undefined) return null;
      known.delete(key);
      known.set(key, result);
      return result;
    },
    put(key, result) {
      known.delete(key);
      known.set(key, result);
      for (const oldest of known.keys()) {
        if (known.size <= resultsMax) break;
        known.delete(oldest);
      }
    },
  };
}
