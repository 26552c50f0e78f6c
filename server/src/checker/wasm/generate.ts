// Puts the generated functions of one system together: addresses, module bytes, and the constant data that goes into memory first.
// Knows no running engine.
import type { Expression, System } from '../../system/system.ts';
import { type Interval, isSmall } from '../plain/range.ts';
import type { Coded } from '../reduction/coded.ts';
import { assemble, type Code } from './emit.ts';
import { boundsOf } from './bounds.ts';
import { type HitPlaces, hitBytes, hitFunction, hitsBackFunction, racesFunction, watchedAgents } from './hits.ts';
import type { Context } from './interval.ts';
import type { Layout } from './layout.ts';
import { stepFunction } from './step.ts';
import { expandFunction, findFunction, flushFunction, linkFunction, runFunction } from './store.ts';
import { G, globalNames, type Places } from './places.ts';
import { rehashFunction } from './table.ts';
import { enterFunction, flushTogetherFunction, helpFunction, moveFunction, rehashTogetherFunction, workFunction } from './together.ts';
import { maximumPages, pageBytes } from './webassembly.ts';

const BATCH = 256;
/** States whose steps are regenerated at once. */
export const BATCH_STATES = 256;
/** New states that a chunk of states can lead to. */
const MOST_PER_CHUNK = 2048;
const CACHE_ENTRIES = 512;
/** Hits that stop a run so that the host empties the buffer. */
const HITS_FULL = 2048;

/** Where a module's own buffers lie, and where the states that all of them share. */
export interface Where {
  readonly from: number;
  /** Null: behind what this module needs, and as much again for each of `others`. */
  readonly table: number | null;
  readonly others: number;
  /** States that one of two threads takes at once, at most; 0: there is only one. */
  readonly chunk: number;
}

export const ALONE: Where = { from: 1024, table: null, others: 0, chunk: 0 };

export interface Program {
  readonly bytes: Uint8Array;
  readonly places: Places;
  readonly hits: HitPlaces;
  readonly reached: readonly number[];
  /** End of the module's own buffers. */
  readonly end: number;
  readonly data: ReadonlyArray<{ readonly address: number; readonly bytes: Uint8Array }>;
  /** Whether states are rewritten to canonical ones. */
  readonly sorts: boolean;
  readonly maximumTableLog: number;
  /** Bytes below the table. */
  readonly fixedBytes: number;
}

/** Function indices of what a step may call: the first functions of the module. */
const HIT = 0;
const HITS_BACK = 1;

/** Rewrites an entry of the batch to what stands for all states that are equivalent to it; null: nothing to do. */
export type MakeCanonical = (context: Context, codes: Coded['values'], add: (code: Code) => number) => number | null;

/** Yields every few milliseconds. */
export function* generating(
  system: System,
  codes: Coded['values'],
  layout: Layout,
  memoryBytes: number,
  makeCanonical: MakeCanonical | null,
  where: Where = ALONE,
): Generator<void, Program> {
  const bounds = boundsOf(system);
  const words = layout.words;
  const entry = { bytes: 4 * words + 12, parent: 4 * words, hash: 4 * words + 4, label: 4 * words + 8 };
  const record = 4 * words + 4;
  let free = where.from;
  const reserve = (bytes: number): number => {
    const at = free;
    free += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const hits: HitPlaces = { cache: reserve(CACHE_ENTRIES * hitBytes), cacheEntries: CACHE_ENTRIES, buffer: 0 };
  const watched = watchedAgents(system).length;
  // A state meets at most one hit per statement, and a race per pair; a whole batch follows before the host looks.
  const perState = bounds.hits + (watched * (watched - 1)) / 2;
  const placedHits = { ...hits, buffer: reserve((HITS_FULL + perState * (BATCH + 1)) * hitBytes) };
  const batch = reserve((BATCH + bounds.successors + 1) * entry.bytes);
  const fails = reserve(BATCH_STATES);
  const scratch = reserve(8 * watched + 8);
  const reached = system.agents.map((a) => reserve(a.locations.length));
  const arrays = makeArrays(reserve);
  const context: Context = { system, layout, constantArray: arrays.place, intervals: new Map<Expression, Interval>() };

  const functions: Code[] = [];
  const add = (code: Code): number => functions.push(code) - 1;
  add(hitFunction(placedHits));
  add(hitsBackFunction(placedHits));
  const races = racesFunction(context, HIT, scratch);
  const racesIndex = races === null ? null : add(races);
  const around = { hit: HIT, hitsBack: HITS_BACK, globals: G, entry, reached: (agent: number) => reached[agent] };
  const steps: number[] = [];
  for (const agent of system.agents.keys()) steps.push(add(yield* stepFunction(context, around, agent, add)));
  const canonical = makeCanonical === null ? null : makeCanonical(context, codes, add);

  const table = where.table ?? Math.ceil((free + where.others * (free - where.from)) / pageBytes) * pageBytes;
  const maximumTableLog = tableLogFor(Math.min(memoryBytes, maximumPages * pageBytes) - table, record);
  const places: Places = {
    words,
    batch,
    batchFull: batch + BATCH * entry.bytes,
    table,
    log: table + 4 * 2 ** maximumTableLog,
    record,
    entry,
    fails,
    hitsFull: HITS_FULL,
    chunk: Math.max(1, Math.min(where.chunk, Math.floor(MOST_PER_CHUNK / bounds.successors))),
  };
  const flush = add(flushFunction(places, canonical));
  const find = add(findFunction(places, canonical));
  const rehash = add(rehashFunction(places));
  const expand = add(expandFunction(places, steps, racesIndex));
  const regenerate = add(expandFunction(places, steps, null));
  const link = add(linkFunction(places, regenerate, canonical));
  const run = add(runFunction(places, expand, flush));
  const together = where.chunk === 0 ? {} : addTogether(places, expand, canonical, add);
  const bytes = assemble({
    functions,
    exports: { run, link, flush, find, rehash, expand: regenerate, ...together },
    globals: globalNames,
    memory: { minimumPages: 1, maximumPages, shared: where.chunk > 0 },
  });
  return {
    bytes,
    places,
    hits: placedHits,
    reached,
    end: free,
    data: arrays.data,
    sorts: canonical !== null,
    maximumTableLog,
    fixedBytes: table,
  };
}

/** What two threads need beside what one does. */
function addTogether(places: Places, expand: number, canonical: number | null, add: (code: Code) => number) {
  const flush = add(flushTogetherFunction(places, canonical));
  const work = add(workFunction(places, expand, flush));
  const enter = add(enterFunction(add(rehashTogetherFunction(places))));
  return { work, enter, move: add(moveFunction(places)), help: add(helpFunction(work, enter)) };
}

/** The largest table that is of use under a memory cap. */
function tableLogFor(bytes: number, record: number): number {
  let log = 12;
  while (log < 28 && 2 ** log * (4 + record * 0.75) < bytes) log++;
  return log;
}

function makeArrays(reserve: (bytes: number) => number) {
  const data: Array<{ address: number; bytes: Uint8Array }> = [];
  const known = new Map<string, { address: number; wide: boolean }>();
  const place = (values: readonly number[]): { readonly address: number; readonly wide: boolean } => {
    const key = values.join();
    let array = known.get(key);
    if (array === undefined) {
      const wide = values.some((v) => !isSmall({ low: v, high: v }));
      const bytes = new Uint8Array((wide ? 8 : 4) * values.length);
      const view = new DataView(bytes.buffer);
      values.forEach((v, i) => {
        if (wide) view.setBigInt64(8 * i, BigInt(v), true);
        else view.setInt32(4 * i, v, true);
      });
      array = { address: reserve(bytes.length), wide };
      data.push({ address: array.address, bytes });
      known.set(key, array);
    }
    return array;
  };
  return { place, data };
}
