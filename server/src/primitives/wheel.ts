// Where the timer wheel puts a delay: buckets of level n are 8^n jiffies long, and a timer fires when its bucket is over (kernel/time/timer.c;
// server/src/time/wheel.ts has the whole of it).
import { binary, choose, constant, minus, plus, zero } from '../system/expression.ts';
import type { Expression } from '../system/system.ts';
import { durationOf, SECOND, type Duration } from './durations.ts';
import type { Emit, Value } from './emit.ts';

const LEVELS = 9;
/** First distance of a level, in jiffies. */
const levelStart = (n: number): number => (n === 0 ? 0 : 63 * 8 ** (n - 1));

/** From a delay that is given as the argument with that number to the ns until the timer fires; without one it is due. */
export function inBucket(emit: Emit, delay: Value | undefined, argument: number): Duration {
  const { clock } = emit;
  if (clock === null || delay === undefined) return { ns: zero, most: 0, checks: [] };
  const { hz } = clock;
  const jiffy = hz === 0 ? 1 : SECOND / hz;
  const { ns, most, checks } = durationOf(emit, delay, argument, hz === 0 ? SECOND / 1000 : jiffy);
  if (hz === 0) return { ns, most, checks };
  const jiffies = binary('/', plus(ns, constant(jiffy - 1)), constant(jiffy));
  const last = levelOf(Math.ceil(most / jiffy));
  const now = clock.within(jiffy * 8 ** last);
  let left = at(now, jiffies, jiffy, 0);
  for (let n = 1; n <= last; n++) left = choose(binary('<', jiffies, constant(levelStart(n))), left, at(now, jiffies, jiffy, n));
  const nextJiffy = minus(constant(jiffy), binary('%', now, constant(jiffy)));
  return { ns: clock.stepwise(left, nextJiffy, zero), most: most + (2 * 8 ** last + 1) * jiffy, checks };
}

function levelOf(jiffies: number): number {
  let n = 0;
  while (n < LEVELS - 1 && jiffies >= levelStart(n + 1)) n++;
  return n;
}

function at(now: Expression, jiffies: Expression, jiffy: number, level: number): Expression {
  const granule = 8 ** level;
  const expires = plus(binary('/', now, constant(jiffy)), jiffies);
  const bucket = plus(binary('/', expires, constant(granule)), constant(1));
  return minus(binary('*', bucket, constant(granule * jiffy)), now);
}
