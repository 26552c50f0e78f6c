// The table of reads, and of routines that set the device up: time, clock ratio, alarm, countdown, and raw register scripts.
import { type Armed, armCountdown, armedAlarm } from '../arming.ts';
import { run } from '../bench.ts';
import { tickNs } from '../counter.ts';
import type { Verdict } from '../oracle.ts';
import { Ptimer } from '../ptimer.ts';
import { alarmOffset } from '../registers.ts';
import * as nouveau from '../routines/nouveau.ts';
import { nvgpuRead } from '../routines/nvgpu.ts';
import { hiLo, hiLoHi, loHi, repeated, type TimeAddress } from '../routines/reads.ts';
import { readV2 } from '../routines/rfc.ts';
import { rmArmAlarm, rmRead } from '../routines/rm.ts';
import { hostTime, line, read, type Returned, sleep, type Steps, write } from '../steps.ts';
import { low32 } from '../word.ts';
import { deviceOptions, setup } from './inputs.ts';
import type { Outcome } from './outcome.ts';
import { address, entry, outcome, plain, readArgs, type RoutineEntry, type RoutineInput } from './routineKit.ts';
import { count, dictionary, list, literal, object, tagged, u32String, u64String } from './shape.ts';

const calls = count(1, 1_000_000, 'calls in a row; default 1');
const reads = object({}, { ...readArgs, calls }, 'how the time is read');
const noArgs = object({}, {}, 'none');
const time = u64String('ns');

const readEntry = (about: string, routine: (at: TimeAddress) => Steps<bigint>): RoutineEntry =>
  entry(about, reads, (a, input) =>
    plain(
      input,
      repeated(a.calls ?? 1, () => routine(address(a.via, input))),
    ),
  );

const script = object(
  {
    ops: list(
      tagged(
        'op',
        {
          read: object({ op: literal('read'), offset: u32String('BAR0 offset') }, {}, 'gives the value'),
          write: object({ op: literal('write'), offset: u32String('BAR0 offset'), value: u32String('the value') }, {}, 'writes'),
          wait: object({ op: literal('wait'), ns: time }, {}, 'lets time pass'),
          line: object({ op: literal('line') }, {}, 'gives 1 if the interrupt line is up, else 0'),
        },
        'one operation',
      ),
      'in order',
    ),
  },
  {},
  'register accesses in a row; the values of reads and lines are in "values"',
);

export const deviceRoutines: Readonly<Record<string, RoutineEntry>> = {
  hi_lo_hi: readEntry('TIME_1, TIME_0, TIME_1, again until both high words agree', hiLoHi),
  lo_hi: readEntry('low, then high, no re-check', loHi),
  hi_lo: readEntry('high, then low, no re-check', hiLo),
  rfc_v1_read: readEntry("the RFC's read: hi/lo/hi", hiLoHi),
  nouveau_read: readEntry("nouveau's nv04_timer_read: hi/lo/hi", hiLoHi),
  rfc_v2_read: entry("the RFC's second read: ENXIO once revoked", reads, (a, input) =>
    plain(input, revocable(address(a.via, input), a.calls ?? 1)),
  ),
  nvgpu_read: entry("nvgpu's read: keeps the high word, three tries, then EBUSY", reads, (a, input) =>
    plain(input, bounded(address(a.via, input), a.calls ?? 1)),
  ),
  rm_read: entry(
    "the resource manager's read: checks the low five bits, 0 after three bad low words",
    object(
      {},
      { ...readArgs, calls, reseed: u64String('wall-clock ns that it writes back after bad reads; default: none') },
      'how the time is read',
    ),
    (a, input) => {
      const attachment = { attached: true, reseed: a.reseed ?? null };
      return plain(
        input,
        repeated(a.calls ?? 1, () => rmRead(address(a.via, input), attachment)),
      );
    },
  ),
  set_time: entry(
    'TIME_1, then TIME_0, as nouveau, the RFC and the resource manager write them',
    object({ time }, readArgs, 'the new time'),
    (a, input) => plain(input, nouveau.setTime(address(a.via, input), a.time)),
  ),
  nv04_init: entry("nouveau's clock set-up of NV04 and NV40: reduces the ratio that it finds", noArgs, (_, input) =>
    plain(input, nouveau.initNv04()),
  ),
  nv41_init: entry("nouveau's clock set-up from NV41 on, from device.crystalKHz", noArgs, (_, input) =>
    plain(input, nouveau.initNv41(input.device?.crystalKHz ?? 31250)),
  ),
  registers: entry('register accesses in a row', script, (a, input) =>
    plain(
      input,
      (function* (): Steps<Returned> {
        const values: bigint[] = [];
        for (const o of a.ops) {
          if (o.op === 'read') values.push(BigInt(yield* read(o.offset)));
          else if (o.op === 'write') yield* write(o.offset, o.value);
          else if (o.op === 'wait') yield* sleep(o.ns);
          else values.push((yield* line()) ? 1n : 0n);
        }
        return { errno: null, values };
      })(),
    ),
  ),
  alarm: entry(
    'writes ALARM_0 at once and waits for the first match',
    object(
      { alarm: u64String('software timestamp in ns; its low 32 bits are written') },
      { due: u64String('instant meant, ns; default: alarm') },
      'when',
    ),
    (a, input) => armedBy(input, armAlone(alarmOffset(input.device?.generation), a.alarm, a.due ?? a.alarm)),
  ),
  countdown: entry(
    'writes the countdown at once, as the resource manager does',
    object({ alarm: u64String('timestamp in ns') }, {}, 'when'),
    (a, input) => {
      const device = deviceOf(input);
      return armedOutcome(device, armCountdown(device, a.alarm), input.tolerance ?? tickNs);
    },
  ),
  nouveau_alarm: entry(
    "nouveau's nvkm_timer_alarm: reads the time, arms without acknowledging, warns if late",
    object({ nsec: u64String('ns from now; cut to 32 bits') }, readArgs, 'when'),
    (a, input) => armedBy(input, nouveau.alarm(address(a.via, input), a.nsec)),
  ),
  rm_alarm: entry(
    "the resource manager's order: acknowledge, alarm, mask",
    object({ alarm: u64String('timestamp in ns; its low 32 bits are written') }, {}, 'when'),
    (a, input) => armedBy(input, rmArmAlarm(a.alarm)),
  ),
  nouveau_isr: entry(
    "nouveau's timer interrupt with these alarms pending",
    object({ alarms: dictionary(/^[\w-]+$/, u64String('timestamp in ns'), 'by name') }, readArgs, 'what is pending'),
    (a, input) => {
      const alarms = Object.entries(a.alarms).map(([name, timestamp]) => ({ name, timestamp }));
      const r = run(nouveau.isr(address(a.via, input), alarms), setup(input));
      const { ran = [], unknown = 0 } = r.returned ?? {};
      const early = alarms.some((x) => ran.includes(x.name) && x.timestamp > r.time);
      const stored = BigInt(r.device.peek(alarmOffset(input.device?.generation)));
      return { ...outcome(r, input.expect), stored, ran, unknown: BigInt(unknown), verdicts: withMissed(r.verdicts, early) };
    },
  ),
};

/** Just the write of ALARM_0. */
function* armAlone(offset: number, timestamp: bigint, due: bigint): Steps<nouveau.Arming> {
  const armedAt = yield* hostTime();
  yield* write(offset, low32(timestamp));
  return { errno: null, due, armedAt, warned: null };
}

function* revocable(at: TimeAddress, times: number): Steps<Returned> {
  const values: bigint[] = [];
  for (let i = 0; i < times; i++) {
    const value = yield* readV2(at);
    if (value === null) return { errno: 'ENXIO', cause: 'revoked', values };
    values.push(value);
  }
  return { errno: null, value: values[values.length - 1], values };
}

function* bounded(at: TimeAddress, times: number): Steps<Returned> {
  const values: bigint[] = [];
  for (let i = 0; i < times; i++) {
    const { errno, value } = yield* nvgpuRead(at);
    if (value === undefined) return { errno, cause: 'attempts', values };
    values.push(value);
  }
  return { errno: null, value: values[values.length - 1], values };
}

function deviceOf(input: RoutineInput): Ptimer {
  const device = new Ptimer(deviceOptions(input));
  device.dead = input.device?.dead ?? false;
  return device;
}

/** Runs an arming routine, then asks the device when its alarm first matches, be it during the run. */
function armedBy(input: RoutineInput, steps: Steps<nouveau.Arming>): Outcome {
  const r = run(steps, setup(input));
  const o = outcome(r, input.expect);
  if (r.returned === null) return o;
  const { due, armedAt, warned } = r.returned;
  const a = armedAlarm(r, armedAt, due);
  return { ...o, ...a, warned, verdicts: withMissed(r.verdicts, missedAlarm(a.lateness, input.tolerance ?? tickNs)) };
}

const withMissed = (verdicts: readonly Verdict[], missed: boolean): readonly Verdict[] =>
  missed ? [...verdicts, 'missed-deadline' as const].sort() : verdicts;

function armedOutcome(device: Ptimer, a: Armed, tolerance: bigint): Outcome {
  return {
    end: 'returned',
    errno: null,
    ...a, time: device.time(), line: device.line(), verdicts: missedAlarm(a.lateness, tolerance) ? ['missed-deadline'] : [] };
}

/** Never, early, or later than is tolerated; early is wrong however little it is, as software trusts its own timestamp. */
const missedAlarm = (lateness: bigint | null, tolerance: bigint): boolean => lateness === null || lateness < 0n || lateness > tolerance;
