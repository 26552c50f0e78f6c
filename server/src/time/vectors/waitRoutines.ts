// The table of waits: on the device's clock, on its low word, on the CPU's clock, and those that only count.
import { deadline32, elapsed32 } from '../routines/naive32.ts';
import * as nouveau from '../routines/nouveau.ts';
import * as poll from '../routines/poll.ts';
import * as rfc from '../routines/rfc.ts';
import { rmDelay, rmTimeout } from '../routines/rm.ts';
import { conditionShape, duration } from './inputs.ts';
import { address, deviceWait, entry, plain, readArgs, type RoutineEntry, wait } from './routineKit.ts';
import { checked, count, flag, integer, object, type Read } from './shape.ts';

const microseconds = checked(integer(0n, (1n << 64n) - 1n, 'ns, whole microseconds: C takes nothing finer'), (ns) =>
  ns % 1000n === 0n ? null : 'C takes whole microseconds: a multiple of 1000 ns',
);
const cArgs = object(
  { timeout: microseconds },
  { delay: microseconds, delayFirst: flag('sleeps once before the first test, too; default false'), cond: conditionShape },
  'timeout 0 means never; delay (default 0) is slept between two tests',
);
const rustArgs = object({ timeout: duration }, { delay: duration, cond: conditionShape }, 'ns; delay is slept between two tests');
const cpuWait = object({ timeout: duration }, { cond: conditionShape }, 'ns');
const shortDelay = object({ ns: integer(0n, 0xffffffffn, 'how long, ns') }, readArgs, 'a delay without a condition');

export const waitRoutines: Readonly<Record<string, RoutineEntry>> = {
  rfc_v1_wait_on: entry("the RFC's wait_on: saturating deadline, stall after 17 equal samples", deviceWait, (a, input) =>
    wait(input, rfc.waitOnV1(address(a.via, input), a.timeout), a.timeout, a.cond),
  ),
  rfc_v2_wait_on: entry("the RFC's second wait_on: wrapping deadline, ENXIO once revoked", deviceWait, (a, input) =>
    wait(input, rfc.waitOnV2(address(a.via, input), a.timeout), a.timeout, a.cond),
  ),
  rfc_v1_self_test: entry(
    "the RFC's probe self-test: value 1 if it got Ok, then ETIMEDOUT",
    object({}, { timeout: duration, ...readArgs }, 'timeout: default 10 ms'),
    (a, input) => plain(input, rfc.selfTestV1(address(a.via, input), a.timeout ?? 10_000_000n)),
  ),
  nouveau_wait: entry("nouveau's nvkm_nsec with its stall limit", deviceWait, (a, input) =>
    wait(input, nouveau.wait(address(a.via, input), BigInt.asUintN(64, a.timeout)), a.timeout, a.cond),
  ),
  nouveau_wait_old: entry("nouveau's older nvkm_nsec, without a stall limit", deviceWait, (a, input) =>
    wait(input, nouveau.waitOld(address(a.via, input), BigInt.asUintN(64, a.timeout)), a.timeout, a.cond),
  ),
  u32_deadline: entry('now >= start + timeout on the low word', deviceWait, (a, input) =>
    wait(input, deadline32(address(a.via, input), a.timeout), a.timeout, a.cond),
  ),
  u32_elapsed: entry('now - start >= timeout on the low word', deviceWait, (a, input) =>
    wait(input, elapsed32(address(a.via, input), a.timeout), a.timeout, a.cond),
  ),
  rm_delay: entry("the resource manager's tmrDelay", shortDelay, (a, input) =>
    plain(input, rmDelay(address(a.via, input), a.ns, { attached: true, reseed: null })),
  ),
  rm_timeout: entry("the resource manager's gpuCheckTimeout on the OS clock", cpuWait, (a, input) =>
    wait(input, rmTimeout(a.timeout), a.timeout, a.cond),
  ),
  c_read_poll_timeout: entry('C: one more operation after the deadline decides', cArgs, (a, input) =>
    wait(input, poll.cPoll(a.timeout, pause(a), true), a.timeout, a.cond, never(a.timeout)),
  ),
  c_read_poll_timeout_atomic: entry('C, since 2023: counts the delay and 1 ns for each spin', cArgs, (a, input) =>
    wait(input, poll.cPollAtomic(a.timeout, pause(a)), a.timeout, a.cond, never(a.timeout)),
  ),
  c_read_poll_timeout_atomic_ktime: entry('C, before 2023: on the CPU clock', cArgs, (a, input) =>
    wait(input, poll.cPoll(a.timeout, pause(a), false), a.timeout, a.cond, never(a.timeout)),
  ),
  rust_read_poll_timeout: entry('Rust: no look at the condition after the deadline', rustArgs, (a, input) =>
    wait(input, poll.rustPoll(a.timeout, a.delay ?? 0n), a.timeout, a.cond),
  ),
  rust_read_poll_timeout_atomic: entry(
    'Rust, atomic: a number of attempts',
    object({ attempts: count(0, 1_000_000_000, 'how many') }, { delay: duration, cond: conditionShape }, 'delay in ns'),
    (a, input) => wait(input, poll.rustPollAtomic(a.attempts, a.delay ?? 0n), 0n, a.cond),
  ),
  rust_read_poll_timeout_atomic_first: entry(
    'Rust, atomic, as first posted: counts the delay and 1 ns for each spin',
    rustArgs,
    (a, input) => wait(input, poll.rustPollAtomicFirst(a.timeout, a.delay ?? 0n), a.timeout, a.cond),
  ),
  util_wait_on: entry("nova-core's util::wait_on on the CPU clock, limit cast to i64", cpuWait, (a, input) =>
    wait(input, poll.utilWaitOn(poll.waitOnLimit(a.timeout)), a.timeout, a.cond),
  ),
  util_wait_on_delta: entry("nova-core's util::wait_on with a Delta, which saturates", cpuWait, (a, input) =>
    wait(input, poll.utilWaitOn(poll.deltaLimit(a.timeout)), a.timeout, a.cond),
  ),
};

const pause = (a: Read<typeof cArgs>): poll.CPause => ({ delay: a.delay ?? 0n, first: a.delayFirst ?? false });

/** C's timeout 0 is no deadline at all, so the oracle has none either. */
const never = (timeout: bigint) => (timeout === 0n ? { timeout: null } : {});
