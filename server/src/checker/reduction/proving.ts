// An exploration that a reduced one shortens. All that is ever reported comes from the unreduced search, with its exact shortest runs; but
// meanwhile a second search, which stores fewer states, finds out what there is to find, and that nothing else is wrong. Then the first one
// stops at the level at which it has found the last of it.
import type { System } from '../../system/system.ts';
import type { Engine, EngineOptions, StepGraph } from '../engine.ts';
import { forwarding } from '../forwarding.ts';
import { depthOf, levelsOf } from '../graph.ts';
import type { Limit } from '../verdict.ts';
import type { WasmEngine } from '../wasm/generated.ts';
import { halfOf, metBy, type Proved, type Second, startSecond } from './second.ts';

/** What a second search begins with. */
export interface When {
  /** Identical processes: fewer leave too many states to gain by. */
  readonly identical: number;
  /** States: what is smaller is explored whole before it could be worth it. */
  readonly states: number;
  /** States that the second search may be ahead of the first: one that meets a limit should have seen more than where the second began. */
  readonly ahead: number;
}

const USUALLY: When = { identical: 3, states: 20_000, ahead: 500_000 };
/** For an engine that is to stop behind no level. */
const NO_LEVEL = 0x7fff_ffff;
/** Where there are few locations it begins with fewer states: the proof takes longer with more of them. */
const SMALL_PER_LOCATION = 50;

type Phase =
  | { readonly kind: 'whole' }
  /** The second search looks, and the first one waits or, as it is too far behind, goes on to the end of a level. */
  | { readonly kind: 'second'; readonly search: Second; readonly catchesUp: boolean }
  /** The first one goes on until it has met as much as the second. */
  | { readonly kind: 'bounded'; readonly proved: Proved; readonly isLast: boolean };

export function proving(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  options: EngineOptions,
  whole: WasmEngine,
  when: When = USUALLY,
): Engine {
  const identical = Math.max(1, ...system.symmetries.map((y) => y.agents.length));
  if (identical < when.identical) return whole;
  let phase: Phase = { kind: 'whole' };
  const locations = system.agents.reduce((sum, a) => sum + a.locations.length, 0);
  const small = Math.min(when.states, SMALL_PER_LOCATION * locations);
  let tried = false;

  /** Lets the first search end behind the level that it is at or, with true, behind the last one at which it has met something: it has met all. */
  const bound = ({ met }: Proved): boolean => {
    const own = metBy(system, whole);
    if (!met.every((name) => own.has(name))) {
      whole.stopAfter(whole.depth);
      return false;
    }
    const levels = levelsOf(whole);
    whole.stopAfter(Math.max(-1, ...[...whole.hits, ...whole.races].map((h) => depthOf(levels, h.state))));
    return true;
  };

  const alone = (search: Second): void => {
    search.release();
    whole.stopAfter(NO_LEVEL);
    phase = { kind: 'whole' };
  };

  /** By whole levels: how many states there are at their ends does not depend on how many threads there are. */
  const catchUp = (search: Second, budget: number): 'done' | Limit | null => {
    const ended = whole.run(budget);
    const { maxMemoryBytes } = options;
    if (ended === null && (maxMemoryBytes === null || 2 * whole.bytes <= halfOf(maxMemoryBytes))) return null;
    if (ended === 'done' && whole.expanded < whole.states) {
      phase = { kind: 'second', search, catchesUp: false };
      return null;
    }
    alone(search);
    return ended;
  };

  const run = (budget: number): 'done' | Limit | null => {
    if (phase.kind === 'whole' && !tried && whole.states > small) {
      tried = true;
      phase = { kind: 'second', search: startSecond(system, initials, options, whole), catchesUp: false };
    }
    switch (phase.kind) {
      case 'whole':
        return whole.run(budget);
      case 'second': {
        const { search } = phase;
        if (phase.catchesUp) return catchUp(search, budget);
        const ended = search.next(budget);
        if (ended === null) {
          if (search.states <= whole.states + when.ahead) return null;
          whole.stopAfter(whole.depth);
          phase = { kind: 'second', search, catchesUp: true };
        } else if (ended.proved === null) alone(search);
        else phase = { kind: 'bounded', proved: ended.proved, isLast: bound(ended.proved) };
        return null;
      }
      case 'bounded': {
        const ended = whole.run(budget);
        if (ended !== 'done' || phase.isLast || whole.expanded === whole.states) return ended;
        phase = { ...phase, isLast: bound(phase.proved) };
        return null;
      }
    }
  };

  function* stepGraph(): Generator<void, StepGraph> {
    const graph = yield* whole.stepGraph();
    if (phase.kind !== 'bounded') return graph;
    // Beyond the bound nothing rests: that was proved without these states.
    const fails = graph.fails.slice();
    fails.fill(1, whole.expanded);
    // Where agents stand in states that were only reached by the other search goes behind the states.
    const elsewhere = phase.proved.reached;
    const at = graph.at.map((own, agent) => {
      const both = new Int32Array(own.length + elsewhere[agent].size);
      both.set(own);
      both.set([...elsewhere[agent]], own.length);
      return both;
    });
    return { ...graph, fails, at };
  }

  return forwarding(() => whole, {
    run,
    stepGraph,
    bytes: () => (phase.kind === 'second' ? whole.bytes + phase.search.bytes : whole.bytes),
    statesSoFar: () => (whole.statesSoFar ?? whole.states) + (phase.kind === 'second' ? phase.search.states : 0),
    release: () => {
      if (phase.kind === 'second') phase.search.release();
      whole.release();
    },
  });
}
