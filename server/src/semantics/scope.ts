// Where names are declared and in which order they are looked for: own module, own file, used libraries, what is built in.
// What to say when a name is not found is names.ts.
import type * as tree from '../syntax/tree.ts';
import type { ModuleInfo, Symbol, Type, Unit } from './program.ts';

/** The declaration that surrounds a name. */
export interface Where {
  readonly unit: Unit;
  readonly module: ModuleInfo | null;
}

/** `unit` null: built in. */
export interface ValueEntry {
  readonly symbol: Symbol;
  readonly unit: Unit | null;
  readonly module: ModuleInfo | null;
}

export interface TypeEntry {
  /** Of another name for a struct: that struct, once it is known. */
  symbol: Symbol | null;
  readonly unit: Unit | null;
  readonly module: ModuleInfo | null;
  /** Where it is declared; null: built in. */
  readonly node: tree.Name | null;
  /** `struct pci_dev = device`: what the name stands for, resolved when first asked for. */
  readonly alias: tree.Type | null;
  type: Type | null;
  resolving: boolean;
}

export interface Tables {
  readonly values: Map<string, ValueEntry>;
  readonly types: Map<string, TypeEntry>;
}

export interface Scopes {
  readonly units: Map<Unit, { readonly own: Tables; readonly modules: ModuleInfo[] }>;
  readonly modules: Map<ModuleInfo, Tables>;
  /** Operations of one name can differ in where they may be called. */
  readonly builtInValues: Map<string, ValueEntry[]>;
  readonly builtInTypes: Map<string, TypeEntry>;
  /** What levels found for each unit. Emptied whenever something is declared. */
  readonly levels: Map<Unit, readonly Level[]>;
}

/** Names that are equally near: a name with several entries is ambiguous. */
interface Level {
  readonly values: ReadonlyMap<string, readonly ValueEntry[]>;
  readonly types: ReadonlyMap<string, readonly TypeEntry[]>;
}

export function newTables(): Tables {
  return { values: new Map(), types: new Map() };
}

/** One entry where the name is clear, several where it is ambiguous, none where nothing is called so. */
export function findValue(s: Scopes, where: Where, name: string, accept: (e: ValueEntry) => boolean): readonly ValueEntry[] {
  const own = where.module === null ? undefined : s.modules.get(where.module)?.values.get(name);
  if (own !== undefined && accept(own)) return [own];
  for (const level of levels(s, where.unit)) {
    const found = level.values.get(name)?.filter(accept) ?? [];
    if (found.length > 0) return found;
  }
  return (s.builtInValues.get(name) ?? []).filter(accept).slice(0, 1);
}

export function findType(s: Scopes, where: Where, name: string): readonly TypeEntry[] {
  const own = where.module === null ? undefined : s.modules.get(where.module)?.types.get(name);
  if (own !== undefined) return [own];
  for (const level of levels(s, where.unit)) {
    const found = level.types.get(name);
    if (found !== undefined) return found;
  }
  const builtIn = s.builtInTypes.get(name);
  return builtIn === undefined ? [] : [builtIn];
}

/** Nearest first, for proposals: ties go to the earlier name. */
export function valueNames(s: Scopes, where: Where, accept: (e: ValueEntry) => boolean): string[] {
  const own =
    where.module === null ? [] : [...(s.modules.get(where.module)?.values ?? [])].filter(([, e]) => accept(e)).map(([name]) => name);
  const visible = levels(s, where.unit).flatMap((level) =>
    [...level.values].filter(([, entries]) => entries.some(accept)).map(([name]) => name),
  );
  return [...own, ...visible, ...[...s.builtInValues].filter(([, entries]) => entries.some(accept)).map(([name]) => name)];
}

export function typeNames(s: Scopes, where: Where): string[] {
  const own = where.module === null ? [] : [...(s.modules.get(where.module)?.types.keys() ?? [])];
  return [...own, ...levels(s, where.unit).flatMap((level) => [...level.types.keys()]), ...s.builtInTypes.keys()];
}

/** Behind a module's own names: those of its file, those of the file's modules, those of the libraries that the file sees. */
function levels(s: Scopes, unit: Unit): readonly Level[] {
  let known = s.levels.get(unit);
  if (known === undefined) {
    const own = s.units.get(unit);
    const imported = unit.imports.flatMap((u) => s.units.get(u) ?? []);
    known = [
      merged(own === undefined ? [] : [own.own]),
      merged(own === undefined ? [] : tablesOf(s, own.modules)),
      merged(imported.flatMap((u) => [u.own, ...tablesOf(s, u.modules)])),
    ];
    s.levels.set(unit, known);
  }
  return known;
}

function tablesOf(s: Scopes, modules: readonly ModuleInfo[]): Tables[] {
  return modules.flatMap((m) => s.modules.get(m) ?? []);
}

function merged(tables: readonly Tables[]): Level {
  const values = new Map<string, ValueEntry[]>();
  const types = new Map<string, TypeEntry[]>();
  for (const table of tables) {
    for (const [name, entry] of table.values) append(values, name, entry);
    for (const [name, entry] of table.types) append(types, name, entry);
  }
  return { values, types };
}

function append<E>(map: Map<string, E[]>, name: string, entry: E): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [entry]);
  else known.push(entry);
}
