// How time passes: the clock is an agent that moves to the next instant at which something can change, or to one nanosecond before it, and never past
// it; or ns by ns. It stands where nothing that takes time, or looks at it, can be reached any more. docs/reductions.md says what leaps leave out.
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, choose, constant, equal, load, minus, not, or, plus, zero } from '../system/expression.ts';
import { Builder, type ExitSpec } from './builder.ts';
import { EXACT, goesByUnits, type Clock, type Countdown } from './clock.ts';
import { criticalInstants, type Critical } from './instants.ts';
import { Scheduling } from './preemption.ts';
import { type AgentProgram, keyOf, knownPrograms, type KnownProgram, type Programs } from './reads.ts';
import { TimeSlots } from './timeSlots.ts';
import { driven, elements, lookUp } from './underWay.ts';
import type { AgentPlan, World } from './world.ts';

/** `all` are all other agents, as they have been lowered. */
export function lowerClock(world: World, plan: AgentPlan, all: ReadonlyArray<AgentProgram | undefined>): Builder {
  const { clock } = world;
  if (clock === null) throw new Error('lowering: a clock in a scenario without one');
  const programs = knownPrograms(clock, all);
  const b = new Builder(world, plan);
  const settings = world.program.settings.find((s) => s.keyword !== 'config');
  b.enter({ name: plan.name, function: null, module: null, unit: settings?.unit ?? world.program.units[0], at: settings?.node ?? { start: 0, end: 0 } });
  const moves = goesByUnits(clock) ? [tick(world, clock, programs)] : leaps(world, clock, programs);
  b.touch(moves.map((move) => ({ ...move, environment: false, then: (self) => { if (self !== null) b.goto(self); } })));
  b.leave();
  return b;
}

/** One nanosecond. */
function tick(world: World, clock: Clock, programs: Programs): ExitSpec {
  const scheduling = new Scheduling(world, clock, programs);
  const guard = or(scheduling.goesBy, and(scheduling.maySpare, or(driven(world, clock), matters(world, clock, programs))));
  const one = constant(1);
  return { text: '+1 ns', guard, body: [...scheduling.usesUp(one), ...passes(world, clock, one, observed(world, clock, programs))] };
}

/** To the next instant, and to one nanosecond before it. */
function leaps(world: World, clock: Clock, programs: Programs): ExitSpec[] {
  const distance = world.variables.add({ name: 'leap', max: EXACT - 1 });
  const d = load(distance);
  const consider = (left: Expression): Statement => ({ op: 'if', condition: and(binary('>', left, zero), or(equal(d, zero), binary('<', left, d))), then: [{ op: 'set', slot: distance, value: left }], else: [] });
  const goesOn = or(driven(world, clock), matters(world, clock, programs));
  const least: Statement[] = [clock.busy, ...(clock.lasts === null ? [] : [clock.lasts])].flatMap((slot) => world.agents.map((_, i) => consider(load(slot + i))));
  const also: Statement[] = [];
  for (const c of clock.countdowns.values()) if (c.stops) (c.drives ? least : also).push(...elements(c).map((left) => consider(left)));
  for (const hook of clock.hooks.values()) also.push(consider(hook.left ?? constant(1)));
  if (also.length > 0) least.push({ op: 'if', condition: goesOn, then: also, else: [] });
  const somewhere: Expression[] = [];
  const times = new TimeSlots(clock, programs, world.layout.tables, world.variables.initial);
  const all = criticalInstants(clock, programs, world.layout.tables, times);
  const begins = all.map((critical, i) => beginsHere(world, i, programs[i], critical));
  if (times.small) {
    const begin = and(or(...begins), times.lieAhead(or(driven(world, clock), shown(world, clock, programs))));
    least.push(consider(choose(begin, constant(1), zero)));
    somewhere.push(begin);
  }
  clock.leavesOut ||= begins.some((b) => b !== zero) && (!times.small || times.comparesDifferences);
  all.forEach(({ lefts: critical }, i) => {
    const program = programs[i];
    if (program === undefined || critical.size === 0) return;
    const here = lookUp(world, `clock stops ${i}`, program.slot, program.locations.map((_, at) => (critical.has(at) ? 1 : 0)));
    somewhere.push(here);
    least.push({
      op: 'if', condition: here, else: [],
      then: [...critical].map(([at, lefts]) => ({ op: 'if', condition: equal(load(program.slot), constant(at)), then: lefts.map(consider), else: [] })),
    });
  });
  const scheduling = new Scheduling(world, clock, programs);
  for (const { left, when } of scheduling.bounds) least.push({ op: 'if', condition: when, then: [consider(left)], else: [] });
  const guard = clock.preemption.kind === 'any'
    ? or(driven(world, clock), ...somewhere, also.length === 0 ? zero : goesOn)
    : or(scheduling.goesBy, and(scheduling.maySpare, goesOn));
  const seen = observed(world, clock, programs);
  const never: Statement = { op: 'disable' };
  const move = (less: 0 | 1): ExitSpec => ({
    text: less === 0 ? 'time passes' : 'time passes, all but 1 ns', guard,
    body: [
      ...least,
      { op: 'if', condition: binary('<=', d, constant(less)), then: [never], else: [] },
      ...(less === 0 ? [] : [{ op: 'set' as const, slot: distance, value: minus(d, constant(1)) }]),
      ...scheduling.usesUp(d), ...passes(world, clock, d, seen),
      { op: 'set', slot: distance, value: zero },
    ],
  });
  return [move(0), move(1)];
}

/** The agent can do something that a later look is held against. */
function beginsHere(world: World, agent: number, program: KnownProgram | undefined, { begins }: Critical): Expression {
  if (program === undefined || begins.size === 0) return zero;
  const here = lookUp(world, `begins ${agent}`, program.slot, program.locations.map((_, at) => (begins.has(at) ? 1 : 0)));
  return and(here, or(...[...begins].map(([at, can]) => and(equal(load(program.slot), constant(at)), can))));
}

/** `seen`: somebody can come to a look at the time. */
function passes(world: World, clock: Clock, d: Expression, seen: Expression): Statement[] {
  const down = (slot: number, floor: number): Statement => ({
    op: 'if', condition: binary('>', load(slot), constant(floor)), else: [],
    then: [{ op: 'if', condition: binary('>', minus(load(slot), d), constant(floor)), then: [{ op: 'set', slot, value: minus(load(slot), d) }], else: [{ op: 'set', slot, value: constant(floor) }] }],
  });
  const counts = [...clock.countdowns.values()].flatMap((c) => Array.from({ length: c.length }, (_, i) => (c.again === null ? down(c.slot + i, c.floor) : goesRound(c.slot + i, c.floor, c.again, d))));
  const later = plus(load(clock.time), d);
  const comesRound = !clock.read && clock.wrap !== EXACT;
  const goesOn: Statement = { op: 'set', slot: clock.time, value: comesRound ? binary('%', later, constant(clock.wrap)) : later };
  return [
    ...[clock.busy, ...(clock.lasts === null ? [] : [clock.lasts])].flatMap((slot) => world.agents.map((_, i) => down(slot + i, 0))), ...counts,
    ...(seen.op === 'constant' ? (seen.value === 0 ? [] : [goesOn]) : [{ op: 'if' as const, condition: seen, then: [goesOn], else: [] }]),
    ...[...clock.hooks.values()].flatMap((hook) => hook.body()),
  ];
}

/** A countdown that begins anew, from `period` above its floor, as often as it comes there within `d`. */
function goesRound(slot: number, floor: number, period: number, d: Expression): Statement {
  const over = plus(minus(d, load(slot)), constant(floor));
  const next = minus(constant(floor + period), binary('%', over, constant(period)));
  return {
    op: 'if', condition: binary('>', load(slot), constant(floor)), else: [],
    then: [{ op: 'set', slot, value: choose(binary('<', over, zero), minus(load(slot), d), next) }],
  };
}

/** Somebody can come to something that takes time, or looks at it. */
function matters(world: World, clock: Clock, programs: Programs): Expression {
  const takesOrLooks = reached(world, 'clock', programs, ({ loading }, agent) => [...loading.of(clock.busy + agent), ...loading.of(clock.time)]);
  return or(takesOrLooks, ...[...clock.countdowns].map(([name, c]) => (c.drives ? zero : and(or(...elements(c).map((left) => binary('>', left, zero))), countRead(world, name, c, programs)))));
}

/** Somebody can come to a look at what is left of it. */
function countRead(world: World, name: string, { slot, length }: Countdown, programs: Programs): Expression {
  const slots = Array.from({ length }, (_, i) => slot + i);
  return reached(world, name, programs, (program) => slots.flatMap((s) => [...program.loading.of(s), ...program.indexing.of(s)]));
}

/** Somebody can come to a look at the time itself. */
function observed(world: World, clock: Clock, programs: Programs): Expression {
  if (clock.hooks.size > 0) return constant(1);
  const plainly = reached(world, 'time', programs, ({ timing }) => timing);
  return or(plainly, shown(world, clock, programs));
}

/** Somebody can come to a look at a PTIMER, which shows something. */
function shown(world: World, clock: Clock, programs: Programs): Expression {
  const through = new Map([...clock.stepwise.values()].map((s) => [keyOf(s.unless), s.unless]));
  return or(...[...through].map(([key, unless]) => and(not(unless), reached(world, `time unless ${key}`, programs, ({ showing }) => showing.get(key) ?? []))));
}

/** Whether some agent stands where it can come to one of the locations that are wanted of it. */
function reached(world: World, name: string, programs: Programs, wanted: (program: KnownProgram, agent: number) => readonly number[]): Expression {
  return or(...Array.from(programs, (program, i): Expression => (program === undefined ? zero : lookUp(world, `${name} ${i}`, program.slot, program.reaching(wanted(program, i))))));
}
