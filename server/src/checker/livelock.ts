// Calls that can take steps for ever without returning, in a quiet run that is fair: every agent that could always step does, and a lock
// that keeps coming free is granted to each of its waiters. What verdict that makes, livelock or blocked, is said in blocking.ts.
import type { System } from '../system/system.ts';
import type { Engine } from './engine.ts';
import type { StepGraph } from './graph.ts';
import { cyclicComponents } from './tarjan.ts';

export interface Livelock {
  readonly agent: number;
  readonly call: number;
  /** States of a fair cycle, ascending; in all of them the call is unfinished. */
  readonly states: Int32Array;
  /** The first location of the agent's program from which it steps on the cycle: the head of its loop. */
  readonly location: number;
}

/** One cyclic component with its steps: nodes are positions in `states`. */
interface Part {
  readonly states: Int32Array;
  readonly first: Int32Array;
  /** Position reached, -1 outside (or failed), of each system step. */
  readonly to: Int32Array;
  readonly agents: Int32Array;
  readonly stepNumbers: Int32Array;
}

export function* findLivelocks(
  system: System,
  engine: Engine,
  graph: StepGraph,
  cyclic: readonly Int32Array[],
): Generator<void, readonly Livelock[]> {
  const found: Livelock[] = [];
  const position = new Int32Array(cyclic.length === 0 ? 0 : graph.states).fill(-1);
  for (const component of cyclic) {
    const part = yield* partOf(engine, component, position);
    for (const agent of steppersInside(part, system.agents.length)) {
      const { locations } = system.agents[agent];
      const at = graph.at[agent];
      const calls = new Set<number>();
      for (const s of component) calls.add(locations[at[s]].call ?? -1);
      for (const call of [...calls].filter((x) => x >= 0).sort((a, b) => a - b)) {
        const alive = Uint8Array.from(component, (s) => (locations[at[s]].call === call ? 1 : 0));
        for (const cycle of yield* fairCycles(system, graph, part, alive, agent)) {
          const states = cycle.map((i) => component[i]);
          found.push({ agent, call, states, location: loopHead(graph, part, cycle, agent) });
        }
      }
    }
  }
  return found;
}

/** `position` is -1 for every state, before and after. */
function* partOf(engine: Engine, states: Int32Array, position: Int32Array): Generator<void, Part> {
  for (let i = 0; i < states.length; i++) position[states[i]] = i;
  const first = new Int32Array(states.length + 1);
  const to: number[] = [];
  const agents: number[] = [];
  const steps: number[] = [];
  for (let i = 0; i < states.length; i++) {
    if ((i & 511) === 511) yield;
    for (const s of engine.successors(states[i])) {
      if (s.environment) continue;
      to.push(s.to < 0 ? -1 : position[s.to]);
      agents.push(s.agent);
      steps.push(s.step);
    }
    first[i + 1] = to.length;
  }
  for (const s of states) position[s] = -1;
  yield;
  return { states, first, to: Int32Array.from(to), agents: Int32Array.from(agents), stepNumbers: Int32Array.from(steps) };
}

function steppersInside(part: Part, agents: number): readonly number[] {
  const steps = new Uint8Array(agents);
  for (let e = 0; e < part.to.length; e++) if (part.to[e] >= 0) steps[part.agents[e]] = 1;
  return [...steps.keys()].filter((a) => steps[a] !== 0);
}

/** Components among the living in which the agent steps and that a fair run can stay in, going everywhere. */
function* fairCycles(
  system: System,
  graph: StepGraph,
  part: Part,
  alive: Uint8Array,
  agent: number,
): Generator<void, readonly Int32Array[]> {
  const fair: Int32Array[] = [];
  const waiting = [alive];
  for (let among = waiting.pop(); among !== undefined; among = waiting.pop()) {
    for (const cycle of yield* cyclicComponents(part.first, part.to, among)) {
      const inside = new Uint8Array(part.states.length);
      for (const i of cycle) inside[i] = 1;
      const { steps, neglectsOne, refused } = yield* look(system, graph, part, cycle, inside);
      if (steps[agent] === 0 || neglectsOne) continue;
      if (refused.length === 0) fair.push(cycle);
      else {
        // A lock is free there, again and again, for one that never gets it: only cycles without these states can be fair.
        for (const i of refused) inside[i] = 0;
        waiting.push(inside);
      }
    }
  }
  return fair.sort((a, b) => a[0] - b[0]);
}

function* look(system: System, graph: StepGraph, part: Part, cycle: Int32Array, inside: Uint8Array) {
  const agents = system.agents.length;
  const steps = new Uint8Array(agents);
  const able = new Int32Array(agents);
  const granted = new Set<string>();
  const asked = new Map<string, number[]>();
  let looked = 0;
  for (const i of cycle) {
    if ((++looked & 0xfff) === 0) yield;
    let last = -1;
    for (let e = part.first[i]; e < part.first[i + 1]; e++) {
      const agent = part.agents[e];
      if (agent !== last) able[agent]++;
      last = agent;
      const stays = part.to[e] >= 0 && inside[part.to[e]] !== 0;
      if (stays) steps[agent] = 1;
      const location = graph.at[agent][part.states[i]];
      if (system.agents[agent].locations[location].wait?.kind !== 'lock') continue;
      const key = `${agent} ${location} ${part.stepNumbers[e]}`;
      if (stays) granted.add(key);
      const where = asked.get(key);
      if (where === undefined) asked.set(key, [i]);
      else where.push(i);
    }
  }
  const neglectsOne = able.some((n, agent) => n === cycle.length && steps[agent] === 0);
  const refused = [...asked].flatMap(([key, where]) => (granted.has(key) ? [] : where));
  return { steps, neglectsOne, refused };
}

function loopHead(graph: StepGraph, part: Part, cycle: Int32Array, agent: number): number {
  const inside = new Uint8Array(part.states.length);
  for (const i of cycle) inside[i] = 1;
  let head = Number.POSITIVE_INFINITY;
  for (const i of cycle) {
    for (let e = part.first[i]; e < part.first[i + 1]; e++) {
      if (part.agents[e] === agent && part.to[e] >= 0 && inside[part.to[e]] !== 0) head = Math.min(head, graph.at[agent][part.states[i]]);
    }
  }
  return head;
}
