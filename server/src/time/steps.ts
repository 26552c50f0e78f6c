// The vocabulary of an emulated routine: a generator that yields one operation at a time, so that whoever runs it decides what each
// costs and what happens in between. The routines are in routines/, the runner is bench.ts.

export type Step =
  /** One 32-bit MMIO read of the time; gives the value. */
  | { readonly kind: 'read'; readonly offset: number }
  | { readonly kind: 'write'; readonly offset: number; readonly value: number }
  /** The caller's condition; gives 1 or 0. */
  | { readonly kind: 'cond' }
  /** CLOCK_MONOTONIC in ns. */
  | { readonly kind: 'clock' }
  | { readonly kind: 'sleep'; readonly ns: bigint }
  /** cpu_relax() or its like. */
  | { readonly kind: 'relax' }
  /** Not an operation: the host time since entry, in ns, for the record. */
  | { readonly kind: 'host-time' }
  /** The resource manager's second opinion on all ones: does PMC_BOOT_0 show all ones too? Gives 1 or 0. No counted read. */
  | { readonly kind: 'lost' }
  /** Is the interrupt line up? Gives 1 or 0. */
  | { readonly kind: 'line' }
  /** Is the driver still allowed to touch the device? Gives 1 or 0. */
  | { readonly kind: 'access' }
  /** A time-read call returns: what it hands to its caller, for the oracle. */
  | { readonly kind: 'sampled'; readonly value: bigint }
  /** The head of a loop; see livelock.ts. */
  | { readonly kind: 'pass'; readonly loop: Loop };

/** One execution of a loop; what tells it from another of the same kind is its identity. */
export type LoopId = Readonly<Record<never, never>>;

/** A loop, as far as its end depends on it. The condition may end any loop but the first. */
export type Loop = { readonly id: LoopId } & LoopEnd;

export type LoopEnd =
  /** hi/lo/hi tries again: nothing is carried, it ends when both high words agree. */
  | { readonly kind: 'high-words' }
  /**
   * Ends when the device's time passes its limit, `reachable` by a 61-bit counter or not, or after more than `stallLimit` passes without
   * a tick (null: never). `carried` is what else goes into the next pass.
   */
  | { readonly kind: 'device-time'; readonly reachable: boolean; readonly stallLimit: bigint | null; readonly carried: string }
  /** Ends when the host's clock passes its limit, `reachable` by a signed 64-bit clock or not. */
  | { readonly kind: 'host-time'; readonly reachable: boolean }
  /** Ends after a number of passes. `rereads`: each reads a two-word time again. */
  | { readonly kind: 'counted'; readonly rereads?: true };

export type Steps<R> = Generator<Step, R, bigint>;

export function* read(offset: number): Steps<number> {
  return Number(yield { kind: 'read', offset });
}

export function* write(offset: number, value: number): Steps<void> {
  yield { kind: 'write', offset, value };
}

export function* cond(): Steps<boolean> {
  return (yield { kind: 'cond' }) === 1n;
}

export function* clock(): Steps<bigint> {
  return yield { kind: 'clock' };
}

export function* sleep(ns: bigint): Steps<void> {
  if (ns > 0n) yield { kind: 'sleep', ns };
}

export function* relax(): Steps<void> {
  yield { kind: 'relax' };
}

export function* hostTime(): Steps<bigint> {
  return yield { kind: 'host-time' };
}

export function* lost(): Steps<boolean> {
  return (yield { kind: 'lost' }) === 1n;
}

export function* line(): Steps<boolean> {
  return (yield { kind: 'line' }) === 1n;
}

export function* mayAccess(): Steps<boolean> {
  return (yield { kind: 'access' }) === 1n;
}

/** The head of the loop `id`, an object of its own for each execution. */
export function* pass(id: LoopId, end: LoopEnd): Steps<void> {
  yield { kind: 'pass', loop: { id, ...end } };
}

/** Marks the value that a time-read call returns. */
export function* sampled(value: bigint): Steps<bigint> {
  yield { kind: 'sampled', value };
  return value;
}

export type Errno = 'ETIMEDOUT' | 'EBUSY' | 'ENXIO' | 'NV_ERR_TIMEOUT' | 'NV_ERR_GPU_IS_LOST';

/** Why a wait gave up. Callers of the real routines cannot tell these apart; the emulator can. */
export type Cause = 'deadline' | 'stall' | 'attempts' | 'revoked' | 'lost';

/** What a routine returned. Times in ns. */
export interface Returned {
  readonly errno: Errno | null;
  readonly cause?: Cause;
  /** The value that a read routine or a piece of arithmetic gives. */
  readonly value?: bigint;
  /** The values of several reads, in order. */
  readonly values?: readonly bigint[];
  /** The last device or host time that a wait looked at. */
  readonly lastTime?: bigint;
  /** The instant that a wait compared with, where it keeps one. */
  readonly deadline?: bigint;
}
