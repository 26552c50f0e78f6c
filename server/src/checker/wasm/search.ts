// A search by generated code, behind the seam of ../engine.ts: runs it in slices, and reads results back.
import type { Engine, EngineOptions } from '../engine.ts';
import { type Coded, decodeState, encodeState } from '../reduction/coded.ts';
import type { Limit } from '../verdict.ts';
import type { StepGraph } from '../graph.ts';
import { makeFound } from './found.ts';
import type { Program } from './generate.ts';
import { makeHelper } from './secondThread.ts';
import { makeLinks } from './links.ts';
import { addressOf, headOf, type Machine, prepare, tailOf } from './machine.ts';
import { giveBack } from './memory.ts';
import { decode, encode, readingOf } from './reading.ts';
import { makeRoom, REHASHED_AT_ONCE } from './room.ts';
import { numberMask, quietMark } from './places.ts';

export interface WasmEngine extends Engine {
  /** Whether identical agents are sorted. */
  readonly sorts: boolean;
  /** Bits of a stored state. */
  readonly bits: number;
  /** Whether no system step leads out of a state that was expanded. */
  quiet(state: number): boolean;
  /** Lets the exploration end once the level of this depth has been expanded. */
  stopAfter(depth: number): void;
  /** For every agent, the locations at which some expanded state has it. */
  reached(): ReadonlyArray<ReadonlySet<number>>;
  /** All steps of a finished exploration in flat arrays, states that were not expanded without any. Yields every few milliseconds. */
  stepGraph(): Generator<void, StepGraph>;
  /** Number of the stored state that stands for these slots; -1 if there is none. */
  find(slots: ArrayLike<number>): number;
  /** Ends the engine, so that its memory can serve the next one. Nothing may be asked of it afterwards. */
  release(): void;
}

/** `another` generates the program of a second thread. */
export function searchOf({ initials, values }: Coded, options: EngineOptions, m: Machine, another: () => Program): WasmEngine {
  const { system, layout, program, store, call, global } = m;
  const { places } = program;
  const reading = readingOf(layout);
  const isCoded = values.some((v) => v !== null);
  const found = makeFound(m);
  const room = makeRoom(m, () => (helper.other === null ? program.end : program.fixedBytes));
  const helper = makeHelper(m, room, found, options.second ?? null, another);
  let limit: Limit | null = null;

  const writeState = (address: number, slots: ArrayLike<number>): void => {
    encode(layout, m.view, address >> 2, slots);
  };

  const start = (): void => {
    prepare(m, program);
    global.lastDepth.value = 0x7fffffff;
    global.hardLimit.value = Math.min(options.maxStates ?? numberMask, numberMask);
    if (!room.make()) limit = 'memory';
    for (const initial of initials) {
      writeState(places.batch, initial);
      m.view[(places.batch + places.entry.parent) >> 2] = numberMask;
      call.flush(places.batch + places.entry.bytes);
    }
    global.transitions.value = 0;
    global.levelEnd.value = tailOf(m);
    if (global.full.value !== 0) limit = 'states';
  };

  const run = (budget: number): 'done' | Limit | null => {
    if (limit !== null) return limit;
    if (!helper.enter(REHASHED_AT_ONCE)) return null;
    for (let left = budget; left > 0; ) {
      if (global.depth.value > global.lastDepth.value) return 'done';
      if (helper.isExpanding || helper.isForTwo()) {
        left -= helper.expand(left);
        if (helper.isExpanding) return null;
      } else {
        const head = headOf(m);
        global.softLimit.value = Math.min(global.softLimit.value, 2 ** 30);
        call.run(left);
        found.takeOwn();
        left -= headOf(m) - head;
      }
      if (global.full.value !== 0) limit = 'states';
      else if (global.head.value === global.tail.value) return 'done';
      else if (tailOf(m) >= global.softLimit.value && !room.make()) limit = 'memory';
      if (limit !== null) return limit;
      if (!helper.enter(REHASHED_AT_ONCE)) return null;
    }
    return null;
  };

  const parent = (state: number): number => {
    helper.settle();
    const number = m.view[(addressOf(m, state) >> 2) + places.words] & numberMask;
    return number === numberMask ? -1 : number;
  };
  const links = makeLinks(m, helper, found, parent);

  start();
  const engine: WasmEngine = {
    sorts: program.sorts,
    bits: 32 * layout.words,
    run,
    get states() {
      helper.settle();
      return tailOf(m);
    },
    get statesSoFar() {
      return helper.statesSoFar();
    },
    get expanded() {
      return helper.expanded();
    },
    get transitions() {
      return found.transitions;
    },
    get depth() {
      return global.depth.value;
    },
    get bytes() {
      return room.bytes(engine.states);
    },
    hits: found.hits,
    races: found.races,
    decode: (state, into) => {
      decode(reading, m.view, addressOf(m, state) >> 2, into);
      if (isCoded) decodeState(values, into);
    },
    parent,
    ...links,
    quiet: (state) => (m.view[(addressOf(m, state) >> 2) + places.words] & quietMark) !== 0,
    reached: () => {
      helper.settle();
      const programs = helper.other === null ? [program] : [program, helper.other.program];
      return system.agents.map((a, agent) => {
        const there = programs.map((p) => new Uint8Array(store.memory.buffer, p.reached[agent], a.locations.length));
        return new Set(a.locations.flatMap((_, l) => (there.some((t) => t[l] !== 0) ? [l] : [])));
      });
    },
    stopAfter: (depth) => {
      global.lastDepth.value = depth;
    },
    find: (slots) => {
      helper.settle();
      helper.enter(Number.POSITIVE_INFINITY);
      writeState(places.batch, isCoded ? encodeState(values, slots) : slots);
      return call.find(places.batch);
    },
    release: () => {
      helper.settle();
      // The other thread may look at this memory once more.
      if (helper.other !== null) {
        helper.other.pair.quit();
        return;
      }
      const states = tailOf(m);
      store.dirtyEnd = Math.max(store.dirtyEnd, places.log + (states + 1) * places.record);
      store.touched = Math.max(store.touched, room.bytes(states));
      giveBack(store);
    },
  };
  return engine;
}
