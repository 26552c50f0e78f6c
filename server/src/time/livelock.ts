// Tells a loop that never ends from one that is only long: by proof, never by patience. Running out of operations is not a proof.
import type { Ptimer } from './ptimer.ts';
import { rollOverNs, wrapNs } from './counter.ts';
import type { Loop } from './steps.ts';

/** The world at the head of one pass. Times in ns. */
export interface Head {
  readonly host: bigint;
  readonly scheduledOut: bigint;
  readonly reads: number;
  readonly dead: boolean;
  /** Events that have happened so far: a pass with one in it is no model for the next. */
  readonly events: number;
  /** The counter modulo 2^32, with its fraction; only kept for hi/lo/hi. */
  readonly low: bigint;
}

interface Track {
  loop: Loop;
  count: number;
  head: Head;
  before: { loop: Loop; head: Head } | null;
  /** Length of the pass before the last whole one. */
  earlier: bigint | null;
  /** A past head that the present one is compared with; moved on at powers of two (Brent), so that any cycle is found. */
  marked: Head;
}

/** The passes of the loops that are under way, one track for each kind, as a read loop runs inside a wait loop. */
export class Passes {
  /** The longest pass of a wait so far, without the time scheduled out. ns. */
  longest = 0n;
  /** Reads in the last whole pass. */
  readsPerPass = 0;
  private readonly tracks = new Map<Loop['kind'], Track>();
  current: Track | null = null;

  begin(loop: Loop, head: Head): void {
    const t = this.tracks.get(loop.kind);
    if (t === undefined || t.loop.id !== loop.id) {
      if (t !== undefined) this.close(t, head);
      this.current = { loop, count: 0, head, before: null, earlier: null, marked: head };
      this.tracks.set(loop.kind, this.current);
      if (loop.kind === 'high-words') this.readsPerPass = 3;
      return;
    }
    this.close(t, head);
    this.readsPerPass = head.reads - t.head.reads;
    t.earlier = t.before === null ? null : t.head.host - t.before.head.host;
    t.before = { loop: t.loop, head: t.head };
    t.loop = loop;
    t.head = head;
    t.count++;
    this.current = t;
  }

  /** The routine returns: the wait's last pass ends here. */
  finish(end: Pick<Head, 'host' | 'scheduledOut'>): void {
    for (const t of this.tracks.values()) this.close(t, end);
  }

  /** The last pass of this loop ends now. */
  private close(t: Track, end: Pick<Head, 'host' | 'scheduledOut'>): void {
    const net = end.host - t.head.host - (end.scheduledOut - t.head.scheduledOut);
    if (t.loop.kind !== 'high-words' && net > this.longest) this.longest = net;
  }
}

/** What may still change from outside a loop. */
export interface Outlook {
  /** The condition is false as the routine sees it. */
  readonly isFalse: boolean;
  /** It is, and stays so by itself. */
  readonly staysFalse: boolean;
  /** Events that wait for an instant. */
  readonly timedEvents: boolean;
  /** Host ns between the two reads of the high word. */
  readonly readGap: bigint;
}

/** Why the loop whose head was just passed never ends, given that no event waits for a count; null if that is not known. */
export function neverEnds(passes: Passes, device: Ptimer, o: Outlook): string | null {
  const t = passes.current;
  if (t === null || t.loop.kind === 'counted') return null;
  // Whatever waits for an instant never comes if no pass takes time.
  if (t.loop.kind !== 'high-words' && o.isFalse && stoodStill(t) && sameCarried(t))
    return 'a pass takes no time, so no time limit is ever reached';
  if (o.timedEvents) return null;
  switch (t.loop.kind) {
    case 'high-words':
      return highWordsDiffer(t, device, o.readGap);
    case 'device-time':
      return o.staysFalse ? deviceTimeStays(t, t.loop, device) : null;
    case 'host-time':
      return o.staysFalse && !t.loop.reachable ? 'the condition stays false, and there is no time limit that is ever reached' : null;
  }
}

function highWordsDiffer(t: Track, device: Ptimer, readGap: bigint): string | null {
  if (device.dead) return null; // both words are all ones
  const gap = device.gainedIn(readGap);
  if (gap >= rollOverNs && gap <= wrapNs - rollOverNs) return 'the low word rolls over between the two reads of the high word, every time';
  const undisturbed = t.marked.events === t.head.events;
  if (t.count > 0 && undisturbed && t.marked.low === t.head.low) return 'every pass meets the same roll-over again';
  if (!undisturbed || (t.count & (t.count - 1)) === 0) t.marked = t.head;
  return null;
}

function deviceTimeStays(t: Track, loop: Extract<Loop, { kind: 'device-time' }>, device: Ptimer): string | null {
  const { before } = t;
  if (before === null || before.loop.kind !== 'device-time') return null;
  const frozen = before.head.dead === t.head.dead && (device.dead || device.stopped);
  if (frozen && sameCarried(t)) return 'the device shows the same time for ever, and nothing counts the passes';
  if (loop.reachable || device.dead || device.stopped) return null;
  const period = t.head.host - before.head.host;
  if (period === 0n || t.earlier !== period) return null;
  const moving = loop.stallLimit === null || device.gainedIn((loop.stallLimit + 1n) * period) >= device.grain;
  return moving ? 'the deadline lies beyond the largest time that the counter has, and the time keeps moving' : null;
}

/** Nothing happened during the last pass, and it carries on what it was given. */
function sameCarried(t: Track): boolean {
  if (t.before === null || t.before.head.events !== t.head.events) return false;
  return t.loop.kind !== 'device-time' || (t.before.loop.kind === 'device-time' && t.before.loop.carried === t.loop.carried);
}

const stoodStill = (t: Track): boolean => t.before !== null && t.before.head.host === t.head.host;
