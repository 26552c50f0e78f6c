// One inlined function while it is lowered: its locals, where its returns go, and its undo sections.
import type { FunctionInfo, LocalInfo, Type, Unit } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import type { Value } from '../primitives/emit.ts';
import type { Builder } from './builder.ts';
import type { Ends, Node } from './graph.ts';
import { textOf, type World } from './world.ts';

export type Local = { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'slot'; readonly slot: number; readonly type: Type };

export interface Context {
  readonly b: Builder;
  readonly world: World;
  readonly unit: Unit;
  readonly function: FunctionInfo | null;
  readonly locals: Map<LocalInfo, Local>;
  /** Where the value of `return` goes; null in a function without one. */
  readonly result: number | null;
  readonly returns: Ends[];
  /** Scope depth of the function's body. */
  readonly depth: number;
  readonly undo: Map<string, Ends[]>;
  readonly loops: Array<{ readonly depth: number; readonly breaks: Ends[]; readonly head: () => Node | null }>;
  /** Starts a `thread { }` or `fork { }` of a process. Null in functions. */
  readonly spawn: ((s: Extract<tree.Statement, { kind: 'thread' | 'fork' }>) => void) | null;
  /** What `?` does at the top level of a process: end it. Null in functions. */
  readonly fallOut: (() => void) | null;
}

export function typeOf(cx: Context, e: tree.Expression): Type {
  return cx.world.program.types.get(e) ?? { kind: 'error' };
}

/** The reference that `e` is reached through, as it is written: `t` of a lock `t.lock`, which is embedded. */
export function pointerText(cx: Context, e: tree.Expression): string {
  let pointer = e;
  while (pointer.kind === 'field' && typeOf(cx, pointer).kind === 'struct') pointer = pointer.object;
  return textOf(cx.unit, pointer);
}

export const INT: Type = { kind: 'int', name: 'int', min: -2147483648n, max: 2147483647n };
export const BOOL: Type = { kind: 'bool' };
export const VOID: Type = { kind: 'void' };
