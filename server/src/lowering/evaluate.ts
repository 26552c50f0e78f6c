// Conditions of `wait until` and `assert`: the whole expression in one step, with everything that could be wrong with it.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, choose, constant, equal, load, not, or, table, zero } from '../system/expression.ts';
import { pureOperation } from './operations.ts';
import { constantValue } from './constants.ts';
import { typeOf, type Context } from './context.ts';
import { converted, operate, sameStruct, truth, wrap } from './expressions.ts';
import { fieldReference, lowerReference } from './reference.ts';
import { Refused } from './refused.ts';
import { fail, textOf } from './world.ts';

export interface Bad {
  readonly bad: Expression;
  readonly statement: Statement;
}

export interface Evaluated {
  readonly value: Expression;
  /** In the order in which they are met; each under the condition that evaluation comes there. */
  readonly bad: readonly Bad[];
}

/** A condition of `wait until` or `assert` that takes more than one step to evaluate. */
export class NotPure extends Refused {
  constructor(cx: Context, e: tree.Expression) {
    super(codes.notOneStep, cx.unit, e, `\`${textOf(cx.unit, e)}\` cannot stand in a condition that is taken in one step: call it before, and look at its result`);
  }
}

export function evaluate(cx: Context, e: tree.Expression): Evaluated {
  const known = constantValue(cx.world, e);
  if (known !== null) return { value: constant(known), bad: [] };
  return cx.b.at(e, () => evaluateHere(cx, e));
}

function evaluateHere(cx: Context, e: tree.Expression): Evaluated {
  const { world } = cx;
  switch (e.kind) {
    case 'name': {
      const r = lowerReference(cx, e);
      if (r.kind === 'local') return { value: r.local.kind === 'value' ? r.local.value.expression : load(r.local.slot), bad: [] };
      return { value: r.read, bad: r.bad };
    }
    case 'field': {
      const symbol = world.program.symbols.get(e.name);
      if (symbol?.kind === 'variable') {
        const r = lowerReference(cx, e);
        if (r.kind === 'shared') return { value: r.read, bad: r.bad };
      }
      if (symbol?.kind !== 'field') throw new NotPure(cx, e);
      const object = evaluate(cx, e.object);
      if (symbol.field.type.kind === 'struct') {
        const number = world.layout.embedTable(symbol.field);
        return { value: table(number, world.layout.tables[number], object.value), bad: object.bad };
      }
      const first = Math.max(1, world.layout.base(symbol.field.struct));
      const broken = or(...object.bad.map((b) => b.bad));
      const r = fieldReference(cx, object.value, symbol.field, e.object);
      // Where the object is null or gone the value does not matter, but it must not be looked up outside the array.
      const safe = r.bad.length + object.bad.length === 0 ? r : fieldReference(cx, choose(or(broken, equal(object.value, zero)), constant(first), object.value), symbol.field, e.object);
      return { value: safe.read, bad: [...object.bad, ...r.bad] };
    }
    case 'unary': {
      const v = evaluate(cx, e.operand);
      if (e.operator === '!') return { value: not(v.value), bad: v.bad };
      return { value: wrap({ op: e.operator === '-' ? 'negate' : 'complement', operand: v.value }, typeOf(cx, e)), bad: v.bad };
    }
    case 'binary': {
      const left = evaluate(cx, e.left);
      const right = evaluate(cx, e.right);
      if (e.operator === '&&' || e.operator === '||') {
        const comes = e.operator === '&&' ? truth(left.value) : not(left.value);
        return { value: binary(e.operator, left.value, right.value), bad: [...left.bad, ...right.bad.map((b) => ({ bad: and(comes, b.bad), statement: b.statement }))] };
      }
      const value = operate(e.operator, { expression: left.value, type: typeOf(cx, e.left) }, { expression: right.value, type: typeOf(cx, e.right) }, typeOf(cx, e));
      const divides = e.operator === '/' || e.operator === '%';
      const byZero: Bad[] = divides ? [{ bad: equal(right.value, zero), statement: fail(cx.b.fault('assertion', 'division by zero')) }] : [];
      return { value, bad: [...left.bad, ...right.bad, ...byZero] };
    }
    case 'cast': {
      const v = evaluate(cx, e.value);
      const to = typeOf(cx, e);
      if (to.kind === 'int') return { value: converted({ expression: v.value, type: typeOf(cx, e.value) }, to), bad: v.bad };
      if (to.kind !== 'ref' || to.to === null || sameStruct(typeOf(cx, e.value), to)) return v;
      const number = world.layout.castTable(to.to);
      const cast = table(number, world.layout.tables[number], v.value);
      if (!world.layout.tables[number].includes(-1)) return { value: cast, bad: v.bad };
      const wrong = equal(cast, constant(-1));
      const fault = cx.b.fault('bad-cast', `${textOf(cx.unit, e.value)} is no ${to.to.name}, nor part of one`, { object: to.to.name });
      return { value: choose(wrong, zero, cast), bad: [...v.bad, { bad: wrong, statement: fail(fault, v.value) }] };
    }
    case 'call': return pureOperation(cx, e);
    case 'integer': case 'duration': case 'string': case 'bool': case 'null': case 'new': case 'try': case 'hole':
      throw new NotPure(cx, e);
  }
}
