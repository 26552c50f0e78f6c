// The free-running counter behind TIME_0/TIME_1: exact rational rate, wraps at 2^61 ns. What registers show of it is ptimer.ts.
import { ceilDiv, gcd } from './word.ts';

/** One step of the 56-bit tick counter, in ns: TIME_0 holds bits 31:5. */
export const tickNs = 32n;
/** TIME_0 comes round every 2^32 ns (4.29 s). */
export const rollOverNs = 1n << 32n;
/** 27 bits in TIME_0 and 29 in TIME_1: the counter comes round at 2^61 ns (73 years). */
export const wrapNs = 1n << 61n;

const wrap = (ns: bigint): bigint => BigInt.asUintN(61, ns);

/**
 * Counter time as a function of host time, both in ns. Between two changes it is
 * `base + (rest + num * (host - since)) / den`; `rest / den` is the fraction of a nanosecond that earlier rates left over,
 * so that no sequence of rate changes loses or invents time.
 */
export class Counter {
  private base: bigint;
  private since = 0n;
  private rest = 0n;
  private num = 1n;
  private den = 1n;

  constructor(time: bigint) {
    this.base = wrap(time);
  }

  /** Counter time at a host time that is not before the last change. 61 bits; bits 4:0 are the phase inside the tick. */
  at(host: bigint): bigint {
    return wrap(this.base + this.passed(host));
  }

  /** Loads a time. The fraction is lost: a load restarts the prescaler. */
  load(host: bigint, time: bigint): void {
    this.base = wrap(time);
    this.rest = 0n;
    this.since = host;
  }

  /** From now on the counter gains `num / den` ns each host ns. `num` 0 stops it. */
  setRate(host: bigint, num: bigint, den: bigint): void {
    const gained = this.rest + this.num * (host - this.since);
    this.base = wrap(this.base + gained / this.den);
    this.since = host;
    const fraction = gained % this.den;
    const common = this.den * den;
    this.rest = fraction * den;
    this.num = num * this.den;
    this.den = common;
    const g = gcd(gcd(this.rest, this.num), this.den);
    this.rest /= g;
    this.num /= g;
    this.den /= g;
  }

  get stopped(): boolean {
    return this.num === 0n;
  }

  /** The first host time, not before `host`, at which the counter has gained `ns` since `host`; null if it is stopped. */
  hostAfter(host: bigint, ns: bigint): bigint | null {
    if (ns <= 0n) return host;
    if (this.num === 0n) return null;
    const target = this.passed(host) + ns;
    return this.since + ceilDiv(target * this.den - this.rest, this.num);
  }

  /** Counter ns gained between two host times, neither before the last change. */
  gained(from: bigint, to: bigint): bigint {
    return this.passed(to) - this.passed(from);
  }

  /** The part of a nanosecond that `at` does not show, in units that only a rate change alters. */
  fraction(host: bigint): bigint {
    return (this.rest + this.num * (host - this.since)) % this.den;
  }

  private passed(host: bigint): bigint {
    const dt = host - this.since;
    return this.den === 1n ? this.num * dt + this.rest : (this.rest + this.num * dt) / this.den;
  }
}
