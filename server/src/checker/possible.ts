// Which agents can take a step in a state, as traces tell it for each of theirs. What the reference says, without taking steps that need not be.
import type { Statement, Step, System } from '../system/system.ts';
import { locationOf, takeStep } from './reference.ts';
import { holds } from './referenceValue.ts';

/** In their order. */
export function agentsThatCanStep(system: System, state: readonly number[]): readonly number[] {
  return system.agents.flatMap((_, agent) =>
    locationOf(system, state, agent).steps.some((s, step) => isPossible(system, state, s, agent, step)) ? [agent] : [],
  );
}

function isPossible(system: System, state: readonly number[], { guard, body }: Step, agent: number, step: number): boolean {
  // Only a body that has a `disable` in it can say that the step is not possible after all.
  return canDisable(body) ? takeStep(system, state, agent, step) !== null : guard === null || holds(system, state, guard);
}

const known = new WeakMap<readonly Statement[], boolean>();

function canDisable(body: readonly Statement[]): boolean {
  let answer = known.get(body);
  if (answer === undefined) {
    answer = body.some((s) => s.op === 'disable' || (s.op === 'if' && (canDisable(s.then) || canDisable(s.else))));
    known.set(body, answer);
  }
  return answer;
}
