// Whoever can go on and does not is scheduled out: for how long that may be, of all agents altogether or of each of them each time.
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, constant, equal, load, minus, not, or, zero } from '../system/expression.ts';
import type { Clock } from './clock.ts';
import { type AgentProgram, keyOf, type Programs } from './reads.ts';
import { driven, lookUp, takesTime } from './underWay.ts';
import type { World } from './world.ts';

export type Preemption =
  | { readonly kind: 'any' }
  /** Nobody is. */
  | { readonly kind: 'none'; readonly most: 0 }
  /** Slot of the ns that are left. */
  | { readonly kind: 'altogether'; readonly slot: number; readonly most: number }
  /** Of an agent, one slot each. It has all of `most` again when it could not have gone on. */
  | { readonly kind: 'each'; readonly slot: number; readonly most: number };

export class Scheduling {
  /** Time passes by itself: something is under way, and nobody has anything else to do. */
  readonly goesBy: Expression;
  /** Some time may pass although somebody could go on. */
  readonly maySpare: Expression;
  /** Where somebody has to go on by then: how much is left, and when that counts. */
  readonly bounds: ReadonlyArray<{ readonly left: Expression; readonly when: Expression }>;
  private readonly preemption: Preemption;
  /** By agent: it could go on, of its own accord, and takes no time for it. */
  private readonly able: readonly Expression[];

  constructor(world: World, clock: Clock, programs: Programs) {
    const { preemption: p } = clock;
    this.preemption = p;
    this.able = p.kind === 'any' ? [] : Array.from(programs, (program, i) => (program === undefined ? zero : and(not(takesTime(clock, i)), canStep(world, program))));
    const somebody = or(...this.able);
    this.goesBy = and(driven(world, clock), not(somebody));
    switch (p.kind) {
      case 'any':
        this.maySpare = constant(1);
        this.bounds = [];
        break;
      case 'none':
        this.maySpare = zero;
        this.bounds = [];
        break;
      case 'altogether':
        this.maySpare = binary('>', load(p.slot), zero);
        this.bounds = [{ left: load(p.slot), when: not(this.goesBy) }];
        break;
      case 'each':
        this.maySpare = and(somebody, ...this.able.map((is, i) => or(not(is), binary('>', load(p.slot + i), zero))));
        this.bounds = this.able.map((when, i) => ({ left: load(p.slot + i), when }));
        break;
    }
  }

  /** So much has passed of it. */
  usesUp(d: Expression): Statement[] {
    const p = this.preemption;
    switch (p.kind) {
      case 'any': case 'none': return [];
      case 'altogether': return [{ op: 'if', condition: this.goesBy, then: [], else: [{ op: 'set', slot: p.slot, value: minus(load(p.slot), d) }] }];
      case 'each': return this.able.map((is, i) => ({
        op: 'if', condition: is,
        then: [{ op: 'set', slot: p.slot + i, value: minus(load(p.slot + i), d) }],
        else: [{ op: 'set', slot: p.slot + i, value: constant(p.most) }],
      }));
    }
  }
}

/** Guards are mostly those of locks, which many locations have in common. */
function canStep(world: World, { slot, locations }: AgentProgram): Expression {
  const always = locations.map(() => 0);
  const guarded = new Map<string, { readonly guard: Expression; readonly at: number[] }>();
  locations.forEach(({ steps }, at) => {
    const own = steps.filter((s) => !s.environment);
    if (own.some((s) => s.guard === null)) always[at] = 1;
    else if (own.length > 0) {
      const guard = or(...own.flatMap((s) => s.guard ?? []));
      const key = keyOf(guard);
      const known = guarded.get(key);
      if (known === undefined) guarded.set(key, { guard, at: [at] });
      else known.at.push(at);
    }
  });
  const sometimes = [...guarded.values()].map(({ guard, at }) => and(standsAt(world, `steps ${slot} as at ${at[0]}`, slot, at, locations.length), guard));
  return or(lookUp(world, `steps ${slot}`, slot, always), ...sometimes);
}

function standsAt(world: World, name: string, slot: number, at: readonly number[], locations: number): Expression {
  if (at.length === 1) return equal(load(slot), constant(at[0]));
  const values = Array.from({ length: locations }, () => 0);
  for (const i of at) values[i] = 1;
  return lookUp(world, name, slot, values);
}
