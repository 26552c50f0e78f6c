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
export function levelsOf(engine: Pick<Engine, 'states' | 'parent'>): readonly number[] {
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

/**
 * Calls `part` for all of `0..count - 1`, some at a time. Yields in between. Loops in generators are slow until a host has compiled them, and
 * what it has compiled of a function within a function is lost with the last of these: the loop of a part is best a function of its own.
 */
export function* inParts(count: number, atOnce: number, part: (from: number, to: number) => void): Generator<void, void> {
  for (let from = 0; from < count; from += atOnce) {
    if (from > 0) yield;
    part(from, Math.min(count, from + atOnce));
  }
}

/** Adds to every element all before it. Yields every few milliseconds. */
export function* runningSums(of: Int32Array): Generator<void, void> {
  yield* inParts(of.length, 1 << 20, (from, to) => addUp(of, from, to));
}

function addUp(of: Int32Array, from: number, to: number): void {
  for (let i = Math.max(1, from); i < to; i++) of[i] += of[i - 1];
}

/** The same edges backwards: those into t are `edges[first[t]] ..`, each 2 * predecessor + (1: environment step). */
export interface ReversedEdges {
  readonly first: Int32Array;
  readonly edges: Int32Array;
}

/** Edges among the first `states` states. Yields every few milliseconds. */
export function* reversed(graph: StepGraph, states = graph.states): Generator<void, ReversedEdges> {
  const count = graph.first[states];
  const first = new Int32Array(states + 1);
  yield* inParts(count, 1 << 20, (from, to) => countInto(graph.edges, states, first, from, to));
  yield* runningSums(first);
  const next = first.slice(0, states);
  yield;
  const edges = new Int32Array(first[states]);
  yield* inParts(states, 1 << 16, (from, to) => turnRound(graph, states, next, edges, from, to));
  return { first, edges };
}

function countInto(edges: Int32Array, states: number, first: Int32Array, from: number, to: number): void {
  for (let e = from; e < to; e++) {
    const target = edges[e] >> 1;
    if (target < states) first[target + 1]++;
  }
}

function turnRound(graph: StepGraph, states: number, next: Int32Array, into: Int32Array, from: number, to: number): void {
  const { first, edges } = graph;
  for (let state = from; state < to; state++) {
    for (let e = first[state]; e < first[state + 1]; e++) {
      const target = edges[e] >> 1;
      if (target < states) into[next[target]++] = 2 * state + (edges[e] & 1);
    }
  }
}

/** For every agent, the locations at which some state has it. Yields every few milliseconds. */
export function* locationsReached(system: System, graph: StepGraph): Generator<void, ReadonlyArray<ReadonlySet<number>>> {
  const reached: Array<ReadonlySet<number>> = [];
  for (const [agent, { locations }] of system.agents.entries()) {
    const seen = new Uint8Array(locations.length);
    const at = graph.at[agent];
    yield* inParts(at.length, 1 << 20, (from, to) => mark(seen, at, from, to));
    reached.push(new Set([...seen.keys()].filter((l) => seen[l] !== 0)));
  }
  return reached;
}

function mark(seen: Uint8Array, at: Uint16Array | Int32Array, from: number, to: number): void {
  for (let state = from; state < to; state++) seen[at[state]] = 1;
}
