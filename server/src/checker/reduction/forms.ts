// Forms of expressions and statements in which more can be seen than in what they are made of: an index of so many elements for each object, a
// mask that is put together bit by bit, the clearing of a bit.
import type { Expression, Statement } from '../../system/system.ts';
import { visitExpression } from '../wasm/visit.ts';

export interface Indexed {
  readonly slot: number;
  readonly length: number;
  readonly index: Expression;
}

export interface Stride {
  readonly stride: number;
  readonly offset: number;
}

export const whole: Stride = { stride: 1, offset: 0 };

/** `base * stride + offset`, where the array is made of whole strides. */
export function strided(index: Expression, length: number): (Stride & { readonly base: Expression }) | null {
  const sum = index.op === 'binary' && index.operator === '+' && index.right.op === 'constant';
  const offset = sum && index.right.op === 'constant' ? index.right.value : 0;
  const product = sum ? index.left : index;
  if (product.op !== 'binary' || product.operator !== '*' || product.right.op !== 'constant') return null;
  const stride = product.right.value;
  return stride > 1 && length % stride === 0 ? { base: product.left, stride, offset } : null;
}

/** By bit, the condition under which it is set, of `(c ? 1 : 0) + (d ? 2 : 0) + ...`. */
export function maskParts(e: Expression): ReadonlyMap<number, Expression> | null {
  const parts = new Map<number, Expression>();
  const visit = (p: Expression): boolean => {
    if (p.op === 'binary' && p.operator === '+') return visit(p.left) && visit(p.right);
    if (p.op !== 'choose' || p.then.op !== 'constant' || p.else.op !== 'constant' || p.else.value !== 0) return false;
    const bit = Math.log2(p.then.value);
    if (!Number.isInteger(bit) || parts.has(bit)) return false;
    parts.set(bit, p.condition);
    return true;
  };
  return visit(e) ? parts : null;
}

/** The one slot that an expression depends on; null where it depends on others, or on none. */
export function onlySlot(e: Expression): number | null {
  const slots = new Set<number>();
  visitExpression(e, (n) => {
    if (n.op === 'load') slots.add(n.slot);
    else if (n.op === 'element') for (let i = 0; i <= n.length; i++) slots.add(n.slot + i);
  });
  const [slot] = slots;
  return slots.size === 1 ? slot : null;
}

/** `if ... and the bit is set, take it off` is the same as clearing the bit: then it is seen to be a matter of bits. */
export function asClearing(s: Statement): Statement {
  if (s.op !== 'if' || s.then.length !== 1 || s.else.length > 0) return s;
  const [inner] = s.then;
  if (inner.op !== 'set' || inner.value.op !== 'binary' || inner.value.operator !== '+') return s;
  const { left, right } = inner.value;
  if (left.op !== 'load' || left.slot !== inner.slot || right.op !== 'constant') return s;
  const bit = -right.value;
  const tests = parts(s.condition, '&&').some((p) => {
    if (p.op !== 'binary' || p.operator !== '!=' || p.right.op !== 'constant' || p.right.value !== 0) return false;
    const { left: m } = p;
    return (
      m.op === 'binary' &&
      m.operator === '&' &&
      m.left.op === 'load' &&
      m.left.slot === inner.slot &&
      m.right.op === 'constant' &&
      m.right.value === bit
    );
  });
  if (!tests || !Number.isInteger(Math.log2(bit))) return s;
  const cleared: Expression = { op: 'binary', operator: '&', left, right: { op: 'constant', value: -1 - bit } };
  return { ...s, then: [{ ...inner, value: cleared }] };
}

export function parts(e: Expression, operator: '&&' | '||'): readonly Expression[] {
  return e.op === 'binary' && e.operator === operator ? [...parts(e.left, operator), ...parts(e.right, operator)] : [e];
}
