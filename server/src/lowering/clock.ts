// The clock of a scenario that has one: an agent of its own whose only step is one nanosecond. Time passes by itself while somebody is busy with what
// takes some, or something is due, and nobody has anything else to do; and as long as agents may be scheduled out, while somebody has. It stands
// where nothing that takes time can be reached any more.
import type { ClockView } from '../primitives/emit.ts';
import { ANY } from '../primitives/clock.ts';
import { offsetName, ptimerSettings } from '../primitives/ptimer.ts';
import type { Program } from '../semantics/program.ts';
import type { Expression, Location, Clock as SystemClock, Statement } from '../system/system.ts';
import { and, binary, choose, constant, equal, load, minus, not, or, plus, table, zero } from '../system/expression.ts';
import { Builder } from './builder.ts';
import type { Variables } from './variables.ts';
import type { AgentPlan, World } from './world.ts';

export interface Clock {
  /** Slot of the time, in ns since the scenario began. */
  readonly time: number;
  /** What the devices show of the time comes round after so many ns. */
  readonly wrap: number;
  /** Somebody reads the whole of it. */
  read: boolean;
  /** One slot for each agent: ns until what it does is over. */
  readonly busy: number;
  /** Slot of the ns for which agents may still be scheduled out; null: any number. */
  readonly slack: number | null;
  readonly costs: ClockView['costs'];
  readonly ticks: Map<string, () => readonly Statement[]>;
  readonly driven: Map<string, () => Expression>;
}

/** Exact integers end here. */
const EXACT = 2 ** 53;

/** What looks at the CPU's clock, which does not come round. */
const LOOKS: readonly string[] = ['ktime_get'];

const looksAtCpu = (operations: ReadonlySet<string>): boolean => LOOKS.some((name) => operations.has(name));

/** A scenario that says something of time, or looks at a clock. */
export function isTimed(program: Program, operations: ReadonlySet<string>): boolean {
  return program.settings.length > 0 || looksAtCpu(operations);
}

export function clockOf(program: Program, operations: ReadonlySet<string>, agents: number, variables: Variables): Clock | null {
  if (!isTimed(program, operations)) return null;
  const given = program.settings.find((s) => s.keyword === 'time')?.values;
  const of = (name: string, standard: number): number => given?.get(name) ?? standard;
  const costs = { mmio: of('mmio', 1000), deadMmio: of('dead_mmio', 10_000), look: of('clock', 50) };
  const preempt = of('preempt', ANY);
  const wraps = program.settings.filter((s) => s.keyword === 'ptimer').map((s) => s.values.get('wrap') ?? EXACT);
  const wrap = wraps.length === 0 ? EXACT : Math.min(EXACT, Math.max(...wraps));
  return {
    time: variables.add({ name: 'time', max: wrap - 1 }),
    wrap,
    read: false,
    busy: variables.add({ name: 'busy', length: agents, max: Math.max(costs.mmio, costs.deadMmio, costs.look), over: 'agents' }),
    slack: preempt === ANY ? null : variables.add({ name: 'may be scheduled out', max: preempt, initial: preempt }),
    costs, ticks: new Map(), driven: new Map(),
  };
}

export function clockView(world: World, clock: Clock, agent: number): ClockView {
  return {
    now: load(clock.time),
    look() {
      clock.read = true;
      world.variables.widen(clock.time, 0, EXACT - 1);
      return load(clock.time);
    },
    idle: equal(load(clock.busy + agent), zero),
    wait: { kind: 'event', what: 'the time that the last operation takes', holder: null },
    costs: clock.costs,
    takes(duration, most) {
      world.variables.widen(clock.busy, 0, most);
      return { op: 'set', slot: clock.busy + agent, value: duration };
    },
    drives(key, condition) {
      if (!clock.driven.has(key)) clock.driven.set(key, condition);
    },
    atEachTick(key, body) {
      if (!clock.ticks.has(key)) clock.ticks.set(key, body);
    },
  };
}

/** What traces tell of the clock. */
export function describeClock(world: World, clock: Clock): SystemClock {
  const preempt = clock.slack === null ? 'agents may be scheduled out for any time' : `agents are scheduled out for ${world.variables.initial[clock.slack]} ns at most, altogether`;
  const { mmio, deadMmio, look } = clock.costs;
  const modes = world.program.settings.flatMap((s) => (s.keyword === 'ptimer' && s.device !== null ? [modesOf(s.device.name, s.values)] : []));
  return {
    slot: clock.time, instants: rollovers(world, clock),
    assumed: [`a register access takes ${mmio} ns, ${deadMmio} ns once the device is gone`, ...(clock.read ? [`a look at the CPU clock takes ${look} ns, and it runs at the rate of the devices'`] : []), preempt, ...modes],
  };
}

function modesOf(device: string, values: ReadonlyMap<string, number>): string {
  const of = (name: string): number => values.get(name) ?? 0;
  const name = (setting: string): string => {
    const kind = ptimerSettings.settings.find((s) => s.name === setting);
    return Object.entries(kind?.names ?? {}).find(([, value]) => value === of(setting))?.[0] ?? '';
  };
  return `the timer of ${device} shows steps of ${of('grain')} ns, TIME_0 comes round after ${of('rollover')} ns, all of it after ${of('wrap')} ns; alarm: ${name('alarm')}, load: ${name('load')}`;
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

/** `agents` are all others, as they have been lowered: their slots and locations. */
export function lowerClock(world: World, plan: AgentPlan, agents: ReadonlyArray<Lowered | undefined>): Builder {
  const { clock } = world;
  if (clock === null) throw new Error('lowering: a clock in a scenario without one');
  const b = new Builder(world, plan);
  const settings = world.program.settings[0];
  b.enter({ name: plan.name, function: null, module: null, unit: settings?.unit ?? world.program.units[0], at: settings?.node ?? { start: 0, end: 0 } });
  const busy = world.agents.map((_, i) => binary('>', load(clock.busy + i), zero));
  const goesBy = or(...busy, ...[...clock.driven.values()].map((condition) => condition()));
  const matters = or(...Array.from(agents, (a, i) => (a === undefined ? zero : reaches(world, i, a, clock.busy + i))));
  // Whoever can go on and does not, and is not in the middle of what takes time, is scheduled out.
  const waits = not(or(...Array.from(agents, (a, i) => (a === undefined ? zero : and(not(busy[i]), canStep(world, a))))));
  const spare = clock.slack === null ? constant(1) : binary('>', load(clock.slack), zero);
  const body: Statement[] = [
    ...(clock.slack === null ? [] : [{ op: 'if' as const, condition: and(waits, goesBy), then: [], else: [{ op: 'set' as const, slot: clock.slack, value: minus(load(clock.slack), constant(1)) }] }]),
    ...busy.map((condition, i): Statement => ({ op: 'if', condition, then: [{ op: 'set', slot: clock.busy + i, value: minus(load(clock.busy + i), constant(1)) }], else: [] })),
    { op: 'set', slot: clock.time, value: next(clock) },
    ...[...clock.ticks.values()].flatMap((tick) => tick()),
  ];
  const guard = or(and(waits, goesBy), and(spare, or(goesBy, matters)));
  b.touch([{ text: '+1 ns', guard, environment: false, body, then: (self) => { if (self !== null) b.goto(self); } }]);
  b.leave();
  return b;
}

function next(clock: Clock): Expression {
  const later = plus(load(clock.time), constant(1));
  return clock.read || clock.wrap === EXACT ? later : choose(equal(later, constant(clock.wrap)), zero, later);
}

interface Lowered {
  readonly slot: number;
  readonly locations: readonly Location[];
}

/** A step of the agent is possible, of its own accord. */
function canStep(world: World, { slot, locations }: Lowered): Expression {
  const own = locations.map((l) => l.steps.filter((s) => !s.environment));
  const always = own.map((steps) => (steps.some((s) => s.guard === null) ? 1 : 0));
  const sometimes = own.flatMap((steps, i): Expression[] => (always[i] === 1 || steps.length === 0 ? [] : [and(equal(load(slot), constant(i)), or(...steps.flatMap((s) => s.guard ?? [])))]));
  return or(lookUp(world, `steps ${slot}`, slot, always), ...sometimes);
}

/** The agent can come to a step that takes time: one that waits for its own slot of `busy`. */
function reaches(world: World, agent: number, { slot, locations }: Lowered, busy: number): Expression {
  const found = locations.map((l) => (l.steps.some((s) => s.guard !== null && loads(s.guard, busy)) ? 1 : 0));
  const next = locations.map((l) => l.steps.flatMap((s) => gotos(s.body)));
  for (let changed = true; changed; ) {
    changed = false;
    next.forEach((to, i) => {
      if (found[i] === 1 || !to.some((j) => found[j] === 1)) return;
      found[i] = 1;
      changed = true;
    });
  }
  return lookUp(world, `clock ${agent}`, slot, found);
}

/** What an array over locations has for where the agent stands. */
function lookUp(world: World, name: string, slot: number, values: number[]): Expression {
  if (!values.includes(1)) return zero;
  if (!values.includes(0)) return constant(1);
  const number = world.layout.tableNumber(name, () => values);
  return table(number, world.layout.tables[number], load(slot));
}

function gotos(body: readonly Statement[]): number[] {
  return body.flatMap((s) => (s.op === 'goto' ? [s.location] : s.op === 'if' ? [...gotos(s.then), ...gotos(s.else)] : []));
}

function loads(e: Expression, slot: number): boolean {
  switch (e.op) {
    case 'load': return e.slot === slot;
    case 'constant': return false;
    case 'element': case 'table': return loads(e.index, slot);
    case 'not': case 'negate': case 'complement': return loads(e.operand, slot);
    case 'binary': return loads(e.left, slot) || loads(e.right, slot);
    case 'choose': return loads(e.condition, slot) || loads(e.then, slot) || loads(e.else, slot);
  }
}
