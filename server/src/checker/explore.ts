// One exploration from boot to findings, in slices, so that whoever runs it can look at messages in between. It decides what may be
// claimed: violations that were found are real whenever it stops; that something is stuck, leaks or never happens, only when it is complete.
import type { System } from '../system/system.ts';
import { findBlocking } from './blocking.ts';
import { type Boot, runBoot } from './boot.ts';
import { findComponents } from './components.ts';
import type { Engine, MakeEngine } from './engine.ts';
import { faultFinding, findingKey } from './finding.ts';
import { addEnds, completeEnds, type Goal, type Goals, hitEnds, type InState, raceEnds } from './goals.ts';
import { buildGraph, graphBytes, levelsOf, locationsReached, type ReversedEdges, reversed, type StepGraph } from './graph.ts';
import { findLeaks } from './leak.ts';
import { parentPath } from './path.ts';
import { shortestRun } from './shortest.ts';
import { stuckBoot } from './stuckBoot.ts';
import type { Exploration, Finding, Hint, Limit } from './verdict.ts';

export interface ExploreOptions {
  readonly maxStates: number | null;
  readonly maxTimeMs: number | null;
  readonly maxMemoryBytes: number | null;
  readonly reduction: boolean;
  /** Called for each fault that is met: true gives the exploration up, because the model has to be made larger first. */
  readonly isTooSmall?: (fault: number) => boolean;
}

/** Passed in by the shell: the checker has no clock. */
export interface ExploreHost {
  readonly now: () => number;
  readonly cancelled: () => boolean;
  readonly progress: (p: ExploreProgress) => void;
}

export interface ExploreProgress {
  readonly states: number;
  readonly statesPerSecond: number;
  readonly frontier: number;
  readonly depth: number;
}

/** States per slice: a few milliseconds. */
const SLICE = 2048;
/** Boot is one agent's run with few choices, and no part of the exploration; more than this is a mistake in the scenario. */
const BOOT_STATES = 50_000;
/** Of an exploration that was cut short, at most so many states are looked through again for the best of the shortest runs. */
const INCOMPLETE_STATES = 300_000;
/** At most so many states on the shortest runs to one finding are compared; beyond, any shortest run is shown. */
const RUN_STATES = 200_000;

/** Runs to the end without a pause. */
export function explore(system: System, options: ExploreOptions, host: ExploreHost, makeEngine: MakeEngine): Exploration {
  const run = explorationOf(system, options, host, makeEngine);
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return value;
  }
}

/** The same in slices of a few milliseconds: call `next()` until it is done, and do what else is to be done in between. */
export function* explorationOf(
  system: System,
  options: ExploreOptions,
  host: ExploreHost,
  makeEngine: MakeEngine,
): Generator<void, Exploration> {
  const started = host.now();
  const cancelled = (): Limit | null => (host.cancelled() ? 'cancelled' : null);
  const stop = (): Limit | null => {
    if (host.cancelled()) return 'cancelled';
    return options.maxTimeMs !== null && host.now() - started > options.maxTimeMs ? 'time' : null;
  };
  const boot = yield* until(stop, runBoot(system, BOOT_STATES));
  const tooSmall = (faults: Iterable<number>): Exploration | null => {
    for (const fault of faults) {
      if (options.isTooSmall?.(fault) === true)
        return { initials: [], limit: null, tooSmall: fault, stats: NO_STATS, findings: [], hints: [], reached: [] };
    }
    return null;
  };
  if (isLimit(boot)) return { initials: [], limit: boot, tooSmall: null, stats: NO_STATS, findings: [], hints: [], reached: [] };

  const small = tooSmall(boot.met.map((m) => m.met.fault));
  if (small !== null) return small;

  const engine = makeEngine(system, boot.initials, options);
  let hits = 0;
  let limit: Limit | null = boot.limit;
  for (let ended: 'done' | Limit | null = null; limit === null && ended !== 'done'; ) {
    ended = engine.run(SLICE);
    if (ended !== 'done') limit = ended ?? stop();
    const larger = tooSmall(engine.hits.slice(hits).map((h) => h.fault));
    if (larger !== null) return larger;
    hits = engine.hits.length;
    host.progress(progressOf(engine, host.now() - started));
    yield;
  }

  const levels = levelsOf(engine);
  const goals: Goals = new Map();
  const hints: Goals = new Map();
  addEnds(goals, levels, [...hitEnds(system, engine), ...raceEnds(system, engine)], false);

  if (limit === null && isTooLarge(system, engine, options)) limit = 'memory';
  let graph: BothWays | null = null;
  if (limit === null || (limit !== 'cancelled' && engine.states <= INCOMPLETE_STATES)) {
    const built = yield* until(limit === null ? stop : cancelled, bothWays(system, engine));
    if (isLimit(built)) limit = built;
    else graph = built;
  }
  if (limit === null && graph !== null) {
    const ends = yield* until(stop, endsOfWholeRuns(system, engine, graph));
    if (isLimit(ends)) limit = ends;
    else {
      addEnds(goals, levels, ends.verdicts, true);
      addEnds(hints, levels, ends.hints, true);
    }
  }

  if (graph !== null && isLimit(yield* until(cancelled, completeEnds(system, engine, levels, goals)))) limit = 'cancelled';
  const findings = [...bootFindings(system, boot)];
  for (const goal of goals.values()) {
    yield;
    if (host.cancelled()) limit = 'cancelled';
    findings.push(routed(engine, limit === 'cancelled' ? null : graph, levels, goal));
  }
  return {
    initials: boot.initials,
    limit,
    tooSmall: null,
    stats: { states: engine.states, transitions: engine.transitions, depth: engine.depth, bytes: engine.bytes },
    findings,
    hints: [...hints.values()].map((goal): Hint => routed(engine, limit === 'cancelled' ? null : graph, levels, goal)),
    reached: limit === null && graph !== null ? locationsReached(system, graph.forwards) : [],
  };
}

const NO_STATS = { states: 0, transitions: 0, depth: 0, bytes: 0 };

interface BothWays {
  readonly forwards: StepGraph;
  readonly backwards: ReversedEdges;
}

function* bothWays(system: System, engine: Engine): Generator<void, BothWays> {
  const forwards = yield* buildGraph(system, engine);
  return { forwards, backwards: yield* reversed(forwards) };
}

/** What only a complete exploration shows: what never goes on, and what is left. */
function* endsOfWholeRuns(system: System, engine: Engine, { forwards, backwards }: BothWays) {
  const components = yield* findComponents(forwards);
  const blocking = yield* findBlocking(system, engine, forwards, backwards, components);
  const leaks = yield* findLeaks(system, engine, forwards, components);
  const ending = (end: InState) => ({ ...end, last: null });
  return { verdicts: [...blocking.verdicts, ...leaks].map(ending), hints: blocking.onlySignals.map(ending) };
}

/** Gives a finding its run: the best of the shortest ones where the graph is there, else one of the shortest. */
function routed(engine: Engine, graph: BothWays | null, levels: readonly number[], goal: Goal): Finding {
  const chosen = graph === null ? null : shortestRun(engine, levels, graph.backwards, goal, RUN_STATES);
  const end = chosen?.end ?? goal.ends[0];
  return { ...end.finding, path: chosen?.path ?? parentPath(engine, end.state, end.last) };
}

function bootFindings(system: System, boot: Boot): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const { met, path } of boot.met) {
    const finding = { ...faultFinding(system, met.fault, met.object, met.by), path };
    const key = findingKey(finding);
    if (!found.has(key)) found.set(key, finding);
  }
  return boot.stuck === null ? [...found.values()] : [...found.values(), stuckBoot(system, boot.stuck)];
}

/** The graph of a finished exploration counts towards the cap on memory, its edges in both directions. */
function isTooLarge(system: System, engine: Engine, options: ExploreOptions): boolean {
  return options.maxMemoryBytes !== null && engine.bytes + 2 * graphBytes(system, engine) > options.maxMemoryBytes;
}

/** Runs a part to its end unless something stops it in between. */
function* until<T>(stop: () => Limit | null, part: Generator<void, T>): Generator<void, T | Limit> {
  for (;;) {
    const { done, value } = part.next();
    if (done === true) return value;
    const limit = stop();
    if (limit !== null) return limit;
    yield;
  }
}

function isLimit<T>(value: T | Limit): value is Limit {
  return typeof value === 'string';
}

function progressOf(engine: Engine, elapsedMs: number): ExploreProgress {
  const statesPerSecond = elapsedMs > 0 ? Math.round((engine.states * 1000) / elapsedMs) : 0;
  return { states: engine.states, statesPerSecond, frontier: engine.states - engine.expanded, depth: engine.depth };
}
