// The clock of a scenario that has one: the slots of the time and of everything that is so far ahead of it, how primitives use them, and what
// traces tell of it. How it moves on is in clockAgent.ts.
import type { ClockView, Cost } from '../primitives/emit.ts';
import { ANY, LOOKS } from '../primitives/clock.ts';
import { offsetName, ptimerSettings } from '../primitives/ptimer.ts';
import type { Program } from '../semantics/program.ts';
import type { Clock as SystemClock, Expression, InstantKind, Statement } from '../system/system.ts';
import { binary, choose, constant, equal, load, minus, plus, zero } from '../system/expression.ts';
import type { Preemption } from './preemption.ts';
import type { Variables } from './variables.ts';
import type { World } from './world.ts';

export interface Clock {
  /** Slot of the time, in ns since the scenario began. */
  readonly time: number;
  /** What devices and the timer wheel see of the time comes round after so many ns. */
  wrap: number;
  /** Somebody reads the whole of it. */
  read: boolean;
  /** One slot for each agent: ns until what it does is over. */
  readonly busy: number;
  /** The same until it is over at the latest; null: everything takes so long and no longer, or whoever does it may be scheduled out for any time. */
  readonly lasts: number | null;
  readonly preemption: Preemption;
  readonly costs: ClockView['costs'];
  readonly hz: number;
  /** How late a time-out may be reported, in ns; null: it does not matter. */
  readonly late: number | null;
  /** From one instant that matters to the next, or ns by ns: exact, slow, and what the former is held against. */
  readonly ticks: Ticks;
  /** The longest that anything takes, in ns. */
  most: number;
  /** Leaps may leave something out: agents begin only at instants that matter to somebody, or 1 ns before them. */
  leavesOut: boolean;
  readonly countdowns: Map<string, Countdown>;
  /** While one of these holds time passes by itself. */
  readonly driven: Map<string, () => Expression>;
  /** What happens whenever the time has moved on. */
  readonly hooks: Map<string, Hook>;
  /** Expressions over the time that only change at certain instants, by identity. */
  readonly stepwise: Map<Expression, Stepwise>;
}

/** `scaled`: by leaps, unless the scenario is scaled down and bounds how long agents are scheduled out. */
export type Ticks = 'scaled' | 'leap' | 'unit';

/** `length` slots from `slot` that count down to `floor` as time passes, and stand there. */
export interface Countdown {
  readonly slot: number;
  readonly length: number;
  readonly floor: number;
  /** Time passes until it is over, whether anybody is busy or not. */
  readonly drives: boolean;
  readonly kind: InstantKind;
  readonly text: (index: number) => string;
  /** It begins anew, so much above its floor; null: it stands there. */
  readonly again: number | null;
  /** By leaps, too, the clock stops where it is over. */
  readonly stops: boolean;
  /** What is left may be compared with something, so that more turns than at its end. */
  readonly compared: boolean;
}

export interface Hook {
  readonly body: () => readonly Statement[];
  /** ns to the next instant at which it does something, 0 or less: none; null: any ns may be one. */
  readonly left: Expression | null;
}

export interface Stepwise {
  /** ns to the next change. */
  readonly left: Expression;
  /** While this holds nobody sees it. */
  readonly unless: Expression;
}

/** Where nothing takes longer, and no clock has more to show, time goes ns by ns. */
const SMALL = 16_384;
/** Instants at which somebody may go on of his own accord, or an operation end: of more, each with each, there is no end. */
const CHOICES = 256;

/**
 * Whether the clock goes ns by ns: where the scenario is small enough. Leaps leave runs out in which somebody has to begin in time, or not to, and
 * when that is depends on all that he does from there on. Where nobody looks at the time, and nobody has to go on by some time, they leave out nothing.
 */
export function goesByUnits(clock: Clock): boolean {
  if (clock.ticks === 'unit') return true;
  const { preemption, costs } = clock;
  const ends = preemption.kind !== 'any' ? preemption.most <= CHOICES : !clock.read && clock.wrap > 1 && clock.wrap <= SMALL;
  const choices = Math.max(...Object.values(costs).map(({ least, most }) => most - least));
  return clock.ticks === 'scaled' && ends && choices <= CHOICES && clock.most <= SMALL;
}

/** Exact integers end here. */
export const EXACT = 2 ** 53;

const looksAtCpu = (operations: ReadonlySet<string>): boolean => LOOKS.some((name) => operations.has(name));

/** A scenario that says something of time, or looks at a clock. */
export function isTimed(program: Program, operations: ReadonlySet<string>): boolean {
  return program.settings.some((s) => s.keyword !== 'config') || looksAtCpu(operations);
}

export function clockOf(program: Program, operations: ReadonlySet<string>, agents: number, variables: Variables, ticks: Ticks): Clock | null {
  if (!isTimed(program, operations)) return null;
  const given = program.settings.find((s) => s.keyword === 'time');
  const of = (name: string, standard: number): number => given?.values.get(name) ?? standard;
  const cost = (name: string, standard: number): Cost => ({ least: of(name, standard), most: given?.upTo.get(name) ?? of(name, standard) });
  const mmio = cost('mmio', 1000);
  const costs = { mmio, deadMmio: isUnplugged(program) ? cost('dead_mmio', 10_000) : mmio, look: cost('clock', 50), callback: cost('callback', 0) };
  const preempt = of('preempt', ANY);
  const wraps = program.settings.filter((s) => s.keyword === 'ptimer').map((s) => s.values.get('wrap') ?? EXACT);
  const wrap = Math.min(EXACT, Math.max(1, ...wraps));
  return {
    time: variables.add({ name: 'time', max: wrap - 1 }),
    wrap,
    read: false,
    busy: variables.add({ name: 'busy', length: agents, max: 0, over: 'agents' }),
    lasts: preempt !== ANY && Object.values(costs).some((c) => c.least < c.most) ? variables.add({ name: 'busy at most', length: agents, max: 0, over: 'agents' }) : null,
    preemption: preemptionOf(preempt, given?.each.has('preempt') === true, agents, variables),
    costs, hz: of('hz', 1000), most: 0, late: of('late', ANY) === ANY ? null : of('late', ANY), ticks, leavesOut: preempt !== ANY, countdowns: new Map(), driven: new Map(), hooks: new Map(), stepwise: new Map(),
  };
}

/** A device can be gone. */
function isUnplugged(program: Program): boolean {
  return program.hardware.some(({ body }) => body.statements.some((s) => s.kind === 'expression' && s.value.kind === 'call' && s.value.callee.kind === 'name' && s.value.callee.text === 'unplug'));
}

function preemptionOf(most: number, each: boolean, agents: number, variables: Variables): Preemption {
  if (most === ANY) return { kind: 'any' };
  if (most === 0) return { kind: 'none', most: 0 };
  const name = 'may be scheduled out';
  if (each) return { kind: 'each', most, slot: variables.add({ name, length: agents, max: most, initial: most, over: 'agents' }) };
  return { kind: 'altogether', most, slot: variables.add({ name, max: most, initial: most }) };
}

export function clockView(world: World, clock: Clock, agent: number): ClockView {
  return {
    now: load(clock.time),
    look() {
      clock.read = true;
      world.variables.widen(clock.time, 0, EXACT - 1);
      return load(clock.time);
    },
    within(period) {
      clock.wrap = Math.min(EXACT, commonMultiple(clock.wrap, period));
      world.variables.widen(clock.time, 0, clock.wrap - 1);
      return load(clock.time);
    },
    hz: clock.hz,
    late: clock.late,
    idle: equal(load(clock.busy + agent), zero),
    wait: { kind: 'event', what: 'the time that the last operation takes', holder: null },
    costs: clock.costs,
    takes(least, most, longest) {
      clock.most = Math.max(clock.most, longest);
      const ends = (slot: number, value: Expression): Statement => {
        world.variables.widen(slot, 0, longest);
        return { op: 'set', slot: slot + agent, value };
      };
      return [ends(clock.busy, least), ...(clock.lasts === null ? [] : [ends(clock.lasts, most)])];
    },
    drives(key, condition) {
      if (!clock.driven.has(key)) clock.driven.set(key, condition);
    },
    countdown(name, { slot, length, floor = 0, drives, kind, text, again = null, stops = true, compared = true }) {
      if (!clock.countdowns.has(name)) clock.countdowns.set(name, { slot, length, floor, drives, kind, text, again, stops, compared });
    },
    longest(slot, most) {
      world.variables.widen(slot, 0, most);
      clock.most = Math.max(clock.most, most);
    },
    stepwise(value, left, unless) {
      clock.stepwise.set(value, { left, unless });
      return value;
    },
    afterwards(key, body, left) {
      if (!clock.hooks.has(key)) clock.hooks.set(key, { body, left: left ?? null });
    },
  };
}

function commonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** What traces tell of the clock. */
export function describeClock(world: World, clock: Clock): SystemClock {
  const { preemption } = clock;
  const { mmio, deadMmio, look, callback } = clock.costs;
  const modes = world.program.settings.flatMap((s) => (s.keyword === 'ptimer' && s.device !== null ? [modesOf(s.device.name, s.values)] : []));
  return {
    slot: clock.time, wrap: clock.read ? EXACT : clock.wrap, counts: countsOf(world, clock),
    instants: [...rollovers(world, clock), ...expiries(clock)],
    assumed: [`a register access takes ${nsOf(mmio)}${isUnplugged(world.program) ? `, ${nsOf(deadMmio)} once the device is gone` : ''}`, ...(clock.read ? [`a look at the CPU clock takes ${nsOf(look)}, and it runs at the rate of the devices'`] : []), ...(callback.most > 0 ? [`the callback of a timer takes ${nsOf(callback)}`] : []), preemptText(preemption), ...(goesByUnits(clock) || !clock.leavesOut ? [] : ['agents begin only at instants that matter to somebody, or 1 ns before them']), ...wheelOf(clock), ...modes],
  };
}

function preemptText(p: Preemption): string {
  if (p.kind === 'any') return 'agents may be scheduled out for any time';
  if (p.most === 0) return 'nobody is scheduled out, and time stands while nothing is under way';
  const bound = p.kind === 'each' ? 'each of them each time' : 'altogether';
  return `agents are scheduled out for ${p.most} ns at most, ${bound}, and time stands otherwise while nothing is under way`;
}

const nsOf = ({ least, most }: Cost): string => (least === most ? `${least} ns` : `${least} to ${most} ns`);

/** Countdowns that the timer wheel ends. */
const ON_WHEEL: readonly string[] = ['timers fire in', 'delayed works are queued in'];

function wheelOf(clock: Clock): string[] {
  if (![...clock.countdowns.keys()].some((name) => ON_WHEEL.includes(name))) return [];
  return [clock.hz === 0 ? 'timers fire when their time has come, to the nanosecond' : `timers fire on a wheel of ${clock.hz} jiffies per second, which stands at 0 when the run begins`];
}

function modesOf(device: string, values: ReadonlyMap<string, number>): string {
  const of = (name: string): number => values.get(name) ?? 0;
  const name = (setting: string): string => {
    const kind = ptimerSettings.settings.find((s) => s.name === setting);
    return Object.entries(kind?.names ?? {}).find(([, value]) => value === of(setting))?.[0] ?? '';
  };
  return `the timer of ${device} shows steps of ${of('grain')} ns, TIME_0 comes round after ${of('rollover')} ns, all of it after ${BigInt(of('wrap'))} ns; alarm: ${name('alarm')}, load: ${name('load')}`;
}

/** Every slot that counts down. */
function countsOf(world: World, clock: Clock): number[] {
  const slots = [...clock.countdowns.values()].flatMap((c) => Array.from({ length: c.length }, (_, i) => c.slot + i));
  const operations = [clock.busy, ...(clock.lasts === null ? [] : [clock.lasts])];
  return [...operations.flatMap((slot) => world.agents.map((_, i) => slot + i)), ...slots];
}

function expiries(clock: Clock): SystemClock['instants'] {
  return [...clock.countdowns.values()].flatMap(({ slot, length, floor, kind, text }) => Array.from({ length }, (_, i) => {
    const left = load(slot + i);
    return { kind, text: text(i), left: choose(binary('>', left, constant(floor)), minus(left, constant(floor)), constant(-1)) };
  }));
}

/** How far it is to the next roll-over of each device. */
function rollovers(world: World, clock: Clock): SystemClock['instants'] {
  return world.program.settings.flatMap((s) => {
    if (s.keyword !== 'ptimer' || s.device === null) return [];
    const rollover = s.values.get('rollover') ?? EXACT;
    const offset = load(world.variables.once({ name: offsetName(s.device.name), max: 0 }));
    const left = minus(constant(rollover), binary('%', plus(load(clock.time), offset), constant(rollover)));
    return [{ kind: 'roll-over' as const, text: `TIME_0 of ${s.device.name} rolls over`, left }];
  });
}
