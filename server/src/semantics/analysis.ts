// What the phases of the analysis share while a program is being built. Plain data: analyse.ts makes it, each phase fills in its part.
import type * as tree from '../syntax/tree.ts';
import type { NodeMap } from './nodeMap.ts';
import type { Pattern } from './notation.ts';
import type { Prelude, PrimitiveFunction } from './prelude.ts';
import type {
  DeviceInfo,
  SettingsInfo,
  EnumInfo,
  FieldInfo,
  FunctionInfo,
  GuardInfo,
  LocalInfo,
  ModuleInfo,
  OpsInfo,
  ParamInfo,
  ParamValue,
  ProcessInfo,
  StructInfo,
  Symbol,
  Type,
  Unit,
  VariableInfo,
} from './program.ts';
import type { Reporter } from './report.ts';
import type { Scopes, Where } from './scope.ts';
import { join, same } from './types.ts';
import type { Libraries, Mutable } from './units.ts';

/** A function whose body is to be checked. */
export interface Work {
  readonly info: Mutable<FunctionInfo>;
  readonly where: Where;
  readonly written: { readonly parameters: readonly tree.Parameter[]; readonly returns: tree.Type | null; readonly name: tree.Name | null };
  /** The function must return what was declared; otherwise its type comes from its `return`s. */
  fixedReturn: boolean;
  returned: Type;
  returnsValue: boolean;
  fallible: boolean;
}

export interface OpsWork {
  readonly info: Mutable<OpsInfo>;
  readonly where: Where;
  readonly methods: Array<{ readonly entry: Extract<tree.OpsEntry, { readonly kind: 'method' }>; readonly work: Work }>;
  readonly values: Array<Extract<tree.OpsEntry, { readonly kind: 'value' }>>;
  /** The field that each of `values` fills in; null: none, which has been reported. */
  readonly fields: Map<tree.OpsEntry, FieldInfo | null>;
  /** `info.values`, while it is being filled. */
  readonly filled: Map<string, OpsValue>;
}

type OpsValue = OpsInfo['values'] extends ReadonlyMap<string, infer V> ? V : never;

export interface ConstantWork {
  readonly symbol: Mutable<Extract<Symbol, { readonly kind: 'constant' }>>;
  readonly where: Where;
  readonly value: tree.Expression;
  state: 'new' | 'running' | 'done';
}

export interface Analysis {
  readonly prelude: Prelude;
  readonly libraries: Libraries;
  readonly libraryNames: () => readonly string[];
  readonly verdicts: readonly string[];
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly units: readonly Unit[];
  /** The libraries, where they have been resolved already (libraryBase.ts): nothing of it changes any more. */
  readonly base: Analysis | null;
  readonly reporter: Reporter;
  readonly scopes: Scopes;
  readonly patterns: Map<PrimitiveFunction, { readonly parameters: readonly Pattern[]; readonly returns: Pattern }>;
  /** The type of a process's name: a primitive type `process`, declared by the prelude or not. */
  readonly processStruct: StructInfo;
  /** Of ops and devices whose type is a mistake: it has no fields. */
  readonly unknownStruct: StructInfo;

  readonly paramInfos: ParamInfo[];
  readonly structs: Array<Mutable<StructInfo>>;
  readonly structWheres: Map<StructInfo, Where>;
  readonly enums: EnumInfo[];
  readonly modules: Array<Mutable<ModuleInfo>>;
  readonly works: Work[];
  readonly variables: Array<Mutable<VariableInfo>>;
  readonly opsWorks: OpsWork[];
  readonly devices: Array<{ readonly info: Mutable<DeviceInfo>; readonly where: Where }>;
  readonly processes: ProcessInfo[];
  readonly threads: Array<Extract<Symbol, { readonly kind: 'thread' }>>;
  readonly hardware: tree.Hardware[];
  readonly settingsNodes: Array<{ readonly node: tree.Settings; readonly where: Where }>;
  readonly settings: SettingsInfo[];
  readonly claims: tree.Claim[];
  readonly expects: tree.Expect[];
  readonly assumes: tree.Assume[];
  readonly guardNodes: Array<{ readonly node: tree.Guard; readonly where: Where }>;
  readonly guards: GuardInfo[];
  readonly constants: Map<tree.Const, ConstantWork>;

  readonly declared: Set<tree.Declaration>;
  readonly locals: Map<tree.Name, Mutable<LocalInfo>>;
  /** Parameters and variables whose type is still being inferred from what is put into them. */
  readonly open: Set<{ type: Type }>;
  /** Open ones that were given something whose own type is a mistake, reported elsewhere. */
  readonly poisoned: Set<{ type: Type }>;
  readonly uses: Map<ModuleInfo, Set<ModuleInfo>>;
  readonly types: NodeMap<tree.Expression, Type>;
  readonly symbols: NodeMap<tree.Name, Symbol>;
  /** How many definitions are being followed into each other just now. */
  depth: number;
  /** Something was inferred in this pass, so that another is needed. */
  changed: boolean;
}

/** Something of this type is put into a variable or parameter whose type is inferred. */
export function note(a: Analysis, holder: { type: Type }, type: Type): void {
  if (!a.open.has(holder)) return;
  if (type.kind === 'error') a.poisoned.add(holder);
  const joined = join(holder.type, type);
  if (joined === null || same(joined, holder.type)) return;
  holder.type = joined;
  a.changed = true;
}

/** `from` cannot be loaded without `to`: it uses a function or a variable of it. */
export function noteUse(a: Analysis, from: ModuleInfo | null, to: ModuleInfo | null): void {
  if (from === null || to === null || from === to) return;
  const known = a.uses.get(from);
  if (known === undefined) a.uses.set(from, new Set([to]));
  else known.add(to);
}
