// The kernel's polling helpers on the CPU's clock: C read_poll_timeout and its atomic form (include/linux/iopoll.h, before and since 2023),
// Rust's read_poll_timeout (rust/kernel/io/poll.rs) and its atomic form, and nova-core's util::wait_on.
import { clock, cond, pass, relax, type Returned, sleep, type Steps } from '../steps.ts';
import { lesser, s64, s64Max } from '../word.ts';

/** What C sleeps between two tests, and whether already before the first (`sleep_before_read`). ns. */
export interface CPause {
  readonly delay: bigint;
  readonly first: boolean;
}

/**
 * C: after the deadline the operation is done once more, and decides. A timeout of 0 never ends. All in ns, whole microseconds.
 * The atomic form of before 2023 was the same loop without `relaxes`.
 */
export function* cPoll(timeout: bigint, pause: CPause, relaxes: boolean): Steps<Returned> {
  const deadline = s64((yield* clock()) + timeout);
  if (pause.first) yield* sleep(pause.delay);
  const id = {};
  for (;;) {
    yield* pass(id, { kind: 'host-time', reachable: timeout !== 0n });
    if (yield* cond()) return { errno: null, deadline };
    if (timeout !== 0n) {
      const now = yield* clock();
      if (now > deadline) return { ...(yield* lastLook()), lastTime: now, deadline };
    }
    yield* sleep(pause.delay);
    if (relaxes) yield* relax();
  }
}

/** C, atomic, since 2023: no clock; each spin counts its delay and 1 ns, whatever the operation takes. */
export function* cPollAtomic(timeout: bigint, { delay, first }: CPause): Steps<Returned> {
  let left = s64(timeout);
  if (first) {
    yield* sleep(delay);
    left -= delay;
  }
  const id = {};
  for (;;) {
    yield* pass(id, timeout === 0n ? { kind: 'host-time', reachable: false } : { kind: 'counted' });
    if (yield* cond()) return { errno: null };
    if (timeout !== 0n && left < 0n) return yield* lastLook();
    yield* sleep(delay);
    yield* relax();
    if (timeout !== 0n) left -= delay + 1n;
  }
}

/** Rust: the condition is not looked at again after the deadline. A `Delta` that does not fit saturates, and is never exceeded. */
export function* rustPoll(timeout: bigint, delay: bigint): Steps<Returned> {
  return yield* elapsedLoop(deltaLimit(timeout), delay, true);
}

/** Rust, atomic: a number of attempts, none after the last delay. */
export function* rustPollAtomic(attempts: number, delay: bigint): Steps<Returned> {
  const id = {};
  for (let i = 0; i < attempts; i++) {
    yield* pass(id, { kind: 'counted' });
    if (yield* cond()) return { errno: null };
    yield* sleep(delay);
    yield* relax();
  }
  return { errno: 'ETIMEDOUT', cause: 'attempts' };
}

/** Rust, atomic, as first posted: ns are counted as in C, the condition is not looked at again. */
export function* rustPollAtomicFirst(timeout: bigint, delay: bigint): Steps<Returned> {
  let left = deltaLimit(timeout);
  const id = {};
  for (;;) {
    yield* pass(id, { kind: 'counted' });
    if (yield* cond()) return { errno: null };
    if (left < 0n) return { errno: 'ETIMEDOUT', cause: 'deadline' };
    yield* sleep(delay);
    yield* relax();
    left -= delay + 1n;
  }
}

/** The limit that util::wait_on compares with: `as i64` turns 2^63 ns and more negative. ns. */
export const waitOnLimit = (timeout: bigint): bigint => s64(timeout);

/** A kernel Delta's ns: saturates, and is then never exceeded. */
export const deltaLimit = (timeout: bigint): bigint => lesser(timeout, s64Max);

/** nova-core's util::wait_on: neither sleeps nor relaxes. `limit` in ns, signed. */
export function* utilWaitOn(limit: bigint): Steps<Returned> {
  return yield* elapsedLoop(limit, 0n, false);
}

function* elapsedLoop(limit: bigint, delay: bigint, relaxes: boolean): Steps<Returned> {
  const start = yield* clock();
  const id = {};
  for (;;) {
    yield* pass(id, { kind: 'host-time', reachable: limit < s64Max });
    if (yield* cond()) return { errno: null };
    const now = yield* clock();
    if (now - start > limit) return { errno: 'ETIMEDOUT', cause: 'deadline', lastTime: now };
    yield* sleep(delay);
    if (relaxes) yield* relax();
  }
}

function* lastLook(): Steps<Returned> {
  return (yield* cond()) ? { errno: null } : { errno: 'ETIMEDOUT', cause: 'deadline' };
}
