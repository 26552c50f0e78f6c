// NVIDIA's resource manager (open-gpu-kernel-modules, timer_gm107.c, timer_ptimer.c, gpu_timeout.c): it checks the low five bits, gives up
// after three bad reads, and keeps a note of whether the GPU is still attached.
import { allOnes } from '../ptimer.ts';
import { offsets } from '../registers.ts';
import { cond, clock, lost, pass, read, relax, type Returned, sampled, type Steps, write } from '../steps.ts';
import { high32, join, low32, u32 } from '../word.ts';
import { type Arming, armAlarm } from './nouveau.ts';
import type { TimeAddress } from './reads.ts';

const retryTimes = 3;

/** What the resource manager remembers between calls. */
export interface Attachment {
  /** Cleared by the first all-ones value that PMC_BOOT_0 confirms. */
  attached: boolean;
  /** Before Hopper, bad reads make it set the time anew, to this wall-clock ns; null: it does not. */
  readonly reseed: bigint | null;
}

/** tmrGetTimeEx: ns, or 0 after three low words with bad bits. On a dead device that is 4 reads. */
export function* rmRead(at: TimeAddress, a: Attachment): Steps<bigint> {
  const id = {};
  for (;;) {
    const high = yield* note(at.high, a);
    let low = 0;
    let tries = 0;
    for (; tries < retryTimes; tries++) {
      low = yield* note(at.low, a);
      if ((low & 0x1f) === 0) break;
    }
    if (tries === retryTimes) {
      if (a.reseed !== null) {
        yield* write(at.high, high32(a.reseed));
        yield* write(at.low, low32(a.reseed));
      }
      return yield* sampled(0n);
    }
    if ((yield* note(at.high, a)) === high) return yield* sampled(join(high, low));
    yield* pass(id, { kind: 'high-words' });
  }
}

/** tmrGetTimeLo: one read; a low word with bad bits falls back to the whole time, cut to 32 bits. */
export function* rmReadLow(at: TimeAddress, a: Attachment): Steps<number> {
  const low = yield* note(at.low, a);
  return (low & 0x1f) === 0 ? low : low32(yield* rmRead(at, a));
}

/**
 * tmrDelay: short delays compare low words, long ones whole times. Each spin looks whether the GPU is attached, until it has spun so
 * often that it only logs "may be stuck". `ns` below 2^32.
 */
export function* rmDelay(at: TimeAddress, ns: bigint, a: Attachment): Steps<Returned> {
  if (!a.attached) return { errno: 'NV_ERR_GPU_IS_LOST', cause: 'lost' };
  if (ns === 0n) return { errno: null };
  const microseconds = (ns + 999n) / 1000n;
  let spins = 0n;
  if (ns < 12_000n) {
    const start = yield* rmReadLow(at, a);
    const id = {};
    for (;;) {
      const now = yield* rmReadLow(at, a);
      if (BigInt(u32(BigInt(now - start))) >= ns) return { errno: null, lastTime: BigInt(now) };
      yield* pass(id, { kind: 'device-time', reachable: true, stallLimit: null, carried: `${now} ${spins}` });
      if (spins >> 4n > microseconds) continue;
      if (!a.attached) return { errno: 'NV_ERR_GPU_IS_LOST', cause: 'lost', lastTime: BigInt(now) };
      spins++;
    }
  }
  const deadline = (yield* rmRead(at, a)) + ns;
  const id = {};
  for (;;) {
    const now = yield* rmRead(at, a);
    if (deadline <= now) return { errno: null, lastTime: now, deadline };
    yield* pass(id, { kind: 'device-time', reachable: true, stallLimit: null, carried: `${now} ${spins}` });
    if (spins >> 3n <= microseconds) {
      if (!a.attached) return { errno: 'NV_ERR_GPU_IS_LOST', cause: 'lost', lastTime: now, deadline };
      spins++;
    }
    yield* relax();
  }
}

/** Arms the alarm at `timestamp` ns; a stale latch is acknowledged before the mask is opened. */
export function* rmArmAlarm(timestamp: bigint): Steps<Arming> {
  yield* write(offsets.intr, 1);
  return { errno: null, value: timestamp, due: timestamp, armedAt: yield* armAlarm(timestamp), warned: null };
}

/** A poll with gpuCheckTimeout on the OS clock, the default of GSP clients: the time has come at "not before" the deadline. */
export function* rmTimeout(ns: bigint): Steps<Returned> {
  const deadline = (yield* clock()) + ns;
  const id = {};
  for (;;) {
    yield* pass(id, { kind: 'host-time', reachable: true });
    if (yield* cond()) return { errno: null, deadline };
    const now = yield* clock();
    if (now >= deadline) return { errno: 'NV_ERR_TIMEOUT', cause: 'deadline', lastTime: now, deadline };
    yield* relax();
  }
}

function* note(offset: number, a: Attachment): Steps<number> {
  const value = yield* read(offset);
  if (value === allOnes && (yield* lost())) a.attached = false;
  return value;
}
