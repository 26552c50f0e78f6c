// Parts of an exploration that run in slices: each yields every few milliseconds, and may be stopped there.
import type { Limit } from './verdict.ts';

/** Locations that are worked on between two yields where code is prepared: a few milliseconds, even before the host has compiled us. */
export const LOCATIONS_AT_ONCE = 64;

/** Runs a part to its end unless something stops it in between. */
export function* until<T>(stop: () => Limit | null, part: Generator<void, T>): Generator<void, T | Limit> {
  for (;;) {
    const { done, value } = part.next();
    if (done === true) return value;
    const limit = stop();
    if (limit !== null) return limit;
    yield;
  }
}

/** Runs a part to its end without a pause. */
export function finished<T>(part: Generator<void, T>): T {
  for (;;) {
    const { done, value } = part.next();
    if (done === true) return value;
  }
}

export function isLimit<T>(value: T | Limit): value is Limit {
  return typeof value === 'string';
}
