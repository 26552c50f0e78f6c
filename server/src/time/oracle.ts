// What is wrong with times that were returned: torn reads, time that went backwards, timeouts that were not. Judges samples and results
// only; how they came about is bench.ts.
import { wrapNs } from './counter.ts';
import type { Ptimer } from './ptimer.ts';
import type { Returned } from './steps.ts';
import { u64Max } from './word.ts';

/** The verdicts that one run of a routine can have; `assertion` is success reported by a device that is not there. */
export type Verdict = 'torn-read' | 'time-backwards' | 'missed-deadline' | 'livelock' | 'assertion';

/** A stretch of counter time that passed without a jump; `to < from` if it ran through the 2^61 wrap. */
export interface Stretch {
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * Whether a returned time was never the counter's value during the call. `stretches` are the counter's values from entry to return, in ns;
 * `grain` is the step in which reads show them. What an absent device answers is no time at all, and not for this to judge.
 */
export function tornRead(value: bigint, stretches: readonly Stretch[], grain: bigint): boolean {
  const shown = (t: bigint): bigint => t - (t % grain);
  if (value % grain !== 0n) return true;
  return !stretches.some(({ from, to }) =>
    from <= to
      ? shown(from) <= value && value <= shown(to)
      : (shown(from) <= value && value < wrapNs) || (value >= 0n && value <= shown(to)),
  );
}

/** Whether of ordered reads a later one returned less. */
export function timeBackwards(values: readonly bigint[]): boolean {
  return values.some((v, i) => i > 0 && v < values[i - 1]!);
}

/** What is known of one reported timeout. Times in ns since entry. */
export interface TimeoutReport {
  readonly timeout: bigint;
  readonly reported: bigint;
  readonly tolerance: bigint;
  /** The deadline was the reason, not a stall, a lost device or the like. */
  readonly byDeadline: boolean;
  /** The condition was true when the deadline came, or is known to have been before. */
  readonly conditionHeld: boolean;
}

/** Why a reported timeout is wrong; null if it is right. */
export function missedDeadline(r: TimeoutReport): 'early' | 'late' | 'other-cause' | 'condition-held' | null {
  if (!r.byDeadline) return 'other-cause';
  if (r.reported < r.timeout) return 'early';
  if (r.conditionHeld) return 'condition-held';
  return r.reported > r.timeout + r.tolerance ? 'late' : null;
}

/** Watches one run: told of calls, jumps and the deadline as they happen. */
export class Oracle {
  /** Host time at which the condition is to be looked at; null once that is done, or if there is no deadline. */
  deadlinePeek: bigint | null;
  private readonly device: Ptimer;
  private readonly timeout: bigint | null;
  private readonly holds: () => boolean;
  private conditionHeld = false;
  private torn = false;
  private backwards = false;
  private last: bigint | null = null;
  private from: bigint | null = null;
  private answered = false;
  private stretches: Stretch[] = [];

  constructor(device: Ptimer, timeout: bigint | null, holds: () => boolean) {
    this.device = device;
    this.timeout = timeout;
    this.holds = holds;
    this.deadlinePeek = timeout;
    if (timeout === 0n) this.atDeadline();
  }

  /** The first read of a call, before anything else; later ones of the same call change nothing. */
  callBegins(): void {
    if (this.from !== null) return;
    this.from = this.device.time();
    this.answered = false;
  }

  /** A read that the device answered. */
  answeredRead(): void {
    this.answered = true;
  }

  beforeJump(): void {
    if (this.from !== null) this.stretches.push({ from: this.from, to: this.device.time() });
  }

  afterJump(): void {
    if (this.from !== null) this.from = this.device.time();
  }

  callReturns(value: bigint): void {
    this.beforeJump();
    const absent = !this.answered || (this.device.dead && value === u64Max);
    if (!absent && tornRead(value, this.stretches, this.device.grain)) this.torn = true;
    if (this.last !== null && value < this.last) this.backwards = true;
    this.last = value;
    this.from = null;
    this.stretches = [];
  }

  atDeadline(): void {
    this.deadlinePeek = null;
    this.conditionHeld = this.holds();
  }

  /** The verdicts of the whole run, in alphabetical order. `elapsed` and `tolerance` in ns; `waits`: it waited for a condition. */
  verdicts(result: Returned | 'livelock' | null, elapsed: bigint, tolerance: bigint, waits: boolean): Verdict[] {
    const found: Verdict[] = [];
    if (result === 'livelock') found.push('livelock');
    else if (result !== null && waits && result.errno === null && this.device.dead) found.push('assertion');
    else if (result !== null && this.timeout !== null) {
      const timedOut = result.errno === 'ETIMEDOUT' || result.errno === 'NV_ERR_TIMEOUT';
      const report = {
        timeout: this.timeout,
        reported: elapsed,
        tolerance,
        byDeadline: result.cause === 'deadline',
        conditionHeld: this.conditionHeld,
      };
      // A bounded number of attempts promises no time, so it can't miss one.
      if (timedOut && result.cause !== 'attempts' && missedDeadline(report) !== null) found.push('missed-deadline');
    }
    if (this.torn) found.push('torn-read');
    if (this.backwards) found.push('time-backwards');
    return found.sort();
  }
}
