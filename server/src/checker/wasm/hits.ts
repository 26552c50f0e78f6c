// Generates the code that notes violations and races: a buffer that the host empties, and a small cache in front of it that holds back
// most repetitions. Exactly one of each is kept by the host.
import type { System } from '../../system/system.ts';
import { Code, I32, I64, Op } from './emit.ts';
import { emit32, emit64 } from './expression.ts';
import type { Reader } from './field.ts';
import { type Context, fits32 } from './interval.ts';
import { environmentLabel } from './label.ts';
import { G } from './places.ts';

export interface HitPlaces {
  readonly cache: number;
  readonly cacheEntries: number;
  readonly buffer: number;
}

export const hitBytes = 32;
/** In place of a fault: two agents at locations `object` and `by` race; the label holds the agents. */
export const raceFault = -1;

/** hit(state, label, fault, object, by) */
export function hitFunction(p: HitPlaces): Code {
  const code = new Code([I32, I32, I32, I64, I64], []);
  const at = code.local(I32);
  // A step that fails has happened, whether or not it is news.
  code.get(1).i32(0).op(Op.ltS).if();
  code.globalGet(G.fails).i32(1).op(Op.add).globalSet(G.fails);
  code.get(1).i32(environmentLabel).op(Op.and).op(Op.eqz).if();
  code.i32(1).globalSet(G.system).i32(1).globalSet(G.failed).end().end();
  code
    .get(1)
    .i32(0x9e3779b1 | 0)
    .op(Op.mul)
    .get(2)
    .op(Op.add)
    .i32(0x9e3779b1 | 0)
    .op(Op.mul);
  code
    .get(3)
    .op(Op.wrap)
    .op(Op.add)
    .i32(0x85ebca6b | 0)
    .op(Op.mul)
    .get(4)
    .op(Op.wrap)
    .op(Op.xor);
  code
    .i32(0xc2b2ae35 | 0)
    .op(Op.mul)
    .i32(32 - Math.log2(p.cacheEntries))
    .op(Op.shrU)
    .i32(5)
    .op(Op.shl)
    .set(at);
  const write = (base: number): void => {
    code
      .get(at)
      .get(0)
      .store(base)
      .get(at)
      .get(1)
      .store(base + 4)
      .get(at)
      .get(2)
      .store(base + 8);
    code
      .get(at)
      .i32(1)
      .store(base + 12)
      .get(at)
      .get(3)
      .store64(base + 16)
      .get(at)
      .get(4)
      .store64(base + 24);
  };
  const cached = (offset: number): void => {
    code.get(at).load(p.cache + offset);
  };
  // Labels count: a step that reports and then fails with the same words must be seen to fail.
  cached(12);
  cached(8);
  code.get(2).op(Op.eq).op(Op.and);
  cached(4);
  code.get(1).op(Op.eq).op(Op.and);
  code
    .get(at)
    .load64(p.cache + 16)
    .get(3)
    .op(Op.eq64)
    .op(Op.and);
  code
    .get(at)
    .load64(p.cache + 24)
    .get(4)
    .op(Op.eq64)
    .op(Op.and);
  code.globalGet(G.replay).op(Op.eqz).op(Op.and);
  code.if().op(Op.return).end();
  code.globalGet(G.replay).op(Op.eqz).if();
  write(p.cache);
  code.end();
  code.globalGet(G.hits).i32(5).op(Op.shl).set(at);
  write(p.buffer);
  code.globalGet(G.hits).i32(1).op(Op.add).globalSet(G.hits);
  return code;
}

/** hitsBack(count): forgets the hits since, and what the cache knows of them. */
export function hitsBackFunction(p: HitPlaces): Code {
  const code = new Code([I32], []);
  code.get(0).globalGet(G.hits).op(Op.ne).if();
  code
    .i32(p.cache)
    .i32(0)
    .i32(p.cacheEntries * hitBytes)
    .fill();
  code.get(0).globalSet(G.hits).end();
  return code;
}

/** Agents that ever make a plain access, in order. */
export function watchedAgents(system: System): readonly number[] {
  return system.agents.flatMap((a, agent) => (a.locations.some((l) => l.access !== null) ? [agent] : []));
}

/**
 * races(address of the state, its number): a quick look at which parts of the state are about to be read and written, and only where
 * two agents meet in one of them the exact comparison of slots.
 */
export function racesFunction(context: Context, hit: number, scratch: number): Code | null {
  const { system, layout } = context;
  const watched = watchedAgents(system);
  const regions = regionOf(system);
  if (watched.length < 2) return null;
  const code = new Code([I32, I32], []);
  const source: Reader = { context, code, baseOf: () => 0 };
  const reads = code.local(I32);
  const writes = code.local(I32);
  const clash = code.local(I32);
  const own = code.local(I32);
  const locationOf = (agent: number): void => {
    emit32(source, { op: 'load', slot: system.agents[agent].slot });
  };
  const bits = (agent: number, write: boolean): readonly number[] =>
    system.agents[agent].locations.map((l) => (l.access !== null && l.access.write === write ? 1 << (regions[l.access.slot] % 32) : 0));
  for (const agent of watched) {
    for (const write of [false, true]) {
      const values = bits(agent, write);
      if (values.every((v) => v === 0)) continue;
      const array = context.constantArray(values);
      locationOf(agent);
      code.i32(2).op(Op.shl).load(array.address).set(own);
      code.get(clash).get(own).get(writes);
      if (write) code.get(reads).op(Op.or);
      code.op(Op.and).op(Op.or).set(clash);
      // An agent's own read does not meet its own write: it stands at one location, so one of the two is empty.
      code
        .get(write ? writes : reads)
        .get(own)
        .op(Op.or)
        .set(write ? writes : reads);
    }
  }
  code.get(clash).op(Op.eqz).if().op(Op.return).end();

  // The slot that each agent is about to access (-1: none), and whether it writes it.
  watched.forEach((agent, i) => {
    const { locations, slot } = system.agents[agent];
    code
      .i32(0)
      .i32(-1)
      .store(scratch + 8 * i);
    const at = (location: number): void => {
      const access = locations[location].access;
      if (access === null) return;
      code
        .i32(0)
        .i32(access.write ? 1 : 0)
        .store(scratch + 8 * i + 4);
      code.i32(0);
      if (access.index === null) code.i32(access.slot);
      else if (fits32(context, access.index)) {
        const index = code.local(I32);
        emit32(source, access.index);
        code.tee(index).i32(access.slot).op(Op.add).i32(-1).get(index).i32(0).op(Op.geS).op(Op.select);
      } else {
        const index = code.local(I64);
        emit64(source, access.index);
        code.tee(index).op(Op.wrap).i32(access.slot).op(Op.add).i32(-1).get(index).i64(0n).op(Op.geS64).op(Op.select);
      }
      code.store(scratch + 8 * i);
    };
    if (layout.fields[slot] === null) {
      at(layout.constants[slot]);
      return;
    }
    // One block for each location with an access, innermost first; the others share the way out.
    const some = [...locations.keys()].filter((k) => locations[k].access !== null);
    const n = some.length;
    for (let k = 0; k <= n; k++) code.block();
    locationOf(agent);
    const depths = new Array<number>(locations.length).fill(n);
    some.forEach((location, k) => {
      depths[location] = k;
    });
    code.branchTable(depths, n);
    some.forEach((location, k) => {
      code.end();
      at(location);
      code.branch(n - 1 - k);
    });
    code.end();
  });
  watched.forEach((second, i) => {
    if (i === 0) return;
    code
      .block()
      .i32(0)
      .load(scratch + 8 * i)
      .i32(0)
      .op(Op.ltS)
      .branchIf(0);
    for (let j = 0; j < i; j++) {
      const first = watched[j];
      code
        .i32(0)
        .load(scratch + 8 * i)
        .i32(0)
        .load(scratch + 8 * j)
        .op(Op.eq);
      code
        .i32(0)
        .load(scratch + 8 * i + 4)
        .i32(0)
        .load(scratch + 8 * j + 4)
        .op(Op.or)
        .op(Op.and)
        .if();
      code
        .get(1)
        .i32((first << 16) | second)
        .i32(raceFault);
      locationOf(first);
      code.op(Op.extendS);
      locationOf(second);
      code.op(Op.extendS).call(hit).end();
    }
    code.end();
  });
  return code;
}

/** Slots whose accesses can overlap have one number. */
function regionOf(system: System): readonly number[] {
  const joined = new Uint8Array(system.slots + 1);
  for (const a of system.agents) {
    for (const l of a.locations)
      if (l.access !== null && l.access.index !== null) joined.fill(1, l.access.slot + 1, l.access.slot + l.access.length);
  }
  let region = -1;
  return Array.from({ length: system.slots }, (_, slot) => (joined[slot] === 1 ? region : ++region));
}
