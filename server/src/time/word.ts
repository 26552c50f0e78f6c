// Fixed-width integer arithmetic on bigint: what C and Rust do with u32, u64 and s64. Knows nothing of clocks.

export const u64Max = (1n << 64n) - 1n;
export const s64Max = (1n << 63n) - 1n;

/** The value as an unsigned 64-bit word: wraps, as C and Rust's `wrapping_*` do. */
export const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** The value as a signed 64-bit word: Rust's `as i64`, C's conversion to `s64`. */
export const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);

/** The value as an unsigned 32-bit word, as a plain number. */
export const u32 = (value: bigint): number => Number(BigInt.asUintN(32, value));

/** The value as a C `int`: what a product of ints keeps. */
export const s32 = (value: bigint): bigint => BigInt.asIntN(32, value);

/** One 64-bit value from two register words. */
export const join = (high: number, low: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);

export const high32 = (value: bigint): number => u32(value >> 32n);
export const low32 = (value: bigint): number => u32(value);

/** Division of non-negative numbers that rounds up. */
export const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

export function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

export function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** Reads `decimal` or `0x` hexadecimal, optionally signed; undefined for anything else. */
export function parseInteger(text: string): bigint | undefined {
  if (!/^-?(0x[0-9a-fA-F]+|[0-9]+)$/.test(text)) return undefined;
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

/** `0x` and upper-case digits. */
export const hex = (value: bigint): string => `${value < 0n ? '-' : ''}0x${(value < 0n ? -value : value).toString(16).toUpperCase()}`;
