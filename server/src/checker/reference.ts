// The plain interpreter: takes steps on arrays of numbers by walking the transition system. It replays every trace and is the oracle of
// the engines in tests; it asserts everything that lowering promises and is in no hurry. Searching for real is left to the engines.
import type { Agent, Location, Statement, Step, System } from '../system/system.ts';
import { internal } from './internal.ts';
import { evaluate, holds, within } from './referenceValue.ts';
import type { PathToFinding } from './verdict.ts';

/** A violation met while a step was taken; `object` (a place) and `by` are 0 where the statement has none. */
export interface Met {
  readonly fault: number;
  readonly object: number;
  readonly by: number;
  /** What the fault shows, as it was there. */
  readonly shown?: readonly number[];
}

/** What a possible step does: its successor (null: the step fails and ends the run) and the violations on the way. */
export interface Taken {
  readonly state: readonly number[] | null;
  readonly met: readonly Met[];
}

export interface EnabledStep {
  readonly agent: number;
  readonly step: number;
  readonly environment: boolean;
}

export interface ReplayedStep extends EnabledStep, Taken {
  readonly before: readonly number[];
}

export interface ReferenceExploration {
  /** In breadth-first order. */
  readonly states: ReadonlyArray<readonly number[]>;
  readonly depths: readonly number[];
  readonly edges: ReadonlyArray<ReadonlyArray<EnabledStep & { readonly to: number; readonly met: readonly Met[] }>>;
}

/** Where an agent stands. */
export function locationOf(system: System, state: readonly number[], agent: number): Location {
  const a = agentOf(system, agent);
  const location = a.locations[state[a.slot]];
  if (location === undefined) internal(`${a.name} stands at location ${state[a.slot]}, which it does not have`);
  return location;
}

/** Every step that is possible in a state, in the order of agents and steps. */
export function enabledSteps(system: System, state: readonly number[]): readonly EnabledStep[] {
  const enabled: EnabledStep[] = [];
  for (let agent = 0; agent < system.agents.length; agent++) {
    locationOf(system, state, agent).steps.forEach((s, step) => {
      if (takeStep(system, state, agent, step) !== null) enabled.push({ agent, step, environment: s.environment });
    });
  }
  return enabled;
}

/** Takes one step of an agent at its location; null where that step is not possible. */
export function takeStep(system: System, state: readonly number[], agent: number, step: number): Taken | null {
  const taken = stepOf(system, state, agent, step);
  if (taken.guard !== null && !holds(system, state, taken.guard)) return null;
  const next = [...state];
  const met: Met[] = [];
  const end = run(system, next, agentOf(system, agent), taken.body, met);
  if (end === 'disabled') return null;
  if (end === 'failed') return { state: null, met };
  assertState(system, next, `after ${agentOf(system, agent).name}: ${taken.label.text}`);
  return { state: next, met };
}

/** Every step of a path, from `initials[path.initial]` (or the state before boot, for -1); an internal error where one does not replay. */
export function replay(system: System, initials: ReadonlyArray<readonly number[]>, path: PathToFinding): readonly ReplayedStep[] {
  const steps: ReplayedStep[] = [];
  let state: readonly number[] | null = path.initial === -1 ? system.initial : (initials[path.initial] ?? null);
  if (state === null) internal(`the trace starts in initial state ${path.initial}, which is none`);
  path.choices.forEach(({ agent, step }, index) => {
    if (state === null) internal(`the trace goes on after step ${index - 1}, which ended the run`);
    const before: readonly number[] = state;
    const what = stepOf(system, before, agent, step);
    const taken = takeStep(system, before, agent, step);
    if (taken === null) internal(`step ${index} does not replay: ${agentOf(system, agent).name} cannot take "${what.label.text}"`);
    steps.push({ agent, step, environment: what.environment, before, ...taken });
    state = taken.state;
  });
  return steps;
}

/** Every reachable state of a small system with its steps: what the engines are compared with. */
export function referenceExplore(system: System, initials: ReadonlyArray<readonly number[]>, maxStates: number): ReferenceExploration {
  const states: Array<readonly number[]> = [];
  const depths: number[] = [];
  const numbers = new Map<string, number>();
  const edges: Array<Array<EnabledStep & { readonly to: number; readonly met: readonly Met[] }>> = [];
  const number = (state: readonly number[], depth: number): number => {
    const key = state.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    if (states.length >= maxStates) internal(`the reference was asked for more than ${maxStates} states`);
    numbers.set(key, states.length);
    depths.push(depth);
    return states.push(state) - 1;
  };
  for (const state of initials) {
    assertState(system, state, 'in an initial state');
    number(state, 0);
  }
  for (let from = 0; from < states.length; from++) {
    const out: Array<EnabledStep & { readonly to: number; readonly met: readonly Met[] }> = [];
    for (const e of enabledSteps(system, states[from])) {
      const taken = takeStep(system, states[from], e.agent, e.step);
      if (taken === null) internal('a step was possible and then was not');
      out.push({ ...e, met: taken.met, to: taken.state === null ? -1 : number(taken.state, depths[from] + 1) });
    }
    edges.push(out);
  }
  return { states, depths, edges };
}

function run(system: System, state: number[], agent: Agent, body: readonly Statement[], met: Met[]): 'failed' | 'disabled' | null {
  for (const s of body) {
    switch (s.op) {
      case 'set':
        state[within(s.slot, system.slots)] = evaluate(system, state, s.value);
        break;
      case 'setElement': {
        const index = within(evaluate(system, state, s.index), s.length);
        state[within(s.slot + index, system.slots)] = evaluate(system, state, s.value);
        break;
      }
      case 'if': {
        const end = run(system, state, agent, holds(system, state, s.condition) ? s.then : s.else, met);
        if (end !== null) return end;
        break;
      }
      case 'goto':
        state[agent.slot] = within(s.location, agent.locations.length);
        break;
      case 'fail':
      case 'report': {
        const { shows } = system.faults[within(s.fault, system.faults.length)];
        const object = s.object === null ? 0 : evaluate(system, state, s.object);
        const by = s.by === null ? 0 : evaluate(system, state, s.by);
        met.push({ fault: s.fault, object, by, ...(shows === undefined ? {} : { shown: shows.map(({ value }) => evaluate(system, state, value)) }) });
        if (s.op === 'fail') return 'failed';
        break;
      }
      case 'disable':
        return 'disabled';
    }
  }
  return null;
}

function agentOf(system: System, agent: number): Agent {
  return system.agents[agent] ?? internal(`there is no agent ${agent}`);
}

function stepOf(system: System, state: readonly number[], agent: number, step: number): Step {
  const { name } = agentOf(system, agent);
  const found = locationOf(system, state, agent).steps[step] ?? internal(`${name} has no step ${step} where it stands`);
  if (found.agent !== agent) internal(`a step of ${name} says that it is of agent ${found.agent}`);
  return found;
}

function assertState(system: System, state: readonly number[], when: string): void {
  if (state.length !== system.slots) internal(`a state of ${state.length} slots instead of ${system.slots} ${when}`);
  for (const v of system.variables) {
    for (let slot = v.slot; slot < v.slot + v.length; slot++) {
      const value = state[slot];
      if (!(Number.isSafeInteger(value) && value >= v.min && value <= v.max)) {
        internal(`${v.name} is ${value}, outside ${v.min}..${v.max}, ${when}`);
      }
    }
  }
}
