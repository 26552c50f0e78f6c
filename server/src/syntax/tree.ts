// The syntax tree of a scenario or library file. Every node carries its span; holes stand where the parser recovered.
// The tree says what was written, nothing about what it means: see semantics/.
import type { Span } from '../base/span.ts';

export interface Name extends Span {
  readonly kind: 'name';
  /** Empty when the parser reported a missing name here. */
  readonly text: string;
}

/** `nova.timer_driver`, `timer_fops.ioctl`. */
export interface Path extends Span {
  readonly kind: 'path';
  readonly parts: readonly Name[];
}

export interface Str extends Span {
  readonly kind: 'string';
  readonly value: string;
}

export interface File extends Span {
  readonly kind: 'file';
  readonly header: Header | null;
  readonly declarations: readonly Declaration[];
}

export interface Header extends Span {
  readonly kind: 'scenario' | 'library';
  readonly name: Name;
  readonly title: Str | null;
  readonly doc: string | null;
}

// ---- declarations ----

export type Declaration =
  | Use | Cite | Claim | Expect | Assume | Interleaving | Param | Const | Enum | Struct | Ops | Module | Fn | Variable
  | Init | Exit | Device | Process | Hardware | Settings | IfDeclaration | Guard | HoleDeclaration;

interface Documented extends Span {
  /** Text of the `///` lines above, without the slashes; null without any. */
  readonly doc: string | null;
}

export interface Use extends Span {
  readonly kind: 'use';
  readonly libraries: ReadonlyArray<Name | Str>;
}

/** `cite <message-id>`: `id` is raw, without the angle brackets. */
export interface Cite extends Span {
  readonly kind: 'cite';
  readonly id: string;
  readonly idSpan: Span;
}

export interface Claim extends Documented {
  readonly kind: 'claim';
  readonly text: Str;
  readonly cites: readonly Cite[];
  readonly quotes: readonly Quote[];
  readonly expects: readonly Expect[];
}

/** One `> ...` line of a claim, without its first `>`. */
export interface Quote extends Span {
  readonly kind: 'quote';
  readonly text: string;
}

/** `expect [no] KIND [in FUNCTION] [of OBJECT] [by AGENT] [when COND]`. */
export interface Expect extends Span {
  readonly kind: 'expect';
  readonly no: boolean;
  readonly verdict: Name;
  readonly in: Path | null;
  readonly of: Path | null;
  readonly by: Path | null;
  readonly when: Expression | null;
}

/** `assume app closes [on POLLHUP]`. */
export interface Assume extends Span {
  readonly kind: 'assume';
  readonly agent: Name;
  readonly action: Name;
  readonly event: Name | null;
}

/** `interleaving "title" { ...raw CPU table... }`. */
export interface Interleaving extends Span {
  readonly kind: 'interleaving';
  readonly title: Str;
  readonly table: string;
  readonly tableSpan: Span;
}

export interface Param extends Documented {
  readonly kind: 'param';
  readonly name: Name;
  readonly domain:
    | { readonly kind: 'names'; readonly names: readonly Name[] }
    | { readonly kind: 'bool' }
    | { readonly kind: 'range'; readonly low: Expression; readonly high: Expression };
}

export interface Const extends Documented {
  readonly kind: 'const';
  readonly name: Name;
  readonly value: Expression;
}

export interface Enum extends Documented {
  readonly kind: 'enum';
  readonly name: Name;
  readonly members: readonly Name[];
}

/** `struct T { ... }`, `struct T[8] { ... }` (pool limit), `struct pci_dev = device` (another name for a type). */
export interface Struct extends Documented {
  readonly kind: 'struct';
  readonly name: Name;
  readonly capacity: Expression | null;
  readonly alias: Type | null;
  readonly fields: readonly Field[];
}

export interface Field extends Documented {
  readonly kind: 'field';
  readonly name: Name;
  readonly type: Type;
}

/** `ops NAME: TYPE { owner = nova; ioctl(file) { ... } }` and `driver NAME: TYPE { ... }`. */
export interface Ops extends Documented {
  readonly kind: 'ops';
  readonly keyword: 'ops' | 'driver';
  readonly name: Name;
  readonly type: Path;
  readonly entries: readonly OpsEntry[];
}

/** A method (`body`) or a value (`owner = nova`, `ioctl = my_ioctl`). Inside `if param { }` selection, `condition` branches hold entries. */
export type OpsEntry =
  | (Documented & { readonly kind: 'method'; readonly name: Name; readonly parameters: readonly Parameter[]; readonly returns: Type | null; readonly body: Block })
  | (Documented & { readonly kind: 'value'; readonly name: Name; readonly value: Expression })
  | (Span & { readonly kind: 'ifEntries'; readonly condition: Expression; readonly then: readonly OpsEntry[]; readonly else: readonly OpsEntry[] });

export interface Module extends Documented {
  readonly kind: 'module';
  readonly name: Name;
  readonly unloaded: boolean;
  readonly declarations: readonly Declaration[];
}

export interface Fn extends Documented {
  readonly kind: 'fn';
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly returns: Type | null;
  readonly body: Block;
}

export interface Parameter extends Span {
  readonly kind: 'parameter';
  readonly name: Name;
  readonly type: Type | null;
}

/** A variable of a module or library: `lock: mutex`, `let count = 0`, `let head: ref T = null`. */
export interface Variable extends Documented {
  readonly kind: 'variable';
  readonly name: Name;
  readonly type: Type | null;
  readonly value: Expression | null;
}

export interface Init extends Documented { readonly kind: 'init'; readonly body: Block }
export interface Exit extends Documented { readonly kind: 'exit'; readonly body: Block }

/** `device gpu: pci_dev binds nova.timer_driver, nova.other [unbound]`. */
export interface Device extends Documented {
  readonly kind: 'device';
  readonly name: Name;
  readonly type: Path;
  readonly binds: readonly Path[];
  readonly unbound: boolean;
}

/** `process app [x3] { ... }`. */
export interface Process extends Documented {
  readonly kind: 'process';
  readonly name: Name;
  readonly count: number;
  readonly body: Block;
}

/** `time { mmio = 1us }` and `ptimer of gpu { grain = 32 }`: what is assumed of clocks; `config { DEBUG_SHIRQ = y }`: how the kernel is built. */
export interface Settings extends Documented {
  readonly kind: 'settings';
  readonly keyword: 'time' | 'ptimer' | 'config';
  readonly of: Name | null;
  readonly entries: readonly Setting[];
}

export interface Setting extends Documented {
  readonly kind: 'setting';
  readonly name: Name;
  readonly value: Expression;
  /** `value..upTo`; null: it is one value. */
  readonly upTo: Expression | null;
  /** `each` behind it: not altogether, but each time. */
  readonly each: Span | null;
}

export interface Hardware extends Documented { readonly kind: 'hardware'; readonly body: Block }

/** `if fence == srcu { declarations } else { declarations }` over params and consts. */
export interface IfDeclaration extends Span {
  readonly kind: 'ifDeclaration';
  readonly condition: Expression;
  readonly then: readonly Declaration[];
  readonly else: readonly Declaration[];
}

/** `guard drm_dev_enter, drm_dev_exit`: `with drm_dev_enter(d) { }` then calls the second on every way out. */
export interface Guard extends Documented {
  readonly kind: 'guard';
  readonly enter: Name;
  readonly exit: Name;
}

export interface HoleDeclaration extends Span { readonly kind: 'hole' }

// ---- types ----

export type Type =
  | (Span & { readonly kind: 'named'; readonly path: Path })          // bool, u32, mutex, T, any, module, string
  | (Span & { readonly kind: 'ref'; readonly to: Type })
  | (Span & { readonly kind: 'list'; readonly of: Type })
  | (Span & { readonly kind: 'fnType'; readonly parameters: readonly Type[]; readonly returns: Type | null })
  | (Span & { readonly kind: 'rangeType'; readonly low: Expression; readonly high: Expression })  // n: 0..7
  | (Span & { readonly kind: 'hole' });

// ---- statements ----

export interface Block extends Span {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
  /** `undo unmap:` sections at the end of a function, in order. Only function bodies have any. */
  readonly undo: readonly Undo[];
}

export interface Undo extends Span {
  readonly kind: 'undo';
  readonly label: Name;
  readonly statements: readonly Statement[];
}

export type Statement =
  | (Span & { readonly kind: 'let'; readonly name: Name; readonly type: Type | null; readonly value: Expression })
  | (Span & { readonly kind: 'assign'; readonly target: Expression; readonly operator: '=' | '+=' | '-=' | '|=' | '&='; readonly value: Expression })
  | (Span & { readonly kind: 'expression'; readonly value: Expression })
  | (Span & { readonly kind: 'if'; readonly condition: Expression; readonly then: Block; readonly else: Block | Statement | null })   // else: Block, or an `if` Statement for `else if`
  | (Span & { readonly kind: 'while'; readonly condition: Expression; readonly body: Block })
  | (Span & { readonly kind: 'loop'; readonly body: Block })
  | (Span & { readonly kind: 'for'; readonly name: Name; readonly list: Expression; readonly body: Block })
  | (Span & { readonly kind: 'break' })
  | (Span & { readonly kind: 'continue' })
  | (Span & { readonly kind: 'return'; readonly value: Expression | null })
  | (Span & { readonly kind: 'with'; readonly acquire: Expression; readonly question: boolean; readonly body: Block; readonly else: Block | null })
  | (Span & { readonly kind: 'wait'; readonly condition: Expression; readonly mode: 'uninterruptible' | 'killable' | 'interruptible'; readonly timeout: Expression | null; readonly question: boolean; readonly goto: Name | null })
  | (Span & { readonly kind: 'atomic'; readonly body: Block })
  | (Span & { readonly kind: 'either'; readonly arms: readonly Block[] })
  | (Span & { readonly kind: 'assert'; readonly condition: Expression; readonly why: Str | null })
  | (Span & { readonly kind: 'label'; readonly name: Name })
  | (Span & { readonly kind: 'free'; readonly value: Expression })
  | (Span & { readonly kind: 'thread'; readonly name: Name; readonly body: Block })
  | (Span & { readonly kind: 'fork'; readonly body: Block })
  | (Span & { readonly kind: 'hole' });

// ---- expressions ----

export type BinaryOperator =
  | '||' | '&&' | '|' | '^' | '&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '<<' | '>>' | '+' | '-' | '*' | '/' | '%';

export type Expression =
  | (Span & { readonly kind: 'integer'; readonly value: bigint })
  | (Span & { readonly kind: 'duration'; readonly nanoseconds: bigint })          // 2s 10ms 5us 32ns
  | Str
  | (Span & { readonly kind: 'bool'; readonly value: boolean })
  | (Span & { readonly kind: 'null' })
  | Name
  | (Span & { readonly kind: 'field'; readonly object: Expression; readonly name: Name })
  | (Span & { readonly kind: 'call'; readonly callee: Expression; readonly arguments: readonly Expression[] })
  | (Span & { readonly kind: 'unary'; readonly operator: '!' | '-' | '~'; readonly operand: Expression })
  | (Span & { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression })
  | (Span & { readonly kind: 'cast'; readonly value: Expression; readonly type: Type })    // t as timer_dev
  | (Span & { readonly kind: 'new'; readonly type: Path })
  | (Span & { readonly kind: 'try'; readonly value: Expression; readonly goto: Name | null })  // e?   e? goto unmap
  | (Span & { readonly kind: 'hole' });
