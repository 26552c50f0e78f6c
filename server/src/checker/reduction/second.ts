// The search beside that of everything: identical processes are not told apart, and steps that nobody else can see are glued to the one before.
// It reports nothing. It finds out what there is to find, and that nothing is wrong that no single step shows.
import type { System } from '../../system/system.ts';
import type { Engine, EngineOptions } from '../engine.ts';
import { makingWasmEngine, type WasmEngine } from '../wasm/generated.ts';
import { heldBy } from '../wasm/narrow.ts';
import { type Cut, cutApart, identicalTo } from './apart.ts';
import { canonicalFunction } from './canonical.ts';
import { type Fused, fuse } from './fusion.ts';
import { isAcyclic, telling } from './quiet.ts';

export interface Proved {
  /** Every violation and race, as `metBy` names them; of identical processes those of one. */
  readonly met: readonly string[];
  /** By agent, the locations that it comes to. */
  readonly reached: ReadonlyArray<ReadonlySet<number>>;
}

/** Locations that a proof looks at in one slice: of an exchange, and of what may be glued. */
const PROVED = 16;
const GLUED = 4;
/** Parts per slice of looking at the graph. */
const LOOKS = 64;

export interface Second {
  /** Expands about `budget` states; what it has come to once it is done. */
  next(budget: number): { readonly proved: Proved | null } | null;
  readonly states: number;
  readonly bytes: number;
  release(): void;
}

/** `whole` is what has been explored of everything. */
export function startSecond(system: System, initials: ReadonlyArray<readonly number[]>, options: EngineOptions, whole: WasmEngine): Second {
  let engine: WasmEngine | null = null;
  const search = searching();

  function* searching(): Generator<void, Proved | null, number> {
    const cut = yield* severalAtOnce(cutApart(system, initials), PROVED);
    const apart: Cut = cut ?? {
      system: { ...system, symmetries: [] },
      fault: system.faults.length,
      held: heldBy(system, initials),
      sortable: [],
    };
    const failing = new Set(whole.hits.map((h) => h.fault));
    const fused = yield* severalAtOnce(fuse(apart.system, initials, apart.held, { failing, seen: whole.reached() }), GLUED);
    if (fused !== null) {
      const proved = yield* searched(apart, fused);
      if (proved !== 'glued') return proved;
    }
    const proved = apart.sortable.length === 0 ? null : yield* searched(apart, null);
    return proved === 'glued' ? null : proved;
  }

  /** 'glued': a step fails that was glued to another, so that something may be missing behind it. */
  function* searched(cut: Cut, fused: Fused | null): Generator<void, Proved | 'glued' | null, number> {
    const room = { ...options, maxMemoryBytes: options.maxMemoryBytes === null ? null : halfOf(options.maxMemoryBytes), second: null };
    const sorts = cut.sortable.length > 0;
    const part = makingWasmEngine(
      fused?.system ?? cut.system,
      initials,
      room,
      sorts ? (...made) => canonicalFunction(cut.sortable, ...made) : null,
    );
    const made = yield* part;
    if (made === null) return null;
    engine = made;
    try {
      if (sorts && !made.sorts && fused === null) return null;
      const tells = telling(system, made);
      for (let looked = 0, ended = null; ended === null; ) {
        ended = made.run(yield);
        if (made.hits.some((h) => h.fault === fused?.cut)) return 'glued';
        if (made.hits.some((h) => h.fault === cut.fault)) return null;
        const { expanded } = made;
        if (anyTells(made, tells, looked, expanded)) return null;
        looked = expanded;
        if (ended !== null && ended !== 'done') return null;
      }
      if (!(yield* severalAtOnce(isAcyclic(system, made), LOOKS))) return null;
      return { met: [...metBy(system, made)], reached: closed(cut.system, comesTo(made, fused)) };
    } finally {
      engine = null;
      made.release();
    }
  }

  return {
    next: (budget) => {
      const { done, value } = search.next(budget);
      return done === true ? { proved: value } : null;
    },
    get states() {
      return engine?.states ?? 0;
    },
    get bytes() {
      return engine?.bytes ?? 0;
    },
    release: () => {
      search.return(null);
    },
  };
}

/** What has been met, each as a name that is the same in every search. */
export function metBy(system: System, engine: Engine): ReadonlySet<string> {
  const slots = new Float64Array(system.slots);
  const hits = engine.hits.filter((h) => h.fault < system.faults.length).map((h) => `${h.fault} ${h.object} ${h.by}`);
  const races = engine.races.map(({ state, first, second }) => {
    engine.decode(state, slots);
    return `race ${first} ${slots[system.agents[first].slot]} ${second} ${slots[system.agents[second].slot]}`;
  });
  return new Set([...hits, ...races]);
}

/** A proof, in slices. */
function* severalAtOnce<T>(proof: Generator<void, T>, looks: number): Generator<void, T, number> {
  for (let i = 1; ; i++) {
    const { done, value } = proof.next();
    if (done === true) return value;
    if (i % looks === 0) yield;
  }
}

/** While there are two searches, each has half of the memory. */
export function halfOf(maxMemoryBytes: number): number {
  return Math.floor(maxMemoryBytes / 2);
}

/** Of all states from which no system step leads. A loop of its own: the host makes nothing fast that runs in pieces. */
function anyTells(engine: WasmEngine, tells: (state: number) => boolean, from: number, to: number): boolean {
  for (let state = from; state < to; state++) if (engine.quiet(state) && tells(state)) return true;
  return false;
}

/** An agent comes through a location that steps were glued over, too. */
export function comesTo(engine: WasmEngine, fused: Fused | null): ReadonlyArray<ReadonlySet<number>> {
  const reached = engine.reached().map((own) => new Set(own));
  for (const { fault } of fused === null ? [] : engine.hits) {
    const through = fused?.passed[fault - fused.passes];
    if (through !== undefined) reached[through.agent].add(through.location);
  }
  return reached;
}

/** What one of several identical agents reaches, all of them reach. */
function closed(system: System, reached: ReadonlyArray<ReadonlySet<number>>): ReadonlyArray<ReadonlySet<number>> {
  return reached.map((own, agent) => new Set([...own, ...identicalTo(system, agent).flatMap((a) => [...reached[a]])]));
}
