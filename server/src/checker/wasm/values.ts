// Every value that an expression can have, from the values that slots can hold: small sets, null where they are not few.
import { fold } from '../../system/expression.ts';
import type { Expression, System } from '../../system/system.ts';
import type { Interval } from '../plain/range.ts';

/** Sets larger than this become bounds. */
export const SET = 16;

/** What one slot can hold. */
export interface Held {
  /** Null: anything within the bounds. */
  values: ReadonlySet<number> | null;
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
  if (e.op === 'not') return canBe(system, held, e.operand, !met);
  if (e.op === 'binary') {
    const { operator, left, right } = e;
    if (operator === (met ? '&&' : '||')) return canBe(system, held, left, met) && canBe(system, held, right, met);
    if (operator === (met ? '||' : '&&')) return canBe(system, held, left, met) || canBe(system, held, right, met);
    if ((operator === '==' || operator === '!=') && left.op === 'load' && right.op === 'constant') {
      return canEqual(held[left.slot], right.value, (operator === '==') === met);
    }
  }
  const values = valuesOf(system, held, e);
  return values === null || (met ? values.size > 1 || !values.has(0) : values.has(0));
}

function canEqual({ values, range }: Held, value: number, same: boolean): boolean {
  if (values !== null) return same ? values.has(value) : values.size > 1 || !values.has(value);
  return !same || (range.low <= value && value <= range.high);
}

/** Every value that an expression can have; null where they are not few. */
export function valuesOf(system: System, held: readonly Held[], e: Expression): ReadonlySet<number> | null {
  switch (e.op) {
    case 'constant':
      return e.value === 0 ? no : e.value === 1 ? yes : new Set([e.value]);
    case 'load':
      return held[e.slot].values;
    case 'element': {
      const index = valuesOf(system, held, e.index);
      const all = new Set<number>();
      for (let i = 0; i < e.length; i++) {
        if (index !== null && !index.has(i)) continue;
        const { values } = held[e.slot + i];
        if (values === null) return null;
        for (const v of values) all.add(v);
      }
      return few(all);
    }
    case 'table': {
      const index = valuesOf(system, held, e.index);
      const table = system.tables[e.table];
      return few(new Set(index === null ? table : [...index].flatMap((i) => (i >= 0 && i < table.length ? [table[i]] : []))));
    }
    case 'not':
      return truths(canBe(system, held, e.operand, true), canBe(system, held, e.operand, false));
    case 'negate':
    case 'complement': {
      const operand = valuesOf(system, held, e.operand);
      return operand === null ? null : new Set([...operand].map((v) => (e.op === 'negate' ? 0 - v : -1 - v)));
    }
    case 'choose': {
      const condition = valuesOf(system, held, e.condition);
      const all = new Set<number>();
      for (const [part, taken] of [
        [e.then, condition === null || [...condition].some((v) => v !== 0)],
        [e.else, condition === null || condition.has(0)],
      ] as const) {
        if (!taken) continue;
        const values = valuesOf(system, held, part);
        if (values === null) return null;
        for (const v of values) all.add(v);
      }
      return few(all);
    }
    case 'binary': {
      if (
        e.operator === '&&' ||
        e.operator === '||' ||
        ((e.operator === '==' || e.operator === '!=') && e.left.op === 'load' && e.right.op === 'constant')
      ) {
        return truths(canBe(system, held, e, false), canBe(system, held, e, true));
      }
      const left = valuesOf(system, held, e.left);
      const right = valuesOf(system, held, e.right);
      if (left === null || right === null) return isTruth(e.operator) ? either : null;
      const all = new Set<number>();
      for (const a of left) {
        for (const b of right) {
          if ((e.operator === '<<' || e.operator === '>>') && !(b >= 0 && b < 64)) continue;
          const value = fold(e.operator, a, b);
          if (!Number.isSafeInteger(value)) return null;
          all.add(value + 0);
          if (all.size > SET) return null;
        }
      }
      return all;
    }
  }
}

function isTruth(operator: string): boolean {
  return ['==', '!=', '<', '<=', '>', '>=', '&&', '||'].includes(operator);
}

function few(values: ReadonlySet<number>): ReadonlySet<number> | null {
  return values.size > SET ? null : values;
}
