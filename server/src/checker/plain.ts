// The fallback engine: closures over typed arrays, packed states, breadth-first, no reduction. Correct first; the generated engine stands
// behind the same seam where more speed is wanted.
import type { System } from '../system/system.ts';
import type { Engine, EngineOptions, Hit, Race, Successor } from './engine.ts';
import { internal } from './internal.ts';
import { addEdge, closeState, edgeBytes, edgeRoom, type Edges, edgesOf, makeEdges } from './plain/edges.ts';
import type { Compiler, Slots } from './plain/expression.ts';
import { makePacking, makeSlots, type Packing, packSlot, unpack, unpackChanges, unpackSlot } from './plain/pack.ts';
import { RaceDetector } from './plain/race.ts';
import { slotRanges } from './plain/range.ts';
import { type CompiledStep, compileStep, DISABLED, type Effects, FAILED, newEffects, undo } from './plain/step.ts';
import { add, bytesWithOneMore, chunkOf, find, makeStore, offsetOf, parentOf, type Store, storeBytes } from './plain/store.ts';
import type { Limit } from './verdict.ts';

export function makePlainEngine(system: System, initials: ReadonlyArray<readonly number[]>, options: EngineOptions): Engine {
  return new PlainEngine(system, initials, options);
}

class PlainEngine implements Engine {
  readonly hits: Hit[] = [];
  expanded = 0;
  transitions = 0;
  depth = 0;
  private readonly system: System;
  private readonly initials: ReadonlyArray<readonly number[]>;
  private readonly options: EngineOptions;
  private readonly packing: Packing;
  private readonly compiler: Compiler;
  private readonly slots: Slots;
  private readonly effects: Effects;
  private readonly store: Store;
  private readonly words: Int32Array;
  /** The words of the state in `slots`. */
  private readonly loaded: Int32Array;
  private isLoaded = false;
  private readonly detector: RaceDetector;
  private readonly agentSlots: Int32Array;
  /** Compiled when an agent first stands there: most of a small exploration is over before many places are seen. */
  private readonly steps: Array<Array<readonly CompiledStep[] | null>>;
  private readonly edges: Edges;
  private readonly hitKeys = new Set<string>();
  private levelEnd = 0;

  constructor(system: System, initials: ReadonlyArray<readonly number[]>, options: EngineOptions) {
    this.system = system;
    this.initials = initials;
    this.options = options;
    const ranges = slotRanges(system);
    this.packing = makePacking(system, ranges, initials);
    this.slots = makeSlots(system, ranges);
    this.compiler = { system, ranges, slots: this.slots };
    if (initials.length > 0) this.slots.set(initials[0]);
    this.effects = newEffects(system);
    this.store = makeStore(this.packing.words);
    this.words = new Int32Array(this.packing.words);
    this.loaded = new Int32Array(this.packing.words);
    this.detector = new RaceDetector(this.compiler);
    this.agentSlots = Int32Array.from(system.agents, (a) => a.slot);
    this.steps = system.agents.map((a) => a.locations.map(() => null));
    this.edges = makeEdges(options.maxMemoryBytes);
  }

  get states(): number {
    return this.store.count;
  }

  get bytes(): number {
    return storeBytes(this.store) + edgeBytes(this.edges);
  }

  get races(): readonly Race[] {
    return this.detector.races;
  }

  run(budget: number): 'done' | Limit | null {
    const { store } = this;
    const limit = this.seed();
    if (limit !== null) return limit;
    for (let left = budget; left > 0 && this.expanded < store.count; left--) {
      if (this.expanded === this.levelEnd) {
        this.depth++;
        this.levelEnd = store.count;
      }
      const stopped = this.expand(this.expanded);
      if (stopped !== null) return stopped;
      this.expanded++;
    }
    return this.expanded === store.count ? 'done' : null;
  }

  decode(state: number, into: Int32Array | Float64Array): void {
    this.load(state);
    into.set(this.slots);
  }

  slot(state: number, slot: number): number {
    const { store } = this;
    return unpackSlot(this.packing, slot, chunkOf(store, state), offsetOf(store, state), this.slots[slot]);
  }

  parent(state: number): number {
    return parentOf(this.store, state);
  }

  successors(state: number): readonly Successor[] {
    const { compiler, effects } = this;
    if (state >= this.expanded) internal(`state ${state} has not been expanded`);
    const kept = edgesOf(this.edges, state);
    if (kept !== null) return kept;
    const out: Successor[] = [];
    this.load(state);
    for (let agent = 0; agent < this.steps.length; agent++) {
      const here = this.stepsAt(agent);
      for (let step = 0; step < here.length; step++) {
        const { guard, run, environment } = here[step];
        if (guard !== null && guard() === 0) continue;
        const outcome = run();
        if (outcome !== DISABLED) {
          if (outcome !== FAILED) this.packAfter();
          out.push({ agent, step, environment, to: outcome === FAILED ? -1 : find(this.store, this.words) });
        }
        undo(compiler, effects);
      }
    }
    return out;
  }

  private seed(): Limit | null {
    const { store } = this;
    if (store.count > 0) return null;
    for (const initial of this.initials) {
      initial.forEach((value, slot) => {
        packSlot(this.packing, slot, value, this.words, 0);
      });
      const number = this.keep(-1);
      if (typeof number === 'string') return number;
    }
    this.levelEnd = store.count;
    return null;
  }

  /** The state in `words`: its number, or the limit that keeps it out. */
  private keep(parent: number): number | Limit {
    const { store, edges } = this;
    const { maxStates, maxMemoryBytes } = this.options;
    const known = find(store, this.words);
    if (known >= 0) return known;
    if (maxStates !== null && store.count >= maxStates) return 'states';
    if (maxMemoryBytes !== null && bytesWithOneMore(store) + edgeRoom(edges) > maxMemoryBytes) return 'memory';
    return add(store, this.words, parent);
  }

  private load(state: number): void {
    const { store, packing, loaded, slots } = this;
    const log = chunkOf(store, state);
    const offset = offsetOf(store, state);
    if (this.isLoaded) return unpackChanges(packing, log, offset, loaded, slots);
    unpack(packing, log, offset, slots);
    for (let i = 0; i < loaded.length; i++) loaded[i] = log[offset + i];
    this.isLoaded = true;
  }

  /** Packs the state after a step into `words`, from the words of the state before it and what the step wrote. */
  private packAfter(): void {
    const { packing, words, loaded, slots } = this;
    const { writes, undoSlots } = this.effects;
    for (let i = 0; i < words.length; i++) words[i] = loaded[i];
    for (let i = 0; i < writes; i++) packSlot(packing, undoSlots[i], slots[undoSlots[i]], words, 0);
  }

  private stepsAt(agent: number): readonly CompiledStep[] {
    const at = this.slots[this.agentSlots[agent]];
    const known = this.steps[agent][at];
    if (known !== null && known !== undefined) return known;
    const { name, locations } = this.system.agents[agent];
    const location = locations[at] ?? internal(`${name} stands nowhere`);
    const made = location.steps.map((s) => compileStep(this.compiler, this.effects, s));
    this.steps[agent][at] = made;
    return made;
  }

  private note(state: number, agent: number, step: number): void {
    const { met } = this.effects;
    for (let i = 0; i < met.length; i += 3) {
      const [fault, object, by] = met.slice(i, i + 3);
      const key = `${fault} ${object} ${by}`;
      if (this.hitKeys.has(key)) continue;
      this.hitKeys.add(key);
      this.hits.push({ fault, object, by, state, agent, step });
    }
  }

  private expand(state: number): Limit | null {
    const { compiler, effects, edges } = this;
    this.load(state);
    this.detector.look(state);
    for (let agent = 0; agent < this.steps.length; agent++) {
      const here = this.stepsAt(agent);
      for (let step = 0; step < here.length; step++) {
        const { guard, run, environment } = here[step];
        if (guard !== null && guard() === 0) continue;
        const outcome = run();
        if (outcome !== DISABLED) {
          this.transitions++;
          if (effects.met.length > 0) this.note(state, agent, step);
          let to = -1;
          if (outcome !== FAILED) {
            this.packAfter();
            const number = this.keep(state);
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
  }
}
