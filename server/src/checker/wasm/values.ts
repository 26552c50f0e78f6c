// Every value that an expression can have, from the values that slots can hold: small sets, null where they are not few.
import { fold } from '../../system/expression.ts';
import type { Expression, System } from '../../system/system.ts';
import type { Interval } from '../plain/range.ts';

/** Sets larger than this become bounds. */
export const SET = 16;

/** Null: they are not few. */
export type Values = ReadonlySet<number> | null;

/** What one slot can hold. */
export interface Held {
  /** Null: anything within the bounds. */
  values: Values;
  range: Interval;
  growth: number;
}

const no: ReadonlySet<number> = new Set([0]);
const yes: ReadonlySet<number> = new Set([1]);
const either: ReadonlySet<number> = new Set([0, 1]);

function truths(canFail: boolean, canBeMet: boolean): ReadonlySet<number> {
  return !canBeMet ? no : canFail ? either : yes;
}

/** Whether a condition can be met (or can fail, for `met` false) as far as these sets tell. */
export function canBe(system: System, held: readonly Held[], e: Expression, met: boolean): boolean {
  return canComeOut(valuesOf(system, held, e), met);
}

export function canComeOut(values: Values, met: boolean): boolean {
  return values === null || (met ? values.size !== 1 || !values.has(0) : values.has(0));
}

/** Every value that an expression can have; null where they are not few. */
export function valuesOf(system: System, held: readonly Held[], e: Expression): Values {
  const of = (operand: Expression): Values => valuesOf(system, held, operand);
  switch (e.op) {
    case 'constant':
    case 'load':
      return valuesAfter(system, held, e, null, null, null);
    case 'element':
    case 'table':
      return valuesAfter(system, held, e, of(e.index), null, null);
    case 'not':
    case 'negate':
    case 'complement':
      return valuesAfter(system, held, e, of(e.operand), null, null);
    case 'binary':
      return valuesAfter(system, held, e, of(e.left), of(e.right), null);
    case 'choose':
      return valuesAfter(system, held, e, of(e.condition), of(e.then), of(e.else));
  }
}

/** The same where the values of its operands are known, in their order. */
export function valuesAfter(system: System, held: readonly Held[], e: Expression, first: Values, second: Values, third: Values): Values {
  switch (e.op) {
    case 'constant':
      return e.value === 0 ? no : e.value === 1 ? yes : new Set([e.value]);
    case 'load':
      return held[e.slot].values;
    case 'element': {
      const all = new Set<number>();
      for (let i = 0; i < e.length; i++) {
        if (first !== null && !first.has(i)) continue;
        const { values } = held[e.slot + i];
        if (values === null) return null;
        for (const v of values) all.add(v);
      }
      return few(all);
    }
    case 'table': {
      const table = system.tables[e.table];
      if (first === null) return few(new Set(table));
      const all = new Set<number>();
      for (const i of first) if (i >= 0 && i < table.length) all.add(table[i]);
      return all;
    }
    case 'not':
      return truths(canComeOut(first, true), canComeOut(first, false));
    case 'negate':
    case 'complement': {
      if (first === null) return null;
      const all = new Set<number>();
      for (const v of first) all.add(e.op === 'negate' ? 0 - v : -1 - v);
      return all;
    }
    case 'choose': {
      const then = canComeOut(first, true) ? second : no;
      const otherwise = canComeOut(first, false) ? third : no;
      if (then === null || otherwise === null) return null;
      if (!canComeOut(first, true)) return otherwise;
      if (!canComeOut(first, false)) return then;
      return few(new Set([...then, ...otherwise]));
    }
    case 'binary':
      return binaryAfter(held, e, first, second);
  }
}

function binaryAfter(held: readonly Held[], e: Expression & { readonly op: 'binary' }, left: Values, right: Values): Values {
  const { operator } = e;
  switch (operator) {
    case '&&':
      return truths(canComeOut(left, false) || canComeOut(right, false), canComeOut(left, true) && canComeOut(right, true));
    case '||':
      return truths(canComeOut(left, false) && canComeOut(right, false), canComeOut(left, true) || canComeOut(right, true));
    case '==':
    case '!=':
      if (e.left.op === 'load' && e.right.op === 'constant') {
        const same = canEqual(held[e.left.slot], e.right.value, true);
        const other = canEqual(held[e.left.slot], e.right.value, false);
        return operator === '==' ? truths(other, same) : truths(same, other);
      }
      break;
  }
  const isTruth = truthOperators.has(operator);
  if (left === null || right === null) return isTruth ? either : null;
  const all = new Set<number>();
  for (const a of left) {
    for (const b of right) {
      if ((operator === '<<' || operator === '>>') && !(b >= 0 && b < 64)) continue;
      const value = fold(operator, a, b);
      if (!Number.isSafeInteger(value)) return null;
      all.add(value + 0);
      if (isTruth ? all.size === 2 : all.size > SET) return isTruth ? either : null;
    }
  }
  return all;
}

const truthOperators: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', '&&', '||']);

function canEqual({ values, range }: Held, value: number, same: boolean): boolean {
  if (values !== null) return same ? values.has(value) : values.size > 1 || !values.has(value);
  return !same || (range.low <= value && value <= range.high);
}

function few(values: ReadonlySet<number>): Values {
  return values.size > SET ? null : values;
}
