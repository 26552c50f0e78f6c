// For one agent: from which states its unfinished call can still complete, how many environment steps that takes at least, and which
// environment step then lets it. A call completes when its agent's location leaves it, and it is over when it commits an error itself. What
// that makes of a stuck call is said in blocking.ts.
import type { Call, Label, Statement, System } from '../system/system.ts';
import type { Engine } from './engine.ts';
import type { ReversedEdges, StepGraph } from './graph.ts';
import { internal } from './internal.ts';

export interface Freeing {
  /** Index of the agent that would take the step. */
  readonly agent: number;
  readonly label: Label;
  /** The call that the step enters; null: a signal, an event. */
  readonly enters: Call | null;
}

export interface Completion {
  /**
   * Least number of environment steps on a run that completes the call, on one without signals to its own agent where there is any; -1:
   * none does.
   */
  readonly distance: (state: number) => number;
  /** Finds out what `freeing` says of a state. Yields every few milliseconds. */
  readonly prepare: (state: number) => Generator<void, void>;
  /** Of a prepared state: the last environment steps of those runs with the fewest, preferring `close` and `exit`, in the order of agents and labels. */
  readonly freeing: (state: number) => readonly Freeing[];
  /** Whether it can complete, but only by environment steps that its own agent takes inside a call: signals. */
  readonly onlyBySignals: (state: number) => boolean;
}

const NEVER = 0xffff;

/** Yields every few milliseconds. */
export function* completionOf(
  system: System,
  engine: Engine,
  graph: StepGraph,
  backwards: ReversedEdges,
  agent: number,
): Generator<void, Completion> {
  const { locations } = system.agents[agent];
  const callAt = Int32Array.from(locations, (l) => l.call ?? -1);
  const at = graph.at[agent];
  const callOf = (state: number) => callAt[at[state]];
  const ends = yield* ownErrors(system, engine, graph, agent);
  const whole = yield* distancesOf(graph, backwards, callOf, ends, () => true);
  const interruptible = locations.some((l) => l.call !== null && l.steps.some((s) => s.environment));
  // Only an agent's own steps move it.
  const isNoSignal = (from: number, to: number) => to >= 0 && at[from] === at[to];
  const unsignalled = interruptible ? yield* distancesOf(graph, backwards, callOf, ends, isNoSignal) : whole;
  // A signal is what a call waits for only where it waits for nothing else.
  const distancesFrom = (state: number): Uint16Array => (unsignalled[state] === NEVER ? whole : unsignalled);
  const sameCall = (a: number, b: number) => callAt[at[a]] === callAt[at[b]];

  const known = new Map([unsignalled, whole].map((distances) => [distances, new Map<number, readonly Freeing[]>()]));
  const knownFrom = (state: number): Map<number, readonly Freeing[]> => known.get(distancesFrom(state)) ?? internal('there are distances of another call');
  const isOpen = (state: number): boolean => distancesFrom(state)[state] !== 0 && distancesFrom(state)[state] !== NEVER;
  function* prepare(state: number): Generator<void, void> {
    if (isOpen(state) && !knownFrom(state).has(state)) yield* lastSteps(state, distancesFrom(state), knownFrom(state));
  }
  const freeing = (state: number): readonly Freeing[] => {
    return isOpen(state) ? preferred(knownFrom(state).get(state) ?? internal('it was not found out who can let a call go on')) : [];
  };

  /** Determines the last environment steps of every state on the shortest runs from `start`. */
  function* lastSteps(start: number, distances: Uint16Array, known: Map<number, readonly Freeing[]>): Generator<void, void> {
    const order = [start];
    const sets = new Map<number, Map<string, Freeing>>([[start, new Map()]]);
    const onward = new Map<number, number[]>();
    let looked = 0;
    for (const s of order) {
      if ((++looked & 0x3ff) === 0) yield;
      const here = sets.get(s) ?? new Map<string, Freeing>();
      const next: number[] = [];
      for (const step of engine.successors(s)) {
        if (step.environment && distances !== whole && !isNoSignal(s, step.to)) continue;
        if (step.to < 0 && step.agent !== agent) continue;
        const cost = step.environment ? 1 : 0;
        const rest = step.to >= 0 && sameCall(s, step.to) ? distances[step.to] : 0;
        if (rest === NEVER || cost + rest !== distances[s]) continue;
        if (step.environment && rest === 0) {
          const freed = freeingStep(system, graph, s, step);
          here.set(`${freed.agent} ${freed.label.text} ${freed.enters?.name ?? ''}`, freed);
        } else if (known.has(step.to)) {
          for (const f of known.get(step.to) ?? []) here.set(`${f.agent} ${f.label.text} ${f.enters?.name ?? ''}`, f);
        } else {
          next.push(step.to);
          if (!sets.has(step.to)) {
            sets.set(step.to, new Map());
            order.push(step.to);
          }
        }
      }
      onward.set(s, next);
    }
    // Quiet steps can go round without getting further, so that one sweep backwards need not be enough.
    for (let changed = true; changed; ) {
      changed = false;
      for (let i = order.length - 1; i >= 0; i--) {
        if ((i & 0x3fff) === 0x3fff) yield;
        const here = sets.get(order[i]) ?? new Map<string, Freeing>();
        const before = here.size;
        for (const to of onward.get(order[i]) ?? []) for (const [key, f] of sets.get(to) ?? []) here.set(key, f);
        if (here.size !== before) changed = true;
      }
    }
    for (const [s, set] of sets) {
      if ((++looked & 0x3fff) === 0) yield;
      known.set(s, [...set.values()]);
    }
  }

  return {
    distance: (state) => (whole[state] === NEVER ? -1 : distancesFrom(state)[state]),
    prepare,
    freeing,
    onlyBySignals: (state) => whole[state] !== NEVER && unsignalled[state] === NEVER,
  };
}

const QUIETLY = 1;
const BY_SIGNAL = 2;

/** By state: whether the agent's own next step commits an error inside its call, which ends the run and leaves no edge. */
function* ownErrors(system: System, engine: Engine, graph: StepGraph, agent: number): Generator<void, Uint8Array> {
  const { locations } = system.agents[agent];
  const at = graph.at[agent];
  const quiet = locations.map((l) => l.call !== null && l.steps.some((s) => !s.environment && s.body.some(canFail)));
  const signal = locations.map((l) => l.call !== null && l.steps.some((s) => s.environment && s.body.some(canFail)));
  const ends = new Uint8Array(graph.states);
  for (let s = 0; s < graph.states; s++) {
    if ((s & 0x3ff) === 0x3ff) yield;
    if (!signal[at[s]] && !(quiet[at[s]] && graph.fails[s] !== 0)) continue;
    for (const step of engine.successors(s)) if (step.to < 0 && step.agent === agent) ends[s] |= step.environment ? BY_SIGNAL : QUIETLY;
  }
  return ends;
}

function canFail(s: Statement): boolean {
  return s.op === 'fail' || (s.op === 'if' && (s.then.some(canFail) || s.else.some(canFail)));
}

/** Breadth first backwards, quiet steps free, environment steps that count 1. */
function* distancesOf(
  graph: StepGraph,
  backwards: ReversedEdges,
  callOf: (state: number) => number,
  ends: Uint8Array,
  counts: (from: number, to: number) => boolean,
): Generator<void, Uint16Array> {
  const distances = new Uint16Array(graph.states).fill(NEVER);
  let now: number[] = [];
  let later: number[] = [];
  let count = 0;
  for (let s = 0; s < graph.states; s++) {
    if ((s & 0xffff) === 0xffff) yield;
    const call = callOf(s);
    if (call < 0) continue;
    let best = (ends[s] & QUIETLY) !== 0 ? 0 : (ends[s] & BY_SIGNAL) !== 0 && counts(s, -1) ? 1 : NEVER;
    for (let e = graph.first[s]; e < graph.first[s + 1]; e++) {
      const to = graph.edges[e] >> 1;
      const environment = graph.edges[e] & 1;
      if (callOf(to) !== call && (environment === 0 || counts(s, to))) best = Math.min(best, environment);
    }
    if (best === 0) now.push(s);
    else if (best === 1) later.push(s);
  }
  for (let distance = 0; distance < NEVER && now.length + later.length > 0; distance++) {
    const queue: number[] = [];
    for (const s of now) {
      if ((++count & 0xffff) === 0) yield;
      if (distances[s] !== NEVER) continue;
      distances[s] = distance;
      queue.push(s);
    }
    now = later;
    later = [];
    for (let s = queue.pop(); s !== undefined; s = queue.pop()) {
      if ((++count & 0xffff) === 0) yield;
      const call = callOf(s);
      for (let e = backwards.first[s]; e < backwards.first[s + 1]; e++) {
        const from = backwards.edges[e] >> 1;
        if (distances[from] !== NEVER || callOf(from) !== call) continue;
        if ((backwards.edges[e] & 1) !== 0) {
          if (counts(from, s)) now.push(from);
        } else {
          distances[from] = distance;
          queue.push(from);
        }
      }
    }
  }
  return distances;
}

function freeingStep(
  system: System,
  graph: StepGraph,
  from: number,
  step: { readonly agent: number; readonly step: number; readonly to: number },
): Freeing {
  const { locations } = system.agents[step.agent];
  const at = graph.at[step.agent];
  const before = locations[at[from]];
  const after = step.to < 0 ? before : locations[at[step.to]];
  const entered = after.call !== null && after.call !== before.call ? system.calls[after.call] : null;
  return { agent: step.agent, label: before.steps[step.step].label, enters: entered };
}

function preferred(steps: readonly Freeing[]): readonly Freeing[] {
  const ends = steps.filter((f) => f.enters !== null && (f.enters.name === 'close' || f.enters.name === 'exit'));
  const chosen = ends.length > 0 ? ends : steps;
  return [...chosen].sort(
    (a, b) => a.agent - b.agent || a.label.at.span.start - b.label.at.span.start || compare(a.label.text, b.label.text),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
