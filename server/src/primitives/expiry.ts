// When an object that is armed comes to its instant: ns that are left, kept beside the objects of its type, as the wheel and the tree of hrtimers are. In
// a scenario without a clock nothing is kept, and what is armed is due.
import { constant, equal, minus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, Slot } from './emit.ts';

export interface Expiry {
  readonly type: string;
  /** That of the variable, as traces show it. */
  readonly name: string;
  /** What the object does then: `fires`. */
  readonly what: string;
  /** Operations that set one: where none of them is used, what is armed is due. */
  readonly setBy: readonly string[];
}

/** Null: there is no clock, or nothing sets it. 0: it is due, or not armed. */
export function expiresIn(emit: Emit, { type, name, what, setBy }: Expiry, place: Expression): Slot | null {
  const { clock } = emit;
  const { base, count } = emit.model.placesOf(type);
  if (clock === null || count === 0 || !setBy.some((operation) => emit.uses(operation))) return null;
  const { slot } = emit.shared(name, 0, { length: count });
  clock.countdown(name, { slot, length: count, drives: true, kind: 'expiry', text: (i) => `${emit.model.placeNames[base + i]} ${what}` });
  return { slot, length: count, index: minus(place, constant(base)) };
}

export function isDue(emit: Emit, expiry: Expiry, place: Expression): Expression {
  const left = expiresIn(emit, expiry, place);
  return left === null ? constant(1) : equal(emit.read(left), zero);
}

export function disarmed(emit: Emit, expiry: Expiry, place: Expression): Statement[] {
  const left = expiresIn(emit, expiry, place);
  return left === null ? [] : [emit.write(left, zero)];
}
