// Where a span of an older text stands in a newer one: keeps old squiggles on their statements while the user types.
import type { Span } from '../base/span.ts';

/** The one stretch in which two texts differ: `start..oldEnd` of the old became `start..newEnd` of the new. */
export interface Change {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** Null: the texts are equal. */
export function changeBetween(before: string, after: string): Change | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (same < shorter - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
  return { start, oldEnd: before.length - same, newEnd: after.length - same };
}

/** Null: the change took the span away altogether. */
export function moved(span: Span, change: Change): Span | null {
  if (span.end <= change.start) return span;
  const by = change.newEnd - change.oldEnd;
  if (span.start >= change.oldEnd) return { start: span.start + by, end: span.end + by };
  if (change.start <= span.start && span.end <= change.oldEnd && change.newEnd === change.start) return null;
  const start = Math.min(span.start, change.start);
  const end = span.end >= change.oldEnd ? span.end + by : change.newEnd;
  return end > start ? { start, end } : null;
}
