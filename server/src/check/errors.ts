// What resolving has to say about a file, over all combinations of its params: each thing once, by position.
import type { FileError } from '../analysis.ts';
import { codes } from '../base/codes.ts';
import { LineMap } from '../base/span.ts';
import type { Program } from '../semantics/program.ts';
import { bareTimeouts } from './bareTimeout.ts';
import { neverProbed, neverRegistered } from './neverRuns.ts';
import { readsWithoutPtimer } from './noPtimer.ts';

/** The same from what each combination has to say by itself, in their order. */
export function mergedErrors(each: ReadonlyArray<readonly FileError[]>): FileError[] {
  const found = new Map<string, FileError>();
  for (const e of each.flat()) {
    const key = JSON.stringify([e.code, e.range, e.message]);
    if (!found.has(key)) found.set(key, e);
  }
  return [...found.values()].sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
}

/** Errors of a used library are told at `use`. */
export function errorsOf(programs: readonly Program[], path: string, text: string): FileError[] {
  const lines = new LineMap(text);
  const seen = new Set<string>();
  const found: Array<FileError & { readonly start: number }> = [];
  for (const program of programs) {
    for (const d of program.diagnostics.get(path) ?? []) {
      const key = `${d.code} ${d.span.start} ${d.span.end} ${d.message}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({ code: d.code, severity: d.severity, message: d.message, range: lines.range(d.span), start: d.span.start });
    }
  }
  for (const call of new Set(programs.flatMap(readsWithoutPtimer))) {
    const message = 'no device has a timer that could be read: `ptimer of gpu { }` gives it one';
    found.push({ code: codes.noPtimer.code, severity: codes.noPtimer.severity, message, range: lines.range(call), start: call.start });
  }
  for (const timeout of new Set(programs.flatMap(bareTimeouts))) {
    const message = `\`${timeout.value}\` without a unit is ns: \`${timeout.value}ns\`, \`${timeout.value}ms\``;
    found.push({ code: codes.bareTimeout.code, severity: codes.bareTimeout.severity, message, range: lines.range(timeout), start: timeout.start });
  }
  const { header, declarations } = programs[0].units[0].file;
  if (header === null && declarations.length > 0) {
    const message = 'a file begins with `scenario NAME "what happens in it"`, or with `library NAME`';
    found.push({ code: codes.noHeader.code, severity: 'error', message, range: lines.range({ start: 0, end: 0 }), start: 0 });
  }
  for (const unit of programs[0].units.slice(1)) {
    const first = programs[0].diagnostics.get(unit.path)?.find((d) => d.severity === 'error');
    if (first === undefined) continue;
    const use = programs[0].units[0].file.declarations.find((d) => d.kind === 'use');
    const at = use ?? { start: 0, end: 0 };
    const line = new LineMap(unit.text).position(first.span.start).line + 1;
    found.push({ code: codes.brokenLibrary.code, severity: 'error', message: `${unit.path}:${line}: ${first.message}`, range: lines.range(at), start: at.start });
  }
  // What is wrong may be what is missed: a library that is not found registers names, too.
  if (!found.some((e) => e.severity === 'error')) {
    const remarks = [...programs.flatMap(neverProbed).map((r) => ({ ...r, code: codes.neverProbed })), ...neverRegistered(programs[0]).map((r) => ({ ...r, code: codes.neverRegistered }))];
    for (const { span, message, code } of remarks) found.push({ code: code.code, severity: code.severity, message, range: lines.range(span), start: span.start });
  }
  return found.sort((a, b) => a.start - b.start).map(({ start: _, ...e }) => e);
}

