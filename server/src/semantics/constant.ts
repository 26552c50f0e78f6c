// Computes expressions over params, consts and literals: conditions around declarations, ranges, pool limits. Names are the caller's.
import type * as tree from '../syntax/tree.ts';

export interface ConstantNames {
  /** The value of a name, or null after a report. `beside`: what it is compared with, where that is a name. */
  readonly value: (name: tree.Name, beside: tree.Name | null) => bigint | null;
  /** Reports an expression that is no constant. */
  readonly refuse: (e: tree.Expression) => void;
  /** Reports an operation that has no result: `a division by zero`. */
  readonly impossible: (e: tree.Expression, what: string) => void;
}

/** Null: no constant, which has been reported. Booleans are 0 and 1. */
export function evaluate(e: tree.Expression, names: ConstantNames): bigint | null {
  switch (e.kind) {
    case 'integer':
      return e.value;
    case 'duration':
      return e.nanoseconds;
    case 'bool':
      return e.value ? 1n : 0n;
    case 'name':
      return names.value(e, null);
    case 'unary': {
      const value = evaluate(e.operand, names);
      if (value === null) return null;
      switch (e.operator) {
        case '!':
          return value === 0n ? 1n : 0n;
        case '-':
          return -value;
        case '~':
          return ~value;
      }
      return null;
    }
    case 'binary': {
      const compares = e.operator === '==' || e.operator === '!=';
      const left = compares && e.left.kind === 'name' && e.right.kind === 'name' ? names.value(e.left, e.right) : evaluate(e.left, names);
      const decided = left !== null && ((e.operator === '&&' && left === 0n) || (e.operator === '||' && left !== 0n));
      const beside = decided ? { ...names, impossible: () => {} } : names;
      const right = compares && e.left.kind === 'name' && e.right.kind === 'name' ? names.value(e.right, e.left) : evaluate(e.right, beside);
      if (decided) return left === 0n ? 0n : 1n;
      if (left === null || right === null) return null;
      const value = binary(e.operator, left, right);
      if (value === null) names.impossible(e, right === 0n ? 'a division by zero' : `a shift by ${right}`);
      return value;
    }
    case 'hole':
      return null;
    case 'string':
    case 'null':
    case 'field':
    case 'call':
    case 'cast':
    case 'new':
    case 'try':
      names.refuse(e);
      return null;
  }
}

/** Null for a division by zero and for shifts out of range. */
function binary(operator: tree.BinaryOperator, a: bigint, b: bigint): bigint | null {
  const truth = (t: boolean): bigint => (t ? 1n : 0n);
  switch (operator) {
    case '||':
      return truth(a !== 0n || b !== 0n);
    case '&&':
      return truth(a !== 0n && b !== 0n);
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
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
    case '<<':
      return b < 0n || b > 63n ? null : a << b;
    case '>>':
      return b < 0n || b > 63n ? null : a >> b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? null : a / b;
    case '%':
      return b === 0n ? null : a % b;
  }
}
