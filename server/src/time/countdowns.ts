// Countdown timers on the counter's clock, in steps of 1024 ns. What an expiry interrupts is ptimer.ts.
import type { Counter } from './counter.ts';

/** TIMER_0 keeps bits 31:10. */
export const countdownMask = 0xfffffc00;

export class Countdowns {
  private readonly counter: Counter;
  /** What each had to go, in ns, at the host time `from`. */
  private readonly running = new Map<number, { readonly left: bigint; readonly from: bigint }>();

  constructor(counter: Counter) {
    this.counter = counter;
  }

  /** Starts one; 0 stops it. */
  start(index: number, ns: bigint, host: bigint): void {
    if (ns > 0n) this.running.set(index, { left: ns, from: host });
    else this.running.delete(index);
  }

  /** What the register shows. */
  shown(index: number, host: bigint): number {
    const c = this.running.get(index);
    return c === undefined ? 0 : (Number(c.left - this.counter.gained(c.from, host)) & countdownMask) >>> 0;
  }

  /** Host time at which this one expires; null if it does not run. */
  expiry(index: number): bigint | null {
    const c = this.running.get(index);
    return c === undefined ? null : this.counter.hostAfter(c.from, c.left);
  }

  /** Host time of the next expiry of any. */
  next(): bigint | null {
    let next: bigint | null = null;
    for (const index of this.running.keys()) {
      const at = this.expiry(index);
      if (at !== null && (next === null || at < next)) next = at;
    }
    return next;
  }

  /** Ends those that expire at this instant, and names them. */
  expire(host: bigint): readonly number[] {
    const due = [...this.running.keys()].filter((index) => this.expiry(index) === host);
    for (const index of due) this.running.delete(index);
    return due;
  }

  /** To be called before the counter's past changes: what is left is counted from now. */
  rebase(host: bigint): void {
    for (const [index, c] of this.running) this.running.set(index, { left: c.left - this.counter.gained(c.from, host), from: host });
  }
}
