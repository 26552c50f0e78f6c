// Generates the store: an append-only log of states with their parents, which is also the queue, and a table of state numbers with a few
// bits of their hash. Successors come in batches, so that the processor overlaps the table's cache misses; states are compared whole, always.
import { Code, I32, I64, Op } from './emit.ts';
import { copyWords } from './copy.ts';

export const globalNames = [
  // How far the search is.
  'head',
  'tail',
  'levelEnd',
  'depth',
  'transitions',
  'fails',
  'hits',
  'linked',
  // The numbers that this thread may give to new states while there are two.
  'own',
  'ownEnd',
  // What ends a run.
  'lastDepth',
  'softLimit',
  'hardLimit',
  'full',
  // The table's size.
  'shift',
  'mask',
  // Of the state that is expanded: whether a system step is possible, whether one fails.
  'system',
  'failed',
  // While steps are regenerated: every hit is wanted, also those that were met before.
  'replay',
  // Keeps loads that only touch memory from being optimised away.
  'sink',
] as const;
export type GlobalName = (typeof globalNames)[number];

export const G = Object.fromEntries(globalNames.map((name, index) => [name, index])) as Readonly<Record<GlobalName, number>>;

/** A state number takes 28 bits of a table slot or parent word; the table has four bits of the hash beside it, the parent word a mark. */
export const numberMask = 0x0fff_ffff;
export const tagMask = ~numberMask;
/** Marks a state out of which no system step leads, in its parent word. */
export const quietMark = 0x8000_0000;

export interface Places {
  readonly words: number;
  readonly batch: number;
  /** Where a batch counts as full; one state's successors still fit behind it. */
  readonly batchFull: number;
  readonly table: number;
  readonly log: number;
  /** Bytes of a state with its parent. */
  readonly record: number;
  readonly entry: { readonly bytes: number; readonly parent: number; readonly hash: number; readonly label: number };
  /** One byte for each state of a batch. */
  readonly fails: number;
  /** Hits that make a run return. */
  readonly hitsFull: number;
  /** States that one of two threads takes at once. */
  readonly chunk: number;
}

/** Leaves the upper 32 bits of a hash of the words at a local's address. */
export function emitHash(code: Code, words: number, load: (word: number) => void, h: number): void {
  const next = constants();
  code.i64(next());
  for (let w = 0; w < words; w++) {
    load(w);
    code.i64(next()).op(Op.mul64).op(Op.add64);
  }
  // The sum is universal in its upper half; the rest spreads sets that are regular in many words.
  code.tee(h).i64(32n).op(Op.shrU64).get(h).op(Op.xor64).i64(next()).op(Op.mul64).i64(32n).op(Op.shrU64).op(Op.wrap);
}

/** Odd 64-bit constants, the same every time (splitmix64). */
export function constants(seed = 0x1f83d9abfb41bd6bn): () => bigint {
  let state = seed;
  return () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return (z ^ (z >> 31n)) | 1n;
  };
}

/**
 * rehash(first, end): enters states of the log into the table, which has its new size. In parts, since a host compiles a function well
 * only between two calls.
 */
export function rehashFunction(p: Places): Code {
  const code = new Code([I32, I32], []);
  const address = code.local(I32);
  const hash = code.local(I32);
  const at = code.local(I32);
  const h = code.local(I64);
  code.get(0).i32(p.record).op(Op.mul).i32(p.log).op(Op.add).set(address);
  code.block().loop().get(0).get(1).op(Op.geU).branchIf(1);
  code.get(0).i32(1).op(Op.add).set(0);
  emitHash(code, p.words, (w) => code.get(address).loadWide(4 * w), h);
  code.tee(hash).globalGet(G.shift).op(Op.shrU).set(at);
  code.block().loop();
  code.get(at).i32(2).op(Op.shl).load(p.table).op(Op.eqz).branchIf(1);
  code.get(at).i32(1).op(Op.add).globalGet(G.mask).op(Op.and).set(at).branch(0).end().end();
  code.get(at).i32(2).op(Op.shl).get(hash).i32(28).op(Op.shl).get(0).op(Op.or).store(p.table);
  code.get(address).i32(p.record).op(Op.add).set(address).branch(0).end().end();
  return code;
}

/** For a state at `entry` with its hash: walks the table; leaves the block `found` (depth 2 from the inside) or `empty` (depth 1). */
function emitProbe(code: Code, p: Places, l: { at: number; tag: number; value: number; record: number; entry: number }): void {
  code.loop();
  code.get(l.at).i32(2).op(Op.shl).load(p.table).tee(l.value).op(Op.eqz).branchIf(1);
  code.get(l.value).i32(tagMask).op(Op.and).get(l.tag).op(Op.eq).if();
  code.get(l.value).i32(numberMask).op(Op.and).i32(1).op(Op.sub).i32(p.record).op(Op.mul).set(l.record);
  emitSame(code, p, l.record, l.entry);
  code.branchIf(3).end();
  code.get(l.at).i32(1).op(Op.add).globalGet(G.mask).op(Op.and).set(l.at).branch(0).end();
}

/** Leaves 1 if the state of a record (relative to the log) is that of an entry. */
export function emitSame(code: Code, p: Places, record: number, entry: number): void {
  let w = 0;
  let parts = 0;
  const both = (): void => {
    if (parts++ > 0) code.op(Op.and);
  };
  for (; w + 4 <= p.words; w += 4) {
    code
      .get(record)
      .load128(p.log + 4 * w)
      .get(entry)
      .load128(4 * w)
      .xor128();
    if (parts > 0) code.or128();
    parts = 1;
  }
  if (parts > 0) code.anyTrue().op(Op.eqz);
  for (; w + 2 <= p.words; w += 2) {
    code
      .get(record)
      .load64(p.log + 4 * w)
      .get(entry)
      .load64(4 * w)
      .op(Op.eq64);
    both();
  }
  for (; w < p.words; w++) {
    code
      .get(record)
      .load(p.log + 4 * w)
      .get(entry)
      .load(4 * w)
      .op(Op.eq);
    both();
  }
}

export interface ProbeLocals {
  readonly entry: number;
  readonly h: number;
  readonly hash: number;
  readonly sink: number;
  readonly at: number;
  readonly tag: number;
  readonly value: number;
  readonly record: number;
}

export function probeLocals(code: Code): ProbeLocals {
  return {
    entry: code.local(I32),
    h: code.local(I64),
    hash: code.local(I32),
    sink: code.local(I32),
    at: code.local(I32),
    tag: code.local(I32),
    value: code.local(I32),
    record: code.local(I32),
  };
}

export function forEachEntry(code: Code, p: Places, entry: number, end: number, body: () => void): void {
  code.i32(p.batch).set(entry);
  code.block().loop().get(entry).get(end).op(Op.geU).branchIf(1);
  body();
  code.get(entry).i32(p.entry.bytes).op(Op.add).set(entry).branch(0).end().end();
}

/** Hashes an entry and touches its slot of the table: the loads of a whole batch are under way together. */
export function emitPrepare(code: Code, p: Places, canonical: number | null, l: ProbeLocals): void {
  if (canonical !== null) code.get(l.entry).call(canonical);
  code.get(l.entry);
  emitHash(code, p.words, (w) => code.get(l.entry).loadWide(4 * w), l.h);
  code.tee(l.hash).store(p.entry.hash);
  code.get(l.hash).globalGet(G.shift).op(Op.shrU).i32(2).op(Op.shl).load(p.table).get(l.sink).op(Op.xor).set(l.sink);
}

/** flush(end of the batch): keeps every successor that is new, in their order. `canonical`: a function that rewrites an entry first. */
export function flushFunction(p: Places, canonical: number | null): Code {
  const code = new Code([I32], []);
  const l = probeLocals(code);
  const tail = code.local(I32);
  const shift = code.local(I32);
  code.globalGet(G.tail).set(tail).globalGet(G.shift).set(shift);
  forEachEntry(code, p, l.entry, 0, () => emitPrepare(code, p, canonical, l));
  forEachEntry(code, p, l.entry, 0, () => {
    code.get(l.entry).load(p.entry.hash).tee(l.hash).i32(28).op(Op.shl).set(l.tag).get(l.hash).get(shift).op(Op.shrU).set(l.at);
    code.block().block();
    emitProbe(code, p, l);
    code.end();
    code.get(tail).globalGet(G.hardLimit).op(Op.geU).if().i32(1).globalSet(G.full).branch(1).end();
    code.get(tail).i32(p.record).op(Op.mul).i32(p.log).op(Op.add).set(l.record);
    copyWords(code, l.entry, l.record, p.words);
    code
      .get(l.record)
      .get(l.entry)
      .load(p.entry.parent)
      .store(4 * p.words);
    code.get(tail).i32(1).op(Op.add).set(tail);
    code.get(l.at).i32(2).op(Op.shl).get(tail).get(l.tag).op(Op.or).store(p.table);
    code.end();
  });
  code.globalGet(G.transitions).get(0).i32(p.batch).op(Op.sub).i32(p.entry.bytes).op(Op.divU).op(Op.add).globalSet(G.transitions);
  code.get(tail).globalSet(G.tail).globalGet(G.sink).get(l.sink).op(Op.xor).globalSet(G.sink);
  return code;
}

/** find(entry) -> number of the state in an entry, or -1. */
export function findFunction(p: Places, canonical: number | null): Code {
  const code = new Code([I32], [I32]);
  const h = code.local(I64);
  const hash = code.local(I32);
  const at = code.local(I32);
  const tag = code.local(I32);
  const value = code.local(I32);
  const record = code.local(I32);
  if (canonical !== null) code.get(0).call(canonical);
  emitHash(code, p.words, (w) => code.get(0).loadWide(4 * w), h);
  code.tee(hash).i32(28).op(Op.shl).set(tag).get(hash).globalGet(G.shift).op(Op.shrU).set(at);
  code.block().block();
  emitProbe(code, p, { at, tag, value, record, entry: 0 });
  code.end().i32(-1).op(Op.return).end();
  code.get(value).i32(numberMask).op(Op.and).i32(1).op(Op.sub);
  return code;
}

/** expand(state, where to write) -> where to write next: all steps of all agents out of one state. */
export function expandFunction(p: Places, steps: readonly number[], races: number | null): Code {
  const code = new Code([I32, I32], [I32]);
  const address = code.local(I32);
  code.get(0).i32(p.record).op(Op.mul).i32(p.log).op(Op.add).set(address);
  if (races !== null) code.get(address).get(0).call(races);
  code.i32(0).globalSet(G.system).i32(0).globalSet(G.failed);
  for (const step of steps) code.get(address).get(0).get(1).call(step).set(1);
  code.globalGet(G.system).op(Op.eqz).if();
  code
    .get(address)
    .get(address)
    .load(4 * p.words)
    .i32(quietMark)
    .op(Op.or)
    .store(4 * p.words)
    .end();
  code.get(1);
  return code;
}

/**
 * link(first, end) -> end of the batch: regenerates the steps of states from `first` on until the batch is full, and leaves in place of each
 * entry's hash the number of its state. Notes in `fails`, from `first` on, where a system step fails. The number of states done is in
 * `linked`.
 */
export function linkFunction(p: Places, expand: number, canonical: number | null): Code {
  const code = new Code([I32, I32], [I32]);
  const state = code.local(I32);
  const next = code.local(I32);
  const l = probeLocals(code);
  code.get(0).set(state).i32(p.batch).set(next);
  code.block().loop();
  code.get(state).get(1).op(Op.geU).branchIf(1);
  code.get(next).i32(p.batchFull).op(Op.geU).branchIf(1);
  code.get(state).get(next).call(expand).set(next);
  code.get(state).get(0).op(Op.sub).globalGet(G.failed).store8(p.fails);
  code.get(state).i32(1).op(Op.add).set(state).branch(0).end().end();
  code.get(state).get(0).op(Op.sub).globalSet(G.linked);
  forEachEntry(code, p, l.entry, next, () => emitPrepare(code, p, canonical, l));
  forEachEntry(code, p, l.entry, next, () => {
    code.get(l.entry).load(p.entry.hash).tee(l.hash).i32(28).op(Op.shl).set(l.tag).get(l.hash).globalGet(G.shift).op(Op.shrU).set(l.at);
    code.block().block();
    emitProbe(code, p, l);
    code.end().i32(0).set(l.value).end();
    code.get(l.entry).get(l.value).i32(numberMask).op(Op.and).i32(1).op(Op.sub).store(p.entry.hash);
  });
  code.globalGet(G.sink).get(l.sink).op(Op.xor).globalSet(G.sink);
  code.get(next);
  return code;
}

/** run(n): expands up to n states; returns early where the host has to look: limits, hits, a depth that is enough, or nothing left. */
export function runFunction(p: Places, expand: number, flush: number): Code {
  const code = new Code([I32], []);
  const head = code.local(I32);
  const end = code.local(I32);
  const next = code.local(I32);
  const flushNow = (): void => {
    code.get(next).call(flush).i32(p.batch).set(next);
  };
  const limited = (): void => {
    code.globalGet(G.tail).globalGet(G.softLimit).op(Op.geU).globalGet(G.full).op(Op.or);
    code.globalGet(G.hits).i32(p.hitsFull).op(Op.geU).op(Op.or);
  };
  code.i32(p.batch).set(next).globalGet(G.head).tee(head).get(0).op(Op.add).set(end);
  code.block().loop();
  code.get(head).get(end).op(Op.geU).branchIf(1);
  code.get(head).globalGet(G.levelEnd).op(Op.eq).if();
  flushNow();
  code.get(head).globalGet(G.tail).op(Op.eq).branchIf(2);
  limited();
  code.branchIf(2);
  code.globalGet(G.tail).globalSet(G.levelEnd).globalGet(G.depth).i32(1).op(Op.add).globalSet(G.depth);
  code.globalGet(G.depth).globalGet(G.lastDepth).op(Op.gtS).branchIf(2).end();
  code.get(head).get(next).call(expand).set(next);
  code.get(head).i32(1).op(Op.add).set(head);
  code.get(next).i32(p.batchFull).op(Op.geU).if();
  flushNow();
  limited();
  code.branchIf(2).end();
  code.branch(0).end().end();
  flushNow();
  code.get(head).globalSet(G.head);
  return code;
}
