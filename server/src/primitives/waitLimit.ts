// How long the wait that an agent is in may last: one countdown for each agent.
import { constant, equal, load, zero } from '../system/expression.ts';
import type { Expression, Statement, Wait } from '../system/system.ts';
import type { Duration } from './durations.ts';
import type { Emit } from './emit.ts';

export interface WaitLimit {
  /** What the agent did last is over: the guard of the step that begins the wait, and what that waits for. */
  readonly free: Expression;
  readonly wait: Wait;
  readonly begins: (duration: Duration) => Statement[];
  /** The time is over. */
  readonly reached: Expression;
  /** The wait is, for whatever reason. */
  readonly over: Statement[];
}

/** Null: there is no clock. */
export function waitLimit(emit: Emit): WaitLimit | null {
  const { clock, agentIndex: me } = emit;
  if (clock === null) return null;
  const { slot } = emit.shared('waits time out in', 0, { each: 'agents' });
  clock.countdown('waits time out in', { slot, length: emit.agents, drives: true, kind: 'deadline', text: (agent) => `the wait of ${emit.model.agentNames[agent]} times out` });
  return {
    free: clock.idle, wait: clock.wait,
    begins({ ns, most, checks }) {
      clock.longest(slot, most);
      return [...checks, { op: 'set', slot: slot + me, value: ns }];
    },
    reached: equal(load(slot + me), zero),
    over: [{ op: 'set', slot: slot + me, value: constant(0) }],
  };
}
