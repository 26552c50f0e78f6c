// The ways to read two words of a running counter that need no driver: with a re-check, and the two that tear.
import { offsets } from '../registers.ts';
import { pass, type Returned, read, sampled, type Steps } from '../steps.ts';
import { join } from '../word.ts';

/** Where the two words of the time are. */
export interface TimeAddress {
  readonly high: number;
  readonly low: number;
}

/** The block itself, and the read-only copies that later generations have elsewhere; `nv1` is the first generation's own layout. */
export const timeAddresses = {
  ptimer: { high: offsets.time1, low: offsets.time0 },
  usermode: { high: offsets.usermodeTime1, low: offsets.usermodeTime0 },
  vf: { high: offsets.vfTime1, low: offsets.vfTime0 },
  nv1: { high: 0x101404, low: 0x101400 },
} as const satisfies Record<string, TimeAddress>;
export type TimeVia = keyof typeof timeAddresses;

/** TIME_1, TIME_0, TIME_1, from the start again until both high words agree; no bound. dev_timer.ref asks for this order. */
export function* hiLoHi(at: TimeAddress): Steps<bigint> {
  const id = {};
  for (;;) {
    const high = yield* read(at.high);
    const low = yield* read(at.low);
    if ((yield* read(at.high)) === high) return yield* sampled(join(high, low));
    yield* pass(id, { kind: 'high-words' });
  }
}

/** Low then high without a look back, as `io-64-nonatomic-lo-hi` makes of `readq`: a roll-over in between adds 2^32 ns. */
export function* loHi(at: TimeAddress): Steps<bigint> {
  const low = yield* read(at.low);
  const high = yield* read(at.high);
  return yield* sampled(join(high, low));
}

/** High then low without a look back, as `io-64-nonatomic-hi-lo` does: a roll-over in between loses 2^32 ns. */
export function* hiLo(at: TimeAddress): Steps<bigint> {
  const high = yield* read(at.high);
  const low = yield* read(at.low);
  return yield* sampled(join(high, low));
}

/** Calls a read routine `calls` times in a row. */
export function* repeated(calls: number, call: () => Steps<bigint>): Steps<Returned> {
  const values: bigint[] = [];
  for (let i = 0; i < calls; i++) values.push(yield* call());
  return { errno: null, value: values[values.length - 1], values };
}
