// Resolves one name of a file, and says what might have been meant where nothing is called so. Locals are body.ts's.
import { codes } from '../base/codes.ts';
import type { Code } from '../base/codes.ts';
import type { Fix } from '../base/diagnostic.ts';
import { nearest } from '../base/nearest.ts';
import type { Span } from '../base/span.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { declaredNames } from './declaredNames.ts';
import { writtenInstead } from './kernelNames.ts';
import type { ModuleInfo, Symbol, Unit } from './program.ts';
import { report, reportOnce } from './report.ts';
import { findType, findValue, typeNames, valueNames, type TypeEntry, type ValueEntry, type Where } from './scope.ts';

export const anything = (): boolean => true;
const none = (): readonly string[] => [];

/** Looks a value up and remembers what the name stands for. Null after a report. */
export function resolveValue(
  a: Analysis,
  where: Where,
  name: tree.Name,
  accept: (e: ValueEntry) => boolean = anything,
  locals: () => readonly string[] = none,
): ValueEntry | null {
  if (name.text === '') return null;
  const found = findValue(a.scopes, where, name.text, accept);
  if (found.length === 1) {
    a.symbols.set(name, found[0].symbol);
    return found[0];
  }
  if (found.length > 1)
    ambiguous(
      a,
      where.unit,
      name,
      found.map((e) => describe(name.text, e)),
    );
  else unknownValue(a, where, name, accept, locals);
  return null;
}

export function resolveTypeName(a: Analysis, where: Where, name: tree.Name): TypeEntry | null {
  if (name.text === '') return null;
  const found = findType(a.scopes, where, name.text);
  if (found.length === 1) {
    if (found[0].symbol !== null) a.symbols.set(name, found[0].symbol);
    return found[0];
  }
  if (found.length > 1)
    ambiguous(
      a,
      where.unit,
      name,
      found.map((e) => describe(name.text, e)),
    );
  else {
    unknown(a, where, name, {
      code: codes.unknownType,
      what: 'type',
      candidates: () => typeNames(a.scopes, where),
      otherwise: () => (findValue(a.scopes, where, name.text, anything).length > 0 ? `\`${name.text}\` is not a type` : null),
    });
  }
  return null;
}

/** A module by name; null without a report where the name is something else or nothing. */
export function findModule(a: Analysis, where: Where, name: string): ModuleInfo | null {
  const found = findValue(a.scopes, where, name, (e) => e.symbol.kind === 'module');
  return found.length > 0 && found[0].symbol.kind === 'module' ? found[0].symbol.module : null;
}

/** A syntax error, or a library that was not found, may have taken declarations away. */
export function lacksDeclarations(a: Analysis, unit: Unit): boolean {
  return a.reporter.broken.get(unit.path)?.declarations === true;
}

/** A member of a module, by its qualified name. Null after a report. */
export function resolveMember(a: Analysis, where: Where, module: ModuleInfo, name: tree.Name): ValueEntry | null {
  if (name.text === '') return null;
  const tables = a.scopes.modules.get(module);
  const entry = tables?.values.get(name.text);
  if (entry === undefined) {
    const isType = tables?.types.has(name.text) === true;
    const close = nearest(name.text, tables?.values.keys() ?? []);
    if (close === null && !isType && lacksDeclarations(a, module.unit)) return null;
    const message = isType ? `\`${module.name}.${name.text}\` is a type, not a value` : `module \`${module.name}\` has no \`${name.text}\``;
    report(a.reporter, where.unit, codes.unknownName, name, message + (isType ? '' : didYouMean(close)), {
      fixes: isType ? [] : replacement(name, close),
    });
    return null;
  }
  a.symbols.set(name, entry.symbol);
  return entry;
}

export function didYouMean(close: string | null): string {
  return close === null ? '' : `: did you mean \`${close}\`?`;
}

export function replacement(span: Span, close: string | null): Fix[] {
  return close === null ? [] : [{ title: `Change to \`${close}\``, edits: [{ span: { start: span.start, end: span.end }, text: close }] }];
}

function unknownValue(
  a: Analysis,
  where: Where,
  name: tree.Name,
  accept: (e: ValueEntry) => boolean,
  locals: () => readonly string[],
): void {
  unknown(a, where, name, {
    code: codes.unknownName,
    what: 'name',
    candidates: () => [...locals(), ...valueNames(a.scopes, where, accept)],
    otherwise: () => (findType(a.scopes, where, name.text).length > 0 ? `\`${name.text}\` is a type, not a value` : null),
  });
}

interface Unknown {
  readonly code: Code;
  readonly what: 'name' | 'type';
  readonly candidates: () => readonly string[];
  /** A better explanation than that nothing is called so. */
  readonly otherwise: () => string | null;
}

function unknown(a: Analysis, where: Where, name: tree.Name, u: Unknown): void {
  const { reporter } = a;
  if (reporter.quiet) return;
  const other = u.otherwise();
  if (other !== null) return reportOnce(reporter, where.unit, `${u.what} ${name.text}`, u.code, name, other);
  if ([where.unit, ...where.unit.imports].some((unit) => lacksDeclarations(a, unit))) return;
  const library = a.libraryNames().find((l) => declaresIt(a, where.unit, l, name.text));
  if (library !== undefined) {
    const message = `\`${name.text}\` is declared in the library \`${library}\`, which this file does not use`;
    return reportOnce(reporter, where.unit, `use ${library}`, u.code, name, message, { fixes: [addUse(where.unit, library)] });
  }
  const habit = writtenInstead(name.text, u.what);
  if (habit !== null) return reportOnce(reporter, where.unit, `${u.what} ${name.text}`, u.code, name, habit);
  const close = nearest(name.text, u.candidates());
  const message = `nothing here is called \`${name.text}\`${didYouMean(close)}`;
  reportOnce(reporter, where.unit, `${u.what} ${name.text}`, u.code, name, message, { fixes: replacement(name, close) });
}

function declaresIt(a: Analysis, unit: Unit, library: string, name: string): boolean {
  if (unit.file.header?.name.text === library) return false;
  const source = a.libraries(library, unit.path);
  return (
    source !== null &&
    source.path !== unit.path &&
    !unit.imports.some((u) => u.path === source.path) &&
    declaredNames(source.file).has(name)
  );
}

/** `use` of one more library: behind those that are there, or below the header. */
function addUse(unit: Unit, library: string): Fix {
  const title = `Add \`use ${library}\``;
  const last = unit.file.declarations.filter((d) => d.kind === 'use').at(-1);
  if (last !== undefined && last.libraries.length > 0) {
    const end = last.libraries[last.libraries.length - 1].end;
    return { title, edits: [{ span: { start: end, end }, text: `, ${library}` }] };
  }
  const end = unit.file.header?.end ?? 0;
  return { title, edits: [{ span: { start: end, end }, text: end === 0 ? `use ${library}\n` : `\n\nuse ${library}` }] };
}

function ambiguous(a: Analysis, unit: Unit, name: tree.Name, found: readonly string[]): void {
  report(a.reporter, unit, codes.ambiguousName, name, `\`${name.text}\` can be ${found.join(' or ')}: write which`);
}

function describe(name: string, entry: { readonly unit: Unit | null; readonly module: ModuleInfo | null }): string {
  if (entry.module !== null) return `\`${entry.module.name}.${name}\``;
  const unit = entry.unit;
  return unit === null
    ? 'the built-in one'
    : `the one of ${unit.file.header?.kind ?? 'file'} \`${unit.file.header?.name.text ?? unit.path}\``;
}

export function isKind<K extends Symbol['kind']>(...kinds: readonly K[]): (e: ValueEntry) => boolean {
  return (e) => (kinds as readonly string[]).includes(e.symbol.kind);
}
