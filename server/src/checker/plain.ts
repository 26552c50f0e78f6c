// The fallback engine: closures over typed arrays, packed states, breadth-first, no reduction. Correct first; the generated engine stands
// behind the same seam where more speed is wanted.
import type { System } from '../system/system.ts';
import type { Engine, EngineOptions, Hit, Successor } from './engine.ts';
import { internal } from './internal.ts';
import { addEdge, closeState, edgeBytes, edgeRoom, edgesOf, makeEdges } from './plain/edges.ts';
import type { Compiler } from './plain/expression.ts';
import { makePacking, makeSlots, packSlot, unpack, unpackChanges, unpackSlot } from './plain/pack.ts';
import { makeRaceDetector } from './plain/race.ts';
import { slotRanges } from './plain/range.ts';
import { type CompiledStep, DISABLED, FAILED, compileStep, newEffects, undo } from './plain/step.ts';
import { add, bytesWithOneMore, chunkOf, find, makeStore, offsetOf, parentOf, storeBytes } from './plain/store.ts';
import type { Limit } from './verdict.ts';

export function makePlainEngine(system: System, initials: ReadonlyArray<readonly number[]>, options: EngineOptions): Engine {
  const ranges = slotRanges(system);
  const packing = makePacking(system, ranges, initials);
  const compiler: Compiler = { system, ranges, slots: makeSlots(system, ranges) };
  const { slots } = compiler;
  if (initials.length > 0) slots.set(initials[0]);
  const effects = newEffects(system);
  const store = makeStore(packing.words);
  const words = new Int32Array(packing.words);
  /** The words of the state in `slots`. */
  const loaded = new Int32Array(packing.words);
  let isLoaded = false;
  const races = makeRaceDetector(compiler);
  const agentSlots = Int32Array.from(system.agents, (a) => a.slot);
  // Compiled when an agent first stands there: most of a small exploration is over before many places are seen.
  const steps: Array<Array<readonly CompiledStep[] | null>> = system.agents.map((a) => a.locations.map(() => null));
  const edges = makeEdges(options.maxMemoryBytes);
  const hits: Hit[] = [];
  const hitKeys = new Set<string>();
  let expanded = 0;
  let transitions = 0;
  let depth = 0;
  let levelEnd = 0;

  /** The state in `words`: its number, or the limit that keeps it out. */
  const keep = (parent: number): number | Limit => {
    const known = find(store, words);
    if (known >= 0) return known;
    if (options.maxStates !== null && store.count >= options.maxStates) return 'states';
    if (options.maxMemoryBytes !== null && bytesWithOneMore(store) + edgeRoom(edges) > options.maxMemoryBytes) return 'memory';
    return add(store, words, parent);
  };

  const seed = (): Limit | null => {
    if (store.count > 0) return null;
    for (const initial of initials) {
      initial.forEach((value, slot) => {
        packSlot(packing, slot, value, words, 0);
      });
      const number = keep(-1);
      if (typeof number === 'string') return number;
    }
    levelEnd = store.count;
    return null;
  };

  const load = (state: number): void => {
    const log = chunkOf(store, state);
    const offset = offsetOf(store, state);
    if (isLoaded) return unpackChanges(packing, log, offset, loaded, slots);
    unpack(packing, log, offset, slots);
    for (let i = 0; i < loaded.length; i++) loaded[i] = log[offset + i];
    isLoaded = true;
  };

  /** Packs the state after a step into `words`, from the words of the state before it and what the step wrote. */
  const packAfter = (): void => {
    for (let i = 0; i < words.length; i++) words[i] = loaded[i];
    for (let i = 0; i < effects.writes; i++) packSlot(packing, effects.undoSlots[i], slots[effects.undoSlots[i]], words, 0);
  };

  const stepsAt = (agent: number): readonly CompiledStep[] => {
    const at = slots[agentSlots[agent]];
    const known = steps[agent][at];
    if (known !== null && known !== undefined) return known;
    const location = system.agents[agent].locations[at] ?? internal(`${system.agents[agent].name} stands nowhere`);
    const made = location.steps.map((s) => compileStep(compiler, effects, s));
    steps[agent][at] = made;
    return made;
  };

  const note = (state: number, agent: number, step: number): void => {
    for (let i = 0; i < effects.met.length; i += 3) {
      const [fault, object, by] = effects.met.slice(i, i + 3);
      const key = `${fault} ${object} ${by}`;
      if (hitKeys.has(key)) continue;
      hitKeys.add(key);
      hits.push({ fault, object, by, state, agent, step });
    }
  };

  const expand = (state: number): Limit | null => {
    load(state);
    races.look(state);
    for (let agent = 0; agent < steps.length; agent++) {
      const here = stepsAt(agent);
      for (let step = 0; step < here.length; step++) {
        const { guard, run, environment } = here[step];
        if (guard !== null && guard() === 0) continue;
        const outcome = run();
        if (outcome !== DISABLED) {
          transitions++;
          if (effects.met.length > 0) note(state, agent, step);
          let to = -1;
          if (outcome !== FAILED) {
            packAfter();
            const number = keep(state);
            if (typeof number === 'string') {
              undo(compiler, effects);
              return number;
            }
            to = number;
          }
          addEdge(edges, agent, step, environment, to);
        }
        undo(compiler, effects);
      }
    }
    closeState(edges);
    return null;
  };

  const run = (budget: number): 'done' | Limit | null => {
    const limit = seed();
    if (limit !== null) return limit;
    for (let left = budget; left > 0 && expanded < store.count; left--) {
      if (expanded === levelEnd) {
        depth++;
        levelEnd = store.count;
      }
      const stopped = expand(expanded);
      if (stopped !== null) return stopped;
      expanded++;
    }
    return expanded === store.count ? 'done' : null;
  };

  const successors = (state: number): readonly Successor[] => {
    if (state >= expanded) internal(`state ${state} has not been expanded`);
    const kept = edgesOf(edges, state);
    if (kept !== null) return kept;
    const out: Successor[] = [];
    load(state);
    for (let agent = 0; agent < steps.length; agent++) {
      stepsAt(agent).forEach(({ guard, run, environment }, step) => {
        if (guard !== null && guard() === 0) return;
        const outcome = run();
        if (outcome !== DISABLED) {
          if (outcome !== FAILED) packAfter();
          out.push({ agent, step, environment, to: outcome === FAILED ? -1 : find(store, words) });
        }
        undo(compiler, effects);
      });
    }
    return out;
  };

  return {
    run,
    get states() {
      return store.count;
    },
    get expanded() {
      return expanded;
    },
    get transitions() {
      return transitions;
    },
    get depth() {
      return depth;
    },
    get bytes() {
      return storeBytes(store) + edgeBytes(edges);
    },
    hits,
    races: races.races,
    decode: (state, into) => {
      load(state);
      into.set(slots);
    },
    slot: (state, slot) => unpackSlot(packing, slot, chunkOf(store, state), offsetOf(store, state), slots[slot]),
    parent: (state) => parentOf(store, state),
    successors,
  };
}
