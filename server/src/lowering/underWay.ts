// What is under way: operations that take time, and countdowns.
import type { Expression } from '../system/system.ts';
import { binary, constant, load, minus, or, table, zero } from '../system/expression.ts';
import type { Clock, Countdown } from './clock.ts';
import type { World } from './world.ts';

/** Something that is under way has an end. */
export function driven(world: World, clock: Clock): Expression {
  const busy = world.agents.map((_, i) => takesTime(clock, i));
  const others = [...clock.countdowns.values()].flatMap((c) => (c.drives ? elements(c).map((left) => binary('>', left, zero)) : []));
  return or(...busy, ...others, ...[...clock.driven.values()].map((condition) => condition()));
}

/** What the agent does cannot be over yet. */
export function isBusy(clock: Clock, agent: number): Expression {
  return binary('>', load(clock.busy + agent), zero);
}

/** What the agent does need not be over yet. */
export function takesTime(clock: Clock, agent: number): Expression {
  return binary('>', load((clock.lasts ?? clock.busy) + agent), zero);
}

/** What is left of each element of a countdown. */
export function elements(c: Countdown): Expression[] {
  return Array.from({ length: c.length }, (_, i) => (c.floor === 0 ? load(c.slot + i) : minus(load(c.slot + i), constant(c.floor))));
}

/** What an array over locations has for where the agent stands. */
export function lookUp(world: World, name: string, slot: number, values: number[]): Expression {
  if (!values.includes(1)) return zero;
  if (!values.includes(0)) return constant(1);
  const number = world.layout.tableNumber(name, () => values);
  return table(number, world.layout.tables[number], load(slot));
}
