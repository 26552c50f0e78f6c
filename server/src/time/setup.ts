// What a run of a routine is given and what it gives: plain data, shared by the bench and those who fill it in.
import type { TimedEvent } from './events.ts';
import type { Verdict } from './oracle.ts';
import type { Ptimer, PtimerOptions } from './ptimer.ts';
import type { Returned } from './steps.ts';

/** ns that each operation takes, after its effect: a read samples, then time passes. */
export interface Costs {
  readonly read: bigint;
  /** A read that the device no longer answers; a root complex may take long to give up. */
  readonly deadRead: bigint;
  readonly condRead: bigint;
  readonly write: bigint;
  readonly cond: bigint;
  readonly clock: bigint;
  readonly relax: bigint;
}

export const noCosts: Costs = { read: 0n, deadRead: 0n, condRead: 0n, write: 0n, cond: 0n, clock: 0n, relax: 0n };

export type Condition =
  | { readonly kind: 'never' }
  | { readonly kind: 'always' }
  /** True from so many ns after the routine was entered, until `to` (null: for good). */
  | { readonly kind: 'from'; readonly from: bigint; readonly to: bigint | null }
  /** Every register, in order, must match; the first that does not ends the test. */
  | { readonly kind: 'registers'; readonly all: readonly { readonly offset: number; readonly mask: number; readonly equals: number }[] };

export interface Setup {
  readonly device: PtimerOptions;
  /** Dead before the routine starts. */
  readonly dead: boolean;
  readonly costs: Costs;
  readonly events: readonly TimedEvent[];
  readonly condition: Condition;
  /** CLOCK_MONOTONIC at entry, ns. */
  readonly hostStart: bigint;
  /** What every sleep takes instead of what it asked for, ns. */
  readonly sleepTakes: bigint | null;
  /** Whether it waits for the condition: success of a wait says something about the device. */
  readonly waits: boolean;
  /** The wait's timeout, for the oracle; null if the routine has none. ns. */
  readonly timeout: bigint | null;
  /** How late a timeout may be reported; null: one grain and two passes. ns. */
  readonly tolerance: bigint | null;
  /** Operations after which an undecided run is given up as incomplete. */
  readonly maxOperations: number;
}

export const defaultMaxOperations = 20_000_000;

export interface Counts {
  reads: number;
  condReads: number;
  writes: number;
  conds: number;
  clocks: number;
  /** Times that a two-word read began again because the high word had changed. */
  retries: number;
}

/** One read, as a strip of samples draws it. */
export interface Sample {
  readonly elapsed: bigint;
  readonly offset: number;
  readonly value: number;
}

export interface Run<R extends Returned = Returned> {
  /** `livelock`: it is known that the routine never returns, and why. `incomplete`: the limit came first, nothing is known. */
  readonly end: 'returned' | 'livelock' | 'incomplete';
  readonly why: string | null;
  readonly returned: R | null;
  readonly counts: Readonly<Counts>;
  /** Reads in the last whole pass of the loop that went on longest. */
  readonly readsPerPass: number;
  /** ns of host time between entry and return. */
  readonly elapsed: bigint;
  /** The true counter at the end. */
  readonly time: bigint;
  readonly verdicts: readonly Verdict[];
  /** The first samples, up to `sampleLimit`. */
  readonly samples: readonly Sample[];
  readonly device: Ptimer;
  /** Lets the events that are left happen until the alarm first matches, and gives that match, ns; null: never. Moves the device on. */
  readonly awaitAlarm: () => { readonly host: bigint; readonly time: bigint } | null;
}

export const sampleLimit = 256;
