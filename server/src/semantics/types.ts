// The types of expressions: how they are made, shown, compared and converted. Which expression has which type is expressions.ts.
import type { StructInfo, Type } from './program.ts';

export type IntType = Extract<Type, { readonly kind: 'int' }>;
export type FnType = Extract<Type, { readonly kind: 'fn' }>;

export const VOID: Type = { kind: 'void' };
export const BOOL: Type = { kind: 'bool' };
export const STRING: Type = { kind: 'string' };
export const NULL: Type = { kind: 'null' };
export const MODULE: Type = { kind: 'module' };
/** Of what could not be resolved: goes with everything, so that one mistake gives one message. */
export const ERROR: Type = { kind: 'error' };
export const ANY: Type = { kind: 'ref', to: null };

export const INT: IntType = { kind: 'int', name: 'int', min: -(2n ** 31n), max: 2n ** 31n - 1n };
export const U8 = unsigned(8n);
export const U16 = unsigned(16n);
export const U32 = unsigned(32n);
export const U64 = unsigned(64n);

function unsigned(bits: bigint): IntType {
  return { kind: 'int', name: `u${bits}`, min: 0n, max: 2n ** bits - 1n };
}

/** The types that the language names without a declaration. `any` and `module` are two of them. */
export const BUILT_IN: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['bool', BOOL],
  ['int', INT],
  ['u8', U8],
  ['u16', U16],
  ['u32', U32],
  ['u64', U64],
  ['any', ANY],
  ['module', MODULE],
  ['string', STRING],
]);

export function refTo(struct: StructInfo): Type {
  return { kind: 'ref', to: struct };
}

/** What a variable holds that is given such a value: the address of an embedded struct, 0 for what returns nothing. */
export function valueOf(type: Type): Type {
  if (type.kind === 'struct') return refTo(type.struct);
  return type.kind === 'void' ? INT : type;
}

/** The smallest of `int`, `u32` and `u64` that holds a constant. */
export function typeOfConstant(value: bigint): IntType {
  if (value >= INT.min && value <= INT.max) return INT;
  return value >= 0n && value <= U32.max ? U32 : U64;
}

export function show(type: Type): string {
  switch (type.kind) {
    case 'void':
      return 'nothing';
    case 'error':
      return '?';
    case 'bool':
    case 'string':
    case 'null':
    case 'module':
      return type.kind;
    case 'int':
      return type.name;
    case 'enum':
      return type.enum.name;
    case 'struct':
      return type.struct.name;
    case 'ref':
      return type.to === null ? 'any' : `ref ${type.to.name}`;
    case 'list':
      return `list ${type.of.name}`;
    case 'fn':
      return `fn(${type.parameters.map(show).join(', ')})${type.returns.kind === 'void' ? '' : ` -> ${show(type.returns)}`}`;
  }
}

export function same(a: Type, b: Type): boolean {
  switch (a.kind) {
    case 'int':
      return b.kind === 'int' && a.min === b.min && a.max === b.max;
    case 'enum':
      return b.kind === 'enum' && a.enum === b.enum;
    case 'struct':
      return b.kind === 'struct' && a.struct === b.struct;
    case 'ref':
      return b.kind === 'ref' && a.to === b.to;
    case 'list':
      return b.kind === 'list' && a.of === b.of;
    case 'fn':
      return (
        b.kind === 'fn' &&
        a.parameters.length === b.parameters.length &&
        a.parameters.every((p, i) => same(p, b.parameters[i])) &&
        same(a.returns, b.returns)
      );
    default:
      return a.kind === b.kind;
  }
}

/** A value of type `from` can stand where `to` is wanted. Integers and booleans convert as in C; references never change their target. */
export function assignable(from: Type, to: Type): boolean {
  if (from.kind === 'error' || to.kind === 'error') return true;
  const value = valueOf(from);
  switch (to.kind) {
    case 'void':
      return from.kind === 'void';
    case 'bool':
    case 'int':
      return value.kind === 'int' || value.kind === 'bool' || value.kind === 'enum';
    case 'struct':
      return value.kind === 'ref' && value.to === to.struct;
    case 'ref':
      return value.kind === 'null' || (value.kind === 'ref' && (value.to === to.to || (to.to === null && !isProcess(value))));
    case 'module':
      return value.kind === 'null' || value.kind === 'module';
    case 'fn':
      return value.kind === 'null' || (value.kind === 'fn' && callableAs(value, to));
    case 'string':
    case 'null':
    case 'enum':
    case 'list':
      return same(value, to);
  }
}

/** A function may ignore the last arguments that its caller passes, and what it returns may be ignored. */
function callableAs(from: FnType, to: FnType): boolean {
  if (from.parameters.length > to.parameters.length) return false;
  if (!from.parameters.every((p, i) => assignable(to.parameters[i], p))) return false;
  return to.returns.kind === 'void' || assignable(from.returns, to.returns);
}

/** The type of a variable that holds now one, now the other; null where there is none. */
export function join(a: Type, b: Type): Type | null {
  const x = valueOf(a);
  const y = valueOf(b);
  if (x.kind === 'error') return y;
  if (y.kind === 'error' || same(x, y)) return x;
  if (x.kind === 'int' && y.kind === 'int') return arithmetic(x, y);
  if (x.kind === 'null') return nullable(y) ? y : null;
  if (y.kind === 'null') return nullable(x) ? x : null;
  if (x.kind === 'ref' && y.kind === 'ref') return x.to === null || y.to === null ? ANY : null;
  if (isNumber(x) && isNumber(y)) return x.kind === 'int' ? x : y.kind === 'int' ? y : INT;
  return null;
}

function nullable(type: Type): boolean {
  return type.kind === 'ref' || type.kind === 'module' || type.kind === 'fn';
}

export function isNumber(type: Type): boolean {
  return type.kind === 'int' || type.kind === 'bool' || type.kind === 'enum';
}

/** C's usual conversions: what is narrower than `int` becomes `int`, then the wider of the two wins. */
export function arithmetic(a: Type, b: Type): IntType {
  const x = promoted(a);
  const y = promoted(b);
  return x.max >= y.max ? x : y;
}

export function promoted(type: Type): IntType {
  if (type.kind !== 'int') return INT;
  return type.max <= INT.max && type.min >= INT.min ? INT : type.max <= U32.max ? U32 : U64;
}

/** What `if` accepts. */
export function isCondition(type: Type): boolean {
  const t = valueOf(type);
  if (isProcess(t)) return false;
  return isNumber(t) || nullable(t) || t.kind === 'null' || t.kind === 'error';
}

export function isComparable(a: Type, b: Type): boolean {
  const x = valueOf(a);
  const y = valueOf(b);
  if (x.kind === 'error' || y.kind === 'error') return true;
  if (isProcess(x) || isProcess(y)) return false;
  if (x.kind === 'enum' || y.kind === 'enum' || x.kind === 'string' || y.kind === 'string') return same(x, y);
  if (isNumber(x) && isNumber(y)) return true;
  if (x.kind === 'null' || y.kind === 'null') return isCondition(x) && isCondition(y) && !isNumber(x) && !isNumber(y);
  return nullable(x) && nullable(y) && join(x, y) !== null;
}

/** `outer` holds an `inner` at some depth. */
export function embeds(outer: StructInfo, inner: StructInfo): boolean {
  const seen = new Set<StructInfo>();
  const queue = [outer];
  for (let struct = queue.pop(); struct !== undefined; struct = queue.pop()) {
    for (const { type } of struct.fields) {
      if (type.kind !== 'struct' || seen.has(type.struct)) continue;
      if (type.struct === inner) return true;
      seen.add(type.struct);
      queue.push(type.struct);
    }
  }
  return false;
}

/** The name of a process is for `kill` and the like: it is no object that anything could point to. */
export function isProcess(type: Type): boolean {
  const struct = type.kind === 'struct' ? type.struct : type.kind === 'ref' ? type.to : null;
  return struct?.primitive === true && struct.name === 'process';
}
