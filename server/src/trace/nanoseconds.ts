// Nanoseconds for people: exact, in the largest unit in which they need at most three decimals.
import { grouped } from '../base/numbers.ts';

const UNITS = [
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
] as const;

/** `4.294 s`, `1.024 us`, `992 ns`; `1,000,000,001 ns` where nothing shorter is exact. */
export function formatNanoseconds(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  for (const [unit, length] of UNITS) {
    if (size < length) continue;
    if (size % (length / 1000n) !== 0n) break;
    const fraction = String((size % length) / (length / 1000n)).padStart(3, '0').replace(/0+$/, '');
    return `${ns < 0n ? '-' : ''}${size / length}${fraction === '' ? '' : `.${fraction}`} ${unit}`;
  }
  return `${grouped(ns)} ns`;
}

/** `+32 ns`: from one instant to another. */
export function since(before: string, after: string): string {
  return `+${formatNanoseconds(BigInt(after) - BigInt(before))}`;
}
