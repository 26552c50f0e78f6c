// What the language has built in, as the resolver sees it: primitive types, primitive operations, constants. The rooms below fill it in
// (primitives/index.ts); semantics imports none of them.

export interface Prelude {
  readonly types: readonly PrimitiveType[];
  readonly functions: readonly PrimitiveFunction[];
  /** errno values and the like: ENODEV = 19, GFP_KERNEL = 0. */
  readonly constants: ReadonlyArray<{ readonly name: string; readonly value: bigint; readonly doc: string }>;
  /** Blocks of settings at the top of a scenario: `ptimer of gpu { }`. */
  readonly settings: readonly SettingsKind[];
  /** Libraries that every file uses without saying so. */
  readonly implicitLibraries: readonly string[];
}

export interface SettingsKind {
  readonly keyword: 'time' | 'ptimer' | 'config';
  readonly settings: readonly SettingKind[];
  /** What does not go together; null where all does. */
  readonly wrong: (values: ReadonlyMap<string, number>) => { readonly setting: string; readonly message: string } | null;
}

export interface SettingKind {
  readonly name: string;
  readonly doc: string;
  /** What stands for a number; null: numbers only. */
  readonly names: Readonly<Record<string, number>> | null;
  /** Can be given as a number. */
  readonly numbers: boolean;
  /** Where the scenario does not say it. */
  readonly standard: number;
  readonly min: number;
  readonly max: number;
  /** Can be an interval: `1us..4us`. */
  readonly interval?: boolean;
  /** Can be for each time: `4us each`. */
  readonly each?: boolean;
}

/** An opaque type: `mutex`, `kref`, `work`, `file_lock`... Its value in an expression is its address, like an embedded struct. */
export interface PrimitiveType {
  readonly name: string;
  /** Its values are references (null when zero), not embedded objects: `bar: mmio`, `wq: workqueue`. A variable of it has type `ref` to its StructInfo. */
  readonly handle?: boolean;
  readonly doc: PrimitiveDoc;
}

export interface PrimitiveFunction {
  readonly name: string;
  readonly parameters: readonly PrimitiveParameter[];
  /** In type notation (below); 'void' for none. */
  readonly returns: string;
  readonly doc: PrimitiveDoc;
  /** Where it may be called: anywhere in kernel code and as a system call of a process; `model` ones (alive, gone, bound, loaded) only outside modules; `hardware` ones only in `hardware { }`. */
  readonly where: 'kernel' | 'process' | 'any' | 'model' | 'hardware';
  /** Where `with NAME(...) { }` may be used: the operation that releases. It gets the same arguments (plus the acquired value last, for srcu). */
  readonly release: string | null;
  /** The operation can fail, so that `with` needs `?` or `else` (mutex_lock_interruptible, drm_dev_enter...): how failure shows. */
  readonly fails: 'errno' | 'false' | null;
}

export interface PrimitiveParameter {
  readonly name: string;
  /**
   * Type notation: `int`, `bool`, `any`, `module`, `string`, `ref mutex`, `list T`, `ref T`, `T`, `fn(ref work)`, `fn(any) -> int`.
   * A single capital letter is a type variable, bound at its first use in the call.
   */
  readonly type: string;
  /** The argument is a field or variable itself, not its value: READ_ONCE(d.ops). */
  readonly lvalue?: boolean;
  readonly optional?: boolean;
}

/** Hover text of a primitive. */
export interface PrimitiveDoc {
  readonly summary: string;
  readonly guarantees?: string;
  readonly blocksOn?: string;
  readonly contexts?: string;
  /** Kernel source file that it models. */
  readonly source: string;
}
