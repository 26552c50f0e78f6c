// The kernel's timer wheel (kernel/time/timer.c): where a timer_list is put, when it fires, what mod_timer and its kin answer. One base,
// no concurrency: callbacks and teardown races are in ordering/.
import { s64 } from './word.ts';

const bucketsPerLevel = 64n;
/** Level n counts in granules of 8^n jiffies. */
const shiftPerLevel = 3n;
/** First distance that level n takes: 63 << 3 (n - 1). */
const levelStart = (n: bigint): bigint => (n === 0n ? 0n : (bucketsPerLevel - 1n) << ((n - 1n) * shiftPerLevel));

/** Levels of the wheel: 9, or 8 up to HZ 100. */
export const levels = (hz: number): bigint => (hz <= 100 ? 8n : 9n);

export interface Place {
  readonly level: number;
  /** Index over all levels, as `timer_get_idx` gives it. */
  readonly bucket: number;
  /** The jiffy at which the bucket fires: never before the timer's own, at most one granule after it. */
  readonly fires: bigint;
}

/** The bucket for a timer that is to expire at jiffy `expires`, when the base's clock stands at `clk`. */
export function place(expires: bigint, clk: bigint, hz: number): Place {
  const depth = levels(hz);
  const delta = s64(expires - clk);
  // Overdue: the bucket that is looked at next.
  if (delta < 0n) return { level: 0, bucket: Number(clk % bucketsPerLevel), fires: clk };
  let level = 0n;
  while (level < depth - 1n && delta >= levelStart(level + 1n)) level++;
  const cutoff = levelStart(depth);
  const clamped = delta >= cutoff ? clk + cutoff - (1n << ((depth - 1n) * shiftPerLevel)) : expires;
  const granule = level * shiftPerLevel;
  // Always the next granule, so that a timer never fires early.
  const slot = (clamped >> granule) + 1n;
  return { level: Number(level), bucket: Number(level * bucketsPerLevel + (slot % bucketsPerLevel)), fires: slot << granule };
}

interface Entry {
  expires: bigint;
  place: Place | null;
  shutdown: boolean;
}

/** A wheel with named timers. Jiffies are bigint. */
export class Wheel {
  private readonly hz: number;
  private readonly entries = new Map<string, Entry>();
  /** The next jiffy to be processed. */
  clk: bigint;
  /** What the kernel would WARN about, in order. */
  readonly warnings: string[] = [];

  constructor(hz: number, clk: bigint) {
    this.hz = hz;
    this.clk = clk;
  }

  /** 1 if it was pending. The same expiry or bucket is kept, and with it the jiffy at which it fires, though a finer one would do by now. */
  modTimer(name: string, expires: bigint): number {
    const e = this.entry(name);
    if (e.shutdown) return 0;
    const wasPending = e.place !== null;
    if (wasPending && e.expires === expires) return 1;
    const to = place(expires, this.clk, this.hz);
    if (e.place?.bucket !== to.bucket) e.place = to;
    e.expires = expires;
    return wasPending ? 1 : 0;
  }

  /** Only ever makes a pending timer earlier. */
  timerReduce(name: string, expires: bigint): number {
    const e = this.entry(name);
    if (e.place !== null && s64(e.expires - expires) <= 0n) return 1;
    return this.modTimer(name, expires);
  }

  /** A pending timer is left as it is, with a warning. */
  addTimer(name: string, expires: bigint): void {
    if (this.entry(name).place !== null) this.warnings.push(`add_timer(${name}): already pending`);
    else this.modTimer(name, expires);
  }

  /** 1 if it was pending. */
  timerDelete(name: string): number {
    const e = this.entry(name);
    const wasPending = e.place !== null;
    e.place = null;
    return wasPending ? 1 : 0;
  }

  /** Deletes, and lets no later call arm it. */
  timerShutdown(name: string): number {
    const answer = this.timerDelete(name);
    this.entry(name).shutdown = true;
    return answer;
  }

  placeOf(name: string): Place | null {
    return this.entry(name).place;
  }

  /** Processes every jiffy up to and including this one; gives the timers that fire, by jiffy, then name. */
  advanceTo(jiffies: bigint): { readonly name: string; readonly at: bigint }[] {
    const fired: { name: string; at: bigint }[] = [];
    for (const [name, e] of this.entries) {
      if (e.place === null || e.place.fires > jiffies) continue;
      fired.push({ name, at: e.place.fires });
      e.place = null;
    }
    if (jiffies >= this.clk) this.clk = jiffies + 1n;
    return fired.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.name < b.name ? -1 : 1));
  }

  private entry(name: string): Entry {
    let e = this.entries.get(name);
    if (e === undefined) {
      e = { expires: 0n, place: null, shutdown: false };
      this.entries.set(name, e);
    }
    return e;
  }
}
