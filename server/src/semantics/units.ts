// Which files a program is made of: the checked one, the libraries that it uses, and those that they use. Reading them is the caller's business.
import { codes } from '../base/codes.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { nearest } from '../base/nearest.ts';
import type * as tree from '../syntax/tree.ts';
import { brokenBy } from './broken.ts';
import type { Unit } from './program.ts';
import { add, report, type Reporter } from './report.ts';

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly file: tree.File;
  readonly errors: readonly Diagnostic[];
}

/** A library by the word after `use`: `misc`, or `./my_core.lifeline` beside the file `from`. Null: there is none. */
export type Libraries = (name: string, from: string) => Source | null;

interface Loading {
  readonly libraries: Libraries;
  readonly known: () => readonly string[];
  readonly reporter: Reporter;
  readonly units: Array<Mutable<Unit>>;
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The checked file first, then libraries in order of use; each knows the units whose declarations it sees. */
export function loadUnits(
  main: Source,
  implicit: readonly string[],
  libraries: Libraries,
  known: () => readonly string[],
  reporter: Reporter,
): readonly Unit[] {
  const loading: Loading = { libraries, known, reporter, units: [] };
  const direct = new Map<Unit, Unit[]>();
  const first = addUnit(loading, main, main.file.header?.kind === 'library');
  // Breadth first, so that the order is that of use; the list grows while it is walked.
  for (let i = 0; i < loading.units.length; i++) direct.set(loading.units[i], usedBy(loading, loading.units[i]));
  const always: Unit[] = [];
  for (const name of implicit) {
    const unit = first.file.header?.kind === 'library' && first.file.header.name.text === name ? first : load(loading, name, main.path);
    if (unit !== null) always.push(unit);
  }
  for (let i = 0; i < loading.units.length; i++) {
    const unit = loading.units[i];
    if (!direct.has(unit)) direct.set(unit, usedBy(loading, unit));
  }
  for (const unit of loading.units) unit.imports = reachable(unit, direct, always);
  return loading.units;
}

function addUnit(l: Loading, source: Source, library: boolean): Mutable<Unit> {
  const unit: Mutable<Unit> = { path: source.path, text: source.text, file: source.file, library, imports: [] };
  l.units.push(unit);
  for (const error of source.errors) add(l.reporter, source.path, error);
  l.reporter.broken.set(source.path, brokenBy(source.file, source.text, source.errors));
  return unit;
}

function usedBy(l: Loading, unit: Unit): Unit[] {
  const used: Unit[] = [];
  for (const declaration of unit.file.declarations) {
    if (declaration.kind !== 'use') continue;
    for (const library of declaration.libraries) {
      const name = library.kind === 'name' ? library.text : library.value;
      if (name === '') continue;
      const found = load(l, name, unit.path);
      if (found === null) unknownLibrary(l, unit, library, name);
      else if (found !== unit) used.push(found);
    }
  }
  return used;
}

function load(l: Loading, name: string, from: string): Unit | null {
  // A library that is being edited is not the shipped one of its name.
  const main = l.units[0];
  if (main.library && main.file.header?.name.text === name) return main;
  const source = l.libraries(name, from);
  if (source === null) return null;
  return l.units.find((u) => u.path === source.path) ?? addUnit(l, source, true);
}

function unknownLibrary(l: Loading, unit: Unit, node: tree.Name | tree.Str, name: string): void {
  const broken = l.reporter.broken.get(unit.path);
  if (broken !== undefined) broken.declarations = true;
  if (node.kind === 'string') {
    report(l.reporter, unit, codes.unknownLibrary, node, `there is no file \`${name}\` beside this one`);
    return;
  }
  const close = nearest(name, l.known());
  report(
    l.reporter,
    unit,
    codes.unknownLibrary,
    node,
    `no library is called \`${name}\`${close === null ? '' : `: did you mean \`${close}\`?`}`,
    {
      fixes:
        close === null ? [] : [{ title: `Change to \`${close}\``, edits: [{ span: { start: node.start, end: node.end }, text: close }] }],
    },
  );
}

function reachable(from: Unit, direct: ReadonlyMap<Unit, readonly Unit[]>, always: readonly Unit[]): readonly Unit[] {
  const seen = new Set<Unit>([from]);
  const order: Unit[] = [];
  const queue: Unit[] = [from];
  const visit = (unit: Unit): void => {
    if (seen.has(unit)) return;
    seen.add(unit);
    order.push(unit);
    queue.push(unit);
  };
  for (let i = 0; i < queue.length; i++) for (const unit of direct.get(queue[i]) ?? []) visit(unit);
  for (const unit of always) visit(unit);
  for (let i = 0; i < queue.length; i++) for (const unit of direct.get(queue[i]) ?? []) visit(unit);
  return order;
}
