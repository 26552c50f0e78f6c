// Where quiet runs (system steps only) can go round, and where they come to rest. States that cannot lie on a cycle are trimmed away
// first, so that only the rest is searched; most scenarios leave none.
import type { StepGraph } from './graph.ts';
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
  const { states, first, edges } = graph;
  const incoming = new Int32Array(states);
  for (let e = 0; e < edges.length; e++) {
    if ((e & 0xfffff) === 0xfffff) yield;
    if ((edges[e] & 1) === 0) incoming[edges[e] >> 1]++;
  }
  const queue = new Int32Array(states);
  let count = 0;
  for (let s = 0; s < states; s++) {
    if ((s & 0xfffff) === 0xfffff) yield;
    if (incoming[s] === 0) queue[count++] = s;
  }
  for (let i = 0; i < count; i++) {
    if ((i & 0xffff) === 0xffff) yield;
    for (let e = first[queue[i]]; e < first[queue[i] + 1]; e++) {
      const to = edges[e] >> 1;
      if ((edges[e] & 1) === 0 && --incoming[to] === 0) queue[count++] = to;
    }
  }
  const rest = new Int32Array(states - count);
  for (let s = 0, i = 0; i < rest.length; s++) {
    if ((s & 0xfffff) === 0xfffff) yield;
    if (incoming[s] > 0) rest[i++] = s;
  }
  return rest;
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
  for (let s = 0; s < graph.states; s++) {
    if ((s & 0xffff) === 0xffff) yield;
    if (graph.fails[s] !== 0) continue;
    let quiet = true;
    for (let e = graph.first[s]; quiet && e < graph.first[s + 1]; e++) quiet = (graph.edges[e] & 1) !== 0;
    if (quiet) still.push(s);
  }
  return Int32Array.from(still);
}
