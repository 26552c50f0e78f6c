// The findings of a result at their places in the present text of a file: what squiggles, lenses and quick fixes start from.
import type { ExpectResult, FileResult, Violation } from '../analysis.ts';
import { LineMap, type Range, type Span } from '../base/span.ts';
import { type Group, groups } from '../export/group.ts';
import type { Shown } from './checking.ts';
import type { Document } from './documents.ts';
import { moved } from './edits.ts';

export interface Located<T> {
  readonly of: T;
  readonly span: Span;
}

/** A finding in a library is shown at the scenario's name: the file that was checked is where its reader is. */
export function locatedGroups(document: Document, shown: Shown): ReadonlyArray<Located<Group>> {
  return groups(shown.result).flatMap((group) => {
    const span = group.violation.at.file === document.uri ? present(group.violation.at.span, shown) : headerSpan(document);
    return span === null ? [] : [{ of: group, span }];
  });
}

export function locatedRanges<T extends { readonly range: Range }>(items: readonly T[], shown: Shown): ReadonlyArray<Located<T>> {
  const map = new LineMap(shown.text);
  return items.flatMap((item) => {
    const span = present({ start: map.offset(item.range.start), end: map.offset(item.range.end) }, shown);
    return span === null ? [] : [{ of: item, span }];
  });
}

/** Where a span of the explored text is now; null: it was edited away. */
export function present(span: Span, shown: Shown): Span | null {
  let at: Span | null = span;
  for (const change of shown.changes) at = at === null ? null : moved(at, change);
  return at;
}

export function headerSpan(document: Document): Span {
  const header = document.first.file.header;
  if (header !== null && header.name.text !== '') return header.name;
  const end = document.text.indexOf('\n');
  return { start: 0, end: end < 0 ? document.text.length : end };
}

/** The finding that an `expect` speaks of; null: nothing of that kind was found there. */
export function findingFor(result: FileResult, expect: ExpectResult): Group | null {
  const match = /^(?:no\s+)?([a-z-]+)(?:\s+in\s+(\S+))?(?:\s+of\s+(\S+))?(?:\s+by\s+(\S+))?/.exec(expect.text);
  if (match === null) return null;
  const [, kind, inside, of, by] = match;
  const named = (name: string, wanted: string) => name === wanted || name.endsWith(`.${wanted}`);
  const fits = (v: Violation) =>
    v.kind === kind &&
    (inside === undefined || v.functions.some((f) => named(f, inside))) &&
    (of === undefined || (v.object !== null && named(v.object, of)) || v.instance === of) &&
    (by === undefined || v.by.includes(by));
  return groups(result).find((g) => fits(g.violation)) ?? null;
}
