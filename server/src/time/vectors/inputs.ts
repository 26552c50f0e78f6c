// What a vector of kind "routine" may say about the device, the costs, the events and the condition, and how that becomes a bench's setup.
import { type Condition, defaultMaxOperations, noCosts, type Setup } from '../setup.ts';
import type { Happening, TimedEvent } from '../events.ts';
import { generationNames } from '../generation.ts';
import type { PtimerOptions } from '../ptimer.ts';
import { type TimeVia, timeAddresses } from '../routines/reads.ts';
import {
  checked,
  count,
  dictionary,
  either,
  flag,
  integer,
  list,
  literal,
  mapped,
  object,
  oneOf,
  type Read,
  tagged,
  u32String,
  u64String,
} from './shape.ts';

const ns = (what: string) => u64String(`${what}, in ns`);
/** Longest duration that Rust's core::time::Duration holds, in ns. */
const durationMax = (1n << 64n) * 1_000_000_000n - 1n;
export const duration = integer(0n, durationMax, 'a duration in ns, up to Duration::MAX');

export const registerMap = mapped(
  dictionary(/^(0x[0-9a-fA-F]+|[0-9]+)$/, u32String('the value'), 'register values by BAR0 offset'),
  (r) => new Map(Object.entries(r).map(([offset, value]) => [Number(offset), value])),
);

export const deviceShape = object(
  {},
  {
    generation: oneOf(generationNames, 'which hardware; default gm200'),
    dead: flag('absent from the start: every read is all ones'),
    cold: flag('registers as after power-on; otherwise firmware has set the counter to run at 1 ns each ns'),
    grain: checked(ns('step in which reads show the time: a multiple of 32; default 32'), (g) =>
      g > 0n && g % 32n === 0n ? null : 'the grain is a positive multiple of 32 ns',
    ),
    alarmMode: oneOf(['level', 'edge'], 'whether the alarm match is a level or an edge (unknown); default edge'),
    countdownZero: oneOf(['stops', 'fires'], 'what writing 0 to a countdown does (unknown); default stops'),
    writeLoad: oneOf(['halves', 'trigger', 'ignored'], 'how a written time is loaded; default: as the generation does'),
    crystalKHz: count(1, 10_000_000, 'the crystal, in kHz; default 31250'),
    sourceKHz: count(1, 10_000_000, 'the clock that the counter divides, in kHz; default 31250, or 108000 from gm107 on'),
    clockDivBits: mapped(count(4, 5, 'width of DIV in CLOCK_SOURCE (sources disagree); default 4'), (n) => (n === 5 ? 5 : 4) as 4 | 5),
    registers: registerMap,
    priError: u32String('what an offset without a register answers; default 0xBADF5040'),
  },
  'the device',
);

export const costsShape = object(
  {},
  {
    read: ns('one register read; the time passes after the sample'),
    deadRead: ns('one register read that a dead device does not answer; default: as read'),
    condRead: ns('one register read of the condition; default: as read'),
    write: ns('one register write'),
    cond: ns('one test of the condition, its reads not counted'),
    clock: ns('one look at the CPU clock'),
    relax: ns('one cpu_relax()'),
    sleep: ns('every sleep or delay, instead of what it asks for'),
  },
  'how long operations take; default 0',
);

const nth = count(1, 1_000_000_000, 'counted from 1');
export const beforeShape = checked(
  object(
    {},
    { read: nth, condRead: nth, write: nth, access: nth, cond: nth, clock: nth, offset: u32String('only accesses of this register count') },
    'before the nth read of the time, read of the condition, write, register access of any kind, test of the condition, or look at the CPU clock',
  ),
  ({ offset, ...b }) => {
    if (Object.keys(b).length !== 1) return 'say exactly one of read, condRead, write, access, cond, clock';
    return offset !== undefined && (b.cond ?? b.clock) !== undefined ? 'only a read, a write or an access has an offset' : null;
  },
);
const at = ns('host time since the routine was entered');
const when = { before: beforeShape, at };

export const eventsShape = list(
  checked(
    tagged(
      'do',
      {
        die: object({ do: literal('die') }, when, 'unplugged, or fallen off the bus'),
        revive: object({ do: literal('revive') }, when, 'back on the bus; the counter has gone on'),
        'set-time': object({ do: literal('set-time'), time: ns('the new counter time') }, when, 'another agent sets the time'),
        step: object({ do: literal('step'), by: integer(-(1n << 61n), 1n << 61n, 'ns, back if negative') }, when, 'the time jumps'),
        glitch: object(
          { do: literal('glitch') },
          {
            ...when,
            value: u32String('default all ones'),
            reads: count(1, 1_000_000, 'default 1'),
            offset: u32String('only reads of this register'),
          },
          'the next reads give this value',
        ),
        write: object(
          { do: literal('write'), offset: u32String('BAR0 offset'), value: u32String('the value') },
          when,
          'another agent writes a register',
        ),
        delay: object({ do: literal('delay'), ns: ns('how long') }, when, 'the poller is scheduled out'),
        suspend: object(
          { do: literal('suspend'), ns: ns('how long') },
          when,
          'the machine sleeps: the counter goes on, CLOCK_MONOTONIC does not',
        ),
        revoke: object({ do: literal('revoke') }, when, "the driver's access is revoked by unbind; the device stays"),
      },
      'one event',
    ),
    (e) => ((e.before === undefined) === (e.at === undefined) ? 'say either "before" or "at"' : null),
  ),
  'what happens meanwhile; each once',
);
type EventInput = Read<typeof eventsShape>[number];

const registerTest = object(
  { offset: u32String('BAR0 offset'), equals: u32String('the masked value') },
  { mask: u32String('default all bits') },
  'one register that must match',
);
export const conditionShape = mapped(
  either(
    (v) => typeof v === 'string',
    oneOf(['never', 'always'], 'constant'),
    checked(
      object(
        {},
        { from: at, to: at, registers: list(registerTest, 'all must match; tested in order, up to the first that does not', 1) },
        'true from some ns after entry (until "to"), or when registers match',
      ),
      (c) => ((c.from === undefined) === (c.registers === undefined) ? 'say either "from" or "registers"' : null),
    ),
  ),
  (c): Condition => {
    if (typeof c === 'string') return { kind: c };
    if (c.registers !== undefined) return { kind: 'registers', all: c.registers.map((r) => ({ mask: 0xffffffff, ...r })) };
    return { kind: 'from', from: c.from ?? 0n, to: c.to ?? null };
  },
);

export const viaShape = oneOf(
  Object.keys(timeAddresses) as TimeVia[],
  'which copy of TIME_0/TIME_1 is read; default ptimer (nv1: its own)',
);

/** The fields that every routine vector has besides its name, its arguments and what it expects. */
export const inputFields = {
  device: deviceShape,
  start: ns('counter time at entry; default 0'),
  hostStart: ns('CPU clock at entry; default 0'),
  costs: costsShape,
  events: eventsShape,
  tolerance: ns(
    'how late a timeout or alarm may be reported before it is a missed-deadline; default: one grain and two passes of the wait',
  ),
  limits: object({ operations: count(1, 1_000_000_000, `default ${defaultMaxOperations}`) }, {}, 'when an undecided run is given up'),
} as const;

export type Inputs = { readonly [K in keyof typeof inputFields]?: Read<(typeof inputFields)[K]> };

export function deviceOptions(i: Inputs): PtimerOptions {
  const { dead: _, ...options } = i.device ?? {};
  return { time: i.start ?? 0n, ...options };
}

/** The bench's setup for a routine with this condition and timeout. */
export function setup(i: Inputs, condition: Condition = { kind: 'never' }, timeout: bigint | null = null): Setup {
  const c = i.costs ?? {};
  const read = c.read ?? 0n;
  return {
    device: deviceOptions(i),
    dead: i.device?.dead ?? false,
    costs: {
      ...noCosts,
      read,
      deadRead: c.deadRead ?? read,
      condRead: c.condRead ?? read,
      write: c.write ?? 0n,
      cond: c.cond ?? 0n,
      clock: c.clock ?? 0n,
      relax: c.relax ?? 0n,
    },
    events: (i.events ?? []).map(event),
    condition,
    hostStart: i.hostStart ?? 0n,
    sleepTakes: c.sleep ?? null,
    waits: false,
    timeout,
    tolerance: i.tolerance ?? null,
    maxOperations: i.limits?.operations ?? defaultMaxOperations,
  };
}

function event(e: EventInput): TimedEvent {
  const b = e.before ?? {};
  const what = (['read', 'condRead', 'write', 'access', 'cond', 'clock'] as const).find((w) => b[w] !== undefined);
  const when: TimedEvent['when'] =
    what === undefined ? { kind: 'at', elapsed: e.at ?? 0n } : { kind: 'before', what, nth: b[what] ?? 1, offset: b.offset ?? null };
  return { when, happening: happening(e) };
}

function happening(e: EventInput): Happening {
  switch (e.do) {
    case 'die':
    case 'revive':
    case 'revoke':
      return { kind: e.do };
    case 'set-time':
      return { kind: 'set-time', time: e.time };
    case 'step':
      return { kind: 'step', by: e.by };
    case 'glitch':
      return { kind: 'glitch', value: e.value ?? 0xffffffff, reads: e.reads ?? 1, offset: e.offset ?? null };
    case 'write':
      return { kind: 'write', offset: e.offset, value: e.value };
    case 'delay':
    case 'suspend':
      return { kind: e.do, ns: e.ns };
  }
}
