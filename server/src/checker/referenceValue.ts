// Evaluates expressions for the reference interpreter by walking their trees. Plain numbers while they are exact, bigints on 64 bits
// otherwise. Shares nothing with the engines, so that the two can be held against each other.
import type { Binary, Expression, System } from '../system/system.ts';
import { internal } from './internal.ts';

/** The value of `e`, an exact integer within 2^53. Throws an internal error where lowering broke a promise. */
export function evaluate(system: System, state: ArrayLike<number>, e: Expression): number {
  const value = quick(system, state, e);
  if (value !== null) return value;
  const exact = Number(wide(system, state, e));
  if (!Number.isSafeInteger(exact)) internal(`a value of ${exact} does not fit into 2^53`);
  return exact;
}

/** Whether a condition holds, of whatever size its value is. */
export function holds(system: System, state: ArrayLike<number>, e: Expression): boolean {
  const value = quick(system, state, e);
  return value === null ? wide(system, state, e) !== 0n : value !== 0;
}

/** Null as soon as one intermediate value leaves the range in which numbers are exact. */
function quick(system: System, state: ArrayLike<number>, e: Expression): number | null {
  switch (e.op) {
    case 'constant':
      return e.value;
    case 'load':
      return slotOf(state, e.slot);
    case 'element': {
      const index = quick(system, state, e.index);
      return index === null ? null : slotOf(state, e.slot + within(index, e.length));
    }
    case 'table': {
      const index = quick(system, state, e.index);
      const table = system.tables[e.table];
      return index === null ? null : table[within(index, table.length)];
    }
    case 'not':
    case 'negate':
    case 'complement': {
      const operand = quick(system, state, e.operand);
      if (operand === null) return null;
      return e.op === 'not' ? truth(operand === 0) : e.op === 'negate' ? 0 - operand : safe(-1 - operand);
    }
    case 'binary': {
      const left = quick(system, state, e.left);
      if (left === null) return null;
      if (e.operator === '&&' && left === 0) return 0;
      if (e.operator === '||' && left !== 0) return 1;
      const right = quick(system, state, e.right);
      return right === null ? null : quickBinary(e.operator, left, right);
    }
    case 'choose': {
      const condition = quick(system, state, e.condition);
      return condition === null ? null : quick(system, state, condition !== 0 ? e.then : e.else);
    }
  }
}

function quickBinary(operator: Binary, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return safe(a + b);
    case '-':
      return safe(a - b);
    case '*':
      return safe(a * b);
    case '/':
      return b === 0 ? 0 : Math.trunc(a / b) + 0;
    case '%':
      return b === 0 ? 0 : (a % b) + 0;
    case '&':
      return small(a) && small(b) ? a & b : null;
    case '|':
      return small(a) && small(b) ? a | b : null;
    case '^':
      return small(a) && small(b) ? a ^ b : null;
    case '<<':
      return safe(a * 2 ** within(b, 64));
    case '>>':
      return Math.floor(a / 2 ** within(b, 64));
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    case '&&':
    case '||':
      return truth(b !== 0);
  }
}

/** The same on 64-bit two's complement. */
function wide(system: System, state: ArrayLike<number>, e: Expression): bigint {
  switch (e.op) {
    case 'constant':
      return BigInt(e.value);
    case 'load':
      return BigInt(slotOf(state, e.slot));
    case 'element':
      return BigInt(slotOf(state, e.slot + within(Number(wide(system, state, e.index)), e.length)));
    case 'table': {
      const table = system.tables[e.table];
      return BigInt(table[within(Number(wide(system, state, e.index)), table.length)]);
    }
    case 'not':
      return wide(system, state, e.operand) === 0n ? 1n : 0n;
    case 'negate':
      return BigInt.asIntN(64, -wide(system, state, e.operand));
    case 'complement':
      return ~wide(system, state, e.operand);
    case 'binary': {
      const left = wide(system, state, e.left);
      if (e.operator === '&&' && left === 0n) return 0n;
      if (e.operator === '||' && left !== 0n) return 1n;
      return BigInt.asIntN(64, wideBinary(e.operator, left, wide(system, state, e.right)));
    }
    case 'choose':
      return wide(system, state, wide(system, state, e.condition) !== 0n ? e.then : e.else);
  }
}

function wideBinary(operator: Binary, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? 0n : a / b;
    case '%':
      return b === 0n ? 0n : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return a << BigInt(within(Number(b), 64));
    case '>>':
      return a >> BigInt(within(Number(b), 64));
    case '==':
      return a === b ? 1n : 0n;
    case '!=':
      return a !== b ? 1n : 0n;
    case '<':
      return a < b ? 1n : 0n;
    case '<=':
      return a <= b ? 1n : 0n;
    case '>':
      return a > b ? 1n : 0n;
    case '>=':
      return a >= b ? 1n : 0n;
    case '&&':
    case '||':
      return b !== 0n ? 1n : 0n;
  }
}

function slotOf(state: ArrayLike<number>, slot: number): number {
  const value = state[slot];
  if (value === undefined) internal(`slot ${slot} is outside the state`);
  return value;
}

/** An index that lowering has promised to keep inside. */
export function within(index: number, length: number): number {
  if (!(index >= 0 && index < length)) internal(`index ${index} is outside 0..${length - 1}`);
  return index;
}

function safe(value: number): number | null {
  return Number.isSafeInteger(value) ? value + 0 : null;
}

function small(value: number): boolean {
  return value === (value | 0);
}

function truth(condition: boolean): number {
  return condition ? 1 : 0;
}
