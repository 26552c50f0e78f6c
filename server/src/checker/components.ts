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
  return { cyclic, settled: cyclic.filter((c) => isClosed(graph, c)), still: yield* stillStates(graph) };
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
  for (let s = 0; s < states; s++) if (incoming[s] === 0) queue[count++] = s;
  for (let i = 0; i < count; i++) {
    if ((i & 0xffff) === 0xffff) yield;
    for (let e = first[queue[i]]; e < first[queue[i] + 1]; e++) {
      const to = edges[e] >> 1;
      if ((edges[e] & 1) === 0 && --incoming[to] === 0) queue[count++] = to;
    }
  }
  const rest = new Int32Array(states - count);
  for (let s = 0, i = 0; i < rest.length; s++) if (incoming[s] > 0) rest[i++] = s;
  return rest;
}

function* cyclicAmong(graph: StepGraph, among: Int32Array): Generator<void, readonly Int32Array[]> {
  const position = new Int32Array(graph.states).fill(-1);
  for (let i = 0; i < among.length; i++) position[among[i]] = i;
  const first = new Int32Array(among.length + 1);
  const to: number[] = [];
  for (let i = 0; i < among.length; i++) {
    for (let e = graph.first[among[i]]; e < graph.first[among[i] + 1]; e++) {
      if ((graph.edges[e] & 1) === 0) to.push(position[graph.edges[e] >> 1]);
    }
    first[i + 1] = to.length;
  }
  yield;
  const components = yield* cyclicComponents(first, Int32Array.from(to), new Uint8Array(among.length).fill(1));
  return components.map((c) => c.map((i) => among[i]));
}

function isClosed(graph: StepGraph, component: Int32Array): boolean {
  const inside = new Set(component);
  return component.every((s) => {
    if (graph.fails[s] !== 0) return false;
    for (let e = graph.first[s]; e < graph.first[s + 1]; e++) {
      if ((graph.edges[e] & 1) === 0 && !inside.has(graph.edges[e] >> 1)) return false;
    }
    return true;
  });
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
