// The timer of a device that a scenario declares with `ptimer of`: NVIDIA's PTIMER, as docs/timer.md describes it, with constants that may be scaled
// down so that its whole range can be explored.
import { and, binary, constant, equal, load, minus, plus, zero } from '../system/expression.ts';
import type { SettingsKind } from '../semantics/prelude.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit } from './emit.ts';
import { raise } from './irq.ts';
import { register, setRegister } from './registers.ts';
import { timeIsSet } from './timeReads.ts';

/** Largest number that a state holds exactly. */
export const PTIMER_EXACT = 2 ** 53 - 1;

const LOAD = { trigger: 0, halves: 1, ignored: 2 } as const;

export const ptimerSettings: SettingsKind = {
  keyword: 'ptimer',
  settings: [
    { name: 'counter', doc: 'What it counts from, in ns, when the run begins.', names: null, numbers: true, standard: 0, min: 0, max: PTIMER_EXACT },
    { name: 'grain', doc: 'The step in which TIME_0 shows the time, in ns: a power of two.', names: null, numbers: true, standard: 32, min: 1, max: 2 ** 31 },
    { name: 'rollover', doc: 'After so many ns TIME_0 comes round and TIME_1 goes on: a power of two.', names: null, numbers: true, standard: 2 ** 32, min: 2, max: 2 ** 32 },
    { name: 'wrap', doc: 'After so many ns the whole comes round to 0: a power of two.', names: null, numbers: true, standard: 2 ** 61, min: 4, max: 2 ** 61 },
    { name: 'alarm', doc: 'Whether the alarm latches for as long as the time matches, or when it comes to match (`level`, `edge`); nobody knows.', names: { edge: 0, level: 1 }, numbers: false, standard: 0, min: 0, max: 1 },
    { name: 'load', doc: 'How a written time is loaded: each half at once, both by the write of TIME_0, or not at all (`halves`, `trigger`, `ignored`).', names: LOAD, numbers: false, standard: 0, min: 0, max: 2 },
  ],
  wrong(values) {
    const of = (name: string): number => values.get(name) ?? 0;
    for (const name of ['grain', 'rollover', 'wrap']) {
      if (!Number.isInteger(Math.log2(of(name)))) return { setting: name, message: `\`${name}\` is a power of two, not ${of(name)}` };
    }
    if (of('rollover') <= of('grain')) return { setting: 'rollover', message: `\`rollover\` is more than one grain (${of('grain')})` };
    if (of('wrap') <= of('rollover')) return { setting: 'wrap', message: `\`wrap\` is more than one roll-over (${of('rollover')})` };
    if (of('counter') >= of('wrap')) return { setting: 'counter', message: `\`counter\` is less than \`wrap\` (${of('wrap')})` };
    return null;
  },
};

const INTR_0 = 0x9100;
const INTR_EN_0 = 0x9140;
const TIME_0 = 0x9400;
const TIME_1 = 0x9410;
const ALARM_0 = 0x9420;
const ALARM = 1;

interface Ptimer {
  readonly device: number;
  readonly grain: number;
  readonly rollover: number;
  readonly wrap: number;
  readonly counter: Expression;
  readonly level: boolean;
  readonly load: number;
}

function ptimerOf(emit: Emit, device: number): Ptimer | null {
  const settings = emit.model.ptimers[device];
  if (settings === null || settings === undefined || emit.clock === null) return null;
  const of = (name: string): number => settings.get(name) ?? 0;
  const wrap = of('wrap');
  const counts = modulo(plus(emit.clock.now, load(offsetSlot(emit, device, of('counter')))), wrap);
  const nextStep = minus(constant(of('grain')), binary('&', counts, constant(of('grain') - 1)));
  const counter = emit.clock.stepwise(counts, nextStep, load(emit.model.gone + device));
  return { device, grain: of('grain'), rollover: of('rollover'), wrap, counter, level: of('alarm') === 1, load: of('load') };
}

/** Of the variable that says how far the counter of a device is ahead. */
export function offsetName(device: string): string {
  return `${device} counter offset`;
}

/** The counter is so far ahead of the scenario's time. */
function offsetSlot(emit: Emit, device: number, initial: number): number {
  const wrap = emit.model.ptimers[device]?.get('wrap') ?? PTIMER_EXACT;
  return emit.shared(offsetName(emit.model.devices[device].name), Math.min(wrap - 1, PTIMER_EXACT), { initial }).slot;
}

/** What is beyond exact numbers is never reached. */
function modulo(e: Expression, wrap: number): Expression {
  return wrap > PTIMER_EXACT ? e : binary('&', e, constant(wrap - 1));
}

/** The counter of a device and how it comes round; null where it has no PTIMER. */
export function counterOf(emit: Emit, device: number): { readonly counter: Expression; readonly grain: number; readonly wrap: number; modulo(e: Expression): Expression } | null {
  const p = ptimerOf(emit, device);
  return p === null ? null : { counter: p.counter, grain: p.grain, wrap: p.wrap, modulo: (e) => modulo(e, p.wrap) };
}

export function floorTo(e: Expression, grain: number): Expression {
  return grain === 1 ? e : minus(e, binary('&', e, constant(grain - 1)));
}

function low(p: Ptimer): Expression {
  return floorTo(binary('&', p.counter, constant(p.rollover - 1)), p.grain);
}

/** The halves of the time, by offset. */
export function ptimerName(offset: number): string | null {
  return offset === TIME_0 ? 'TIME_0' : offset === TIME_1 ? 'TIME_1' : null;
}

/** What a register of the timer holds; null: it is none, and keeps what is written. */
export function readPtimer(emit: Emit, device: number, offset: number): Expression | null {
  const p = ptimerOf(emit, device);
  if (p === null) return null;
  if (offset === TIME_0) return low(p);
  return offset === TIME_1 ? binary('>>', p.counter, constant(Math.log2(p.rollover))) : null;
}

/** What a write to a register of the timer does; null: it is none. */
export function writePtimer(emit: Emit, device: number, offset: number, value: Expression): Statement[] | null {
  const p = ptimerOf(emit, device);
  if (p === null) return null;
  switch (offset) {
    case TIME_0: return loadLow(emit, p, value);
    case TIME_1: return loadHigh(emit, p, value);
    case INTR_0: return [setRegister(emit, device, INTR_0, binary('&', register(emit, device, INTR_0), { op: 'complement', operand: value })), ...latchNow(emit, p)];
    case INTR_EN_0: {
      emit.clock?.drives(`alarm ${device}`, () => isToCome(emit, device));
      return [...raisedBy(emit, p, [setRegister(emit, device, INTR_EN_0, binary('&', value, constant(ALARM)))])];
    }
    case ALARM_0: {
      const toMatch = minus(constant(p.rollover), binary('&', minus(p.counter, register(emit, device, ALARM_0)), constant(p.rollover - 1)));
      emit.clock?.afterwards(`alarm ${device}`, () => latchAtTick(emit, p), toMatch);
      const kept = floorTo(binary('&', value, constant(p.rollover - 1)), p.grain);
      return [setRegister(emit, device, ALARM_0, kept), ...latchNow(emit, p)];
    }
    default: return null;
  }
}

/** Sets the counter; a read that is going on may show the time before it and behind it. */
function setCounter(emit: Emit, p: Ptimer, counter: Expression): Statement[] {
  const now = emit.clock?.now ?? zero;
  const offset = offsetSlot(emit, p.device, emit.model.ptimers[p.device]?.get('counter') ?? 0);
  return [{ op: 'set', slot: offset, value: modulo(minus(counter, now), p.wrap) }, ...timeIsSet(emit)];
}

function loadHigh(emit: Emit, p: Ptimer, value: Expression): Statement[] {
  if (p.load === LOAD.trigger) return [setRegister(emit, p.device, TIME_1, value)];
  return p.load === LOAD.ignored ? [] : setCounter(emit, p, plus(high(p, value), binary('&', p.counter, constant(p.rollover - 1))));
}

function loadLow(emit: Emit, p: Ptimer, value: Expression): Statement[] {
  if (p.load === LOAD.ignored) return [];
  const words = floorTo(binary('&', value, constant(p.rollover - 1)), p.grain);
  const upper = p.load === LOAD.trigger ? high(p, register(emit, p.device, TIME_1)) : minus(p.counter, binary('&', p.counter, constant(p.rollover - 1)));
  return setCounter(emit, p, plus(upper, words));
}

function high(p: Ptimer, value: Expression): Expression {
  return modulo(binary('*', value, constant(p.rollover)), p.wrap);
}

/** Where the match is a level, it latches at once what is acknowledged or armed during it. */
function latchNow(emit: Emit, p: Ptimer): Statement[] {
  return p.level ? latch(emit, p, equal(low(p), register(emit, p.device, ALARM_0))) : [];
}

function latchAtTick(emit: Emit, p: Ptimer): Statement[] {
  const matches = equal(low(p), register(emit, p.device, ALARM_0));
  const enters = p.level || p.grain === 1 ? matches : and(matches, equal(binary('&', p.counter, constant(p.grain - 1)), zero));
  return latch(emit, p, enters);
}

function latch(emit: Emit, p: Ptimer, when: Expression): Statement[] {
  const there = equal(load(emit.model.gone + p.device), zero);
  const set = setRegister(emit, p.device, INTR_0, binary('|', register(emit, p.device, INTR_0), constant(ALARM)));
  return [{ op: 'if', condition: and(there, when), then: raisedBy(emit, p, [set]), else: [] }];
}

/** An alarm is enabled and has not latched: the time comes to match it within one roll-over. */
function isToCome(emit: Emit, device: number): Expression {
  const latched = binary('&', register(emit, device, INTR_0), constant(ALARM));
  return and(equal(load(emit.model.gone + device), zero), register(emit, device, INTR_EN_0), equal(latched, zero));
}

/** The line is raised when a latched alarm comes to be enabled, or an enabled one latched. */
function raisedBy(emit: Emit, p: Ptimer, body: readonly Statement[]): Statement[] {
  const pending = binary('&', binary('&', register(emit, p.device, INTR_0), register(emit, p.device, INTR_EN_0)), constant(ALARM));
  return [{
    op: 'if', condition: pending, then: [...body],
    else: [...body, { op: 'if', condition: pending, then: raise(emit, p.device), else: [] }],
  }];
}
