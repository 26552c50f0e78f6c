// The explored graph in flat arrays, for what looks at whole runs rather than at one state: blocking, livelock, leaks, shortest paths.
// It regenerates every step of a finished exploration once; who stepped, and how, is asked of the engine again where it matters.
import type { System } from '../system/system.ts';
import { type Engine, type StepGraph, STEPPERS_MOST } from './engine.ts';

export type { StepGraph } from './engine.ts';

/** Bytes that it takes, about, to look at the whole runs of an exploration: edges in both directions, where agents stand, distances. */
export function graphBytes(system: System, engine: Engine): number {
  return engine.states * (21 + 4 * system.agents.length) + 8 * engine.transitions;
}

/** What looking at whole runs takes counts towards the cap on memory. */
export function isTooLarge(system: System, engine: Engine, maxMemoryBytes: number | null): boolean {
  return maxMemoryBytes !== null && engine.bytes + graphBytes(system, engine) > maxMemoryBytes;
}

/** Yields every few milliseconds. States that were not expanded have no edges. */
export function* buildGraph(system: System, engine: Engine): Generator<void, StepGraph> {
  if (engine.stepGraph !== undefined) return yield* engine.stepGraph();
  const states = engine.states;
  const first = new Int32Array(states + 1);
  const fails = new Uint8Array(states);
  const at = system.agents.map((a) => (a.locations.length > 0xffff ? new Int32Array(states) : new Uint16Array(states)));
  const agentSlots = system.agents.map((a) => a.slot);
  let edges = new Int32Array(Math.max(1024, engine.transitions));
  let steppers = engine.transitions > STEPPERS_MOST ? null : new Int32Array(edges.length);
  let count = 0;
  const slots = new Float64Array(system.slots);
  const slot = engine.slot?.bind(engine);
  for (let state = 0; state < states; state++) {
    if ((state & 1023) === 1023) yield;
    if (slot === undefined) engine.decode(state, slots);
    for (let agent = 0; agent < at.length; agent++) {
      at[agent][state] = slot === undefined ? slots[agentSlots[agent]] : slot(state, agentSlots[agent]);
    }
    for (const s of state < engine.expanded ? engine.successors(state) : []) {
      if (s.to < 0) {
        if (!s.environment) fails[state] = 1;
        continue;
      }
      if (count === edges.length) {
        const larger = new Int32Array(2 * count);
        larger.set(edges);
        edges = larger;
        steppers = null;
      }
      if (steppers !== null) steppers[count] = 2 ** 16 * s.agent + s.step;
      edges[count++] = 2 * s.to + (s.environment ? 1 : 0);
    }
    first[state + 1] = count;
  }
  return { states, first, edges: edges.subarray(0, count), steppers, fails, at, levels: levelsOf(engine) };
}

/** States are numbered level by level; the next level begins with the first whose parent lies in this one. */
export function levelsOf(engine: Engine): readonly number[] {
  const { states } = engine;
  const levels = [0];
  for (let begin = 0; begin < states; ) {
    // Within a level parents come in any order. Steps that double find the end of a long one without looking at all of it.
    let inside = begin;
    let outside = begin + 1;
    while (outside < states && engine.parent(outside) < begin) {
      inside = outside;
      outside = Math.min(states, 2 * outside - begin);
    }
    while (outside - inside > 1) {
      const middle = (inside + outside) >> 1;
      if (engine.parent(middle) < begin) inside = middle;
      else outside = middle;
    }
    levels.push(outside);
    begin = outside;
  }
  return levels;
}

export function depthOf(levels: readonly number[], state: number): number {
  let low = 0;
  let high = levels.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (levels[middle] <= state) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Adds to every element all before it. Yields every few milliseconds. */
export function* runningSums(of: Int32Array): Generator<void, void> {
  for (let i = 1; i < of.length; i++) {
    if ((i & 0xfffff) === 0xfffff) yield;
    of[i] += of[i - 1];
  }
}

/** The same edges backwards: those into t are `edges[first[t]] ..`, each 2 * predecessor + (1: environment step). */
export interface ReversedEdges {
  readonly first: Int32Array;
  readonly edges: Int32Array;
}

/** Yields every few milliseconds. */
export function* reversed(graph: StepGraph): Generator<void, ReversedEdges> {
  const first = new Int32Array(graph.states + 1);
  for (let e = 0; e < graph.edges.length; e++) {
    if ((e & 0xfffff) === 0xfffff) yield;
    first[(graph.edges[e] >> 1) + 1]++;
  }
  yield* runningSums(first);
  const next = first.slice(0, graph.states);
  yield;
  const edges = new Int32Array(graph.edges.length);
  for (let from = 0; from < graph.states; from++) {
    if ((from & 0xffff) === 0xffff) yield;
    for (let e = graph.first[from]; e < graph.first[from + 1]; e++) {
      edges[next[graph.edges[e] >> 1]++] = 2 * from + (graph.edges[e] & 1);
    }
  }
  return { first, edges };
}

/** For every agent, the locations at which some state has it. Yields every few milliseconds. */
export function* locationsReached(system: System, graph: StepGraph): Generator<void, ReadonlyArray<ReadonlySet<number>>> {
  const reached: Array<ReadonlySet<number>> = [];
  for (const [agent, { locations }] of system.agents.entries()) {
    const seen = new Uint8Array(locations.length);
    const at = graph.at[agent];
    for (let state = 0; state < at.length; state++) {
      if ((state & 0xfffff) === 0xfffff) yield;
      seen[at[state]] = 1;
    }
    reached.push(new Set([...seen.keys()].filter((l) => seen[l] !== 0)));
  }
  return reached;
}
