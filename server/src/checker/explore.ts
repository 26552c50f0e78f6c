// One exploration from boot to findings, in slices, so that whoever runs it can look at messages in between. What may be said at its end
// is decided in conclude.ts.
import type { System } from '../system/system.ts';
import { type Boot, runBoot } from './boot.ts';
import { conclude } from './conclude.ts';
import type { Engine, MakeEngine } from './engine.ts';
import { faultFinding, findingKey } from './finding.ts';
import { grownIn } from './grown.ts';
import { finished, isLimit, until } from './slices.ts';
import { stuckBoot } from './stuckBoot.ts';
import type { Exploration, Finding, Limit } from './verdict.ts';
import type { SecondThread } from './wasm/pair.ts';

export interface ExploreOptions {
  readonly maxStates: number | null;
  readonly maxTimeMs: number | null;
  readonly maxMemoryBytes: number | null;
  readonly reduction: boolean;
  /** About how many states there are; see EngineOptions. */
  readonly expectedStates?: number | null;
  /** Threads that it may use; two are of use only where the host has a second one. */
  readonly workers?: number;
  /** Called for each fault that is met: true gives the exploration up, because the model has to be made larger first. */
  readonly isTooSmall?: (fault: number) => boolean;
  /** Slots of which some state has to have another value than 0: otherwise the exploration is given up, because the model is too large. */
  readonly wantsUsed?: readonly number[];
}

/** Passed in by the shell: the checker has no clock. */
export interface ExploreHost {
  readonly now: () => number;
  readonly cancelled: () => boolean;
  readonly progress: (p: ExploreProgress) => void;
  readonly second?: SecondThread | null;
}

export interface ExploreProgress {
  readonly states: number;
  readonly statesPerSecond: number;
  readonly frontier: number;
  readonly depth: number;
}

/** States per slice: a few milliseconds. The first ones are shorter, as a model that is too small mostly shows it soon. */
const SLICE = 2048;
const FIRST_SLICE = 256;
/** States of a finished search that are looked at between two slices. */
const LOOKED_AT = 2 ** 15;
/** Boot is one agent's run with few choices, and no part of the exploration; more than this is a mistake in the scenario. */
const BOOT_STATES = 50_000;

/** Runs to the end without a pause. */
export function explore(system: System, options: ExploreOptions, host: ExploreHost, makeEngine: MakeEngine): Exploration {
  return finished(explorationOf(system, options, host, makeEngine));
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
  const stop = (): Limit | null => cancelled() ?? (options.maxTimeMs !== null && host.now() - started > options.maxTimeMs ? 'time' : null);

  const boot = yield* until(stop, runBoot(system, BOOT_STATES));
  if (isLimit(boot)) return { ...NOTHING, limit: boot };
  const early = tooSmall(
    options,
    boot.met.map((m) => m.met.fault),
  );
  if (early !== null) return { ...NOTHING, tooSmall: early };

  // Making an engine can take as long as a slice.
  const unwanted = stop();
  if (unwanted !== null) return { ...NOTHING, limit: unwanted };
  yield;
  const second = (options.workers ?? 1) > 1 ? (host.second ?? null) : null;
  const engine = makeEngine(system, boot.initials, { ...options, second });
  try {
    const searched = boot.limit ?? (yield* search(engine, options, stop, () => host.progress(progressOf(engine, host.now() - started))));
    if (typeof searched === 'number') return { ...NOTHING, tooSmall: searched };
    const unused = yield* until(cancelled, unusedOf(system, engine, options.wantsUsed ?? []));
    if (!isLimit(unused) && unused.length > 0) return { ...NOTHING, unused };
    const stats = { states: engine.states, transitions: engine.transitions, depth: engine.depth, bytes: engine.bytes };
    const { maxMemoryBytes } = options;
    const { limit, findings, hints, reached } = yield* conclude(system, engine, searched, { stop, cancelled, maxMemoryBytes });
    return {
      initials: boot.initials,
      limit,
      behindSearch: limit !== null && searched === null,
      tooSmall: null,
      unused: [],
      stats,
      findings: [...bootFindings(system, boot), ...findings],
      hints,
      grown: limit === null || limit === 'cancelled' ? [] : grownIn(system, engine),
      reached,
    };
  } finally {
    engine.release?.();
  }
}

const NOTHING: Exploration = {
  initials: [],
  limit: null,
  behindSearch: false,
  tooSmall: null,
  unused: [],
  stats: { states: 0, transitions: 0, depth: 0, bytes: 0 },
  findings: [],
  hints: [],
  grown: [],
  reached: [],
};

/** Null: everything was explored. A number: the fault that says that something is too small. */
function* search(
  engine: Engine,
  options: ExploreOptions,
  stop: () => Limit | null,
  progress: () => void,
): Generator<void, Limit | number | null> {
  for (let seen = 0, slice = FIRST_SLICE; ; slice = Math.min(SLICE, 2 * slice)) {
    const ended = engine.run(slice);
    progress();
    const small = tooSmall(
      options,
      engine.hits.slice(seen).map((h) => h.fault),
    );
    if (small !== null) return small;
    seen = engine.hits.length;
    if (ended === 'done') return null;
    const limit = ended ?? stop();
    if (limit !== null) return limit;
    yield;
  }
}

function tooSmall(options: ExploreOptions, faults: readonly number[]): number | null {
  // Asked of each: whoever enlarges the model may do so once for all of them.
  return faults.filter((fault) => options.isTooSmall?.(fault) === true)[0] ?? null;
}

/** Those slots that have no other value than 0 in any state. Mostly an early one has another. */
function* unusedOf(system: System, engine: Engine, wanted: readonly number[]): Generator<void, number[]> {
  const slots = new Float64Array(system.slots);
  const { states } = engine;
  const unused: number[] = [];
  for (const slot of wanted) {
    let state = 0;
    for (; state < states; state++) {
      if (engine.slot !== undefined) slots[slot] = engine.slot(state, slot);
      else engine.decode(state, slots);
      if (slots[slot] !== 0) break;
      if (state % LOOKED_AT === LOOKED_AT - 1) yield;
    }
    if (state === states) unused.push(slot);
  }
  return unused;
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

function progressOf(engine: Engine, elapsedMs: number): ExploreProgress {
  const states = engine.statesSoFar ?? engine.states;
  const statesPerSecond = elapsedMs > 0 ? Math.round((states * 1000) / elapsedMs) : 0;
  return { states, statesPerSecond, frontier: states - engine.expanded, depth: engine.depth };
}
