// The generated engine behind the seam of ../engine.ts: compiles a system to WebAssembly, runs it in slices, grows its memory, and reads
// results back. What the code does is in step.ts and store.ts; here is what needs the host.
import type { System } from '../../system/system.ts';
import { type Engine, type EngineOptions, type Hit, type Race, STEPPERS_MOST, type Successor } from '../engine.ts';
import { internal } from '../internal.ts';
import { type Coded, coding, decodeState, encodeState } from '../reduction/coded.ts';
import { finished } from '../slices.ts';
import type { Limit } from '../verdict.ts';
import { inParts, levelsOf, runningSums, type StepGraph } from '../graph.ts';
import { ALONE, BATCH_STATES, generating, type MakeCanonical, type Program } from './generate.ts';
import { hitBytes, raceFault } from './hits.ts';
import { makeLayout, type Field, type Layout } from './layout.ts';
import { clear, type EngineMemory, giveBack, growTo, takeMemory } from './memory.ts';
import { Pair, type Told } from './pair.ts';
import { OWN_NUMBERS } from './together.ts';
import { environmentLabel, failedLabel, readLabel } from './label.ts';
import { type GlobalName, globalNames, numberMask, quietMark } from './store.ts';
import type { Held } from './values.ts';
import { maximumPages, pageBytes, type WasmFunction, type WasmGlobal, webAssembly } from './webassembly.ts';

const SMALLEST_TABLE_LOG = 14;
/** How full a table gets before it grows, and where memory allows no larger one. */
const LOAD = 0.75;
const LAST_LOAD = 0.9;
/** States entered into a larger table by one call. */
const REHASHED = 4096;
/** And in one slice of a run: some ten milliseconds, where every one misses the cache. */
const REHASHED_AT_ONCE = 2 ** 15;
/** Bytes of a table that are cleared in the time in which one state is entered. */
const CLEARED_PER_STATE = 128;
/** Memory grows by at least so much: what is not used costs nothing, and each time the host collects garbage. */
const GROWN_BYTES = 2 ** 23;
/** Room behind the last state for one batch, or for what two threads have under way. */
const SLACK = 8192;

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

/** Null where WebAssembly is missing or refuses the module: the plain engine stands in. */
export function makeWasmEngine(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  options: EngineOptions,
  makeCanonical: MakeCanonical | null = null,
): WasmEngine | null {
  return finished(makingWasmEngine(system, initials, options, makeCanonical));
}

/** The same in parts of some ten milliseconds. */
export function* makingWasmEngine(
  whole: System,
  wholeInitials: ReadonlyArray<readonly number[]>,
  options: EngineOptions,
  makeCanonical: MakeCanonical | null,
): Generator<void, WasmEngine | null> {
  const host = webAssembly();
  if (host === null) return null;
  const isWorthCode =
    (options.expectedStates ?? Number.POSITIVE_INFINITY) <= FEW_STATES ? never : makeCanonical === null ? savesBits : isFar;
  const coded = yield* coding(whole, wholeInitials, isWorthCode);
  const { system, initials } = coded;
  yield;
  const layout = makeLayout(system, initials, coded.ranges);
  const cap = Math.min(options.maxMemoryBytes ?? Number.POSITIVE_INFINITY, maximumPages * pageBytes - pageBytes);
  const second = options.second ?? null;
  const where = second === null ? ALONE : { ...ALONE, others: 1, chunk: second.chunk };
  yield;
  const program = yield* generating(system, coded.values, layout, cap, makeCanonical, where);
  const another = () =>
    finished(generating(system, coded.values, layout, cap, makeCanonical, { ...where, from: program.end, table: program.places.table }));
  yield;
  const memory = takeMemory(program.places.log + 2 * SLACK * program.places.record, second !== null);
  if (memory === null) return null;
  let instance: { readonly exports: Readonly<Record<string, unknown>> };
  try {
    instance = new host.Instance(new host.Module(program.bytes), { engine: { memory: memory.memory } });
  } catch (e) {
    giveBack(memory);
    // A host without vector instructions refuses any module; a module that is wrong is a bug in us.
    if (host.validate(minimalVectorModule)) throw e;
    return null;
  }
  return engineOf(coded, options, cap, layout, program, another, memory, instance.exports);
}

/** (module (func v128.const 0 drop)) */
const minimalVectorModule = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0x1a, 0x0b,
]);

/** Of few states it does not matter how wide they are. */
const FEW_STATES = 50_000;

function never(): boolean {
  return false;
}

/** Narrow states are worth more than what reading a code costs. */
function savesBits({ values, range }: Readonly<Held>): boolean {
  return values !== null && bitsFor(range.high - range.low + 1) > bitsFor(values.size);
}

/** Where agents are exchanged for each other, values that stand for agents or their objects have to be seen as such. */
function isFar({ values, range }: Readonly<Held>): boolean {
  return values !== null && range.high - range.low >= 16 * values.size;
}

function bitsFor(values: number): number {
  return Math.ceil(Math.log2(values));
}

function engineOf(
  { system, initials, values }: Coded,
  options: EngineOptions,
  cap: number,
  layout: Layout,
  program: Program,
  another: () => Program,
  store: EngineMemory,
  exports: Readonly<Record<string, unknown>>,
): WasmEngine {
  const { places } = program;
  const reading = readingOf(layout);
  const isCoded = values.some((v) => v !== null);
  const { memory } = store;
  const call = (name: string): WasmFunction => exports[name] as WasmFunction;
  const wasm = {
    run: call('run'),
    flush: call('flush'),
    find: call('find'),
    link: call('link'),
    rehash: call('rehash'),
    expand: call('expand'),
    work: call('work'),
    enter: call('enter'),
    move: call('move'),
  };
  const global = Object.fromEntries(globalNames.map((name) => [name, exports[name]])) as unknown as Readonly<
    Record<GlobalName, WasmGlobal>
  >;
  const words = (): Int32Array => new Int32Array(memory.buffer);
  let view = words();
  let tableLog = Math.min(SMALLEST_TABLE_LOG, program.maximumTableLog);
  let transitions = 0;
  let limit: Limit | null = null;
  let depth = 0;
  /** How many states are in the table, while it has just grown; else all are. */
  let entered = Number.POSITIVE_INFINITY;
  const hits: Hit[] = [];
  const races: Race[] = [];
  const seen = new Set<string>();

  const second = options.second ?? null;
  /** The second thread with its program, once it has been worth starting. */
  let other: { readonly pair: Pair; readonly program: Program } | null = null;

  const tail = (): number => global.tail.value >>> 0;
  const logEnd = (states: number): number => places.log + states * places.record;
  const usedBytes = (states: number, log: number): number => {
    const fixed = other === null ? program.end : program.fixedBytes;
    return fixed + 4 * 2 ** log + states * places.record;
  };

  const setTable = (log: number): void => {
    tableLog = log;
    global.shift.value = 32 - log;
    global.mask.value = 2 ** log - 1;
  };

  /** Room for more states, in the table and in memory: false where the cap or the host allows none. */
  const makeRoom = (): boolean => {
    const states = tail();
    let full = 2 ** tableLog * LOAD;
    if (states >= full) {
      const next = Math.min(program.maximumTableLog, tableLog + (tableLog < 22 ? 2 : 1));
      if (next > tableLog && usedBytes(states + SLACK, next) <= cap) {
        setTable(next);
        // What this engine itself has put into the table is no part of dirtyEnd.
        unclear = {
          from: places.table,
          to: Math.max(Math.min(places.table + 4 * 2 ** next, store.dirtyEnd), places.table + 4 * 2 ** written),
        };
        written = next;
        entered = 0;
        full = 2 ** tableLog * LOAD;
      } else full = 2 ** tableLog * LAST_LOAD;
    }
    const room = Math.min(
      Math.floor(full),
      Math.floor((cap - program.fixedBytes - 4 * 2 ** tableLog) / places.record) - SLACK,
      numberMask - SLACK,
    );
    if (states >= room) return false;
    const wanted = Math.min(room, Math.max(states + Math.floor(GROWN_BYTES / places.record), 2 * states));
    if (!growTo(memory, logEnd(wanted + SLACK) + 64)) {
      const there = Math.floor((memory.buffer.byteLength - places.log) / places.record) - SLACK;
      if (there <= states) return false;
      global.softLimit.value = there;
    } else global.softLimit.value = wanted;
    view = words();
    return true;
  };
  let written = tableLog;

  /** Clears a table that has grown and enters the states again, up to some milliseconds' worth; true when all is done. */
  const enter = (most: number): boolean => {
    const to = Math.min(unclear.to, unclear.from + most * CLEARED_PER_STATE);
    if (to > unclear.from) {
      new Uint8Array(memory.buffer, unclear.from, to - unclear.from).fill(0);
      unclear = { from: to, to: unclear.to };
      if (to < unclear.to) return false;
    }
    if (entered >= tail()) return true;
    const pair = other?.pair ?? null;
    if (pair !== null && (pair.doing !== null || (tail() - entered >= 2 * REHASHED && pair.isReady()))) {
      if (pair.doing === null) begin(pair, 'enter', entered, tail());
      wasm.enter(Math.min(most, 2 ** 30));
      if (pair.head < tail()) return false;
      settle();
    } else {
      const end = Math.min(tail(), entered + most);
      for (; entered < end; entered = Math.min(end, entered + REHASHED)) wasm.rehash(entered, Math.min(end, entered + REHASHED));
      if (entered < tail()) return false;
    }
    entered = Number.POSITIVE_INFINITY;
    return true;
  };
  /** What of the table has still to be cleared. */
  let unclear = { from: 0, to: 0 };

  const writeState = (address: number, slots: ArrayLike<number>): void => {
    encode(layout, view, address >> 2, slots);
  };

  /** Puts the buffers of a module into order. */
  const prepare = (p: Program): void => {
    for (const { address, bytes } of p.data) new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
    clear(store, p.hits.cache, p.hits.cache + p.hits.cacheEntries * hitBytes);
    p.reached.forEach((address, agent) => clear(store, address, address + system.agents[agent].locations.length));
  };

  const start = (): void => {
    prepare(program);
    clear(store, places.table, places.table + 4 * 2 ** tableLog);
    setTable(tableLog);
    global.lastDepth.value = 0x7fffffff;
    global.hardLimit.value = Math.min(options.maxStates ?? numberMask, numberMask);
    if (!makeRoom()) limit = 'memory';
    for (const initial of initials) {
      writeState(places.batch, initial);
      view[(places.batch + places.entry.parent) >> 2] = numberMask;
      wasm.flush(places.batch + places.entry.bytes);
    }
    global.transitions.value = 0;
    global.levelEnd.value = tail();
    if (global.full.value !== 0) limit = 'states';
  };

  /** Takes the hits of a buffer into `hits` and `races`, each once. */
  const takeHits = (buffer: number, count: number): void => {
    for (let i = 0; i < count; i++) {
      const h = readHit(memory.buffer, buffer + i * hitBytes);
      if (h.fault === raceFault) {
        const first = h.label >>> 16;
        const second = h.label & 0xffff;
        if (isNew(`race ${first} ${h.object} ${second} ${h.by}`)) races.push({ state: h.state, first, second });
        continue;
      }
      const { agent, step } = readLabel(h.label);
      if (isNew(`${h.fault} ${h.object} ${h.by}`)) hits.push({ fault: h.fault, object: h.object, by: h.by, state: h.state, agent, step });
    }
  };
  /** What this thread has met and counted. */
  const takeOwn = (): void => {
    transitions += (global.transitions.value >>> 0) + (global.fails.value >>> 0);
    global.transitions.value = 0;
    global.fails.value = 0;
    takeHits(program.hits.buffer, global.hits.value);
    global.hits.value = 0;
  };
  const isNew = (key: string): boolean => {
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };

  /** Whether both threads should expand what is left of this level. */
  const isForTwo = (): boolean => {
    if (second === null) return false;
    const frontier = tail() - (global.head.value >>> 0);
    if (other === null && frontier >= second.startAt) {
      const its = another();
      prepare(its);
      other = { pair: new Pair(second, memory, its.bytes), program: its };
    }
    if (other === null || (global.levelEnd.value >>> 0) - (global.head.value >>> 0) < second.wakeAt) return false;
    // The last states before a limit are counted by one.
    return tail() + SLACK < global.hardLimit.value >>> 0 && other.pair.isReady();
  };

  const begin = (pair: Pair, task: Told['task'], head: number, end: number): void => {
    // The last states before a limit are counted by one thread.
    const softLimit = Math.min(global.softLimit.value >>> 0, (global.hardLimit.value >>> 0) - SLACK);
    pair.begin({ task, head, end, tail: tail(), softLimit, shift: global.shift.value, mask: global.mask.value });
  };

  /** Brings the other thread to rest. All is then as if one had come so far alone, but for the order of states within a level. */
  const settle = (): void => {
    if (other?.pair.doing == null) return;
    const isEntering = other.pair.doing.task === 'enter';
    const done = other.pair.stop();
    if (isEntering) {
      entered = done.head;
      return;
    }
    takeOwn();
    transitions += done.transitions + done.fails;
    takeHits(other.program.hits.buffer, done.hits);
    global.head.value = done.head;
    global.tail.value = fillHoles(done.tail, [
      { from: global.own.value >>> 0, to: global.ownEnd.value >>> 0 },
      { from: done.own, to: done.ownEnd },
    ]);
  };

  /** Gives the last states the numbers that were not used; returns how many there are then. */
  const fillHoles = (numbers: number, holes: ReadonlyArray<{ readonly from: number; readonly to: number }>): number => {
    const states = holes.reduce((n, h) => n - (h.to - h.from), numbers);
    let last = numbers - 1;
    for (const { from, to } of holes) {
      for (let hole = from; hole < Math.min(to, states); hole++) {
        while (holes.some((h) => last >= h.from && last < h.to)) last--;
        wasm.move(last--, hole);
      }
    }
    return states;
  };

  /** Expands about `budget` states of the level while the other thread does the same; returns how many. */
  const together = (pair: Pair, budget: number): number => {
    if (pair.doing === null) {
      global.own.value = 0;
      global.ownEnd.value = 0;
      begin(pair, 'explore', global.head.value >>> 0, global.levelEnd.value >>> 0);
    }
    const done = wasm.work(budget);
    takeOwn();
    if (done >= budget && !pair.hasStopped) return done;
    settle();
    if (global.head.value === global.levelEnd.value && global.tail.value !== global.levelEnd.value) {
      global.levelEnd.value = global.tail.value;
      global.depth.value++;
    }
    return done;
  };

  const run = (budget: number): 'done' | Limit | null => {
    if (limit !== null) return limit;
    if (!enter(REHASHED_AT_ONCE)) return null;
    for (let left = budget; left > 0; ) {
      if (global.depth.value > global.lastDepth.value) return 'done';
      if (other?.pair.doing != null || isForTwo()) {
        const { pair } = other ?? internal('there is no second thread');
        left -= together(pair, left);
        if (pair.doing !== null) return null;
      } else {
        const head = global.head.value >>> 0;
        global.softLimit.value = Math.min(global.softLimit.value, 2 ** 30);
        wasm.run(left);
        takeOwn();
        left -= (global.head.value >>> 0) - head;
      }
      if (global.full.value !== 0) limit = 'states';
      else if (global.head.value === global.tail.value) return 'done';
      else if (tail() >= global.softLimit.value && !makeRoom()) limit = 'memory';
      if (limit !== null) return limit;
      if (!enter(REHASHED_AT_ONCE)) return null;
    }
    return null;
  };

  const address = (state: number): number => {
    if (!(state >= 0 && state < tail())) internal(`there is no state ${state}`);
    return places.log + state * places.record;
  };

  /** Regenerates the steps of some states from `from` on; their entries end at the address that is returned. */
  const link = (from: number, to: number): number => {
    settle();
    enter(Number.POSITIVE_INFINITY);
    global.replay.value = 1;
    const end = wasm.link(from, Math.min(to, from + BATCH_STATES)) >>> 0;
    global.replay.value = 0;
    global.fails.value = 0;
    return end;
  };

  // Steps are mostly asked for in the order of states: then a block of states is regenerated at once.
  let block: { readonly from: number; readonly steps: ReadonlyArray<readonly Successor[]> } = { from: 0, steps: [] };
  const successors = (state: number): readonly Successor[] => {
    settle();
    const known = block.steps[state - block.from];
    if (known !== undefined) return known;
    const expanded = global.head.value >>> 0;
    if (!(state >= 0 && state < expanded)) internal(`state ${state} has not been expanded`);
    const end = link(state, state === block.from + block.steps.length ? expanded : state + 1);
    const steps = Array.from({ length: global.linked.value }, (): Successor[] => []);
    for (let at = places.batch >> 2; at < end >> 2; at += places.entry.bytes >> 2) {
      const to = view[at + layout.words + 1];
      steps[view[at + layout.words] - state].push({ ...readLabel(view[at + layout.words + 2]), to });
    }
    for (let i = 0; i < global.hits.value; i++) {
      const at = (program.hits.buffer + i * hitBytes) >> 2;
      const label = view[at + 1];
      // Steps that fail have no entry; the others are in the order of agents and steps already.
      if (label < 0) steps[view[at] - state].push({ ...readLabel(label & ~failedLabel), to: -1 });
      if (label < 0) steps[view[at] - state].sort((a, b) => a.agent - b.agent || a.step - b.step);
    }
    global.hits.value = 0;
    block = { from: state, steps };
    return steps[0];
  };

  /** States are compared, not looked up: the table may be growing just then. */
  const stepInto = (from: number, to: number): Successor | null => {
    settle();
    const record = address(to) >> 2;
    global.replay.value = 1;
    const end = wasm.expand(from, places.batch) >>> 0;
    global.replay.value = 0;
    global.fails.value = 0;
    global.hits.value = 0;
    for (let at = places.batch >> 2; at < end >> 2; at += places.entry.bytes >> 2) {
      let same = true;
      for (let w = 0; same && w < layout.words; w++) same = view[at + w] === view[record + w];
      if (same) return { ...readLabel(view[at + layout.words + 2]), to };
    }
    return null;
  };

  function* stepGraph(): Generator<void, StepGraph> {
    settle();
    while (!enter(REHASHED_AT_ONCE)) yield;
    const states = tail();
    const expanded = global.head.value >>> 0;
    const first = new Int32Array(states + 1);
    const fails = new Uint8Array(states);
    let edges = new Int32Array(Math.max(1024, transitions));
    let steppers = transitions > STEPPERS_MOST ? null : new Int32Array(edges.length);
    let count = 0;
    for (let from = 0, round = 0; from < expanded; round++) {
      if ((round & 15) === 15) yield;
      const end = link(from, expanded);
      const done = global.linked.value;
      const entries = (end - places.batch) / places.entry.bytes;
      if (count + entries > edges.length) {
        const larger = new Int32Array(Math.max(2 * count, count + entries));
        larger.set(edges);
        edges = larger;
        steppers = null;
      }
      readEdges(view, places.batch >> 2, places.entry.bytes >> 2, layout.words, entries, first, edges, steppers, count);
      count += entries;
      fails.set(new Uint8Array(memory.buffer, places.fails, done), from);
      from += done;
      global.hits.value = 0;
    }
    yield* runningSums(first);
    const at = system.agents.map((a) => (a.locations.length > 0xffff ? new Int32Array(states) : new Uint16Array(states)));
    for (let agent = 0; agent < at.length; agent++) {
      yield;
      const { slot } = system.agents[agent];
      const f = layout.fields[slot];
      if (f === null) at[agent].fill(layout.constants[slot]);
      else yield* readField(view, places.log >> 2, places.record >> 2, f, at[agent]);
    }
    return { states, first, edges: edges.subarray(0, count), steppers, fails, at, levels: levelsOf(engine) };
  }

  start();
  const engine: WasmEngine = {
    sorts: program.sorts,
    bits: 32 * layout.words,
    run,
    get states() {
      settle();
      return tail();
    },
    get statesSoFar() {
      // Numbers that were taken may not all be used.
      return other?.pair.doing == null ? tail() : Math.max(tail(), other.pair.tail - 2 * OWN_NUMBERS);
    },
    get expanded() {
      return other?.pair.doing?.task === 'explore' ? other.pair.doing.head : global.head.value >>> 0;
    },
    get transitions() {
      return transitions;
    },
    get depth() {
      depth = global.depth.value;
      return depth;
    },
    get bytes() {
      return usedBytes(engine.states, tableLog);
    },
    hits,
    races,
    decode: (state, into) => {
      decode(reading, view, address(state) >> 2, into);
      if (isCoded) decodeState(values, into);
    },
    parent: (state) => {
      settle();
      const parent = view[(address(state) >> 2) + places.words] & numberMask;
      return parent === numberMask ? -1 : parent;
    },
    successors,
    stepGraph,
    stepInto,
    quiet: (state) => (view[(address(state) >> 2) + places.words] & quietMark) !== 0,
    reached: () => {
      settle();
      const programs = other === null ? [program] : [program, other.program];
      return system.agents.map((a, agent) => {
        const there = programs.map((p) => new Uint8Array(memory.buffer, p.reached[agent], a.locations.length));
        return new Set(a.locations.flatMap((_, l) => (there.some((t) => t[l] !== 0) ? [l] : [])));
      });
    },
    stopAfter: (depth) => {
      global.lastDepth.value = depth;
    },
    find: (slots) => {
      settle();
      enter(Number.POSITIVE_INFINITY);
      writeState(places.batch, isCoded ? encodeState(values, slots) : slots);
      return wasm.find(places.batch);
    },
    release: () => {
      settle();
      // The other thread may look at this memory once more.
      if (other !== null) {
        other.pair.quit();
        return;
      }
      store.dirtyEnd = Math.max(store.dirtyEnd, logEnd(tail() + 1));
      store.touched = Math.max(store.touched, usedBytes(tail(), tableLog));
      giveBack(store);
    },
  };
  return engine;
}

/** Adds the entries of a batch to the edges: the state that each leads from, the one that it leads to, its label. */
function readEdges(
  words: Int32Array,
  batch: number,
  entry: number,
  key: number,
  entries: number,
  first: Int32Array,
  edges: Int32Array,
  steppers: Int32Array | null,
  count: number,
): void {
  for (let i = 0, at = batch + key; i < entries; i++, at += entry) {
    const label = words[at + 2];
    first[words[at] + 1]++;
    edges[count + i] = 2 * words[at + 1] + ((label & environmentLabel) === 0 ? 0 : 1);
    if (steppers !== null) steppers[count + i] = label & ~environmentLabel;
  }
}

/** One narrow field of every state of the log. Yields every few milliseconds. */
function* readField(words: Int32Array, log: number, record: number, f: Field, into: Uint16Array | Int32Array): Generator<void, void> {
  yield* inParts(into.length, 1 << 18, (from, to) => readFieldOf(words, log + f.word, record, f, into, from, to));
}

function readFieldOf(
  words: Int32Array,
  first: number,
  record: number,
  f: Field,
  into: Uint16Array | Int32Array,
  from: number,
  to: number,
): void {
  const { shift, min } = f;
  const mask = 2 ** f.bits - 1;
  for (let state = from, at = first + from * record; state < to; state++, at += record) into[state] = ((words[at] >>> shift) & mask) + min;
}

function readHit(buffer: ArrayBuffer | SharedArrayBuffer, at: number) {
  const view = new DataView(buffer, at, hitBytes);
  return {
    state: view.getUint32(0, true),
    label: view.getInt32(4, true),
    fault: view.getInt32(8, true),
    object: Number(view.getBigInt64(16, true)),
    by: Number(view.getBigInt64(24, true)),
  };
}

/** Writes a state's words from its slots. */
function encode(layout: Layout, words: Int32Array, at: number, slots: ArrayLike<number>): void {
  words.fill(0, at, at + layout.words);
  layout.fields.forEach((f, slot) => {
    if (f === null) return;
    const raw = slots[slot] - f.min;
    if (f.bits === 64) {
      // From -2^53 on there are more steps to a value than a number holds.
      const exact = BigInt(slots[slot]) - BigInt(f.min);
      words[at + f.word] = Number(BigInt.asIntN(32, exact));
      words[at + f.word + 1] = Number(exact >> 32n) | 0;
    } else words[at + f.word] |= raw << f.shift;
  });
}

/** Where to read the slots of a state, in flat arrays. */
interface Reading {
  readonly slots: Int32Array;
  readonly word: Int32Array;
  readonly shift: Int32Array;
  /** 0: a whole word; -1: two words. */
  readonly mask: Int32Array;
  readonly min: Float64Array;
  readonly constants: Float64Array;
}

function readingOf(layout: Layout): Reading {
  const slots = Int32Array.from(layout.fields.flatMap((f, slot) => (f === null ? [] : [slot])));
  const of = (pick: (f: Field) => number): number[] => [...slots].map((slot) => pick(layout.fields[slot] as Field));
  return {
    slots,
    word: Int32Array.from(of((f) => f.word)),
    shift: Int32Array.from(of((f) => f.shift)),
    mask: Int32Array.from(of((f) => (f.bits === 64 ? -1 : f.bits === 32 ? 0 : 2 ** f.bits - 1))),
    min: Float64Array.from(of((f) => f.min)),
    constants: Float64Array.from(layout.constants),
  };
}

/** Reads the slots of a state. */
function decode(r: Reading, words: Int32Array, at: number, into: Int32Array | Float64Array): void {
  into.set(r.constants);
  for (let i = 0; i < r.slots.length; i++) {
    const low = words[at + r.word[i]];
    const mask = r.mask[i];
    if (mask >= 0) into[r.slots[i]] = (mask > 0 ? (low >>> r.shift[i]) & mask : low >>> 0) + r.min[i];
    // In this order every sum is exact, also above 2^53.
    else into[r.slots[i]] = words[at + r.word[i] + 1] * 2 ** 32 + r.min[i] + (low >>> 0);
  }
}
