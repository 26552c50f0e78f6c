// Whoever can go on and does not is scheduled out: for how long that may be, of all agents altogether or of each of them each time.
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, constant, equal, load, minus, not, or, zero } from '../system/expression.ts';
import type { Clock } from './clock.ts';
import type { AgentProgram } from './instants.ts';
import { driven, lookUp, takesTime } from './underWay.ts';
import type { World } from './world.ts';

export type Preemption =
  | { readonly kind: 'any' }
  /** Slot of the ns that are left. */
  | { readonly kind: 'altogether'; readonly slot: number; readonly most: number }
  /** Of an agent, one slot each. It has all of `most` again when it could not have gone on. */
  | { readonly kind: 'each'; readonly slot: number; readonly most: number };

type Programs = ReadonlyArray<AgentProgram | undefined>;

/** Time passes by itself: something is under way, and nobody has anything else to do. */
export function goesBy(world: World, clock: Clock, programs: Programs): Expression {
  if (clock.preemption.kind === 'any') return driven(world, clock);
  return and(driven(world, clock), not(or(...ableOnes(world, clock, programs))));
}

/** Some time may pass although somebody could go on. */
export function maySpare(world: World, clock: Clock, programs: Programs): Expression {
  const { preemption: p } = clock;
  if (p.kind === 'any') return constant(1);
  if (p.kind === 'altogether') return binary('>', load(p.slot), zero);
  const able = ableOnes(world, clock, programs);
  return and(or(...able), ...able.map((is, i) => or(not(is), binary('>', load(p.slot + i), zero))));
}

/** Where somebody has to go on by then: how much is left, and when that counts. */
export function bounds(world: World, clock: Clock, programs: Programs): ReadonlyArray<{ readonly left: Expression; readonly when: Expression }> {
  const { preemption: p } = clock;
  if (p.kind === 'any') return [];
  if (p.kind === 'each') return ableOnes(world, clock, programs).map((when, i) => ({ left: load(p.slot + i), when }));
  return [{ left: load(p.slot), when: not(goesBy(world, clock, programs)) }];
}

/** So much has passed of it. */
export function usesUp(world: World, clock: Clock, programs: Programs, d: Expression): Statement[] {
  const { preemption: p } = clock;
  if (p.kind === 'any') return [];
  if (p.kind === 'altogether') return [{ op: 'if', condition: goesBy(world, clock, programs), then: [], else: [{ op: 'set', slot: p.slot, value: minus(load(p.slot), d) }] }];
  return ableOnes(world, clock, programs).map((is, i) => ({
    op: 'if', condition: is,
    then: [{ op: 'set', slot: p.slot + i, value: minus(load(p.slot + i), d) }],
    else: [{ op: 'set', slot: p.slot + i, value: constant(p.most) }],
  }));
}

/** By agent: it could go on, of its own accord, and takes no time for it. */
function ableOnes(world: World, clock: Clock, programs: Programs): Expression[] {
  return Array.from(programs, (program, i) => (program === undefined ? zero : and(not(takesTime(clock, i)), canStep(world, program))));
}

function canStep(world: World, { slot, locations }: AgentProgram): Expression {
  const own = locations.map((l) => l.steps.filter((s) => !s.environment));
  const always = own.map((steps) => (steps.some((s) => s.guard === null) ? 1 : 0));
  const sometimes = own.flatMap((steps, i): Expression[] => (always[i] === 1 || steps.length === 0 ? [] : [and(equal(load(slot), constant(i)), or(...steps.flatMap((s) => s.guard ?? [])))]));
  return or(lookUp(world, `steps ${slot}`, slot, always), ...sometimes);
}
