// What an expression is made of, and how long it is.
import type { Expression } from './system.ts';

export function partsOf(e: Expression): readonly Expression[] {
  switch (e.op) {
    case 'load': case 'constant': return [];
    case 'element': case 'table': return [e.index];
    case 'not': case 'negate': case 'complement': return [e.operand];
    case 'binary': return [e.left, e.right];
    case 'choose': return [e.condition, e.then, e.else];
  }
}

const sizes = new WeakMap<Expression, number>();

/** Itself and its parts, each counted as often as it would be written. Parts can be shared: written down, such an expression may be longer than any memory. */
export function sizeOf(e: Expression): number {
  let size = sizes.get(e);
  if (size === undefined) {
    size = partsOf(e).reduce((sum, part) => sum + sizeOf(part), 1);
    sizes.set(e, size);
  }
  return size;
}
