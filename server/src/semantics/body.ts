// What surrounds a statement while it is checked: its function or process, the locals in scope, and what is allowed there.
import { codes } from '../base/codes.ts';
import type { Code } from '../base/codes.ts';
import type { Span } from '../base/span.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis, Work } from './analysis.ts';
import type { FunctionInfo, LocalInfo, ModuleInfo, ProcessInfo, Symbol, Type, Unit } from './program.ts';
import { report, type Extra } from './report.ts';
import { ERROR } from './types.ts';
import type { Mutable } from './units.ts';

export interface LocalScope {
  readonly names: Map<string, LocalInfo>;
  readonly parent: LocalScope | null;
}

export interface Body {
  readonly a: Analysis;
  readonly unit: Unit;
  readonly module: ModuleInfo | null;
  /** Null in processes, hardware, and the initial values of variables and ops. */
  readonly work: Work | null;
  readonly process: ProcessInfo | null;
  readonly context: 'kernel' | 'process' | 'hardware' | 'constant';
  readonly scope: LocalScope;
  readonly undo: ReadonlyMap<string, tree.Undo>;
  readonly inLoop: boolean;
  /** Inside `atomic { }`, where nothing can wait. */
  readonly inAtomic: boolean;
  /** Inside `assert`, `wait until` and questions to the model: a process may then name what the kernel has. */
  readonly asking: boolean;
}

export function inner(b: Body): Body {
  return { ...b, scope: { names: new Map(), parent: b.scope } };
}

export function complain(b: Body, code: Code, span: Span, message: string, extra: Extra = {}): void {
  report(b.a.reporter, b.unit, code, span, message, extra);
}

export function findLocal(b: Body, name: string): LocalInfo | null {
  for (let scope: LocalScope | null = b.scope; scope !== null; scope = scope.parent) {
    const local = scope.names.get(name);
    if (local !== undefined) return local;
  }
  return null;
}

export function localNames(b: Body): string[] {
  const names: string[] = [];
  for (let scope: LocalScope | null = b.scope; scope !== null; scope = scope.parent) names.push(...scope.names.keys());
  return names;
}

export function symbolOfLocal(b: Body, local: LocalInfo): Symbol {
  // One symbol per local, made where it was declared.
  return b.a.symbols.get(local.node) ?? { kind: 'local', local, function: b.work?.info ?? null };
}

/** Declares a local from here to the end of its block. The object stays the same through all passes. */
export function declareLocal(b: Body, name: tree.Name, type: Type): Mutable<LocalInfo> {
  const owner: FunctionInfo | null = b.work?.info ?? null;
  let local = b.a.locals.get(name);
  if (local === undefined) {
    local = { name: name.text, type: ERROR, node: name };
    b.a.locals.set(name, local);
    b.a.symbols.set(name, { kind: 'local', local, function: owner });
  }
  if (type.kind === 'null') {
    // Nothing but null so far: what is assigned later tells.
    if (local.type.kind === 'error') local.type = type;
    b.a.open.add(local);
  } else local.type = type;
  if (name.text === '') return local;
  const first = b.scope.names.get(name.text);
  if (first !== undefined) {
    complain(b, codes.duplicateName, name, `\`${name.text}\` is declared twice in this block`, {
      related: [{ place: { file: b.unit.path, span: { start: first.node.start, end: first.node.end } }, message: 'the first one' }],
    });
  }
  b.scope.names.set(name.text, local);
  return local;
}
