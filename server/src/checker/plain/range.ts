// Bounds of expressions from the bounds of variables: where they stay within what numbers or 32-bit operations do exactly, the plain
// engine need not take care. Evaluation itself is in code.ts.
import type { Binary, Expression, System } from '../../system/system.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Anything that 64 bits hold. */
export const everything: Interval = { low: -(2 ** 63), high: 2 ** 63 };
const truth: Interval = { low: 0, high: 1 };

export function isSafe(i: Interval): boolean {
  return i.low >= Number.MIN_SAFE_INTEGER && i.high <= Number.MAX_SAFE_INTEGER;
}

export function isSmall(i: Interval): boolean {
  return i.low >= -(2 ** 31) && i.high < 2 ** 31;
}

/** The interval of each slot. */
export function slotRanges(system: System): readonly Interval[] {
  const ranges: Interval[] = new Array<Interval>(system.slots).fill(everything);
  for (const v of system.variables) ranges.fill({ low: v.min, high: v.max }, v.slot, v.slot + v.length);
  return ranges;
}

export function intervalOf(system: System, slots: readonly Interval[], e: Expression): Interval {
  switch (e.op) {
    case 'constant':
      return { low: e.value, high: e.value };
    case 'load':
      return slots[e.slot];
    case 'element': {
      // Mostly the elements of one variable.
      let all = slots[e.slot];
      for (let i = 1; i < e.length; i++) if (slots[e.slot + i] !== all) all = union(all, slots[e.slot + i]);
      return all;
    }
    case 'table':
      return ofTable(system.tables[e.table]);
    case 'not':
      return truth;
    case 'negate': {
      const i = intervalOf(system, slots, e.operand);
      return bounded(-i.high, -i.low);
    }
    case 'complement': {
      const i = intervalOf(system, slots, e.operand);
      return bounded(-1 - i.high, -1 - i.low);
    }
    case 'binary':
      if (truths.has(e.operator)) return truth;
      return combine(e.operator, intervalOf(system, slots, e.left), intervalOf(system, slots, e.right));
    case 'choose':
      return union(intervalOf(system, slots, e.then), intervalOf(system, slots, e.else));
  }
}

/** Asked before the operands are looked at: conditions are large. */
const truths: ReadonlySet<Binary> = new Set(['==', '!=', '<', '<=', '>', '>=', '&&', '||']);

const tables = new WeakMap<readonly number[], Interval>();

function ofTable(table: readonly number[]): Interval {
  let known = tables.get(table);
  if (known === undefined) {
    known = table.length === 0 ? everything : { low: Math.min(...table), high: Math.max(...table) };
    tables.set(table, known);
  }
  return known;
}

function combine(operator: Binary, a: Interval, b: Interval): Interval {
  switch (operator) {
    case '+':
      return bounded(a.low + b.low, a.high + b.high);
    case '-':
      return bounded(a.low - b.high, a.high - b.low);
    case '*': {
      const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
      return bounded(Math.min(...corners), Math.max(...corners));
    }
    case '/':
    case '%': {
      const most = Math.max(Math.abs(a.low), Math.abs(a.high));
      return bounded(a.low < 0 || b.low < 0 ? -most : 0, most);
    }
    case '&':
      if (a.low >= 0) return { low: 0, high: b.low >= 0 ? Math.min(a.high, b.high) : a.high };
      return b.low >= 0 ? { low: 0, high: b.high } : bits(a, b);
    case '|':
    case '^':
      return bits(a, b);
    case '<<':
      return b.low >= 0 && b.high <= 63
        ? bounded(Math.min(a.low, a.low * 2 ** b.high), Math.max(a.high, a.high * 2 ** b.high))
        : everything;
    case '>>':
      return { low: Math.min(a.low, 0), high: Math.max(a.high, 0) };
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '&&':
    case '||':
      return truth;
  }
}

/** Bits of either operand: below the next power of two, negative if one is. */
function bits(a: Interval, b: Interval): Interval {
  const most = Math.max(a.high, b.high, -1 - a.low, -1 - b.low);
  let top = 1;
  while (top <= most) top *= 2;
  return bounded(a.low < 0 || b.low < 0 ? -top : 0, top);
}

function bounded(low: number, high: number): Interval {
  const i = { low: low + 0, high: high + 0 };
  return isSafe(i) ? i : everything;
}

function union(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}
