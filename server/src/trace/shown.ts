// The numbers in a message: what the run had come to where it met a fault, in units.
import type { Fault, Shown } from '../system/system.ts';
import { formatNanoseconds } from './nanoseconds.ts';

/** A message with its holes `{0}`, `{1}` filled; `values` are those of what the fault shows. */
export function withNumbers(message: string, { shows = [] }: Fault, values: readonly number[]): string {
  return message.replace(/\{([0-9]+)\}/g, (_, hole: string) => {
    const i = Number(hole);
    return shows[i] === undefined || values[i] === undefined ? '?' : inUnits(shows[i].as, values[i]);
  });
}

function inUnits(as: Shown['as'], value: number): string {
  switch (as) {
    case 'hex':
      return inHex(value);
    case 'before':
      return value > 0 ? `${formatNanoseconds(BigInt(value))} before the time is over` : 'when the time is over';
    case 'ns':
      // 64 bits of which the first are ones: no time at all.
      return value < 0 ? inHex(value) : formatNanoseconds(BigInt(value));
  }
}

function inHex(value: number): string {
  return `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
}
