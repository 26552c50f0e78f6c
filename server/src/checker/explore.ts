// One exploration from boot to findings, in slices, so that whoever runs it can look at messages in between. It decides what may be
// claimed: violations that were found are real whenever it stops; that something is stuck, leaks or never happens, only when it is complete.
import type { System } from '../system/system.ts';
import { runBoot } from './boot.ts';
import type { Engine, MakeEngine } from './engine.ts';
import { faultFinding, findingKey, raceFinding, type Unrouted } from './finding.ts';
import { parentPath } from './path.ts';
import type { Exploration, Finding, Limit, PathToFinding } from './verdict.ts';

export interface ExploreOptions {
  readonly maxStates: number | null;
  readonly maxTimeMs: number | null;
  readonly maxMemoryBytes: number | null;
  readonly reduction: boolean;
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
/** Boot is one agent's run with few choices; more than this is a mistake in the scenario. */
const BOOT_STATES = 50_000;

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
  const stop = (): Limit | null => {
    if (host.cancelled()) return 'cancelled';
    return options.maxTimeMs !== null && host.now() - started > options.maxTimeMs ? 'time' : null;
  };

  const booting = runBoot(system, Math.min(BOOT_STATES, options.maxStates ?? BOOT_STATES));
  let booted = booting.next();
  for (; booted.done !== true; booted = booting.next()) {
    const limit = stop();
    if (limit !== null) return nothing(limit);
    yield;
  }
  const boot = booted.value;
  const found = new Map<string, Finding>();
  const note = (finding: Unrouted, path: PathToFinding): void => {
    const key = findingKey(finding);
    const known = found.get(key);
    if (known === undefined || path.choices.length < known.path.choices.length) found.set(key, { ...finding, path });
  };
  for (const { met, path } of boot.met) note(faultFinding(system, met.fault, met.object, met.by), path);

  const engine = makeEngine(system, boot.initials, options);
  let limit: Limit | null = boot.limit;
  for (let ended: 'done' | Limit | null = null; limit === null && ended !== 'done'; ) {
    ended = engine.run(SLICE);
    limit = ended === 'done' || ended === null ? (ended === 'done' ? null : stop()) : ended;
    host.progress(progressOf(engine, host.now() - started));
    yield;
  }

  for (const h of engine.hits) note(faultFinding(system, h.fault, h.object, h.by), parentPath(engine, h.state, h));
  const slots = new Float64Array(system.slots);
  for (const r of engine.races) {
    engine.decode(r.state, slots);
    note(raceFinding(system, slots, r.first, r.second), parentPath(engine, r.state, null));
  }

  return {
    initials: boot.initials,
    limit,
    stats: { states: engine.states, transitions: engine.transitions, depth: engine.depth, bytes: engine.bytes },
    findings: [...found.values()],
    reached: limit === null ? reachedLocations(system, engine, slots) : [],
  };
}

function nothing(limit: Limit): Exploration {
  return { initials: [], limit, stats: { states: 0, transitions: 0, depth: 0, bytes: 0 }, findings: [], reached: [] };
}

function progressOf(engine: Engine, elapsedMs: number): ExploreProgress {
  const statesPerSecond = elapsedMs > 0 ? Math.round((engine.states * 1000) / elapsedMs) : 0;
  return { states: engine.states, statesPerSecond, frontier: engine.states - engine.expanded, depth: engine.depth };
}

function reachedLocations(system: System, engine: Engine, slots: Float64Array): ReadonlyArray<ReadonlySet<number>> {
  const reached = system.agents.map(() => new Set<number>());
  for (let state = 0; state < engine.states; state++) {
    engine.decode(state, slots);
    system.agents.forEach((a, agent) => {
      reached[agent].add(slots[a.slot]);
    });
  }
  return reached;
}
