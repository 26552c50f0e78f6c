// Fields and variables as things that can be read, written and raced on: where they lie, and what can be wrong with touching them.
import type { FieldInfo, OpsInfo, Type, VariableInfo } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import type { ListStorage, Lvalue } from '../primitives/emit.ts';
import type { Access, Expression, Statement } from '../system/system.ts';
import { choose, constant, element, equal, load, minus, table, zero } from '../system/expression.ts';
import { constantValue } from './constants.ts';
import { pointerText, type Context, type Local } from './context.ts';
import { lowerExpression } from './expressions.ts';
import { functionNumber, moduleIndex, textOf, type World } from './world.ts';

export type Reference =
  | { readonly kind: 'local'; readonly local: Local }
  | SharedReference;

export interface SharedReference {
  readonly kind: 'shared';
  readonly type: Type;
  readonly name: string;
  readonly read: Expression;
  readonly write: (value: Expression) => Statement;
  /** Each with its condition; none can be wrong: the list is empty. */
  readonly bad: ReadonlyArray<{ readonly bad: Expression; readonly statement: Statement }>;
  readonly access: Omit<Access, 'write' | 'fault'> | null;
  readonly list: ListStorage | null;
}

/** A store to a struct of which nothing ever allocates one: its reference is null, which has been reported. */
const nothing: Statement = { op: 'if', condition: zero, then: [], else: [] };

/** Resolves a name or a field access; evaluates what stands before the last dot. */
export function lowerReference(cx: Context, e: tree.Expression): Reference {
  const { world } = cx;
  const name = e.kind === 'name' ? e : e.kind === 'field' ? e.name : null;
  const symbol = name === null ? undefined : world.program.symbols.get(name);
  if (symbol?.kind === 'local') {
    const local = cx.locals.get(symbol.local);
    if (local === undefined) throw new Error(`lowering: no local ${symbol.local.name} in ${cx.function?.name ?? 'a process'}`);
    return { kind: 'local', local };
  }
  if (symbol?.kind === 'variable') return variableReference(cx, symbol.variable);
  if (e.kind === 'field' && symbol?.kind === 'field') {
    const place = lowerExpression(cx, e.object).expression;
    return fieldReference(cx, place, symbol.field, e.object);
  }
  throw new Error(`lowering: not a reference: ${textOf(cx.unit, e)}`);
}

function variableReference(cx: Context, v: VariableInfo): SharedReference {
  const { world, b } = cx;
  const bad = v.module === null ? [] : b.moduleCheck(v.module, `${v.name} lay in the static data of ${v.module.name}, which {by} unloaded`)
    .map((s) => (s.op === 'if' ? { bad: s.condition, statement: s.then[0] } : { bad: zero, statement: s }));
  if (v.type.kind === 'list') {
    const { items, counts, capacity } = world.layout.variableList(v);
    const list: ListStorage = { items, counts, capacity, owners: 1, owner: zero, checks: statements(bad), of: v.type.of };
    return { kind: 'shared', type: v.type, name: v.name, read: zero, write: () => ({ op: 'set', slot: counts, value: zero }), bad, access: null, list };
  }
  const initial = v.initial === null ? 0 : (constantValue(world, v.initial) ?? 0);
  const slot = world.layout.scalar(v, initial);
  return {
    kind: 'shared', type: v.type, name: v.name, read: load(slot), write: (value) => ({ op: 'set', slot, value }), bad,
    access: { slot, length: 1, index: null, name: v.name }, list: null,
  };
}

export function fieldReference(cx: Context, place: Expression, field: FieldInfo, object: tree.Expression): SharedReference {
  const { world, b } = cx;
  const { layout } = world;
  const bad = b.badUses(place, field.struct, `\`${textOf(cx.unit, object)}\``, `\`${pointerText(cx, object)}\``);
  const name = `${field.struct.name}.${field.name}`;
  const count = Math.max(1, layout.count(field.struct));
  const index = count === 1 ? zero : minus(place, constant(layout.base(field.struct)));
  if (field.type.kind === 'list') {
    const { items, counts, capacity } = layout.list(field);
    const list: ListStorage = { items, counts, capacity, owners: count, owner: index, checks: statements(bad), of: field.type.of };
    return { kind: 'shared', type: field.type, name, read: zero, write: () => ({ op: 'set', slot: counts, value: zero }), bad, access: null, list };
  }
  if (!world.assigned.has(name) || layout.count(field.struct) === 0) {
    const values = constantField(world, field);
    const read = values.every((v) => v === 0) ? zero : table(layout.tableNumber(`constant ${name} ${layout.base(field.struct)}`, () => values), values, place);
    return { kind: 'shared', type: field.type, name, read, write: () => nothing, bad, access: null, list: null };
  }
  const slot = layout.field(field);
  const read = element(slot, count, index);
  return {
    kind: 'shared', type: field.type, name, read,
    write: (value) => (count === 1 ? { op: 'set', slot, value } : { op: 'setElement', slot, length: count, index, value }),
    bad,
    access: { slot, length: count, index: choose(equal(place, zero), constant(-1), index), name },
    list: null,
  };
}

export function statements(bad: ReadonlyArray<{ readonly bad: Expression; readonly statement: Statement }>): Statement[] {
  return bad.map((b) => ({ op: 'if', condition: b.bad, then: [b.statement], else: [] }));
}

export function asLvalue(r: SharedReference): Lvalue {
  return { checks: statements(r.bad), read: r.read, write: r.write, name: r.name };
}

/** The values, by place, of a field that nothing assigns: what `ops` tables were written with, zero elsewhere. */
function constantField(world: World, field: FieldInfo): number[] {
  const values = world.layout.places.map(() => 0);
  for (const ops of world.program.ops) {
    if (ops.struct === field.struct) values[world.layout.placeOf(ops)] = opsValue(world, ops, field.name);
  }
  return values;
}

/** Value of a field of an `ops` instance: a function's number, 1 + module index, or an integer. */
export function opsValue(world: World, ops: OpsInfo, field: string): number {
  const value = ops.values.get(field);
  if (value === undefined) return 0;
  switch (value.kind) {
    case 'function': return functionNumber(world, value.function);
    case 'module': return value.module === null ? 0 : 1 + moduleIndex(world, value.module);
    case 'expression': return constantValue(world, value.value) ?? 0;
  }
}
