// nova-core's timer as it was posted: the RFC of 2025-02-17 (<20250217-nova_timer-v1-3-78c5ace2d987@nvidia.com>) and its second form in
// the FRTS series of 2025-04-20. Emulated with its faults: no bound on the read, no mask, no look at the condition after the deadline.
import { tickNs, wrapNs } from '../counter.ts';
import { cond, mayAccess, pass, type Returned, type Steps } from '../steps.ts';
import { lesser, u64, u64Max } from '../word.ts';
import { hiLoHi, type TimeAddress } from './reads.ts';

/** `num_reads >= 16` ends the wait: the 17th sample in a row that shows no tick. */
const stallLimit = 16;

/** v1: `saturating_add`, of a timeout that is cut to 64 bits first. ns. */
export function deadlineV1(now: bigint, timeout: bigint): bigint {
  return lesser(now + lesser(timeout, u64Max), u64Max);
}

/**
 * v2: a wrapping add. A duration of more than 64 bits is added in parts, each cut to its low 64 bits, while u64::MAX is taken off the
 * rest: the sum is not the modular one. ns.
 */
export function deadlineV2(now: bigint, timeout: bigint): bigint {
  let sum = now;
  let rest = timeout;
  for (;;) {
    sum = u64(sum + u64(rest));
    if (rest <= u64Max) return sum;
    rest -= u64Max;
  }
}

/** v1 holds the BAR for the whole call: once inside, nothing can revoke it; unbind waits. */
export function* waitOnV1(at: TimeAddress, timeout: bigint): Steps<Returned> {
  if (!(yield* mayAccess())) return { errno: 'ENXIO', cause: 'revoked' };
  const start = yield* hiLoHi(at);
  return yield* loop(deadlineV1(start, timeout), start, function* () {
    return yield* hiLoHi(at);
  });
}

/**
 * The self-test of probe: Ok for a condition that is true, then ETIMEDOUT for one that is not. Value 1 if both came out, 0 if the driver
 * would have panicked. Its conditions touch no register, so a dead device passes as well.
 */
export function* selfTestV1(at: TimeAddress, timeout: bigint): Steps<Returned> {
  const first = yield* answering(waitOnV1(at, timeout), true);
  if (first.errno !== null) return { errno: null, value: 0n };
  const second = yield* answering(waitOnV1(at, timeout), false);
  return { errno: null, value: second.errno === 'ETIMEDOUT' ? 1n : 0n, lastTime: second.lastTime };
}

/** Runs a wait with a constant condition in place of the caller's. */
function* answering(wait: Steps<Returned>, holds: boolean): Steps<Returned> {
  let next = wait.next(0n);
  while (next.done !== true) next = wait.next(next.value.kind === 'cond' ? (holds ? 1n : 0n) : yield next.value);
  return next.value;
}

/** v2 takes the BAR anew for every time read, and gives ENXIO once it is revoked. */
export function* waitOnV2(at: TimeAddress, timeout: bigint): Steps<Returned> {
  const start = yield* readV2(at);
  if (start === null) return { errno: 'ENXIO', cause: 'revoked' };
  return yield* loop(deadlineV2(start, timeout), start, () => readV2(at));
}

export function* readV2(at: TimeAddress): Steps<bigint | null> {
  return (yield* mayAccess()) ? yield* hiLoHi(at) : null;
}

function* loop(deadline: bigint, start: bigint, now: () => Steps<bigint | null>): Steps<Returned> {
  const reachable = deadline <= wrapNs - tickNs;
  let previous = start;
  let lastTime = start;
  let equal = 0;
  const id = {};
  for (;;) {
    yield* pass(id, { kind: 'device-time', reachable, stallLimit: BigInt(stallLimit), carried: `${previous} ${equal}` });
    if (yield* cond()) return { errno: null, lastTime, deadline };
    const current = yield* now();
    if (current === null) return { errno: 'ENXIO', cause: 'revoked', lastTime, deadline };
    lastTime = current;
    if (current === previous) {
      if (equal >= stallLimit) return { errno: 'ETIMEDOUT', cause: 'stall', lastTime, deadline };
      equal++;
    } else if (current >= deadline) {
      return { errno: 'ETIMEDOUT', cause: 'deadline', lastTime, deadline };
    } else {
      equal = 0;
      previous = current;
    }
  }
}
