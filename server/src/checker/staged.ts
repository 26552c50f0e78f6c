// Two engines one after the other: what is explored in a few milliseconds is not worth generating code for; what is not begins again in the
// engine that does. Both number states alike, so that nobody behind the seam notices.
import type { System } from '../system/system.ts';
import type { Engine, MakeEngine } from './engine.ts';

/** States that the first engine stores before the second takes over: generating and compiling code takes about as long as exploring so many. */
const SMALL_PER_LOCATION = 50;
const SMALL_LEAST = 4000;
const SMALL_MOST = 60_000;

export function staged(first: MakeEngine, second: MakeEngine): MakeEngine {
  return (system, initials, options) => {
    const few = smallFor(system);
    let current: Engine = first(system, initials, options);
    let small = true;
    return {
      run: (budget) => {
        const ended = current.run(budget);
        // The second engine takes less memory.
        if (!small || (ended !== null && ended !== 'memory') || (ended === null && current.states < few)) return ended;
        small = false;
        current.release?.();
        current = second(system, initials, options);
        return current.run(budget);
      },
      get states() {
        return current.states;
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
      get stepGraph() {
        return current.stepGraph?.bind(current);
      },
      release: () => current.release?.(),
    };
  };
}

function smallFor(system: System): number {
  const locations = system.agents.reduce((sum, a) => sum + a.locations.length, 0);
  return Math.min(SMALL_MOST, Math.max(SMALL_LEAST, SMALL_PER_LOCATION * locations));
}
