// What the generated code of one system is made from, and the bounds of expressions in it, each worked out once.
import type { Expression, System } from '../../system/system.ts';
import { type Interval, intervalOf, isSmall } from '../plain/range.ts';
import type { Layout } from './layout.ts';

export interface Context {
  readonly system: System;
  readonly layout: Layout;
  /** Address of a constant array in memory, by its values; elements are 4 bytes where all are small, else 8. */
  readonly constantArray: (values: readonly number[]) => { readonly address: number; readonly wide: boolean };
  readonly intervals: Map<Expression, Interval>;
}

export function intervalIn(c: Context, e: Expression): Interval {
  if (e.op === 'load') return c.layout.ranges[e.slot];
  if (e.op === 'constant') return { low: e.value, high: e.value };
  let known = c.intervals.get(e);
  if (known === undefined) {
    known = boundsOf(c, e);
    c.intervals.set(e, known);
  }
  return known;
}

/** From the bounds of the operands, which are known by then, so that no tree is walked twice. */
function boundsOf(c: Context, e: Expression): Interval {
  switch (e.op) {
    case 'negate':
    case 'complement':
      return intervalOf(c.system, [intervalIn(c, e.operand)], { op: e.op, operand: first });
    case 'binary':
      return intervalOf(c.system, [intervalIn(c, e.left), intervalIn(c, e.right)], {
        op: 'binary',
        operator: e.operator,
        left: first,
        right: second,
      });
    case 'choose': {
      const then = intervalIn(c, e.then);
      const otherwise = intervalIn(c, e.else);
      return { low: Math.min(then.low, otherwise.low), high: Math.max(then.high, otherwise.high) };
    }
    default:
      return intervalOf(c.system, c.layout.ranges, e);
  }
}

const first: Expression = { op: 'load', slot: 0 };
const second: Expression = { op: 'load', slot: 1 };

export function fits32(c: Context, e: Expression): boolean {
  return isSmall(intervalIn(c, e));
}
