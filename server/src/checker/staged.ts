// Two engines one after the other: what is explored in a few milliseconds is not worth generating code for; what is not begins again in the
// engine that does, which is made in parts between slices. Both number states alike, so that nobody behind the seam notices.
import type { System } from '../system/system.ts';
import type { Engine, EngineOptions, MakeEngine, MakingEngine } from './engine.ts';
import { forwarding } from './forwarding.ts';
import { isTooLarge } from './graph.ts';
import { internal } from './internal.ts';
import type { Limit } from './verdict.ts';

/** States that the first engine stores before the second takes over: generating and compiling code takes about as long as exploring so many. */
const SMALL_PER_LOCATION = 15;
const SMALL_LEAST = 1500;
const SMALL_MOST = 20_000;
/** Where so many processes are identical there are hardly ever few states: then it is half of that. */
const IDENTICAL = 3;
const SHARE_IDENTICAL = 2;
/** Where it is known how many there will be: with fewer for each location, the first engine is the faster one. Less than above, as code is warm. */
const FEW_PER_LOCATION = 12;
/** Room that what the first engine explores never fills, whichever engine does it. */
const ROOMY_BYTES = 1 << 26;

export function staged(first: MakeEngine, second: MakingEngine): MakeEngine {
  return (system, initials, options) => {
    const few = smallFor(system);
    let isFirst = !isLarge(system, options);
    let current = isFirst ? first(system, initials, options) : notBegun;
    /** The second engine while it is made, during which what there is stands for it. */
    let making = isFirst ? null : second(system, initials, options);

    const goOn = (parts: Generator<void, Engine>): void => {
      const { done, value } = parts.next();
      if (done !== true) return;
      current.release?.();
      current = value;
      making = null;
    };

    const run = (budget: number): 'done' | Limit | null => {
      if (making !== null) {
        goOn(making);
        return null;
      }
      let ended = current.run(budget);
      if (!isFirst) return ended;
      // The second engine takes less memory.
      if (ended === 'done' && isTooLarge(system, current, options.maxMemoryBytes)) ended = 'memory';
      if ((ended !== null && ended !== 'memory') || (ended === null && current.states < few)) return ended;
      isFirst = false;
      making = second(system, initials, options);
      return null;
    };
    return forwarding(() => current, { run });
  };
}

/** What is known of a search before there is an engine. */
const notBegun: Engine = {
  run: () => null,
  states: 0,
  expanded: 0,
  transitions: 0,
  depth: 0,
  bytes: 0,
  hits: [],
  races: [],
  decode: (state) => internal(`there is no state ${state}`),
  parent: (state) => internal(`there is no state ${state}`),
  successors: (state) => internal(`there is no state ${state}`),
};

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
