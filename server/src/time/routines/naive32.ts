// Waits that keep only the low word of the time: the absolute deadline wraps, the difference does not mind.
import { cond, pass, read, type Returned, type Steps } from '../steps.ts';
import { u32 } from '../word.ts';
import type { TimeAddress } from './reads.ts';

/** The most that TIME_0 shows, and the most that two of its values differ by: the low five bits are 0. */
const maxLow = 0xffffffe0;

/** `now >= start + timeout` on u32: true at once when the sum wraps, and never long true when it comes late. `timeout` in ns. */
export function* deadline32(at: TimeAddress, timeout: bigint): Steps<Returned> {
  const start = yield* read(at.low);
  const deadline = u32(BigInt(start) + timeout);
  return yield* loop(at, start, BigInt(deadline), deadline <= maxLow, (now) => now >= deadline);
}

/** `now - start >= timeout` on u32: right for every timeout below 2^32 ns that is looked at often enough; of a longer one 32 bits are kept. ns. */
export function* elapsed32(at: TimeAddress, timeout: bigint): Steps<Returned> {
  const start = yield* read(at.low);
  const limit = u32(timeout);
  return yield* loop(at, start, null, limit <= maxLow, (now) => (now - start) >>> 0 >= limit);
}

function* loop(
  at: TimeAddress,
  start: number,
  deadline: bigint | null,
  reachable: boolean,
  due: (now: number) => boolean,
): Steps<Returned> {
  const kept = deadline === null ? {} : { deadline };
  let now = start;
  const id = {};
  for (;;) {
    yield* pass(id, { kind: 'device-time', reachable, stallLimit: null, carried: `${now}` });
    if (yield* cond()) return { errno: null, lastTime: BigInt(now), ...kept };
    now = yield* read(at.low);
    if (due(now)) return { errno: 'ETIMEDOUT', cause: 'deadline', lastTime: BigInt(now), ...kept };
  }
}
