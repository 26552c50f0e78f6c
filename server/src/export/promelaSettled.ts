// What of an expression is decided before any state is known, from the bounds of variables and the values of tables. Ways through a step that
// are never taken fall out of a model this way.
import { type Interval, intervalOf } from '../checker/plain/range.ts';
import { binary, choose, constant, not } from '../system/expression.ts';
import type { Binary, Expression, System } from '../system/system.ts';
import type { Tabulate } from './promelaTables.ts';

const COMPARISONS: readonly Binary[] = ['==', '!=', '<', '<=', '>', '>='];

/** The same value in every reachable state, as far as that is known beforehand in fewer words. */
export type Settled = (e: Expression) => Expression;

export function settler(system: System, ranges: readonly Interval[], tabulate: Tabulate): Settled {
  const known = new WeakMap<Expression, Expression>();
  const settled: Settled = (e) => {
    const before = known.get(e);
    if (before !== undefined) return before;
    const found = oneValue(e) ?? inside(e);
    known.set(e, found);
    return found;
  };
  const oneValue = (e: Expression): Expression | null => {
    const values = tabulate(e)?.values.filter((v) => v !== undefined);
    if (values !== undefined && values.length > 0 && values.every((v) => v === values[0])) return constant(values[0]);
    return null;
  };
  const inside = (e: Expression): Expression => {
    switch (e.op) {
      case 'constant':
      case 'load':
        return e;
      case 'element':
      case 'table':
        return { ...e, index: settled(e.index) };
      case 'not':
        return not(settled(e.operand));
      case 'negate':
      case 'complement':
        return { ...e, operand: settled(e.operand) };
      case 'choose':
        return choose(settled(e.condition), settled(e.then), settled(e.else));
      case 'binary':
        return compared(binary(e.operator, settled(e.left), settled(e.right)));
    }
  };
  /** A sum compared with a constant becomes a comparison of what is added to, which needs no more bits: `n + 1 > 2147483647`. */
  const compared = (e: Expression): Expression => {
    if (e.op !== 'binary' || !COMPARISONS.includes(e.operator) || e.right.op !== 'constant') return e;
    const isSum = e.left.op === 'binary' && e.left.operator === '+' && e.left.right.op === 'constant';
    const of = e.left.op === 'binary' && isSum ? e.left.left : e.left;
    const added = e.left.op === 'binary' && e.left.right.op === 'constant' && isSum ? e.left.right.value : 0;
    const { low, high } = intervalOf(system, ranges, of);
    const limit = e.right.value - added;
    // Beyond this, sums of 64 bits would wrap, and numbers would not be exact.
    if (![low, high, added, e.right.value, limit].every((v) => Math.abs(v) <= 2 ** 52)) return e;
    if (high < limit) return constant(Number(['<', '<=', '!='].includes(e.operator)));
    if (low > limit) return constant(Number(['>', '>=', '!='].includes(e.operator)));
    if (low === high) return constant(Number(['==', '<=', '>='].includes(e.operator)));
    return binary(e.operator, of, constant(limit));
  };
  return settled;
}
