// The table of routines without a device: the timer wheel, a watchdog, and the arithmetic of deadlines.
import { deadlineV1, deadlineV2 } from '../routines/rfc.ts';
import { waitMsecLimit, waitUsecLimit } from '../routines/nouveau.ts';
import { deltaLimit, waitOnLimit } from '../routines/poll.ts';
import { watchdog } from '../watchdog.ts';
import { Wheel } from '../wheel.ts';
import { u32, u64 } from '../word.ts';
import { duration } from './inputs.ts';
import type { Outcome } from './outcome.ts';
import { entry, type RoutineEntry } from './routineKit.ts';
import { checked, count, flag, list, literal, nullable, object, oneOf, type Read, tagged, u64String } from './shape.ts';

const jiffies = u64String('jiffies');
const ns = u64String('ns');
const timer = count(0, 10_000, 'position in "expires"');
const named = <const T extends string>(op: T) => object({ op: literal(op), timer }, {}, op);
const withExpiry = <const T extends string>(op: T) => object({ op: literal(op), timer, expires: jiffies }, {}, op);

const wheelOps = list(
  tagged(
    'op',
    {
      mod_timer: withExpiry('mod_timer'),
      add_timer: withExpiry('add_timer'),
      timer_reduce: withExpiry('timer_reduce'),
      timer_delete: named('timer_delete'),
      timer_shutdown: named('timer_shutdown'),
      advance: object({ op: literal('advance'), to: jiffies }, {}, 'processes every jiffy up to and including this one'),
    },
    'one call',
  ),
  'calls after the timers of "expires" were armed',
);
const wheelArgs = checked(
  object(
    { clk: jiffies, expires: list(nullable(jiffies), 'one timer each, armed at clk; null: not armed') },
    { hz: count(1, 10_000, 'ticks a second; default 1000'), ops: wheelOps },
    'one base of the timer wheel; clk is the next jiffy that it processes',
  ),
  (a) => {
    const wrong = (a.ops ?? []).find((o) => o.op !== 'advance' && o.timer >= a.expires.length);
    return wrong === undefined ? null : `an operation names a timer that is not in "expires" (${a.expires.length} timers)`;
  },
);

function wheel(a: Read<typeof wheelArgs>): Outcome {
  const base = new Wheel(a.hz ?? 1000, a.clk);
  const fires = a.expires.map((): bigint | null => null);
  const buckets = a.expires.map((): number | null => null);
  const shutdown = new Set<string>();
  let lost = false;
  const note = (fired: readonly { name: string; at: bigint }[]): void => {
    for (const f of fired) fires[Number(f.name)] = f.at;
  };
  const notePlace = (name: string): void => {
    const p = base.placeOf(name);
    if (p !== null) buckets[Number(name)] = p.bucket;
  };
  a.expires.forEach((e, i) => {
    if (e !== null) base.addTimer(`${i}`, e);
    notePlace(`${i}`);
  });
  const returns = (a.ops ?? []).map((o): number | null => {
    if (o.op === 'advance') {
      note(base.advanceTo(o.to));
      return null;
    }
    const name = `${o.timer}`;
    const arms = o.op === 'mod_timer' || o.op === 'add_timer' || o.op === 'timer_reduce';
    if (arms && shutdown.has(name)) lost = true;
    if (o.op === 'timer_shutdown') shutdown.add(name);
    const answer =
      o.op === 'mod_timer'
        ? base.modTimer(name, o.expires)
        : o.op === 'timer_reduce'
          ? base.timerReduce(name, o.expires)
          : o.op === 'timer_delete'
            ? base.timerDelete(name)
            : o.op === 'timer_shutdown'
              ? base.timerShutdown(name)
              : base.addTimer(name, o.expires);
    notePlace(name);
    return answer ?? null;
  });
  const last = a.expires.reduce<bigint>((latest, _, i) => {
    const at = base.placeOf(`${i}`)?.fires ?? 0n;
    return at > latest ? at : latest;
  }, 0n);
  note(base.advanceTo(last));
  return { end: 'returned', fires, buckets, returns, warnings: base.warnings, verdicts: lost ? ['timer-after-shutdown'] : [] };
}

const watchdogArgs = object(
  {
    timeout: ns,
    calls: list(
      object({ at: ns, call: oneOf(['open', 'ping', 'write-v', 'close', 'unregister'], 'what is called') }, {}, 'one call'),
      'by time, and those of the same instant in this order',
    ),
    until: ns,
  },
  {
    maxHwHeartbeat: ns,
    nowayout: flag('cannot be stopped once started; default false'),
    magicClose: flag("closing stops it only after a 'V'; default false"),
    hasStop: flag('the driver can stop the hardware; default true'),
    stopOnUnregister: flag('default false'),
  },
  'one watchdog device',
);

/** A piece of arithmetic can't fail. */
const sum = (value: bigint): Outcome => ({ end: 'returned', errno: null, value, verdicts: [] });

const arithmetic = (f: (a: { readonly now: bigint; readonly timeout: bigint }) => bigint) => ({
  args: object({ now: u64String('the time that was read, ns'), timeout: duration }, {}, 'ns'),
  compute: (a: { readonly now: bigint; readonly timeout: bigint }): Outcome => sum(f(a)),
});
const v1 = arithmetic((a) => deadlineV1(a.now, a.timeout));
const v2 = arithmetic((a) => deadlineV2(a.now, a.timeout));
const limitArgs = object({ timeout: duration }, {}, 'ns');
const msecArgs = object({ msec: u64String('ms') }, {}, 'ms');

export const kernelRoutines: Readonly<Record<string, RoutineEntry>> = {
  timer_wheel: entry('timer_list on one base of the timer wheel', wheelArgs, wheel),
  watchdog: entry('a watchdog device under the watchdog core', watchdogArgs, (a) => ({
    end: 'returned',
    verdicts: [],
    ...watchdog(
      {
        timeout: a.timeout,
        maxHwHeartbeat: a.maxHwHeartbeat ?? null,
        nowayout: a.nowayout ?? false,
        magicClose: a.magicClose ?? false,
        hasStop: a.hasStop ?? true,
        stopOnUnregister: a.stopOnUnregister ?? false,
      },
      [...a.calls].sort((x, y) => (x.at < y.at ? -1 : x.at > y.at ? 1 : 0)),
      a.until,
    ),
  })),
  rfc_v1_deadline: entry("the RFC's deadline: a saturating sum", v1.args, v1.compute),
  rfc_v2_deadline: entry("the RFC's second deadline: a wrapping sum in parts", v2.args, v2.compute),
  util_wait_on_limit: entry("util::wait_on's limit: the ns as i64", limitArgs, (a) => sum(waitOnLimit(a.timeout))),
  delta_limit: entry("a kernel Delta's ns: saturates at i64::MAX", limitArgs, (a) => sum(deltaLimit(a.timeout))),
  nvkm_wait_msec_limit: entry('nvkm_wait_msec with an int: two multiplications in 32 bits, sign-extended', msecArgs, (a) => sum(waitMsecLimit(a.msec))),
  nvkm_wait_usec_limit: entry(
    'nvkm_wait_usec with an int: one multiplication in 32 bits, sign-extended',
    object({ usec: u64String('us') }, {}, 'us'),
    (a) => sum(waitUsecLimit(a.usec)),
  ),
  nvkm_msec_limit: entry('nvkm_msec since it multiplies in unsigned 64 bits', msecArgs, (a) => sum(u64(a.msec * 1_000_000n))),
  nvkm_timer_alarm_timestamp: entry(
    'the timestamp of nvkm_timer_alarm, whose distance is a u32',
    object({ now: ns, nsec: ns }, {}, 'ns'),
    (a) => sum(u64(a.now + BigInt(u32(a.nsec)))),
  ),
  rm_countdown_value: entry(
    'what the resource manager writes to a countdown: 32 bits of the distance, 0 if past',
    object({ now: ns, alarm: ns }, {}, 'ns'),
    (a) => sum(a.alarm > a.now ? BigInt(u32(a.alarm - a.now)) : 0n),
  ),
};
