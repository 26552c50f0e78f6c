// How long an argument says that something takes. A duration is one (`10ms`), and so is anything that is computed: ns. A bare number counts in the unit
// of the function that it is given to, as in C: msleep(10), udelay(5).
import { binary, choose, constant, or, zero } from '../system/expression.ts';
import type { Expression } from '../system/system.ts';
import type { Emit, Value } from './emit.ts';

/** The longest that is told from for ever: 18 minutes less than two weeks. */
const LONGEST = 2 ** 50;

export const NS = 1;
export const US = 1000;
export const MS = 1_000_000;
export const SECOND = 1_000_000_000;

export interface Duration {
  /** ns, not negative. */
  readonly ns: Expression;
  /** The most that it can be. */
  readonly most: number;
}

/** `argument`: which one it is, from 0. */
export function durationOf(emit: Emit, value: Value, argument: number, unit: number): Duration {
  const known = emit.constantOf(value);
  if (known !== null) {
    const bare = /^[0-9_]+$/.test(emit.textOf(argument));
    const ns = Math.min(LONGEST, known < 0 ? LONGEST : known * (bare ? unit : NS));
    return { ns: constant(ns), most: ns };
  }
  const long = or(binary('<', value.expression, zero), binary('>', value.expression, constant(LONGEST)));
  return { ns: choose(long, constant(LONGEST), value.expression), most: LONGEST };
}
