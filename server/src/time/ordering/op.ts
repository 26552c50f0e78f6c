// What an operation of an ordering is: given a state that it may change, it completes, takes one step of several, or has to wait.
import type { Context, State, Thing, World } from './world.ts';

export type Answer = number | boolean | null;

export type Effect =
  | {
      readonly kind: 'done';
      readonly answer: Answer;
      readonly warning?: string;
      readonly skip?: true;
      readonly verdict?: 'timer-after-shutdown';
    }
  /** One step of an operation that goes on. */
  | { readonly kind: 'more' }
  /** Until another context moves; `on` is the one it waits for, null if nobody in particular. */
  | { readonly kind: 'waits'; readonly on: string | null }
  /** The callback is left at once. */
  | { readonly kind: 'leaves'; readonly restart: boolean }
  | { readonly kind: 'error'; readonly verdict: 'use-after-free' | 'double-free' };

export interface At {
  readonly world: World;
  /** A copy that the operation changes. */
  readonly state: State;
  /** Who does it, and where it stands. */
  readonly self: string;
  readonly context: Context;
  readonly args: readonly string[];
}

export interface Op {
  /** The types that each argument may have. */
  readonly on: readonly (readonly Thing['type'][])[];
  /** One more argument may follow: an expiry, which is kept as it is. */
  readonly extra?: true;
  /** C's form names the queue first. */
  readonly queueFirst?: true;
  /** Written behind the operation that it guards: `mod_timer(t) unless stopping`. */
  readonly guard?: true;
  /** The argument may have been freed: kfree itself. */
  readonly free?: true;
  readonly about: string;
  readonly run: (at: At) => Effect;
}

export const done = (answer: Answer, warning?: string): Effect => ({ kind: 'done', answer, ...(warning === undefined ? {} : { warning }) });
export const more: Effect = { kind: 'more' };
export const waits = (on: string | null): Effect => ({ kind: 'waits', on });
