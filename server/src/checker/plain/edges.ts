// The steps of the first states, kept as they were explored, so that looking at whole runs need not take them again. Later states do without:
// what they would take in memory is worth more than the time.
import type { Successor } from '../engine.ts';

/** What keeping steps may take in all. */
const MOST_BYTES = 1 << 22;

export interface Edges {
  /** Agent, step, and 2 * successor + (1: environment step); the successor is -1 where the step failed. */
  log: Int32Array;
  length: number;
  /** Where the steps of each state begin; one entry more at the end. */
  readonly first: number[];
  readonly maxBytes: number;
  full: boolean;
}

/** At most an eighth of the cap on memory, of which `edgeRoom` has to be left free. */
export function makeEdges(maxMemoryBytes: number | null): Edges {
  const maxBytes = Math.min(MOST_BYTES, maxMemoryBytes === null ? MOST_BYTES : maxMemoryBytes / 8);
  return { log: new Int32Array(1 << 8), length: 0, first: [0], maxBytes, full: false };
}

export function edgeRoom(e: Edges): number {
  return e.maxBytes;
}

export function edgeBytes(e: Edges): number {
  return 4 * e.log.length + 8 * e.first.length;
}

/** Adds a step of the state that is being expanded. */
export function addEdge(e: Edges, agent: number, step: number, environment: boolean, to: number): void {
  if (e.full) return;
  if (e.length + 3 > e.log.length) {
    if (2 * edgeBytes(e) > e.maxBytes) {
      e.full = true;
      return;
    }
    const larger = new Int32Array(2 * e.log.length);
    larger.set(e.log);
    e.log = larger;
  }
  e.log[e.length] = agent;
  e.log[e.length + 1] = step;
  e.log[e.length + 2] = 2 * to + (environment ? 1 : 0);
  e.length += 3;
}

/** States are expanded in their order. */
export function closeState(e: Edges): void {
  if (e.full) return;
  e.first.push(e.length);
  e.full = edgeBytes(e) > e.maxBytes;
}

/** The steps of a state in the order of agents and steps; null where they were not kept. */
export function edgesOf(e: Edges, state: number): readonly Successor[] | null {
  if (state + 1 >= e.first.length) return null;
  const out: Successor[] = [];
  for (let i = e.first[state]; i < e.first[state + 1]; i += 3) {
    out.push({ agent: e.log[i], step: e.log[i + 1], environment: (e.log[i + 2] & 1) !== 0, to: e.log[i + 2] >> 1 });
  }
  return out;
}
