// The objects of a trace at any of its steps: the initial state with the effects of the steps before it. Knows no transition system.
import type { Effect, Trace } from './trace.ts';
import { LIFE } from './values.ts';

export type ObjectStates = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Which object and field an effect changes; an effect that names an object alone is on its life. */
export function target(on: string): { readonly object: string; readonly field: string } {
  const dot = on.indexOf('.');
  return dot < 0 ? { object: on, field: LIFE } : { object: on.slice(0, dot), field: on.slice(dot + 1) };
}

/** The state before each step, and after the last: `steps.length + 1` entries. Objects share what did not change. */
export function statesOf(trace: Trace): readonly ObjectStates[] {
  let now: ObjectStates = new Map(Object.entries(trace.initial).map(([name, fields]) => [name, new Map(Object.entries(fields))]));
  const states = [now];
  for (const step of trace.steps) {
    now = apply(now, step.effects);
    states.push(now);
  }
  return states;
}

function apply(before: ObjectStates, effects: readonly Effect[]): ObjectStates {
  if (effects.length === 0) return before;
  const after = new Map(before);
  for (const e of effects) {
    const { object, field } = target(e.on);
    after.set(object, new Map(after.get(object) ?? []).set(field, e.is));
  }
  return after;
}
