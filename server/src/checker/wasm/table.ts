// Generates the parts of which walks through the table of states are made: from a hash to a slot, from a slot to a state, from there to the next
// slot. Who puts them together is in store.ts, and for two threads in together.ts.
import { Code, I32, I64, Op } from './emit.ts';
import { copyWords } from './copy.ts';
import { emitHash } from './hash.ts';
import { G, numberMask, type Places, tagMask } from './places.ts';

/** Leaves the address of the state whose number is in a local. */
export function emitAddress(code: Code, p: Places, state: number): void {
  code.get(state).i32(p.record).op(Op.mul).i32(p.log).op(Op.add);
}

/** Leaves the address, relative to the table, of a slot. */
export function emitSlot(code: Code, at: number): void {
  code.get(at).i32(2).op(Op.shl);
}

/** Goes round, from the end of a loop to its begin, with the next slot. */
export function emitNextSlot(code: Code, at: number): void {
  code.get(at).i32(1).op(Op.add).globalGet(G.mask).op(Op.and).set(at).branch(0);
}

/**
 * rehash(first, end): enters states of the log into the table, which has its new size. In parts, since a host compiles a function well
 * only between two calls.
 */
export function rehashFunction(p: Places): Code {
  return rehashing(p, (code, at, hash) => {
    emitSlot(code, at);
    code.load(p.table).op(Op.eqz).branchIf(1);
    emitNextSlot(code, at);
    code.end().end();
    emitSlot(code, at);
    code.get(hash).i32(28).op(Op.shl).get(0).op(Op.or).store(p.table);
  });
}

/** `enter`: finds a free slot from `at` on, in a block and a loop that it ends, and puts number 0 there with the upper bits of the hash. */
export function rehashing(p: Places, enter: (code: Code, at: number, hash: number) => void): Code {
  const code = new Code([I32, I32], []);
  const address = code.local(I32);
  const hash = code.local(I32);
  const at = code.local(I32);
  const h = code.local(I64);
  emitAddress(code, p, 0);
  code.set(address);
  code.block().loop().get(0).get(1).op(Op.geU).branchIf(1);
  code.get(0).i32(1).op(Op.add).set(0);
  emitHash(code, p.words, (w) => code.get(address).loadWide(4 * w), h);
  code.tee(hash).globalGet(G.shift).op(Op.shrU).set(at);
  code.block().loop();
  enter(code, at, hash);
  code.get(address).i32(p.record).op(Op.add).set(address).branch(0).end().end();
  return code;
}

/** For a state at `entry` with its hash: walks the table; leaves the block `found` (depth 2 from the inside) or `empty` (depth 1). */
export function emitProbe(code: Code, p: Places, l: { at: number; tag: number; value: number; record: number; entry: number }): void {
  code.loop();
  emitSlot(code, l.at);
  code.load(p.table).tee(l.value).op(Op.eqz).branchIf(1);
  emitMatch(code, p, l, 3);
  emitNextSlot(code, l.at);
  code.end();
}

/** Leaves the block of depth `found` if the slot's value stands for the state of an entry. */
export function emitMatch(code: Code, p: Places, l: Omit<ProbeLocals, 'h' | 'hash' | 'sink' | 'at'>, found: number): void {
  code.get(l.value).i32(tagMask).op(Op.and).get(l.tag).op(Op.eq).if();
  emitNumber(code, l.value);
  code.i32(p.record).op(Op.mul).set(l.record);
  emitSame(code, p, l.record, l.entry);
  code.branchIf(found).end();
}

/** Leaves the number of the state that a slot's value stands for; -1 for an empty slot. */
export function emitNumber(code: Code, value: number): void {
  code.get(value).i32(numberMask).op(Op.and).i32(1).op(Op.sub);
}

/** Leaves 1 if the state of a record (relative to the log) is that of an entry. */
function emitSame(code: Code, p: Places, record: number, entry: number): void {
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

/** Where the state of an entry belongs in the table, and the bits of its hash that would stand there. */
export function emitSeek(code: Code, p: Places, l: ProbeLocals, shift = () => code.globalGet(G.shift)): void {
  code.get(l.entry).load(p.entry.hash).tee(l.hash).i32(28).op(Op.shl).set(l.tag).get(l.hash);
  shift();
  code.op(Op.shrU).set(l.at);
}

/** Counts the steps of a batch that ends at the address in a local. */
export function emitCountBatch(code: Code, p: Places, end: number): void {
  code.globalGet(G.transitions).get(end).i32(p.batch).op(Op.sub).i32(p.entry.bytes).op(Op.divU).op(Op.add).globalSet(G.transitions);
}

/** Copies an entry of the batch to where a state and its parent belong. */
export function emitKeep(code: Code, p: Places, entry: number, address: number): void {
  copyWords(code, entry, address, p.words);
  code
    .get(address)
    .get(entry)
    .load(p.entry.parent)
    .store(4 * p.words);
}
