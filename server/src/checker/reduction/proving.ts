// An exploration that a reduced one shortens. All that is ever reported comes from the unreduced search, with its exact shortest runs; but
// meanwhile a second search, in which identical processes are not told apart, finds out how deep there is anything to find, and that nothing
// else is wrong. Then the first one stops there.
import type { Agent, Statement, System } from '../../system/system.ts';
import { findComponents } from '../components.ts';
import type { Engine, EngineOptions, StepGraph } from '../engine.ts';
import { depthOf, levelsOf } from '../graph.ts';
import { leakedRoots } from '../leak.ts';
import { evaluate } from '../referenceValue.ts';
import type { Limit } from '../verdict.ts';
import { makingWasmEngine, type WasmEngine } from '../wasm/generated.ts';
import { cutApart, identicalTo } from './apart.ts';
import { canonicalFunction } from './canonical.ts';

/** What is smaller is explored whole before a second search could be worth it: the proof takes longer with more locations. */
const SMALL_PER_LOCATION = 50;
const SMALL_MOST = 20_000;
/** Fewer identical processes leave too many states to gain by. */
const IDENTICAL = 3;
/** Locations that the proof looks at in one slice. */
const PROVED = 16;
/** Parts per slice of looking at the graph of the reduced search. */
const LOOKS = 64;

interface Reduced {
  readonly kind: 'reduced';
  readonly engine: WasmEngine;
  /** The fault that says that processes are told apart there. */
  readonly cut: number;
  readonly tells: (state: number) => boolean;
  looked: number;
  look: Generator<void, boolean> | null;
}

type Phase =
  | { readonly kind: 'whole' }
  /** It is found out whether the processes may be exchanged, and if so the second search is made. */
  | { readonly kind: 'preparing'; readonly part: Generator<void, Reduced | null> }
  | Reduced
  /** It stops behind the deepest level at which something happens. */
  | { readonly kind: 'bounded' };

export function proving(system: System, initials: ReadonlyArray<readonly number[]>, options: EngineOptions, whole: WasmEngine): Engine {
  if (!system.symmetries.some((y) => y.agents.length >= IDENTICAL)) return whole;
  let phase: Phase = { kind: 'whole' };
  const locations = system.agents.reduce((sum, a) => sum + a.locations.length, 0);
  const small = Math.min(SMALL_MOST, SMALL_PER_LOCATION * locations);
  let tried = false;
  let reached: ReadonlyArray<ReadonlySet<number>> | null = null;

  const giveUp = (engine: WasmEngine): void => {
    engine.release();
    phase = { kind: 'whole' };
  };

  function* prepare(): Generator<void, Reduced | null> {
    const cut = yield* severalAtOnce(cutApart(system, initials));
    if (cut === null) return null;
    const room = { ...options, maxMemoryBytes: roomFor(options, whole) };
    const engine = yield* makingWasmEngine(cut.system, initials, room, (...made) => canonicalFunction(cut.sortable, ...made));
    if (engine === null) return null;
    if (engine.sorts) return { kind: 'reduced', engine, cut: cut.fault, tells: telling(system, engine), looked: 0, look: null };
    engine.release();
    return null;
  }

  const runReduced = (p: Reduced, budget: number): void => {
    const { engine } = p;
    if (p.look === null) {
      const ended = engine.run(budget);
      if (engine.hits.some((h) => h.fault === p.cut)) {
        giveUp(engine);
        return;
      }
      const { expanded } = engine;
      for (; p.looked < expanded; p.looked++) {
        if (engine.quiet(p.looked) && p.tells(p.looked)) {
          giveUp(engine);
          return;
        }
      }
      if (ended === 'done') p.look = isAcyclic(system, engine);
      else if (ended !== null) giveUp(engine);
      return;
    }
    for (let i = 0; i < LOOKS; i++) {
      const { done, value } = p.look.next();
      if (done !== true) continue;
      if (!value) {
        giveUp(engine);
        return;
      }
      const levels = levelsOf(engine);
      const depths = [...engine.hits, ...engine.races].map((h) => depthOf(levels, h.state));
      reached = closed(system, engine.reached());
      engine.release();
      whole.stopAfter(Math.max(-1, ...depths));
      phase = { kind: 'bounded' };
      return;
    }
  };

  const run = (budget: number): 'done' | Limit | null => {
    if (phase.kind === 'whole' && !tried && whole.states > small) {
      tried = true;
      phase = { kind: 'preparing', part: prepare() };
    }
    switch (phase.kind) {
      case 'whole':
      case 'bounded':
        return whole.run(budget);
      case 'preparing': {
        const { done, value } = phase.part.next();
        if (done === true) phase = value ?? { kind: 'whole' };
        return null;
      }
      case 'reduced':
        runReduced(phase, budget);
        return null;
    }
  };

  function* stepGraph(): Generator<void, StepGraph> {
    const graph = yield* whole.stepGraph();
    if (reached === null) return graph;
    // Beyond the bound nothing rests: that was proved without these states.
    const fails = graph.fails.slice();
    fails.fill(1, whole.expanded);
    // Where agents stand in states that were only reached by the other search goes behind the states.
    const elsewhere = reached;
    const at = graph.at.map((own, agent) => {
      const both = new Int32Array(own.length + elsewhere[agent].size);
      both.set(own);
      both.set([...elsewhere[agent]], own.length);
      return both;
    });
    return { ...graph, fails, at };
  }

  return {
    run,
    get states() {
      return whole.states;
    },
    get statesSoFar() {
      return whole.statesSoFar;
    },
    get expanded() {
      return whole.expanded;
    },
    get transitions() {
      return whole.transitions;
    },
    get depth() {
      return whole.depth;
    },
    get bytes() {
      return phase.kind === 'reduced' ? whole.bytes + phase.engine.bytes : whole.bytes;
    },
    get hits() {
      return whole.hits;
    },
    get races() {
      return whole.races;
    },
    decode: (state, into) => whole.decode(state, into),
    parent: (state) => whole.parent(state),
    successors: (state) => whole.successors(state),
    stepInto: whole.stepInto,
    stepGraph,
    release: () => {
      if (phase.kind === 'reduced') phase.engine.release();
      whole.release();
    },
  };
}

/** The proof, in slices. */
function* severalAtOnce<T>(proof: Generator<void, T>): Generator<void, T> {
  for (let i = 1; ; i++) {
    const { done, value } = proof.next();
    if (done === true) return value;
    if (i % PROVED === 0) yield;
  }
}

function roomFor(options: EngineOptions, whole: WasmEngine): number | null {
  return options.maxMemoryBytes === null ? null : Math.max(0, options.maxMemoryBytes - 2 * whole.bytes);
}

/** Says of a state from which no system step leads whether it has something to tell: a call that is not finished, or something lost. */
function telling(system: System, engine: WasmEngine): (state: number) => boolean {
  const slots = new Float64Array(system.slots);
  const calling = system.agents.filter((a) => a.locations.some((l) => l.call !== null));
  const processes = system.agents.filter((a) => a.context === 'process');
  const ends = system.ends ?? [];
  const mayLeak = ends.length > 0 || system.heap.roots.some((r) => r.leak !== null);
  return (state) => {
    if (calling.length === 0 && !mayLeak) return false;
    engine.decode(state, slots);
    if (calling.some((a) => a.locations[slots[a.slot]].call !== null)) return true;
    if (!mayLeak || processes.some((a) => slots[a.slot] !== a.exit)) return false;
    return leakedRoots(system, slots).size > 0 || ends.some(({ condition }) => evaluate(system, slots, condition) !== 0);
  };
}

/** No cycle of system steps: what cannot go round where agents are not told apart cannot where they are. */
function* isAcyclic(system: System, engine: WasmEngine): Generator<void, boolean> {
  // Mostly the programs say so themselves: then the graph need not be looked at.
  if (system.agents.every((a) => a.locations.every((_, l) => !comesBack(a, l)))) return true;
  const graph = yield* engine.stepGraph();
  const { cyclic } = yield* findComponents(graph);
  return cyclic.length === 0;
}

/** Whether system steps of the agent can lead from a location back to it. */
function comesBack(agent: Agent, start: number): boolean {
  const seen = new Set<number>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const s of agent.locations[at].steps) {
      if (s.environment) continue;
      // Where a way through names no location the agent stays where it is.
      for (const to of [...targetsOf(s.body), ...(alwaysLeaves(s.body) ? [] : [at])]) {
        if (to === start) return true;
        if (!seen.has(to)) open.push(to);
        seen.add(to);
      }
    }
  }
  return false;
}

function alwaysLeaves(body: readonly Statement[]): boolean {
  return body.some(
    (s) => s.op === 'goto' || s.op === 'fail' || s.op === 'disable' || (s.op === 'if' && alwaysLeaves(s.then) && alwaysLeaves(s.else)),
  );
}

function targetsOf(body: readonly Statement[]): readonly number[] {
  return body.flatMap((s) => (s.op === 'goto' ? [s.location] : s.op === 'if' ? [...targetsOf(s.then), ...targetsOf(s.else)] : []));
}

/** What one of several identical agents reaches, all of them reach. */
function closed(system: System, reached: ReadonlyArray<ReadonlySet<number>>): ReadonlyArray<ReadonlySet<number>> {
  return reached.map((own, agent) => new Set([...own, ...identicalTo(system, agent).flatMap((a) => [...reached[a]])]));
}
