// Collects what is wrong with the files, by file: one message for one mistake. What counts as a mistake is decided where it is found.
import type { Code } from '../base/codes.ts';
import type { Diagnostic, Fix } from '../base/diagnostic.ts';
import type { Place, Span } from '../base/span.ts';
import type { Broken } from './broken.ts';
import type { Unit } from './program.ts';

export interface Reporter {
  /** While types are still being inferred nothing is reported: the last pass says it all. */
  quiet: boolean;
  readonly byPath: Map<string, Diagnostic[]>;
  readonly seen: Set<string>;
  /** The first place of what is said once for a file however often it occurs: a missing `use`, a name that nothing has. */
  readonly once: Map<string, { readonly path: string; readonly diagnostic: Diagnostic }>;
  /** What syntax errors have spoilt, by unit path. */
  readonly broken: Map<string, Broken>;
}

export function newReporter(): Reporter {
  return { quiet: false, byPath: new Map(), seen: new Set(), once: new Map(), broken: new Map() };
}

export interface Extra {
  readonly fixes?: readonly Fix[];
  readonly related?: ReadonlyArray<{ readonly place: Place; readonly message: string }>;
}

export function report(r: Reporter, unit: Unit, code: Code, span: Span, message: string, extra: Extra = {}): void {
  if (r.quiet || isSpoilt(r, unit, span)) return;
  const key = `${unit.path}\n${span.start}\n${span.end}\n${code.code}`;
  if (r.seen.has(key)) return;
  r.seen.add(key);
  add(r, unit.path, diagnosticOf(code, span, message, extra));
}

/** Reports only the first place in the file of all that have the same key. */
export function reportOnce(r: Reporter, unit: Unit, key: string, code: Code, span: Span, message: string, extra: Extra = {}): void {
  if (r.quiet || isSpoilt(r, unit, span)) return;
  const known = r.once.get(`${unit.path}\n${key}`);
  if (known !== undefined && known.diagnostic.span.start <= span.start) return;
  r.once.set(`${unit.path}\n${key}`, { path: unit.path, diagnostic: diagnosticOf(code, span, message, extra) });
}

function isSpoilt(r: Reporter, unit: Unit, span: Span): boolean {
  return r.broken.get(unit.path)?.spoilt.some((s) => s.start <= span.start && span.start < s.end) === true;
}

function diagnosticOf(code: Code, span: Span, message: string, extra: Extra): Diagnostic {
  return {
    code: code.code,
    severity: code.severity,
    span: { start: span.start, end: span.end },
    message,
    ...(extra.fixes !== undefined && extra.fixes.length > 0 ? { fixes: extra.fixes } : {}),
    ...(extra.related !== undefined && extra.related.length > 0 ? { related: extra.related } : {}),
  };
}

export function add(r: Reporter, path: string, diagnostic: Diagnostic): void {
  const known = r.byPath.get(path);
  if (known === undefined) r.byPath.set(path, [diagnostic]);
  else known.push(diagnostic);
}

/** In the order of the text, whatever order they were found in. */
export function diagnosticsByPath(r: Reporter): Map<string, readonly Diagnostic[]> {
  for (const { path, diagnostic } of r.once.values()) add(r, path, diagnostic);
  return new Map(
    [...r.byPath].map(([path, found]) => [path, [...found].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)]),
  );
}
