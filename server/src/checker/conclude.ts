// From the end of a search to what may be said of it. Violations that were found are real wherever it stopped; that something is stuck,
// leaks or is never reached, only a complete search shows, as long as nothing stops the looking either.
import type { System } from '../system/system.ts';
import { findBlocking, type Wanted } from './blocking.ts';
import { findComponents } from './components.ts';
import type { Engine, StepGraph } from './engine.ts';
import { addEnds, completeEnds, type Goal, type Goals, hitEnds, type InState, raceEnds } from './goals.ts';
import { buildGraph, depthOf, isTooLarge, levelsOf, locationsReached, type ReversedEdges, reversed } from './graph.ts';
import { findLeaks } from './leak.ts';
import { stateOrder } from './order.ts';
import { parentPath } from './path.ts';
import { type Chosen, shortestRun, someShortestRun } from './shortest.ts';
import { isLimit, until } from './slices.ts';
import type { Exploration, Finding, Limit } from './verdict.ts';

export type Conclusion = Pick<Exploration, 'limit' | 'findings' | 'hints' | 'reached'>;

/** What can stop the looking; `maxMemoryBytes` is for the engine and the graph together. */
export interface Stops {
  readonly stop: () => Limit | null;
  readonly cancelled: () => Limit | null;
  readonly maxMemoryBytes: number | null;
}

/** Of a search that was cut short, at most so many states are looked through again for the best of the shortest runs. */
const INCOMPLETE_STATES = 300_000;
/** At most so many states on the shortest runs to one finding are compared; beyond, a plainer choice is made. */
const RUN_STATES = 200_000;

/** The explored graph, its edges in both directions. */
interface BothWays {
  readonly forwards: StepGraph;
  /** Among at least so many of the first states: most of what is asked for is shallow. */
  readonly backwards: (states: number) => Generator<void, ReversedEdges>;
  /** A number for each of at least so many states, 0 for all but whoever uses it. */
  readonly marks: (states: number) => Int32Array;
}

/** `searched`: the limit at which the search ended, if at any. Yields every few milliseconds. */
export function* conclude(system: System, engine: Engine, searched: Limit | null, stops: Stops): Generator<void, Conclusion> {
  const levels = levelsOf(engine);
  const goals: Goals = new Map();
  const hints: Goals = new Map();
  yield* addEnds(goals, levels, [...hitEnds(system, engine), ...raceEnds(system, engine)], false);

  let limit = searched ?? (isTooLarge(system, engine, stops.maxMemoryBytes) ? 'memory' : null);
  let graph: BothWays | null = null;
  if (limit === null || (limit !== 'cancelled' && engine.states <= INCOMPLETE_STATES)) {
    const built = yield* until(limit === null ? stops.stop : stops.cancelled, bothWays(system, engine));
    if (isLimit(built)) limit = built;
    else graph = built;
  }
  if (limit === null && graph !== null) {
    const whole = yield* until(stops.stop, lookAtWholeRuns(system, engine, graph));
    if (isLimit(whole)) limit = whole;
    else {
      yield* addEnds(goals, levels, whole.verdicts, true);
      yield* addEnds(hints, levels, whole.hints, true);
    }
  }
  if (graph !== null) limit = (yield* until(stops.cancelled, completeEnds(system, engine, graph.forwards, goals))) ?? limit;

  const order = stateOrder(engine, system.slots);
  const route = function* (open: Goals): Generator<void, readonly Finding[]> {
    const routed: Finding[] = [];
    const deepest = Math.max(0, ...[...open.values()].map((goal) => goal.depth));
    // By depth, then by what they say: not in the order in which they were found, which is another one for two threads.
    for (const [, goal] of [...open].sort(([a, x], [b, y]) => x.depth - y.depth || (a < b ? -1 : 1))) {
      yield;
      limit = stops.cancelled() ?? limit;
      // Whoever cancels waits for what is left: any shortest run has to do.
      const run =
        graph === null || limit === 'cancelled'
          ? null
          : yield* until(stops.cancelled, bestRun(engine, graph, levels, goal, deepest, order));
      if (isLimit(run)) limit = run;
      routed.push(isLimit(run) || run === null ? someRun(engine, goal) : { ...run.end.finding, path: run.path });
    }
    return routed;
  };
  const findings = yield* route(goals);
  const facts = yield* route(hints);
  // Cancelled at the very end, it has looked at everything and still says nothing about absence: nobody is waiting for it any more.
  const reached = limit === null && graph !== null ? yield* locationsReached(system, graph.forwards) : [];
  return { limit, findings, hints: facts, reached };
}

function* bothWays(system: System, engine: Engine): Generator<void, BothWays> {
  const forwards = yield* buildGraph(system, engine);
  let known: ReversedEdges | null = null;
  const backwards = function* (states: number): Generator<void, ReversedEdges> {
    if (known === null || known.first.length <= states) known = yield* reversed(forwards, states);
    return known;
  };
  let numbers = new Int32Array(0);
  const marks = (states: number): Int32Array => {
    if (numbers.length < states) numbers = new Int32Array(states);
    return numbers;
  };
  return { forwards, backwards, marks };
}

/** What only a complete exploration shows: what never goes on, and what is left. */
function* lookAtWholeRuns(system: System, engine: Engine, { forwards, backwards }: BothWays) {
  const components = yield* findComponents(forwards);
  const blocking = yield* findBlocking(system, engine, forwards, () => backwards(forwards.states), components, shallowest(forwards));
  const leaks = yield* findLeaks(system, engine, forwards, components);
  const ending = (end: InState) => ({ ...end, last: null });
  return { verdicts: [...blocking.verdicts, ...leaks].map(ending), hints: blocking.onlySignals.map(ending) };
}

/** Wants the states of the least depth for each key. */
function shallowest({ levels }: StepGraph): Wanted {
  const depths = new Map<string, number>();
  return (key, state) => {
    const depth = depthOf(levels, state);
    const known = depths.get(key) ?? depth;
    if (depth <= known) depths.set(key, depth);
    return depth <= known;
  };
}

/** The best of the shortest runs to a goal or, where they are too many, the first by an order on states. */
function* bestRun(
  engine: Engine,
  { forwards, backwards, marks }: BothWays,
  levels: readonly number[],
  goal: Goal,
  deepest: number,
  order: (a: number, b: number) => number,
): Generator<void, Chosen> {
  const edgesBack = yield* backwards(levels[deepest + 1]);
  const best = yield* shortestRun(engine, levels, forwards, edgesBack, goal, RUN_STATES, marks(levels[deepest + 1]));
  return best ?? (yield* someShortestRun(engine, levels, edgesBack, goal, order));
}

/** Without the graph: one of the shortest. */
function someRun(engine: Engine, { ends: [end] }: Goal): Finding {
  return { ...end.finding, path: parentPath(engine, end.state, end.last) };
}
