// What may happen to the device or the poller while a routine runs, and when. Applying it is bench.ts.

/** Counted from 1. `read`: time registers; `condRead`: the condition's registers; `access`: any of both, and writes. */
export type Before = 'read' | 'condRead' | 'write' | 'access' | 'cond' | 'clock';

export type When =
  /** `offset`: only accesses of this register count; null: all. */
  | { readonly kind: 'before'; readonly what: Before; readonly nth: number; readonly offset: number | null }
  /** ns of host time since the routine was entered. */
  | { readonly kind: 'at'; readonly elapsed: bigint };

export type Happening =
  /** Unplugged, or fallen off the bus. */
  | { readonly kind: 'die' }
  /** Back on the bus; the counter has gone on meanwhile. */
  | { readonly kind: 'revive' }
  | { readonly kind: 'set-time'; readonly time: bigint }
  /** The time jumps by so many ns, back if negative. */
  | { readonly kind: 'step'; readonly by: bigint }
  | { readonly kind: 'glitch'; readonly value: number; readonly reads: number; readonly offset: number | null }
  /** Another agent writes a register. */
  | { readonly kind: 'write'; readonly offset: number; readonly value: number }
  /** The poller is scheduled out. */
  | { readonly kind: 'delay'; readonly ns: bigint }
  /** The machine sleeps: the counter goes on, CLOCK_MONOTONIC does not. */
  | { readonly kind: 'suspend'; readonly ns: bigint }
  /** The driver is unbound: its access is revoked. The device is still there. */
  | { readonly kind: 'revoke' };

export interface TimedEvent {
  readonly when: When;
  readonly happening: Happening;
}
