// Where quiet runs (system steps only) can go round, and where they come to rest. States that cannot lie on a cycle are trimmed away
// first, so that only the rest is searched; most scenarios leave none.
import { inParts, type StepGraph } from './graph.ts';
import { cyclicComponents } from './tarjan.ts';

export interface Components {
  /** Every cyclic component of the system steps, its states ascending. */
  readonly cyclic: readonly Int32Array[];
  /** Those of `cyclic` that no system step leaves, and in which none fails. */
  readonly settled: readonly Int32Array[];
  /** States in which no system step is possible. */
  readonly still: Int32Array;
}

export function* findComponents(graph: StepGraph): Generator<void, Components> {
  const rest = yield* untrimmed(graph);
  const cyclic = rest.length === 0 ? [] : yield* cyclicAmong(graph, rest);
  return { cyclic, settled: yield* closedAmong(graph, cyclic), still: yield* stillStates(graph) };
}

/** States that stay when those without a predecessor are taken away again and again: they lie on cycles or behind them. */
function* untrimmed(graph: StepGraph): Generator<void, Int32Array> {
  const { states, edges } = graph;
  const incoming = new Int32Array(states);
  yield* inParts(edges.length, 1 << 20, (from, to) => countSystemSteps(edges, incoming, from, to));
  const queue = new Int32Array(states);
  let count = 0;
  yield* inParts(states, 1 << 20, (from, to) => {
    count = addFirst(incoming, queue, from, to, count);
  });
  for (let done = 0; done < count; ) {
    const until = Math.min(count, done + (1 << 16));
    count = trim(graph, incoming, queue, done, until, count);
    done = until;
    yield;
  }
  const rest = new Int32Array(states - count);
  if (rest.length === 0) return rest;
  let kept = 0;
  yield* inParts(states, 1 << 20, (from, to) => {
    for (let s = from; s < to; s++) if (incoming[s] > 0) rest[kept++] = s;
  });
  return rest;
}

function countSystemSteps(edges: Int32Array, incoming: Int32Array, from: number, to: number): void {
  for (let e = from; e < to; e++) {
    const edge = edges[e];
    if ((edge & 1) === 0) incoming[edge >> 1]++;
  }
}

/** Puts those among some states into the queue that have no predecessor; gives the queue's new length. */
function addFirst(incoming: Int32Array, queue: Int32Array, from: number, to: number, length: number): number {
  let count = length;
  for (let s = from; s < to; s++) if (incoming[s] === 0) queue[count++] = s;
  return count;
}

/** Takes away the states of the queue between two positions; gives the queue's new length. */
function trim({ first, edges }: StepGraph, incoming: Int32Array, queue: Int32Array, from: number, to: number, length: number): number {
  let count = length;
  for (let i = from; i < to; i++) {
    const state = queue[i];
    for (let e = first[state]; e < first[state + 1]; e++) {
      const edge = edges[e];
      if ((edge & 1) === 0 && --incoming[edge >> 1] === 0) queue[count++] = edge >> 1;
    }
  }
  return count;
}

function* cyclicAmong(graph: StepGraph, among: Int32Array): Generator<void, readonly Int32Array[]> {
  const position = new Int32Array(graph.states).fill(-1);
  for (let i = 0; i < among.length; i++) position[among[i]] = i;
  const first = new Int32Array(among.length + 1);
  let most = 0;
  for (const s of among) most += graph.first[s + 1] - graph.first[s];
  yield;
  const to = new Int32Array(most);
  let count = 0;
  for (let i = 0; i < among.length; i++) {
    if ((i & 0xffff) === 0xffff) yield;
    for (let e = graph.first[among[i]]; e < graph.first[among[i] + 1]; e++) {
      if ((graph.edges[e] & 1) === 0) to[count++] = position[graph.edges[e] >> 1];
    }
    first[i + 1] = count;
  }
  yield;
  const components = yield* cyclicComponents(first, to, new Uint8Array(among.length).fill(1));
  yield;
  return components.map((c) => c.map((i) => among[i]));
}

/** Those that no system step leaves, and in which none fails. */
function* closedAmong(graph: StepGraph, components: readonly Int32Array[]): Generator<void, readonly Int32Array[]> {
  const numberOf = new Int32Array(components.length === 0 ? 0 : graph.states);
  let steps = 0;
  for (const [i, component] of components.entries()) {
    for (const s of component) {
      if ((++steps & 0xfffff) === 0) yield;
      numberOf[s] = i + 1;
    }
  }
  const closed: Int32Array[] = [];
  for (const [i, component] of components.entries()) {
    let leaves = false;
    for (let k = 0; k < component.length && !leaves; k++) {
      if ((++steps & 0xffff) === 0) yield;
      const s = component[k];
      leaves = graph.fails[s] !== 0;
      for (let e = graph.first[s]; e < graph.first[s + 1] && !leaves; e++) {
        leaves = (graph.edges[e] & 1) === 0 && numberOf[graph.edges[e] >> 1] !== i + 1;
      }
    }
    if (!leaves) closed.push(component);
  }
  return closed;
}

function* stillStates(graph: StepGraph): Generator<void, Int32Array> {
  const still: number[] = [];
  yield* inParts(graph.states, 1 << 16, (from, to) => addStill(graph, still, from, to));
  return Int32Array.from(still);
}

function addStill({ first, edges, fails }: StepGraph, still: number[], from: number, to: number): void {
  for (let s = from; s < to; s++) {
    if (fails[s] !== 0) continue;
    let quiet = true;
    for (let e = first[s]; quiet && e < first[s + 1]; e++) quiet = (edges[e] & 1) !== 0;
    if (quiet) still.push(s);
  }
}
