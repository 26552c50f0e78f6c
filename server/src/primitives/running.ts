// Which objects of a type their kernel context runs at the moment. The kernel keeps that beside the objects (a base's running timer, a pool's
// workers): it stands when the object is freed.
import { and, binary, constant, equal, load, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { PureEmit } from './emit.ts';

/** `type` has a ContextRoom; `name` is that of the variable, as traces show it. */
export interface Runs {
  readonly type: string;
  readonly name: string;
}

function slots(emit: PureEmit, { type, name }: Runs): { slot: number; base: number; count: number } {
  const places = emit.model.placesOf(type);
  return { slot: emit.shared(name, 1, { length: Math.max(1, places.count) }).slot, ...places };
}

/** Does its context run the object at `place`? */
export function runs(emit: PureEmit, what: Runs, place: Expression): Expression {
  const { slot, base, count } = slots(emit, what);
  let result: Expression = zero;
  for (let i = 0; i < count; i++) result = or(result, and(equal(place, constant(base + i)), load(slot + i)));
  return result;
}

/** The context of the object at `place` begins (1) or ends (0) a run. */
export function setRuns(emit: PureEmit, what: Runs, place: Expression, value: 0 | 1): Statement[] {
  if (place.op !== 'constant') return [];
  const { slot, base } = slots(emit, what);
  return [{ op: 'set', slot: slot + place.value - base, value: constant(value) }];
}

/** The context that runs the object, as the one that is waited for. */
export function runner(emit: PureEmit, type: string, place: Expression): { readonly kind: 'agent'; readonly value: Expression } {
  const { base, count } = emit.model.placesOf(type);
  let who: Expression = zero;
  for (let i = 0; i < count; i++) {
    const agent = emit.model.agentOf(base + i);
    if (agent !== null) who = plus(who, binary('*', equal(place, constant(base + i)), constant(agent + 1)));
  }
  return { kind: 'agent', value: who };
}
