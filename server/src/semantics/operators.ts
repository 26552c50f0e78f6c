// The types of unary and binary operators, by C's rules. Their operands are expressions.ts's.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import { type Body, complain } from './body.ts';
import { notYesOrNo } from './constants.ts';
import { symbolOf } from './convert.ts';
import type { Type } from './program.ts';
import { arithmetic, BOOL, ERROR, INT, isComparable, isCondition, isNumber, promoted, show, valueOf } from './types.ts';

export function unaryType(b: Body, e: Extract<tree.Expression, { kind: 'unary' }>, operand: Type): Type {
  if (operand.kind === 'error') return e.operator === '!' ? BOOL : ERROR;
  if (e.operator === '!') {
    requireCondition(b, e.operand, operand);
    return BOOL;
  }
  const value = valueOf(operand);
  if (value.kind === 'int' || value.kind === 'bool') return promoted(value);
  complain(b, codes.typeMismatch, e.operand, `\`${e.operator}\` wants a number, found \`${show(operand)}\``);
  return ERROR;
}

export function binaryType(b: Body, e: Extract<tree.Expression, { kind: 'binary' }>, left: Type, right: Type): Type {
  switch (e.operator) {
    case '&&':
    case '||':
      requireCondition(b, e.left, left);
      requireCondition(b, e.right, right);
      return BOOL;
    case '==':
    case '!=':
      if (!isComparable(left, right)) complain(b, codes.typeMismatch, e, `\`${show(left)}\` and \`${show(right)}\` cannot be compared`);
      return BOOL;
    case '<':
    case '<=':
    case '>':
    case '>=':
      numbers(b, e, left, right, true);
      return BOOL;
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '&':
    case '|':
    case '^':
      return numbers(b, e, left, right, false) ? arithmetic(valueOf(left), valueOf(right)) : ERROR;
    case '<<':
    case '>>':
      return numbers(b, e, left, right, false) ? promoted(valueOf(left)) : ERROR;
  }
}

/** False where an operand is a mistake. */
function numbers(b: Body, e: Extract<tree.Expression, { kind: 'binary' }>, left: Type, right: Type, enums: boolean): boolean {
  const good = [left, right].map((type, i) => {
    if (type.kind === 'error') return false;
    const value = valueOf(type);
    if (isNumber(value) && (enums || value.kind !== 'enum')) return true;
    complain(b, codes.typeMismatch, i === 0 ? e.left : e.right, `\`${e.operator}\` wants a number, found \`${show(type)}\``);
    return false;
  });
  return good[0] && good[1];
}

export function requireCondition(b: Body, e: tree.Expression, type: Type): void {
  const symbol = symbolOf(b, e);
  if (symbol?.kind === 'param' && symbol.param.node.domain.kind === 'names') complain(b, codes.typeMismatch, e, notYesOrNo(symbol.param));
  else if (!isCondition(type))
    complain(b, codes.typeMismatch, e, `a condition is a number, a boolean or a reference, not \`${show(type)}\``);
}

/** `e?`: what is left of the value once failure has gone another way. */
export function tryType(b: Body, e: tree.Expression, operand: Type): Type {
  const value = valueOf(operand);
  switch (value.kind) {
    case 'int':
    case 'bool':
    case 'ref':
    case 'error':
      return value;
    case 'void':
      return INT;
    default:
      complain(
        b,
        codes.typeMismatch,
        e,
        `\`?\` wants what can fail: a number (negative errno), a reference (null) or a boolean, not \`${show(operand)}\``,
      );
      return ERROR;
  }
}
