// Turns expressions into closures over one array of slots. Where the bounds of the operands show that numbers are exact, plain arithmetic;
// elsewhere 64-bit arithmetic on bigints, as the language defines it.
import type { Binary, Expression, System } from '../../system/system.ts';
import { internal } from '../internal.ts';
import { type Interval, intervalOf, isSafe, isSmall } from './range.ts';

export type Slots = Int32Array | Float64Array;
export type Value = () => number;

export interface Compiler {
  readonly system: System;
  readonly ranges: readonly Interval[];
  /** The state that every closure reads. */
  readonly slots: Slots;
}

export function compileExpression(c: Compiler, e: Expression): Value {
  const s = c.slots;
  switch (e.op) {
    case 'constant': {
      const { value } = e;
      return () => value;
    }
    case 'load': {
      const { slot } = e;
      return () => s[slot];
    }
    case 'element': {
      const index = compileExpression(c, e.index);
      const { slot, length } = e;
      // Operands of && and of choices are evaluated only where they are needed, so that an index outside is a bug here too.
      return () => s[slot + inside(index(), length)];
    }
    case 'table': {
      const index = compileExpression(c, e.index);
      const table = c.system.tables[e.table];
      return () => table[inside(index(), table.length)];
    }
    case 'not': {
      const operand = compileCondition(c, e.operand);
      return () => (operand() === 0 ? 1 : 0);
    }
    case 'choose': {
      const condition = compileCondition(c, e.condition);
      if (!safeInside(c, e, [e.then, e.else])) return throughWide(c, e);
      const then = compileExpression(c, e.then);
      const otherwise = compileExpression(c, e.else);
      return () => (condition() !== 0 ? then() : otherwise());
    }
    case 'negate':
    case 'complement': {
      if (!safeInside(c, e, [e.operand])) return throughWide(c, e);
      const operand = compileExpression(c, e.operand);
      return e.op === 'negate' ? () => 0 - operand() : () => -1 - operand();
    }
    case 'binary':
      return compileBinary(c, e);
  }
}

/** For what is only asked whether it is 0: that can be said of values which are too large for a number, too. */
export function compileCondition(c: Compiler, e: Expression): Value {
  if (isSafe(intervalOf(c.system, c.ranges, e))) return compileExpression(c, e);
  const value = compileWide(c, e);
  return () => (value() === 0n ? 0 : 1);
}

function compileBinary(c: Compiler, e: Expression & { readonly op: 'binary' }): Value {
  if (e.operator === '&&' || e.operator === '||') {
    const first = compileCondition(c, e.left);
    const second = compileCondition(c, e.right);
    return e.operator === '&&' ? () => (first() !== 0 && second() !== 0 ? 1 : 0) : () => (first() !== 0 || second() !== 0 ? 1 : 0);
  }
  const a = intervalOf(c.system, c.ranges, e.left);
  const b = intervalOf(c.system, c.ranges, e.right);
  if (!safeInside(c, e, [e.left, e.right]) || (isBitwise(e.operator) && !(isSmall(a) && isSmall(b)))) return throughWide(c, e);
  const special = compareWithConstant(c, e);
  if (special !== null) return special;
  const left = compileExpression(c, e.left);
  const right = compileExpression(c, e.right);
  switch (e.operator) {
    case '+':
      return () => left() + right();
    case '-':
      return () => left() - right();
    case '*':
      return () => left() * right() + 0;
    case '/':
      return () => {
        const d = right();
        return d === 0 ? 0 : Math.trunc(left() / d) + 0;
      };
    case '%':
      return () => {
        const d = right();
        return d === 0 ? 0 : (left() % d) + 0;
      };
    case '&':
      return () => left() & right();
    case '|':
      return () => left() | right();
    case '^':
      return () => left() ^ right();
    case '<<':
      return () => left() * 2 ** inside(right(), 64);
    case '>>':
      return () => Math.floor(left() / 2 ** inside(right(), 64));
    case '==':
      return () => (left() === right() ? 1 : 0);
    case '!=':
      return () => (left() !== right() ? 1 : 0);
    case '<':
      return () => (left() < right() ? 1 : 0);
    case '<=':
      return () => (left() <= right() ? 1 : 0);
    case '>':
      return () => (left() > right() ? 1 : 0);
    case '>=':
      return () => (left() >= right() ? 1 : 0);
  }
}

/** Most guards: one slot against a constant. */
function compareWithConstant(c: Compiler, e: Expression & { readonly op: 'binary' }): Value | null {
  if (e.left.op !== 'load' || e.right.op !== 'constant') return null;
  const s = c.slots;
  const { slot } = e.left;
  const { value } = e.right;
  if (e.operator === '==') return () => (s[slot] === value ? 1 : 0);
  if (e.operator === '!=') return () => (s[slot] !== value ? 1 : 0);
  switch (e.operator) {
    case '+':
      return () => s[slot] + value;
    case '<':
      return () => (s[slot] < value ? 1 : 0);
    case '<=':
      return () => (s[slot] <= value ? 1 : 0);
    case '>':
      return () => (s[slot] > value ? 1 : 0);
    case '>=':
      return () => (s[slot] >= value ? 1 : 0);
    default:
      return null;
  }
}

function isBitwise(operator: Binary): boolean {
  return operator === '&' || operator === '|' || operator === '^';
}

/** Whether the value of `e` and of what it is made from are all exact as numbers. */
function safeInside(c: Compiler, e: Expression, operands: readonly Expression[]): boolean {
  return [e, ...operands].every((x) => isSafe(intervalOf(c.system, c.ranges, x)));
}

/** Slow and exact; the result has to be a number again. */
function throughWide(c: Compiler, e: Expression): Value {
  const value = compileWide(c, e);
  return () => {
    const exact = Number(value());
    if (!Number.isSafeInteger(exact)) internal(`a value of ${exact} does not fit into 2^53`);
    return exact;
  };
}

function compileWide(c: Compiler, e: Expression): () => bigint {
  if (e.op === 'negate' || e.op === 'complement') {
    const operand = compileWide(c, e.operand);
    return e.op === 'negate' ? () => BigInt.asIntN(64, -operand()) : () => ~operand();
  }
  if (e.op === 'choose') {
    const condition = compileCondition(c, e.condition);
    const then = compileWide(c, e.then);
    const otherwise = compileWide(c, e.else);
    return () => (condition() !== 0 ? then() : otherwise());
  }
  if (e.op === 'binary' && e.operator !== '&&' && e.operator !== '||') {
    const operation = wideOperation(e.operator);
    const left = compileWide(c, e.left);
    const right = compileWide(c, e.right);
    return () => BigInt.asIntN(64, operation(left(), right()));
  }
  const value = compileExpression(c, e);
  return () => BigInt(value());
}

function wideOperation(operator: Exclude<Binary, '&&' | '||'>): (a: bigint, b: bigint) => bigint {
  switch (operator) {
    case '+':
      return (a, b) => a + b;
    case '-':
      return (a, b) => a - b;
    case '*':
      return (a, b) => a * b;
    case '/':
      return (a, b) => (b === 0n ? 0n : a / b);
    case '%':
      return (a, b) => (b === 0n ? 0n : a % b);
    case '&':
      return (a, b) => a & b;
    case '|':
      return (a, b) => a | b;
    case '^':
      return (a, b) => a ^ b;
    case '<<':
      return (a, b) => a << BigInt(inside(Number(b), 64));
    case '>>':
      return (a, b) => a >> BigInt(inside(Number(b), 64));
    case '==':
      return (a, b) => (a === b ? 1n : 0n);
    case '!=':
      return (a, b) => (a !== b ? 1n : 0n);
    case '<':
      return (a, b) => (a < b ? 1n : 0n);
    case '<=':
      return (a, b) => (a <= b ? 1n : 0n);
    case '>':
      return (a, b) => (a > b ? 1n : 0n);
    case '>=':
      return (a, b) => (a >= b ? 1n : 0n);
  }
}

export function inside(index: number, length: number): number {
  if (!(index >= 0 && index < length)) internal(`index ${index} is outside 0..${length - 1}`);
  return index;
}
