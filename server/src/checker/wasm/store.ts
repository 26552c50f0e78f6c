// Generates the store: an append-only log of states with their parents, which is also the queue, and a table of state numbers with a few
// bits of their hash. Successors come in batches, so that the processor overlaps the table's cache misses; states are compared whole, always.
import { Code, I32, I64, Op } from './emit.ts';
import { emitHash } from './hash.ts';
import { G, type Places, quietMark } from './places.ts';
import {
  emitAddress,
  emitCountBatch,
  emitKeep,
  emitNumber,
  emitPrepare,
  emitProbe,
  emitSeek,
  emitSlot,
  forEachEntry,
  probeLocals,
} from './table.ts';

/** flush(end of the batch): keeps every successor that is new, in their order. `canonical`: a function that rewrites an entry first. */
export function flushFunction(p: Places, canonical: number | null): Code {
  const code = new Code([I32], []);
  const l = probeLocals(code);
  const tail = code.local(I32);
  const shift = code.local(I32);
  code.globalGet(G.tail).set(tail).globalGet(G.shift).set(shift);
  forEachEntry(code, p, l.entry, 0, () => emitPrepare(code, p, canonical, l));
  forEachEntry(code, p, l.entry, 0, () => {
    emitSeek(code, p, l, () => code.get(shift));
    code.block().block();
    emitProbe(code, p, l);
    code.end();
    code.get(tail).globalGet(G.hardLimit).op(Op.geU).if().i32(1).globalSet(G.full).branch(1).end();
    emitAddress(code, p, tail);
    code.set(l.record);
    emitKeep(code, p, l.entry, l.record);
    code.get(tail).i32(1).op(Op.add).set(tail);
    emitSlot(code, l.at);
    code.get(tail).get(l.tag).op(Op.or).store(p.table);
    code.end();
  });
  emitCountBatch(code, p, 0);
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
  emitNumber(code, value);
  return code;
}

/** expand(state, where to write) -> where to write next: all steps of all agents out of one state. */
export function expandFunction(p: Places, steps: readonly number[], races: number | null): Code {
  const code = new Code([I32, I32], [I32]);
  const address = code.local(I32);
  emitAddress(code, p, 0);
  code.set(address);
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
    emitSeek(code, p, l);
    code.block().block();
    emitProbe(code, p, l);
    code.end().i32(0).set(l.value).end();
    code.get(l.entry);
    emitNumber(code, l.value);
    code.store(p.entry.hash);
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
