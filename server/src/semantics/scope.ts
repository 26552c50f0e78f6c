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
  /** Where names are looked for, by unit and module: see levels. Emptied when a module is declared. */
  readonly levels: Map<Unit, Map<ModuleInfo | null, readonly (readonly Tables[])[]>>;
}

export function newTables(): Tables {
  return { values: new Map(), types: new Map() };
}

/** One entry where the name is clear, several where it is ambiguous, none where nothing is called so. */
export function findValue(s: Scopes, where: Where, name: string, accept: (e: ValueEntry) => boolean): readonly ValueEntry[] {
  for (const level of levels(s, where)) {
    const found = level.flatMap((tables) => accepted(tables.values.get(name), accept));
    if (found.length > 0) return found;
  }
  const builtIn = (s.builtInValues.get(name) ?? []).filter(accept);
  return builtIn.slice(0, 1);
}

export function findType(s: Scopes, where: Where, name: string): readonly TypeEntry[] {
  for (const level of levels(s, where)) {
    const found = level.flatMap((tables) => accepted(tables.types.get(name), () => true));
    if (found.length > 0) return found;
  }
  const builtIn = s.builtInTypes.get(name);
  return builtIn === undefined ? [] : [builtIn];
}

export function valueNames(s: Scopes, where: Where, accept: (e: ValueEntry) => boolean): string[] {
  const declared = levels(s, where)
    .flat()
    .flatMap((t) => [...t.values].filter(([, e]) => accept(e)).map(([name]) => name));
  return [...declared, ...[...s.builtInValues].filter(([, entries]) => entries.some(accept)).map(([name]) => name)];
}

export function typeNames(s: Scopes, where: Where): string[] {
  return [
    ...levels(s, where)
      .flat()
      .flatMap((t) => [...t.types.keys()]),
    ...s.builtInTypes.keys(),
  ];
}

function accepted<E>(entry: E | undefined, accept: (e: E) => boolean): E[] {
  return entry !== undefined && accept(entry) ? [entry] : [];
}

/** Nearest first. Tables of one level are equals: a name that two of them declare is ambiguous. */
function levels(s: Scopes, where: Where): readonly (readonly Tables[])[] {
  let ofUnit = s.levels.get(where.unit);
  if (ofUnit === undefined) s.levels.set(where.unit, (ofUnit = new Map()));
  let known = ofUnit.get(where.module);
  if (known === undefined) ofUnit.set(where.module, (known = findLevels(s, where)));
  return known;
}

function findLevels(s: Scopes, where: Where): Tables[][] {
  const result: Tables[][] = [];
  if (where.module !== null) result.push(tablesOf(s, [where.module]));
  const own = s.units.get(where.unit);
  if (own !== undefined) result.push([own.own], tablesOf(s, own.modules));
  const imported = where.unit.imports.flatMap((unit) => s.units.get(unit) ?? []);
  result.push(imported.flatMap((unit) => [unit.own, ...tablesOf(s, unit.modules)]));
  return result;
}

function tablesOf(s: Scopes, modules: readonly ModuleInfo[]): Tables[] {
  return modules.flatMap((m) => s.modules.get(m) ?? []);
}
