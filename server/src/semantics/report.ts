// Collects what is wrong with the files, by file: one message for one mistake. What counts as a mistake is decided where it is found.
import type { Code } from '../base/codes.ts';
import type { Diagnostic, Fix } from '../base/diagnostic.ts';
import type { Place, Span } from '../base/span.ts';
import type { Unit } from './program.ts';

export interface Reporter {
  /** While types are still being inferred nothing is reported: the last pass says it all. */
  quiet: boolean;
  readonly byPath: Map<string, Diagnostic[]>;
  readonly seen: Set<string>;
}

export function newReporter(): Reporter {
  return { quiet: false, byPath: new Map(), seen: new Set() };
}

export interface Extra {
  readonly fixes?: readonly Fix[];
  readonly related?: ReadonlyArray<{ readonly place: Place; readonly message: string }>;
}

export function report(r: Reporter, unit: Unit, code: Code, span: Span, message: string, extra: Extra = {}): void {
  if (r.quiet) return;
  const key = `${unit.path}\n${span.start}\n${span.end}\n${code.code}`;
  if (r.seen.has(key)) return;
  r.seen.add(key);
  add(r, unit.path, {
    code: code.code,
    severity: code.severity,
    span: { start: span.start, end: span.end },
    message,
    ...(extra.fixes !== undefined && extra.fixes.length > 0 ? { fixes: extra.fixes } : {}),
    ...(extra.related !== undefined && extra.related.length > 0 ? { related: extra.related } : {}),
  });
}

export function add(r: Reporter, path: string, diagnostic: Diagnostic): void {
  const known = r.byPath.get(path);
  if (known === undefined) r.byPath.set(path, [diagnostic]);
  else known.push(diagnostic);
}

/** In the order of the text, whatever order they were found in. */
export function diagnosticsByPath(r: Reporter): Map<string, readonly Diagnostic[]> {
  return new Map(
    [...r.byPath].map(([path, found]) => [path, [...found].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)]),
  );
}
