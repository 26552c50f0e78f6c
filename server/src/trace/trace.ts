// A counterexample as data: what interfaces promise to third parties (`trace --as json`), what diagrams draw and editors step through.
import type { Place } from '../base/span.ts';
import type { InstantKind } from '../system/system.ts';

export interface Trace {
  /** Objects and their fields in the initial state, as printed: {"timer_dev#0": {"bar": "1"}}. */
  readonly initial: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly steps: readonly TraceStep[];
  readonly lanes: readonly Lane[];
  readonly verdict: TraceVerdict;
  /** How things stand at the end: after the last step, or before it where it ends the run. Without: nothing is known of it. */
  readonly end?: TraceEnd | null;
  /** What the emulated clocks did meanwhile; null or left out: the scenario has none. */
  readonly clock?: TraceClock | null;
}

/** Times are nanoseconds, decimal, as in the steps. */
export interface TraceClock {
  /** What was taken for granted: costs, pre-emption, modes. One line each. */
  readonly assumed: readonly string[];
  /** Instants that something depends on, passed in the run or still ahead at its end, in the order of time. */
  readonly instants: readonly ClockInstant[];
  /** Looks at a clock, in the order of steps. */
  readonly samples: readonly ClockSample[];
}

export interface ClockInstant {
  readonly time: string;
  readonly kind: InstantKind;
  /** `TIME_0 rolls over`, `app's deadline`. */
  readonly text: string;
}

export interface ClockSample {
  /** The step that looked. */
  readonly step: number;
  readonly time: string;
  readonly agent: string;
  /** `TIME_0`, `ktime_get`. */
  readonly what: string;
  /** What it returned, as its readers write it: registers in hexadecimal. */
  readonly value: string;
  /** The clock did not show that: all ones of a device that is gone, halves of two instants. */
  readonly wrong: boolean;
}

/** For findings that are a state rather than a step: who is stuck, and where. */
export interface TraceEnd {
  /** Agents that could go on. */
  readonly enabled: readonly string[];
  readonly waiting: ReadonlyArray<{ readonly agent: string; readonly what: string }>;
  /** Innermost function and place of each agent that is not at the end of its program; whether it is inside a call. */
  readonly stands: ReadonlyArray<{ readonly agent: string; readonly function: string; readonly at: Place; readonly inCall: boolean }>;
}

export type StepContext = 'process' | 'syscall' | 'work' | 'timer' | 'irq' | 'rcu' | 'kthread' | 'hardware' | 'clock';

export interface TraceStep {
  /** From 0. */
  readonly index: number;
  readonly agent: string;
  readonly context: StepContext;
  /** Innermost function; the process's name at its top level. */
  readonly function: string;
  /** Functions on the stack, outermost first, each with the place at which it stands. */
  readonly stack: ReadonlyArray<{ readonly function: string; readonly module: string | null; readonly at: Place }>;
  readonly at: Place;
  readonly text: string;
  /** The whole statement that the step is a part of, where the source is known. Steps with the same `start` are of one statement. */
  readonly statement?: { readonly text: string; readonly start: number } | null;
  /** Nanoseconds, decimal. */
  readonly time: string;
  readonly effects: readonly Effect[];
  readonly event: 'alloc' | 'free' | 'acquire' | 'release' | 'block' | 'wake' | 'call' | 'return' | 'refuse' | 'violation' | null;
  /** Environment step (may never come) or system step. */
  readonly environment: boolean;
  /** Agents that could have stepped instead, and those that waited, with what for. */
  readonly enabled: readonly string[];
  readonly waiting: ReadonlyArray<{ readonly agent: string; readonly what: string }>;
}

export interface Effect {
  /** `timer_dev#0.bar` or `nova` (module text). */
  readonly on: string;
  readonly was: string;
  readonly is: string;
}

/** A vertical line of the sequence diagram. */
export interface Lane {
  readonly id: string;
  readonly kind: 'process' | 'work' | 'timer' | 'irq' | 'rcu' | 'kthread' | 'hardware' | 'clock' | 'module' | 'device' | 'file' | 'memory' | 'mapping';
  readonly title: string;
  /** Index of the step that creates / ends it; null: from the start / to the end. Only for objects. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface TraceVerdict {
  readonly kind: string;
  readonly message: string;
  readonly agent: string;
  readonly object: string | null;
  readonly instance: string | null;
  readonly by: readonly string[];
  readonly waitsFor: string | null;
  readonly at: Place;
  /** The key steps for related information, in order: where it was allocated, freed, checked, used. */
  readonly keys: ReadonlyArray<{ readonly step: number; readonly message: string }>;
}
