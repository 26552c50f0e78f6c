// Shorthand for writing primitives down.
import type { PrimitiveParameter } from '../semantics/prelude.ts';
import type { Type } from '../semantics/program.ts';
import type { Expression } from '../system/system.ts';
import { constant } from '../system/expression.ts';
import type { Emit, Operation, Value } from './emit.ts';

export const INT: Type = { kind: 'int', name: 'int', min: -2147483648n, max: 2147483647n };
const U32: Type = { kind: 'int', name: 'u32', min: 0n, max: 4294967295n };
const U64: Type = { kind: 'int', name: 'u64', min: 0n, max: 2n ** 64n - 1n };

/** `'lock: ref mutex, count?: int, p: lvalue T'` as parameters. */
export function parameters(text: string): PrimitiveParameter[] {
  if (text === '') return [];
  return splitTop(text).map((part) => {
    const colon = part.indexOf(':');
    const name = part.slice(0, colon).trim();
    const type = part.slice(colon + 1).trim();
    return {
      name: name.replace('?', ''), type: type.replace(/^lvalue /, ''),
      ...(name.endsWith('?') ? { optional: true } : {}), ...(type.startsWith('lvalue ') ? { lvalue: true } : {}),
    };
  });
}

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

type Rest = Partial<Pick<Operation, 'where' | 'release' | 'fails' | 'keeps' | 'pure' | 'entersAtomic' | 'assigns' | 'allocates'>>;

/** `signature`: `mutex_lock(lock: ref mutex)`, `kref_read(k: ref kref) -> int`. */
export function operation(signature: string, doc: Operation['doc'], lower: (emit: Emit, args: readonly Value[]) => Value | void, rest: Rest = {}): Operation {
  const open = signature.indexOf('(');
  const close = signature.lastIndexOf(')');
  const arrow = signature.indexOf('->', close);
  const name = signature.slice(0, open);
  return {
    name, parameters: parameters(signature.slice(open + 1, close)), returns: arrow < 0 ? 'void' : signature.slice(arrow + 2).trim(),
    doc, where: 'kernel', release: null, fails: null, ...rest,
    lower: (emit, args) => lower(emit, args) ?? nothing,
  };
}

export const nothing: Value = { expression: constant(0), type: { kind: 'void' } };

export function int(expression: Expression): Value {
  return { expression, type: INT };
}

export function u32(expression: Expression): Value {
  return { expression, type: U32 };
}

export function bool(expression: Expression): Value {
  return { expression, type: { kind: 'bool' } };
}

export function u64(expression: Expression): Value {
  return { expression, type: U64 };
}
