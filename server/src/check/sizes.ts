// What pools came to in explorations before: where the next one of the same file begins. Results do not depend on it (see run.ts).
import type { PoolSizes } from './run.ts';

export interface KnownSizes {
  /** Of this combination of params when it was last explored, else of another one of the file; empty where nothing is known. */
  readonly guess: (path: string, combination: string) => PoolSizes;
  readonly note: (path: string, combination: string, sizes: PoolSizes) => void;
}

/** At most so many combinations are remembered. */
const KNOWN_MOST = 1000;

export function knownSizes(): KnownSizes {
  const known = new Map<string, PoolSizes>();
  return {
    guess: (path, combination) => known.get(`${path} ${combination}`) ?? known.get(path) ?? new Map(),
    note(path, combination, sizes) {
      for (const key of [path, `${path} ${combination}`]) {
        known.delete(key);
        known.set(key, sizes);
      }
      for (const oldest of known.keys()) {
        if (known.size <= KNOWN_MOST) break;
        known.delete(oldest);
      }
    },
  };
}
