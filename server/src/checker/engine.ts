// The seam between what a search means (explore, blocking, leak, verdict) and how its states are generated and stored. Two engines stand
// behind it: plain.ts (closures over typed arrays; the fallback) and the generated WebAssembly one. Both number states in breadth-first order.
import type { System } from '../system/system.ts';
import type { Limit } from './verdict.ts';
import type { SecondThread } from './wasm/pair.ts';

export interface EngineOptions {
  readonly maxStates: number | null;
  readonly maxMemoryBytes: number | null;
  /** About how many states there are, from an exploration of nearly the same; null or missing: nobody knows. */
  readonly expectedStates?: number | null;
  /** Symmetry, fusion, dead-variable reset. Off: every interleaving, one stored state for each. */
  readonly reduction: boolean;
  /** A second thread, for an engine that can use one; results are the same without. */
  readonly second?: SecondThread | null;
}

/** A violation met while a step was taken. Distinct by (fault, object, by): only the first, so the shallowest, is kept. */
export interface Hit {
  readonly fault: number;
  /** Value of the statement's `object` (a place) and `by`, 0 where it has none. */
  readonly object: number;
  readonly by: number;
  readonly state: number;
  readonly agent: number;
  readonly step: number;
}

/** A state in which two agents are each about to make a plain access to one slot, one a write. Distinct by the two locations. */
export interface Race {
  readonly state: number;
  readonly first: number;
  readonly second: number;
}

export interface Successor {
  readonly agent: number;
  readonly step: number;
  readonly environment: boolean;
  /** State number; -1 when the step failed. */
  readonly to: number;
}

/** The explored graph in flat arrays. */
export interface StepGraph {
  readonly states: number;
  /** Edges of state s are `edges[first[s]] .. edges[first[s + 1] - 1]`, each 2 * successor + (1: environment step). */
  readonly first: Int32Array;
  readonly edges: Int32Array;
  /** Who steps: for each edge 2^16 * agent + step. Null where there are so many edges that keeping it would take more than it is worth. */
  readonly steppers: Int32Array | null;
  /** 1: a system step is possible here that fails, so that no quiet run rests here. */
  readonly fails: Uint8Array;
  /** Where each agent stands, by agent and state. */
  readonly at: ReadonlyArray<Uint16Array | Int32Array>;
  /** `levels[d]` is the first state at depth d; one entry more at the end. */
  readonly levels: readonly number[];
}

/** With more transitions than this a graph has no `steppers`. */
export const STEPPERS_MOST = 1 << 18;

export interface Engine {
  /**
   * Explores until about `budget` more states have been expanded. `null`: more to do. A second thread may go on meanwhile, until
   * anything is asked but `statesSoFar`, what has surely been expanded, or what a state that has been expanded consists of.
   */
  run(budget: number): 'done' | Limit | null;
  readonly states: number;
  /** About the same, where the exact number would have to wait for a second thread. */
  readonly statesSoFar?: number;
  readonly expanded: number;
  readonly transitions: number;
  readonly depth: number;
  readonly bytes: number;
  readonly hits: readonly Hit[];
  readonly races: readonly Race[];
  /** Decoded slots of a stored state; `into` is reused. */
  decode(state: number, into: Int32Array | Float64Array): void;
  /** One of these slots, where the engine can give it without the others. */
  slot?(state: number, slot: number): number;
  /** Number of the state from which it was first reached; -1 for an initial one. */
  parent(state: number): number;
  /** Regenerates the steps that lead out of a stored, expanded state, in the order of agents and steps. */
  successors(state: number): readonly Successor[];
  /** The first of these steps that leads to a certain other state, where the engine can tell that faster. */
  stepInto?(from: number, to: number): Successor | null;
  /** What graph.ts makes with `successors`, where the engine can do it faster. States that were not expanded have no edges. */
  stepGraph?(): Generator<void, StepGraph>;
  /** Ends the engine, so that its memory can serve the next one. Nothing may be asked of it afterwards. */
  release?(): void;
}

/** Builds an engine that takes long to make, in parts of a few milliseconds. */
export type MakingEngine = (...given: Parameters<MakeEngine>) => Generator<void, Engine>;

/** Builds an engine over a system whose boot has been run: `initials` are the initial states, each `system.slots` long. */
export type MakeEngine = (system: System, initials: ReadonlyArray<readonly number[]>, options: EngineOptions) => Engine;
