// The order in which the combinations of a file are explored: those first that took longest the last time, so that the threads that share
// them out end at about the same time. What is found does not depend on it.
import type { Outcome } from '../analysis.ts';

export interface Dearest {
  /** Those of which nothing is known come first, in their order. */
  readonly order: (uri: string, combinations: number) => readonly number[];
  /** A file has been explored. */
  readonly note: (uri: string, outcomes: Iterable<Outcome>) => void;
  readonly forget: (uri: string) => void;
}

export function dearestFirst(): Dearest {
  /** Milliseconds, by file and combination. */
  const took = new Map<string, ReadonlyMap<number, number>>();
  return {
    order(uri, combinations) {
      const known = took.get(uri);
      const of = (index: number) => known?.get(index) ?? Number.MAX_VALUE;
      return Array.from({ length: combinations }, (_, index) => index).sort((a, b) => of(b) - of(a) || a - b);
    },
    note(uri, outcomes) {
      took.set(uri, new Map([...outcomes].flatMap((o) => (o.kind === 'explored' ? [[o.index, o.run.stats.elapsedMs] as const] : []))));
    },
    forget: (uri) => void took.delete(uri),
  };
}
