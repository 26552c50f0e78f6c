// Critical instants out of the code: where an agent is about to look at the clock, the instants at which something that it will ask of what it sees
// turns. The code is followed from the look on, step by step, with the time as a symbol; what cannot be followed makes every nanosecond one.
import type { Expression, Statement, Step } from '../system/system.ts';
import { binary, choose, constant, equal, isConstant, load, minus, or, zero } from '../system/expression.ts';
import type { Clock } from './clock.ts';
import { LateLooks } from './lateLooks.ts';
import { countdownOf, countedSlots, Walk } from './lookWalk.ts';
import type { Programs } from './reads.ts';
import { contains, someExpression } from './search.ts';
import type { TimeSlots } from './timeSlots.ts';

export interface Critical {
  /** By location: how far each instant is ahead, in ns; 0 or less: it has passed. */
  readonly lefts: ReadonlyMap<number, readonly Expression[]>;
  /** By location at which a time can begin that is held against a later one, and when: when it had to begin is told by what comes then. */
  readonly begins: ReadonlyMap<number, Expression>;
}

/** Of each agent, by its number. */
export function criticalInstants(clock: Clock, programs: Programs, tables: ReadonlyArray<readonly number[]>, times: TimeSlots): Critical[] {
  const isPrivate = ownSlots(programs);
  const now = load(clock.time);
  const counted = countedSlots(clock);
  const late = new LateLooks(clock, programs, tables, isPrivate, times);
  return Array.from(programs, (program, agent) => {
    const critical = new Map<number, readonly Expression[]>();
    const begins = new Map<number, Expression>();
    const beginsWith = (at: number, { guard }: Step): void => { begins.set(at, or(begins.get(at) ?? zero, guard ?? constant(1))); };
    if (program === undefined) return { lefts: critical, begins };
    const looking = new Set([clock.time, ...counted].flatMap((slot) => program.loading.of(slot)));
    const counting = new Set(counted.flatMap((slot) => program.writing.of(slot)));
    program.locations.forEach((location, at) => {
      if (!looking.has(at) && !counting.has(at)) return;
      const lefts: Expression[] = [];
      for (const step of location.steps) {
        if (beginsToCount(clock, step.body)) beginsWith(at, step);
        if (!looks(clock, step)) continue;
        const walk = new Walk(clock, clock.time, program.locations, tables, isPrivate, times);
        walk.from(step);
        const found = [walk, ...late.of(walk.escapes)];
        if (found.some((w) => w.meetsLater)) beginsWith(at, step);
        const all = found.some((w) => w.fails) ? [constant(1)] : found.flatMap((w) => [...w.lefts, ...w.instants.map((instant) => whileCounting(clock, minus(instant, now)))]);
        // While what the agent did last takes its time, it does not come to the look.
        const waits = step.guard !== null && contains(step.guard, (e) => e.op === 'load' && e.slot === clock.busy + agent);
        lefts.push(...(waits ? all.map((left) => choose(equal(load(clock.busy + agent), zero), left, zero)) : all));
      }
      if (lefts.length > 0) critical.set(at, distinct(lefts));
    });
    return { lefts: critical, begins };
  });
}

function looks(clock: Clock, step: Step): boolean {
  const has = (e: Expression): boolean => contains(e, (x) => x.op === 'load' && (x.slot === clock.time || countdownOf(clock, x.slot) !== null));
  return (step.guard !== null && has(step.guard)) || someExpression(step.body, has);
}

/** Somebody will look at what is left of it. */
function beginsToCount(clock: Clock, body: readonly Statement[]): boolean {
  return body.some((s) => {
    if (s.op === 'if') return beginsToCount(clock, s.then) || beginsToCount(clock, s.else);
    return (s.op === 'set' || s.op === 'setElement') && countdownOf(clock, s.slot) !== null && !isConstant(s.value, 0);
  });
}

/** What has been counted down stands: it turns nothing any more. */
function whileCounting(clock: Clock, left: Expression): Expression {
  const over: Expression[] = [];
  contains(left, (e) => {
    const c = e.op === 'load' ? countdownOf(clock, e.slot) : null;
    if (c !== null) over.push(binary('<=', e, constant(c.floor)));
    return false;
  });
  return over.length === 0 ? left : choose(or(...over), zero, left);
}

function distinct(lefts: readonly Expression[]): Expression[] {
  return [...new Map(lefts.map((e) => [JSON.stringify(e), e])).values()];
}

/** Whether only one agent ever uses a slot. */
function ownSlots(programs: Programs): (slot: number) => boolean {
  const users = new Map<number, number>();
  programs.forEach((program, agent) => {
    const uses = (slot: number): void => { users.set(slot, (users.get(slot) ?? agent) === agent ? agent : -1); };
    if (program === undefined) return;
    for (const places of [program.loading, program.indexing, program.writing]) for (const slot of places.all()) uses(slot);
  });
  return (slot) => (users.get(slot) ?? 0) >= 0;
}
