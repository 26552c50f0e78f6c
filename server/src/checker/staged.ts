// Two engines one after the other: what is explored in a few milliseconds is not worth generating code for; what is not begins again in the
// engine that does. Both number states alike, so that nobody behind the seam notices.
import type { Engine, MakeEngine } from './engine.ts';

/** States that the first engine stores before the second takes over. */
const SMALL = 4000;

export function staged(first: MakeEngine, second: MakeEngine): MakeEngine {
  return (system, initials, options) => {
    let current: Engine = first(system, initials, options);
    let small = true;
    return {
      run: (budget) => {
        const ended = current.run(budget);
        if (!small || ended !== null || current.states < SMALL) return ended;
        small = false;
        current.release?.();
        current = second(system, initials, options);
        return current.run(budget);
      },
      get states() { return current.states; },
      get expanded() { return current.expanded; },
      get transitions() { return current.transitions; },
      get depth() { return current.depth; },
      get bytes() { return current.bytes; },
      get hits() { return current.hits; },
      get races() { return current.races; },
      decode: (state, into) => current.decode(state, into),
      parent: (state) => current.parent(state),
      successors: (state) => current.successors(state),
      get stepGraph() { return current.stepGraph?.bind(current); },
      release: () => current.release?.(),
    };
  };
}
