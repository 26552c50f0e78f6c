// Two engines one after the other: what is explored in a few milliseconds is not worth generating code for; what is not begins again in the
// engine that does. Both number states alike, so that nobody behind the seam notices.
import type { System } from '../system/system.ts';
import type { Engine, EngineOptions, MakeEngine } from './engine.ts';
import { isTooLarge } from './graph.ts';

/** States that the first engine stores before the second takes over: generating and compiling code takes about as long as exploring so many. */
const SMALL_PER_LOCATION = 15;
const SMALL_LEAST = 2000;
const SMALL_MOST = 20_000;
/** Where so many processes are identical there are hardly ever few states: then it is half of that. */
const IDENTICAL = 3;
const SHARE_IDENTICAL = 2;
/** Where it is known how many there will be: with fewer for each location, the first engine is the faster one. Less than above, as code is warm. */
const FEW_PER_LOCATION = 12;
/** Room that what the first engine explores never fills, whichever engine does it. */
const ROOMY_BYTES = 1 << 26;

export function staged(first: MakeEngine, second: MakeEngine): MakeEngine {
  return (system, initials, options) => {
    const few = smallFor(system);
    let small = !isLarge(system, options);
    let current: Engine = (small ? first : second)(system, initials, options);
    return {
      run: (budget) => {
        let ended = current.run(budget);
        if (!small) return ended;
        // The second engine takes less memory.
        if (ended === 'done' && isTooLarge(system, current, options.maxMemoryBytes)) ended = 'memory';
        if ((ended !== null && ended !== 'memory') || (ended === null && current.states < few)) return ended;
        small = false;
        current.release?.();
        current = second(system, initials, options);
        return current.run(budget);
      },
      get states() {
        return current.states;
      },
      get statesSoFar() {
        return current.statesSoFar ?? current.states;
      },
      get expanded() {
        return current.expanded;
      },
      get transitions() {
        return current.transitions;
      },
      get depth() {
        return current.depth;
      },
      get bytes() {
        return current.bytes;
      },
      get hits() {
        return current.hits;
      },
      get races() {
        return current.races;
      },
      decode: (state, into) => current.decode(state, into),
      get slot() {
        return current.slot?.bind(current);
      },
      parent: (state) => current.parent(state),
      successors: (state) => current.successors(state),
      get stepInto() {
        return current.stepInto?.bind(current);
      },
      get stepGraph() {
        return current.stepGraph?.bind(current);
      },
      release: () => current.release?.(),
    };
  };
}

/** How far a search goes that identical processes shorten depends on where its slices end, and what a small cap holds on the engine: both begin as ever. */
function isLarge(system: System, { expectedStates, maxMemoryBytes }: EngineOptions): boolean {
  if (system.symmetries.length > 0 || (maxMemoryBytes !== null && maxMemoryBytes < ROOMY_BYTES)) return false;
  return (expectedStates ?? 0) > FEW_PER_LOCATION * locationsOf(system);
}

function locationsOf(system: System): number {
  return system.agents.reduce((sum, a) => sum + a.locations.length, 0);
}

function smallFor(system: System): number {
  const states = Math.min(SMALL_MOST, Math.max(SMALL_LEAST, SMALL_PER_LOCATION * locationsOf(system)));
  return system.symmetries.some((y) => y.agents.length >= IDENTICAL) ? states / SHARE_IDENTICAL : states;
}
