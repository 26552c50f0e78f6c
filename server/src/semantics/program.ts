// What a scenario means once names and types are known, for one combination of its parameters: the input of lowering and of every editor
// feature. Built by analyse.ts; never fails: what could not be resolved has type `error` and one diagnostic.
import type { Diagnostic } from '../base/diagnostic.ts';
import type * as tree from '../syntax/tree.ts';
import type { Lookup } from './nodeMap.ts';
import type { PrimitiveFunction, SettingKind } from './prelude.ts';

export interface Program {
  /** The checked file first, then libraries in order of use. */
  readonly units: readonly Unit[];
  /** Diagnostics by unit path; parse errors included. */
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  /** The combination that this program was resolved for. */
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly paramInfos: readonly ParamInfo[];
  readonly structs: readonly StructInfo[];
  readonly enums: readonly EnumInfo[];
  readonly modules: readonly ModuleInfo[];
  readonly functions: readonly FunctionInfo[];
  readonly variables: readonly VariableInfo[];
  readonly ops: readonly OpsInfo[];
  readonly devices: readonly DeviceInfo[];
  readonly processes: readonly ProcessInfo[];
  readonly hardware: readonly tree.Hardware[];
  readonly settings: readonly SettingsInfo[];
  readonly claims: readonly tree.Claim[];
  /** Those of the file, claims' included, in file order, whose declaration-level `if` selected them. */
  readonly expects: readonly tree.Expect[];
  readonly assumes: readonly tree.Assume[];
  readonly guards: readonly GuardInfo[];
  /** Type of every expression that was checked (by node identity). */
  readonly types: Lookup<tree.Expression, Type>;
  /** What a name stands for: uses and declarations alike (by node identity of the Name). */
  readonly symbols: Lookup<tree.Name, Symbol>;
}

export interface Unit {
  /** Path or URI of the file; `lifeline:/library/misc.lifeline` for shipped ones. */
  readonly path: string;
  readonly text: string;
  readonly file: tree.File;
  readonly library: boolean;
  /** Units whose declarations are visible in this one: used libraries, those that they use, and the implicit ones. */
  readonly imports: readonly Unit[];
}

export type ParamValue =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number };

export interface ParamInfo {
  readonly name: string;
  readonly values: readonly ParamValue[];
  readonly node: tree.Param;
}

export type Type =
  | { readonly kind: 'void' | 'bool' | 'string' | 'null' | 'module' | 'error' }
  /** u8..u64, int, 0..7, durations and times (u64). Arithmetic of `int` is 32-bit signed, of u8..u64 modular. */
  | { readonly kind: 'int'; readonly name: string; readonly min: bigint; readonly max: bigint }
  | { readonly kind: 'enum'; readonly enum: EnumInfo }
  /** An embedded struct or primitive: in an expression it is its address, so it converts to `ref`. */
  | { readonly kind: 'struct'; readonly struct: StructInfo }
  /** `to` null: `any` (void *). */
  | { readonly kind: 'ref'; readonly to: StructInfo | null }
  | { readonly kind: 'list'; readonly of: StructInfo }
  | { readonly kind: 'fn'; readonly parameters: readonly Type[]; readonly returns: Type };

export interface StructInfo {
  readonly name: string;
  /** Null for a primitive type. */
  readonly node: tree.Struct | null;
  readonly unit: Unit | null;
  readonly module: ModuleInfo | null;
  readonly primitive: boolean;
  /** Pool limit that the author declared; null: the default. */
  readonly capacity: number | null;
  readonly fields: readonly FieldInfo[];
}

export interface FieldInfo {
  readonly name: string;
  readonly type: Type;
  readonly struct: StructInfo;
  readonly node: tree.Field;
}

export interface EnumInfo {
  readonly name: string;
  readonly members: readonly string[];
  readonly node: tree.Enum;
  readonly unit: Unit;
}

export interface ModuleInfo {
  readonly name: string;
  readonly node: tree.Module;
  readonly unit: Unit;
  readonly unloaded: boolean;
  readonly init: FunctionInfo | null;
  readonly exit: FunctionInfo | null;
  /** Modules whose functions or variables this one uses: they cannot be unloaded while it is loaded. */
  readonly uses: readonly ModuleInfo[];
}

export interface FunctionInfo {
  /** As shown: `misc_register`, `timer_fops.ioctl`, `nova.init`, `app` (a process's program). */
  readonly name: string;
  /** The last part, `ioctl`. */
  readonly shortName: string;
  readonly unit: Unit;
  /** Null: core kernel, never unloaded. */
  readonly module: ModuleInfo | null;
  readonly parameters: readonly LocalInfo[];
  readonly returns: Type;
  readonly body: tree.Block;
  readonly node: tree.Fn | tree.OpsEntry | tree.Init | tree.Exit;
}

/** A parameter or `let`. Identity: one object per declaration. */
export interface LocalInfo {
  readonly name: string;
  readonly type: Type;
  readonly node: tree.Name;
}

/** A variable of a module, or of a library outside modules. */
export interface VariableInfo {
  readonly name: string;
  readonly type: Type;
  readonly module: ModuleInfo | null;
  readonly unit: Unit;
  /** Null: zero. Constant expressions only. */
  readonly initial: tree.Expression | null;
  readonly node: tree.Variable;
}

/** `ops NAME: TYPE` and `driver NAME: TYPE`: a constant instance in static data. */
export interface OpsInfo {
  readonly name: string;
  readonly struct: StructInfo;
  readonly module: ModuleInfo | null;
  readonly unit: Unit;
  readonly node: tree.Ops;
  /** Field name -> function, or a constant expression (`owner = nova`). A `driver` has `owner` set to its module where it gives none and the type has such a field. */
  readonly values: ReadonlyMap<
    string,
    | { readonly kind: 'function'; readonly function: FunctionInfo }
    | { readonly kind: 'module'; readonly module: ModuleInfo | null }
    | { readonly kind: 'expression'; readonly value: tree.Expression }
  >;
}

export interface DeviceInfo {
  readonly name: string;
  readonly struct: StructInfo;
  readonly binds: readonly OpsInfo[];
  readonly unbound: boolean;
  readonly node: tree.Device;
  readonly unit: Unit;
}

/** `time { }` and `config { }` (of no device), and `ptimer of DEVICE { }`. */
export interface SettingsInfo {
  readonly keyword: 'time' | 'ptimer' | 'config';
  readonly device: DeviceInfo | null;
  /** Of every setting that there is. */
  readonly values: ReadonlyMap<string, number>;
  /** Of those that are given as an interval: its end. */
  readonly upTo: ReadonlyMap<string, number>;
  /** Those that hold each time, not altogether. */
  readonly each: ReadonlySet<string>;
  readonly node: tree.Settings;
  readonly unit: Unit;
}

export interface ProcessInfo {
  readonly name: string;
  readonly count: number;
  readonly node: tree.Process;
  readonly unit: Unit;
}

export interface GuardInfo {
  readonly enter: FunctionInfo;
  readonly exit: FunctionInfo;
}

export type Symbol =
  | { readonly kind: 'struct'; readonly struct: StructInfo }
  | { readonly kind: 'field'; readonly field: FieldInfo }
  | { readonly kind: 'enum'; readonly enum: EnumInfo }
  | { readonly kind: 'enumMember'; readonly enum: EnumInfo; readonly index: number }
  | { readonly kind: 'module'; readonly module: ModuleInfo }
  | { readonly kind: 'function'; readonly function: FunctionInfo }
  | { readonly kind: 'primitive'; readonly primitive: PrimitiveFunction }
  | { readonly kind: 'variable'; readonly variable: VariableInfo }
  | { readonly kind: 'local'; readonly local: LocalInfo; readonly function: FunctionInfo | null }
  | { readonly kind: 'ops'; readonly ops: OpsInfo }
  | { readonly kind: 'device'; readonly device: DeviceInfo }
  | { readonly kind: 'process'; readonly process: ProcessInfo }
  | { readonly kind: 'thread'; readonly name: string; readonly process: ProcessInfo }
  | { readonly kind: 'param'; readonly param: ParamInfo }
  | { readonly kind: 'paramValue'; readonly param: ParamInfo; readonly index: number }
  /** A const, errno constant, or primitive constant. */
  | { readonly kind: 'constant'; readonly name: string; readonly value: bigint; readonly node: tree.Const | null; readonly doc: string }
  | { readonly kind: 'setting'; readonly setting: SettingKind }
  | { readonly kind: 'label'; readonly name: string; readonly node: tree.Undo };
