// How long an argument says that something takes. A duration is one (`10ms`), and so is anything that is computed: ns. A bare number counts in the unit
// of the function that it is given to, as in C: msleep(10), udelay(5).
import { binary, choose, constant, minus, or, plus, zero } from '../system/expression.ts';
import { codes } from '../base/codes.ts';
import { grouped } from '../base/numbers.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, Value } from './emit.ts';

/** The longest that is counted: 13 days. Sums with the time itself stay exact. */
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
  /** What ends the run where it is longer than can be counted: for the step that uses it. */
  readonly checks: readonly Statement[];
}

/** `argument`: which one it is, from 0. */
export function durationOf(emit: Emit, value: Value, argument: number, unit: number): Duration {
  return countedFrom(emit, value, argument, unit, zero);
}

/** How long it is until an instant, in ns from the beginning of the run; less than 0 where it has passed. `now`: the time. */
export function untilOf(emit: Emit, value: Value, argument: number, now: Expression): Duration {
  const { ns, most, checks } = countedFrom(emit, value, argument, NS, now);
  return { ns: minus(ns, now), most, checks };
}

function countedFrom(emit: Emit, value: Value, argument: number, unit: number, start: Expression): Duration {
  const known = emit.constantOf(value);
  if (known !== null) {
    const bare = /^(0[xX][0-9a-fA-F_]+|[0-9_]+)$/.test(emit.textOf(argument));
    const ns = known * (bare ? unit : NS);
    if (ns < 0) emit.refuse(codes.badDuration, argument, `\`${emit.textOf(argument)}\` is no duration: it is less than 0`);
    if (ns > LONGEST) emit.refuse(codes.badDuration, argument, `\`${emit.textOf(argument)}\` is ${inWords(ns)}, and the longest that is counted is 13 days: scale the scenario down`);
    return { ns: constant(ns), most: ns, checks: [] };
  }
  const last = plus(start, constant(LONGEST));
  const long = or(binary('<', value.expression, zero), binary('>', value.expression, last));
  const tooLong = emit.fail('bound-reached', `\`${emit.textOf(argument)}\` is less than 0, or longer than can be counted: 13 days`);
  return { ns: choose(long, last, value.expression), most: LONGEST, checks: [{ op: 'if', condition: long, then: [tooLong], else: [] }] };
}

/** `2,000,000 s`. */
function inWords(ns: number): string {
  return `${grouped(Math.floor(ns / SECOND))} s`;
}
