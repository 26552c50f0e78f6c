// Expressions of the language: every load of shared state is a step, everything else is private. evaluate.ts does the same without steps.
import type { Type } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import type { Value } from '../primitives/emit.ts';
import type { Binary, Expression } from '../system/system.ts';
import { binary, choose, constant, equal, load, not, table, zero } from '../system/expression.ts';
import { allocate } from './allocation.ts';
import { lowerCall } from './calls.ts';
import { constantValue } from './constants.ts';
import { BOOL, INT, typeOf, type Context } from './context.ts';
import { lowerReference, statements, type SharedReference } from './reference.ts';
import { propagate } from './statements.ts';
import { fail, textOf } from './world.ts';

export function lowerExpression(cx: Context, e: tree.Expression): Value {
  const known = constantValue(cx.world, e);
  if (known !== null) return { expression: constant(known), type: typeOf(cx, e) };
  return cx.b.at(e, () => lower(cx, e));
}

function lower(cx: Context, e: tree.Expression): Value {
  const { b, world } = cx;
  switch (e.kind) {
    case 'name': return lowerLoad(cx, e);
    case 'field': {
      const symbol = world.program.symbols.get(e.name);
      if (symbol?.kind === 'field' && symbol.field.type.kind === 'struct') {
        const place = lowerExpression(cx, e.object).expression;
        const number = world.layout.embedTable(symbol.field);
        return { expression: table(number, world.layout.tables[number], place), type: symbol.field.type };
      }
      return lowerLoad(cx, e);
    }
    case 'call': return lowerCall(cx, e);
    case 'unary': {
      const v = lowerExpression(cx, e.operand);
      if (e.operator === '!') return { expression: not(v.expression), type: BOOL };
      const negated: Expression = e.operator === '-' ? { op: 'negate', operand: v.expression } : { op: 'complement', operand: v.expression };
      return { expression: wrap(negated, typeOf(cx, e)), type: typeOf(cx, e) };
    }
    case 'binary': return lowerBinary(cx, e);
    case 'cast': {
      const v = lowerExpression(cx, e.value);
      const type = typeOf(cx, e);
      if (type.kind === 'int') return { expression: converted(v, type), type };
      return { expression: castTo(cx, v.expression, v.type, type, textOf(cx.unit, e.value)), type };
    }
    case 'new': {
      const type = typeOf(cx, e);
      if (type.kind !== 'ref' || type.to === null) throw new Error('lowering: new of no struct');
      const slot = b.slot(world.layout.rangeOf(type));
      allocate(b, type.to, slot);
      return { expression: load(slot), type };
    }
    case 'try': {
      const v = lowerExpression(cx, e.value);
      propagate(cx, v, e.goto?.text ?? null);
      return v;
    }
    case 'integer': case 'duration': case 'string': case 'bool': case 'null': case 'hole':
      return { expression: zero, type: typeOf(cx, e) };
  }
}

function lowerLoad(cx: Context, e: tree.Expression): Value {
  const r = lowerReference(cx, e);
  if (r.kind === 'local') return r.local.kind === 'value' ? r.local.value : { expression: load(r.local.slot), type: r.local.type };
  return loadShared(cx, r);
}

/** A plain load: one step, checked, and part of data races. */
export function loadShared(cx: Context, r: SharedReference, plain = true): Value {
  const { b, world } = cx;
  if (r.list !== null) return { expression: zero, type: r.type, list: r.list };
  const slot = b.slot(world.layout.rangeOf(r.type));
  b.touch([{ body: [...statements(r.bad), { op: 'set', slot, value: r.read }] }], {
    access: r.access === null || !plain ? null : { ...r.access, write: false, fault: b.fault('data-race', `{agent} reads ${r.name} while {by} writes it, both plainly`, { object: objectOf(r.name) }) },
  });
  return { expression: load(slot), type: r.type };
}

export function objectOf(name: string): string {
  return name.split('.')[0];
}

function lowerBinary(cx: Context, e: Extract<tree.Expression, { kind: 'binary' }>): Value {
  const { b } = cx;
  const type = typeOf(cx, e);
  if (e.operator === '&&' || e.operator === '||') {
    const left = lowerExpression(cx, e.left);
    if (isPrivate(cx, e.right)) return { expression: binary(e.operator, left.expression, lowerExpression(cx, e.right).expression), type: BOOL };
    const result = b.slot({ min: 0, max: 1, holds: 'int' });
    const right = (): void => b.scope(() => {
      const v = lowerExpression(cx, e.right);
      b.compute([{ op: 'set', slot: result, value: truth(v.expression) }]);
    });
    const constantly = (value: number) => (): void => b.compute([{ op: 'set', slot: result, value: constant(value) }]);
    if (e.operator === '&&') b.branch(left.expression, right, constantly(0));
    else b.branch(left.expression, constantly(1), right);
    return { expression: load(result), type: BOOL };
  }
  const left = lowerExpression(cx, e.left);
  const right = lowerExpression(cx, e.right);
  if (e.operator === '/' || e.operator === '%') {
    b.compute([{ op: 'if', condition: equal(right.expression, zero), then: [fail(b.fault('assertion', 'division by zero'))], else: [] }]);
  }
  return { expression: operate(e.operator, left, right, type), type };
}

/** An operation on numbers, and what its type makes of the result. */
export function operate(operator: Binary, left: Value, right: Value, type: Type): Expression {
  return ordered(operator, left, right) ?? wrap(binary(operator, left.expression, right.expression), type);
}

/** Comparison of 64-bit values, which are kept as their two's complement: what is negative there is large. */
function ordered(operator: Binary, left: Value, right: Value): Expression | null {
  if (!['<', '<=', '>', '>='].includes(operator) || !isU64(left.type) && !isU64(right.type)) return null;
  const large = (e: Expression): Expression => binary('<', e, zero);
  const [a, b] = [left.expression, right.expression];
  const greater = operator.startsWith('>') ? a : b;
  return choose(equal(large(a), large(b)), binary(operator, a, b), large(greater));
}

function isU64(type: Type): boolean {
  return type.kind === 'int' && type.name === 'u64';
}

export function truth(e: Expression): Expression {
  return binary('!=', e, zero);
}

/** Unsigned arithmetic is modular; `int` keeps its value and is checked where it is stored. */
export function wrap(e: Expression, type: Type): Expression {
  if (e.op === 'constant' || type.kind !== 'int' || !type.name.startsWith('u') || type.name === 'u64') return e;
  return binary('&', e, constant(Number(type.max)));
}

/** A value as C converts it when it is stored, passed or returned: unsigned types take it modulo their size, `int` its two's complement. */
export function converted(v: Value, to: Type): Expression {
  const from = v.type;
  const e = v.expression;
  if (from.kind !== 'int' || to.kind !== 'int' || from.name === to.name) return e;
  if (from.min >= to.min && from.max <= to.max) return e;
  if (to.name === 'int') {
    if (e.op === 'constant') return constant(Number(BigInt.asIntN(32, BigInt(e.value))));
    const low = from.name === 'u64' ? binary('&', e, constant(0xffffffff)) : e;
    return choose(binary('>', low, constant(0x7fffffff)), binary('-', low, constant(0x100000000)), low);
  }
  return to.name.startsWith('u') && to.name !== 'u64' ? binary('&', e, constant(Number(to.max))) : e;
}

/** `x as T`: checked, and no access. */
export function castTo(cx: Context, place: Expression, from: Type, to: Type, what: string): Expression {
  if (to.kind !== 'ref' || to.to === null) return place;
  if (sameStruct(from, to)) return place;
  const { layout } = cx.world;
  const number = layout.castTable(to.to);
  const cast = table(number, layout.tables[number], place);
  const bad = cx.b.fault('bad-cast', `${what} is no ${to.to.name}, nor part of one`, { object: to.to.name });
  if (layout.tables[number].includes(-1)) {
    cx.b.compute([{ op: 'if', condition: equal(cast, constant(-1)), then: [fail(bad, place)], else: [] }]);
  }
  return cast;
}

export function sameStruct(from: Type, to: Type): boolean {
  const struct = from.kind === 'struct' ? from.struct : from.kind === 'ref' ? from.to : null;
  return struct !== null && to.kind === 'ref' && struct === to.to;
}

/** Evaluating it takes no step. */
export function isPrivate(cx: Context, e: tree.Expression): boolean {
  if (constantValue(cx.world, e) !== null) return true;
  switch (e.kind) {
    case 'name': return cx.world.program.symbols.get(e)?.kind === 'local';
    case 'unary': return isPrivate(cx, e.operand);
    case 'binary': return e.operator !== '/' && e.operator !== '%' && isPrivate(cx, e.left) && isPrivate(cx, e.right);
    default: return false;
  }
}

export { INT };
