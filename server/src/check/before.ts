// What explorations before have come to: where the next one of the same file begins. Results do not depend on it (see run.ts).

/** What is worth knowing before nearly the same is explored again. */
export interface Before {
  /** Sizes of pools by struct name; 1 where it says nothing. */
  readonly pools: ReadonlyMap<string, number>;
  readonly states: number;
}

export interface Memory {
  /** Of this combination of params when it was last explored, else of another one of the file; null where nothing is known. */
  readonly recall: (path: string, combination: string) => Before | null;
  readonly note: (path: string, combination: string, before: Before) => void;
}

/** At most so many combinations are remembered. */
const KNOWN_MOST = 1000;

export function newMemory(): Memory {
  const known = new Map<string, Before>();
  return {
    recall: (path, combination) => known.get(`${path} ${combination}`) ?? known.get(path) ?? null,
    note(path, combination, before) {
      for (const key of [path, `${path} ${combination}`]) {
        known.delete(key);
        known.set(key, before);
      }
      for (const oldest of known.keys()) {
        if (known.size <= KNOWN_MOST) break;
        known.delete(oldest);
      }
    },
  };
}
