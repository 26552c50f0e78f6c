// nouveau's nvkm timer: waits (new and old), setting the time, arming the alarm, the interrupt, and the clock set-up of NV04 and NV41.
// Source: drivers/gpu/drm/nouveau/nvkm/subdev/timer/{base,nv04,nv41}.c and include/nvkm/subdev/timer.h.
import { tickNs } from '../counter.ts';
import { offsets } from '../registers.ts';
import { cond, hostTime, pass, read, type Returned, type Steps, write } from '../steps.ts';
import { high32, low32, s32, u32, u64, u64Max } from '../word.ts';
import { hiLoHi, type TimeAddress } from './reads.ts';

/** nvkm_nsec(): the first test only notes the time, the 17th equal sample is a stall, and "more than" the limit is a timeout. `limit` in ns. */
export function* wait(at: TimeAddress, limit: bigint): Steps<Returned> {
  // After the 2^61 wrap the difference wraps at 64 bits, so all but the very largest limits are passed some day.
  const reachable = limit < u64Max - tickNs;
  let first = 0n;
  let last = 0n;
  let reads = 0;
  const id = {};
  for (;;) {
    yield* pass(id, { kind: 'device-time', reachable, stallLimit: 15n, carried: `${first} ${last} ${reads}` });
    if (yield* cond()) return { errno: null, lastTime: last };
    const time = yield* hiLoHi(at);
    if (reads === 0) first = last = time;
    if (last === time) {
      if (reads++ === 16) return { errno: 'ETIMEDOUT', cause: 'stall', lastTime: time };
    } else {
      last = time;
      reads = 1;
    }
    if (u64(last - first) > limit) return { errno: 'ETIMEDOUT', cause: 'deadline', lastTime: time };
  }
}

/** The older nvkm_nsec(): no stall limit, a read before the first condition, and `s64 taken < u64 nsecs`, which C compares unsigned. */
export function* waitOld(at: TimeAddress, limit: bigint): Steps<Returned> {
  const first = yield* hiLoHi(at);
  let time = first;
  const id = {};
  for (;;) {
    yield* pass(id, { kind: 'device-time', reachable: limit < u64Max - tickNs, stallLimit: null, carried: `${first} ${time}` });
    if (yield* cond()) return { errno: null, lastTime: time };
    time = yield* hiLoHi(at);
    if (u64(time - first) >= limit) return { errno: 'ETIMEDOUT', cause: 'deadline', lastTime: time };
  }
}

/** nvkm_wait_usec() with an `int`: the multiplication is done in 32 bits, and the result is sign-extended. ns, 64 bits. */
export function waitUsecLimit(usec: bigint): bigint {
  return u64(s32(s32(usec) * 1000n));
}

/** nvkm_wait_msec() with an `int`: both multiplications are done in 32 bits, and the result is sign-extended. ns, 64 bits. */
export function waitMsecLimit(msec: bigint): bigint {
  return waitUsecLimit(s32(msec) * 1000n);
}

/** nv04_timer_time(): TIME_1 first, TIME_0 second. */
export function* setTime(at: TimeAddress, time: bigint): Steps<Returned> {
  yield* write(at.high, high32(time));
  yield* write(at.low, low32(time));
  return { errno: null };
}

/**
 * nv04_timer_alarm_init(): the alarm, then the mask; INTR_0 is not acknowledged first, so a stale latch interrupts at once. Gives the host
 * time at which the alarm was written.
 */
export function* armAlarm(timestamp: bigint): Steps<bigint> {
  const at = yield* hostTime();
  yield* write(offsets.alarm, low32(timestamp));
  yield* write(offsets.intrEnable, 1);
  return at;
}

/** What a routine that arms the alarm knows. */
export interface Arming extends Returned {
  /** The instant that was asked for; `value`, the timestamp that software keeps, differs where that is cut. ns. */
  readonly due: bigint;
  /** Host ns since entry. */
  readonly armedAt: bigint;
  /** The driver warned that it came too late; null: it does not look. */
  readonly warned: boolean | null;
}

/**
 * nvkm_timer_alarm() for the earliest alarm: the distance is cut to 32 bits, the time read, the alarm armed, the time read again to warn
 * if it is late.
 */
export function* alarm(at: TimeAddress, nsec: bigint): Steps<Arming> {
  const now = yield* hiLoHi(at);
  const timestamp = u64(now + BigInt(u32(nsec)));
  const armedAt = yield* armAlarm(timestamp);
  const warned = timestamp <= (yield* hiLoHi(at));
  return { errno: null, value: timestamp, due: now + nsec, armedAt, warned };
}

export interface IsrResult extends Returned {
  /** Alarms whose callbacks ran, earliest first. */
  readonly ran: readonly string[];
  /** Bits of INTR_0 that nobody knows, which the driver reports as an error; 0 if there were none. */
  readonly unknown: number;
}

/**
 * nv04_timer_intr(): reads INTR_0, acknowledges the alarm, takes every expired alarm off the list, re-arms for the first that is not, reads
 * the time again against the race, then acknowledges what it does not know.
 */
export function* isr(at: TimeAddress, alarms: readonly { readonly name: string; readonly timestamp: bigint }[]): Steps<IsrResult> {
  const pending = [...alarms].sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
  const ran: string[] = [];
  const status = yield* read(offsets.intr);
  if ((status & 1) !== 0) {
    yield* write(offsets.intr, 1);
    yield* trigger(at, pending, ran);
  }
  const unknown = (status & ~1) >>> 0;
  if (unknown !== 0) yield* write(offsets.intr, unknown);
  return { errno: null, ran, unknown };
}

function* trigger(at: TimeAddress, pending: { readonly name: string; readonly timestamp: bigint }[], ran: string[]): Steps<void> {
  for (let first = pending[0]; first !== undefined; first = pending[0]) {
    if (first.timestamp > (yield* hiLoHi(at))) {
      yield* armAlarm(first.timestamp);
      if (first.timestamp > (yield* hiLoHi(at))) break;
    }
    ran.push(first.name);
    pending.shift();
  }
  if (pending.length === 0) yield* write(offsets.intrEnable, 0);
}

/** nv41_timer_init(): multiplies the crystal until it is at least twice 31.25 MHz, then divides down to that. `crystalKHz` as nvkm keeps it. */
export function* initNv41(crystalKHz: number): Steps<Returned> {
  let multiplier = 1;
  let n = crystalKHz;
  while (n < 31250 * 2) {
    n += Math.trunc(n / multiplier);
    multiplier++;
  }
  const [num, den] = reduce(n, 31250);
  yield* write(offsets.clockSource, multiplier - 1);
  yield* write(offsets.numerator, num);
  yield* write(offsets.denominator, den);
  return { errno: null };
}

/** nv04_timer_init(), also NV40's: the input clock is unknown there, so the ratio that firmware left is reduced and written back. */
export function* initNv04(): Steps<Returned> {
  let n = yield* read(offsets.numerator);
  let d = yield* read(offsets.denominator);
  if (n === 0 || d === 0) n = d = 1;
  const [num, den] = reduce(n, d);
  yield* write(offsets.numerator, num);
  yield* write(offsets.denominator, den);
  return { errno: null };
}

/** By fives, by twos, then both halved until they fit into 16 bits, which may cost precision. */
function reduce(n: number, d: number): [number, number] {
  for (const factor of [5, 2]) {
    while (n % factor === 0 && d % factor === 0) {
      n /= factor;
      d /= factor;
    }
  }
  while (n > 0xffff || d > 0xffff) {
    n >>>= 1;
    d >>>= 1;
  }
  return [n, d];
}
