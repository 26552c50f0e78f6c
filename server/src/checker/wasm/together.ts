// Generates what two threads do at once in one memory, on one level of the search. They take states in chunks, and enter new ones into the
// table by comparing and exchanging its slot once the record is written. Each has its own module, whose buffers lie apart from the other's.
import { Code, I32, I64, Op } from './emit.ts';
import { copyWords } from './copy.ts';
import { emitHash } from './hash.ts';
import { G, type Places, tagMask } from './places.ts';
import {
  emitAddress,
  emitCountBatch,
  emitKeep,
  emitMatch,
  emitNextSlot,
  emitNumber,
  emitPrepare,
  emitSeek,
  emitSlot,
  forEachEntry,
  probeLocals,
  rehashing,
} from './table.ts';

/** Words through which the threads talk, by address: those that both write often have a cache line each. */
export const control = {
  /** The next state, and the next number for a new one. */
  head: 64,
  tail: 128,
  /** Not 0: take no further chunk. */
  pause: 192,
  /** What the second thread is to do: `command` changes last. */
  command: 256,
  task: 260,
  end: 264,
  softLimit: 268,
  shift: 272,
  mask: 276,
  /** What the second thread is doing, and what it has done since it was told. */
  state: 320,
  transitions: 324,
  fails: 328,
  hits: 332,
  own: 336,
  ownEnd: 340,
} as const;

/** `task`. */
export const task = { explore: 0, enter: 1, quit: 2 } as const;
/** `state`; a thread that has not come to life yet is none of them. */
export const threadState = { starting: 0, idle: 1, working: 2, failed: 3 } as const;

/** Numbers that a thread takes at once for its new states. */
export const OWN_NUMBERS = 256;
/** States that a thread enters at once into a table that has grown. */
const ENTERED = 4096;

/** flush(end of the batch): keeps every successor that is new. `canonical`: a function that rewrites an entry first. */
export function flushTogetherFunction(p: Places, canonical: number | null): Code {
  const code = new Code([I32], []);
  const l = probeLocals(code);
  const own = code.local(I32);
  const written = code.local(I32);
  const address = code.local(I32);
  code.globalGet(G.own).set(own);
  forEachEntry(code, p, l.entry, 0, () => emitPrepare(code, p, canonical, l));
  forEachEntry(code, p, l.entry, 0, () => {
    emitSeek(code, p, l);
    code.i32(0).set(written);
    code.block().loop();
    emitSlot(code, l.at);
    code.atomicLoad(p.table).tee(l.value).op(Op.eqz).if();
    code.get(written).op(Op.eqz).if();
    emitOwn(code, own);
    emitAddress(code, p, own);
    code.set(address);
    emitKeep(code, p, l.entry, address);
    code.i32(1).set(written).end();
    // The other thread may have been faster: then what it has put there is looked at.
    emitSlot(code, l.at);
    code.i32(0).get(own).i32(1).op(Op.add).get(l.tag).op(Op.or).atomicCompareExchange(p.table);
    code.tee(l.value).op(Op.eqz).if().get(own).i32(1).op(Op.add).set(own).branch(3).end();
    code.end();
    emitMatch(code, p, l, 2);
    emitNextSlot(code, l.at);
    code.end().end();
  });
  emitCountBatch(code, p, 0);
  code.get(own).globalSet(G.own).globalGet(G.sink).get(l.sink).op(Op.xor).globalSet(G.sink);
  return code;
}

/** Makes sure that a local holds a number that is this thread's. */
function emitOwn(code: Code, own: number): void {
  code.get(own).globalGet(G.ownEnd).op(Op.eq).if();
  code.i32(0).i32(OWN_NUMBERS).atomicAdd(control.tail).tee(own).i32(OWN_NUMBERS).op(Op.add).globalSet(G.ownEnd).end();
}

/** work(n) -> states expanded: takes chunks until it has n states; fewer where the level has no more, or the host has to look. */
export function workFunction(p: Places, expand: number, flush: number): Code {
  const code = new Code([I32], [I32]);
  const head = code.local(I32);
  const end = code.local(I32);
  const next = code.local(I32);
  const done = code.local(I32);
  const last = code.local(I32);
  const limit = code.local(I32);
  code.i32(p.batch).set(next).i32(0).atomicLoad(control.end).set(last).i32(0).atomicLoad(control.softLimit).set(limit);
  code.block().loop();
  code.get(done).get(0).op(Op.geU);
  code.i32(0).atomicLoad(control.pause).op(Op.or);
  code.i32(0).atomicLoad(control.tail).get(limit).op(Op.geU).op(Op.or);
  code.globalGet(G.hits).i32(p.hitsFull).op(Op.geU).op(Op.or).branchIf(1);
  code.i32(0).i32(p.chunk).atomicAdd(control.head).tee(head).get(last).op(Op.geU).branchIf(1);
  code.get(head).i32(p.chunk).op(Op.add).tee(end).get(last).get(end).get(last).op(Op.ltU).op(Op.select).set(end);
  code.get(done).get(end).get(head).op(Op.sub).op(Op.add).set(done);
  code.loop();
  code.get(head).get(next).call(expand).set(next);
  code.get(next).i32(p.batchFull).op(Op.geU).if().get(next).call(flush).i32(p.batch).set(next).end();
  code.get(head).i32(1).op(Op.add).tee(head).get(end).op(Op.ltU).branchIf(0).end();
  code.branch(0).end().end();
  code.get(next).call(flush).get(done);
  return code;
}

/** rehash(first, end): enters states of the log into the table, which has its new size. */
export function rehashTogetherFunction(p: Places): Code {
  return rehashing(p, (code, at, hash) => {
    emitSlot(code, at);
    code.i32(0).get(hash).i32(28).op(Op.shl).get(0).op(Op.or).atomicCompareExchange(p.table);
    code.op(Op.eqz).branchIf(1);
    emitNextSlot(code, at);
    code.end().end();
  });
}

/** enter(n): takes parts of the log, n states at most, and enters them into the table. */
export function enterFunction(rehash: number): Code {
  const code = new Code([I32], []);
  const head = code.local(I32);
  const end = code.local(I32);
  const done = code.local(I32);
  const last = code.local(I32);
  code.i32(0).atomicLoad(control.end).set(last);
  code.block().loop();
  code.get(done).get(0).op(Op.geU).i32(0).atomicLoad(control.pause).op(Op.or).branchIf(1);
  code.get(done).i32(ENTERED).op(Op.add).set(done);
  code.i32(0).i32(ENTERED).atomicAdd(control.head).tee(head).get(last).op(Op.geU).branchIf(1);
  code.get(head).i32(ENTERED).op(Op.add).tee(end).get(last).get(end).get(last).op(Op.ltU).op(Op.select).set(end);
  code.get(head).get(end).call(rehash).branch(0).end().end();
  return code;
}

/** move(from, to): gives a state another number, under which there was none. */
export function moveFunction(p: Places): Code {
  const code = new Code([I32, I32], []);
  const source = code.local(I32);
  const target = code.local(I32);
  const at = code.local(I32);
  const value = code.local(I32);
  const h = code.local(I64);
  emitAddress(code, p, 0);
  code.set(source);
  emitAddress(code, p, 1);
  code.set(target);
  copyWords(code, source, target, p.words + 1);
  emitHash(code, p.words, (w) => code.get(source).loadWide(4 * w), h);
  code.globalGet(G.shift).op(Op.shrU).set(at);
  code.block().loop();
  emitSlot(code, at);
  code.load(p.table).set(value);
  emitNumber(code, value);
  code.get(0).op(Op.eq).branchIf(1);
  emitNextSlot(code, at);
  code.end().end();
  emitSlot(code, at);
  code.get(value).i32(tagMask).op(Op.and);
  code.get(1).i32(1).op(Op.add).op(Op.or).store(p.table);
  return code;
}

/** help(): the life of the second thread. It does what it is told, tells what it has done, and waits. */
export function helpFunction(work: number, enter: number): Code {
  const code = new Code([], []);
  const told = code.local(I32);
  const take = (word: number, global: number): void => {
    code.i32(0).atomicLoad(word).globalSet(global);
  };
  const tell = (word: number, global: number): void => {
    code.i32(0).globalGet(global).atomicStore(word);
  };
  code.loop();
  code.i32(0).i32(threadState.idle).atomicStore(control.state).i32(0).i32(1).notify(control.state).op(Op.drop);
  code.block().loop();
  code.i32(0).atomicLoad(control.command).get(told).op(Op.ne).branchIf(1);
  code.i32(0).get(told).i64(-1n).waitAt(control.command).op(Op.drop).branch(0).end().end();
  code.i32(0).atomicLoad(control.command).set(told);
  code.i32(0).atomicLoad(control.task).i32(task.quit).op(Op.eq).if().op(Op.return).end();
  take(control.shift, G.shift);
  take(control.mask, G.mask);
  for (const counted of [G.transitions, G.fails, G.hits, G.own, G.ownEnd]) code.i32(0).globalSet(counted);
  code.i32(0).atomicLoad(control.task).i32(task.explore).op(Op.eq).if();
  code.i32(-1).call(work).op(Op.drop).else().i32(-1).call(enter).end();
  tell(control.transitions, G.transitions);
  tell(control.fails, G.fails);
  tell(control.hits, G.hits);
  tell(control.own, G.own);
  tell(control.ownEnd, G.ownEnd);
  code.branch(0).end();
  return code;
}
