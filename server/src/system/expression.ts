// Makes expressions of the transition system, folding constants on the way so that lowered steps stay small.
import type { Binary, Expression } from './system.ts';

export const zero: Expression = { op: 'constant', value: 0 };
export const one: Expression = { op: 'constant', value: 1 };

export function constant(value: number): Expression {
  return value === 0 ? zero : value === 1 ? one : { op: 'constant', value };
}

export function load(slot: number): Expression {
  return { op: 'load', slot };
}

/** `state[slot + index]`; a constant index becomes a plain load. */
export function element(slot: number, length: number, index: Expression): Expression {
  if (length === 1) return load(slot);
  return index.op === 'constant' ? load(slot + index.value) : { op: 'element', slot, length, index };
}

export function table(number: number, values: readonly number[], index: Expression): Expression {
  if (index.op === 'constant') return constant(values[index.value] ?? 0);
  return { op: 'table', table: number, index };
}

export function isConstant(e: Expression, value?: number): boolean {
  return e.op === 'constant' && (value === undefined || e.value === value);
}

export function not(operand: Expression): Expression {
  if (operand.op === 'constant') return operand.value === 0 ? one : zero;
  if (operand.op === 'not' && isTruth(operand.operand)) return operand.operand;
  if (operand.op === 'binary' && operand.operator === '==') return { ...operand, operator: '!=' };
  if (operand.op === 'binary' && operand.operator === '!=') return { ...operand, operator: '==' };
  return { op: 'not', operand };
}

function isTruth(e: Expression): boolean {
  return e.op === 'not' || (e.op === 'binary' && ['==', '!=', '<', '<=', '>', '>=', '&&', '||'].includes(e.operator));
}

/** 1 for everything but 0. */
function truth(e: Expression): Expression {
  return e.op === 'constant' || isTruth(e) ? e : { op: 'binary', operator: '!=', left: e, right: zero };
}

/** Of conditions: what only one of them decides has that one's value. */
export function and(...operands: readonly Expression[]): Expression {
  let result: Expression | null = null;
  for (const e of operands) {
    if (isConstant(e)) {
      if (isConstant(e, 0)) return zero;
      continue;
    }
    result = result === null ? e : { op: 'binary', operator: '&&', left: result, right: e };
  }
  return result ?? one;
}

export function or(...operands: readonly Expression[]): Expression {
  let result: Expression | null = null;
  for (const e of operands) {
    if (isConstant(e)) {
      if (!isConstant(e, 0)) return one;
      continue;
    }
    result = result === null ? e : { op: 'binary', operator: '||', left: result, right: e };
  }
  return result ?? zero;
}

export function choose(condition: Expression, then: Expression, otherwise: Expression): Expression {
  if (condition.op === 'constant') return condition.value !== 0 ? then : otherwise;
  return { op: 'choose', condition, then, else: otherwise };
}

export function binary(operator: Binary, left: Expression, right: Expression): Expression {
  if (operator === '&&') return isConstant(left) || isConstant(right) ? truth(and(left, right)) : and(left, right);
  if (operator === '||') return isConstant(left) || isConstant(right) ? truth(or(left, right)) : or(left, right);
  if (left.op === 'constant' && right.op === 'constant') {
    const value = fold(operator, left.value, right.value);
    // A number that is not exact would make the next fold wrong.
    return Number.isSafeInteger(value) ? constant(value) : { op: 'binary', operator, left, right };
  }
  if ((operator === '+' || operator === '-') && isConstant(right, 0)) return left;
  if (operator === '+' && isConstant(left, 0)) return right;
  if (operator === '-' && right.op === 'constant') return binary('+', left, constant(-right.value));
  if (operator === '+' && right.op === 'constant' && left.op === 'binary' && left.operator === '+' && left.right.op === 'constant') {
    return binary('+', left.left, constant(left.right.value + right.value));
  }
  return { op: 'binary', operator, left, right };
}

export function equal(left: Expression, right: Expression): Expression {
  return binary('==', left, right);
}

export function plus(left: Expression, right: Expression): Expression {
  return binary('+', left, right);
}

export function minus(left: Expression, right: Expression): Expression {
  return binary('-', left, right);
}

export function hasBit(mask: Expression, bit: number): Expression {
  return binary('!=', binary('&', mask, constant(2 ** bit)), zero);
}

/** The value of an operation on 64-bit integers. */
export function fold(operator: Binary, a: number, b: number): number {
  switch (operator) {
    case '+': return Number.isSafeInteger(a + b) ? a + b : exact(BigInt(a) + BigInt(b));
    case '-': return Number.isSafeInteger(a - b) ? a - b : exact(BigInt(a) - BigInt(b));
    case '*': return Number.isSafeInteger(a * b) ? a * b + 0 : exact(BigInt(a) * BigInt(b));
    case '/': return b === 0 ? 0 : Math.trunc(a / b) + 0;
    case '%': return b === 0 ? 0 : (a % b) + 0;
    case '&': return isInt32(a) && isInt32(b) ? a & b : exact(BigInt(a) & BigInt(b));
    case '|': return isInt32(a) && isInt32(b) ? a | b : exact(BigInt(a) | BigInt(b));
    case '^': return isInt32(a) && isInt32(b) ? a ^ b : exact(BigInt(a) ^ BigInt(b));
    case '<<': return exact(BigInt(a) << BigInt(b));
    case '>>': return exact(BigInt(a) >> BigInt(b));
    case '==': return a === b ? 1 : 0;
    case '!=': return a !== b ? 1 : 0;
    case '<': return a < b ? 1 : 0;
    case '<=': return a <= b ? 1 : 0;
    case '>': return a > b ? 1 : 0;
    case '>=': return a >= b ? 1 : 0;
    case '&&': return a !== 0 && b !== 0 ? 1 : 0;
    case '||': return a !== 0 || b !== 0 ? 1 : 0;
  }
}

function isInt32(value: number): boolean {
  return (value | 0) === value;
}

function exact(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}
