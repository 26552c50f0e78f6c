// Which agents can take a step in a state, as traces tell it for each of theirs. What the reference says, without taking steps that need not be.
import type { Statement, Step, System } from '../system/system.ts';
import { locationOf, takeStep } from './reference.ts';
import { holds } from './referenceValue.ts';

/** In their order. */
export function agentsThatCanStep(system: System, state: readonly number[]): readonly number[] {
  const able: number[] = [];
  for (let agent = 0; agent < system.agents.length; agent++) {
    const { steps } = locationOf(system, state, agent);
    for (let step = 0; step < steps.length; step++) {
      if (!isPossible(system, state, steps[step], agent, step)) continue;
      able.push(agent);
      break;
    }
  }
  return able;
}

function isPossible(system: System, state: readonly number[], { guard, body }: Step, agent: number, step: number): boolean {
  if (guard !== null && !holds(system, state, guard)) return false;
  // Only a body that has a `disable` in it can say that the step is not possible after all.
  return !canDisable(body) || takeStep(system, state, agent, step) !== null;
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
