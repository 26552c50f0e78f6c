// Generates the code that sorts identical agents: of all states that differ only in who is who, one is kept. Which exchanges are allowed was
// proved in automorphism.ts; the order is by a hash of what belongs to each agent, so that states that tie are at worst kept apart.
import type { System } from '../../system/system.ts';
import { Code, I32, I64, Op } from '../wasm/emit.ts';
import { type Context, emitField, mask, type Reader } from '../wasm/expression.ts';
import type { Field } from '../wasm/layout.ts';
import type { MakeCanonical } from '../wasm/generate.ts';
import { constants } from '../wasm/store.ts';
import { type Automorphism, exchange, mapped, type ValueMap } from './automorphism.ts';

/** Agents that can be exchanged freely: `swaps[i]` exchanges the i-th with the next. */
interface Sortable {
  readonly agents: readonly number[];
  readonly swaps: readonly Automorphism[];
}

/** The symmetries of a system that hold up to proof. */
function sortableIn(system: System, initials: ReadonlyArray<readonly number[]>): readonly Sortable[] {
  return system.symmetries.flatMap(({ agents }): readonly Sortable[] => {
    const swaps = agents.slice(1).map((b, i) => exchange(system, initials, agents[i], b));
    const proved = swaps.filter((s) => s !== null);
    if (proved.length < swaps.length || columnsOf(proved) === null) return [];
    return [{ agents, swaps: proved }];
  });
}

/** canonical(entry): rewrites a state in place. Null where nothing can be sorted. */
export const canonicalFunction: MakeCanonical = (context, initials, add) => {
  const usable = sortableIn(context.system, initials).filter((s) => s.swaps.every((x) => canSwap(context, x)));
  if (usable.length === 0) return null;
  const code = new Code([I32], []);
  for (const s of usable) {
    const swaps = s.swaps.map((x) => add(swapFunction(context, x)));
    const keys = s.agents.map(() => code.local(I64));
    emitKeys(context, code, s, keys);
    // Few agents, and mostly sorted already: a bubble sort, unrolled.
    for (let end = keys.length - 1; end > 0; end--) {
      for (let i = 0; i < end; i++) {
        code
          .get(keys[i])
          .get(keys[i + 1])
          .op(Op.gtU64)
          .if();
        code
          .get(keys[i])
          .get(keys[i + 1])
          .set(keys[i])
          .set(keys[i + 1]);
        code.get(0).call(swaps[i]).end();
      }
    }
  }
  return add(code);
};

/** By agent, in one order for all: the slots that move with it. Null where they cannot be told apart. */
function columnsOf(swaps: readonly Automorphism[]): ReadonlyArray<readonly number[]> | null {
  const moved = swaps.map((s) => new Set([...s.slots.keys()].filter((slot) => s.slots[slot] !== slot)));
  const [first] = swaps;
  // What the second exchange moves too belongs to the second agent; with two agents either way will do.
  const own = [...moved[0]].filter((slot) => (swaps.length > 1 ? !moved[1].has(slot) : slot < first.slots[slot]));
  const columns: number[][] = [own];
  for (const s of swaps) columns.push(columns[columns.length - 1].map((slot) => s.slots[slot]));
  const exact = moved.every((m, i) => {
    const both = new Set([...columns[i], ...columns[i + 1]]);
    return both.size === m.size && [...both].every((slot) => m.has(slot));
  });
  return exact ? columns : null;
}

function canSwap({ layout }: Context, x: Automorphism): boolean {
  return layout.fields.every((f, slot) => {
    const to = layout.fields[x.slots[slot]];
    if (x.slots[slot] === slot && x.values[slot].kind === 'same') return true;
    // Neither is stored: the exchange must leave them as they are.
    if (f === null && to === null) return mapped(x.values[slot], layout.constants[slot]) === layout.constants[x.slots[slot]];
    return f !== null && to !== null && f.bits <= 32 && to.bits <= 32 && f.min === to.min && f.bits === to.bits;
  });
}

function swapFunction(context: Context, x: Automorphism): Code {
  const code = new Code([I32], []);
  const reader: Reader = { context, code, baseOf: () => 0 };
  const one = code.local(I32);
  const other = code.local(I32);
  const { fields } = context.layout;
  x.slots.forEach((to, slot) => {
    const f = fields[slot];
    const g = fields[to];
    const map = x.values[slot];
    if (f === null || g === null || to < slot || (to === slot && map.kind === 'same')) return;
    emitField(reader, f, true);
    code.set(one);
    if (to !== slot) {
      emitField(reader, g, true);
      code.set(other);
      emitStore(code, f, () => emitMapped(code, map, other));
    }
    emitStore(code, g, () => emitMapped(code, map, one));
  });
  return code;
}

/** Leaves the image of the value in a local. */
function emitMapped(code: Code, map: ValueMap, local: number): void {
  if (map.kind === 'same') code.get(local);
  else if (map.kind === 'swap') {
    code.i32(map.b).i32(map.a).get(local).get(local).i32(map.b).op(Op.eq).op(Op.select).get(local).i32(map.a).op(Op.eq).op(Op.select);
  } else {
    // Where the two bits differ, both are turned over.
    code.get(local);
    code.get(local).i32(map.a).op(Op.shrU).get(local).i32(map.b).op(Op.shrU).op(Op.xor).i32(1).op(Op.and);
    code
      .i32((1 << map.a) | (1 << map.b))
      .op(Op.mul)
      .op(Op.xor);
  }
}

function emitStore(code: Code, f: Field, value: () => void): void {
  code
    .get(0)
    .get(0)
    .load(4 * f.word)
    .i32(~(mask(f.bits) << f.shift))
    .op(Op.and);
  value();
  if (f.min !== 0) code.i32(f.min).op(Op.sub);
  if (f.shift > 0) code.i32(f.shift).op(Op.shl);
  code.op(Op.or).store(4 * f.word);
}

/** Leaves a hash of each agent's column in its local. */
function emitKeys(context: Context, code: Code, s: Sortable, keys: readonly number[]): void {
  const { layout } = context;
  const columns = columnsOf(s.swaps) ?? [];
  const reader: Reader = { context, code, baseOf: () => 0 };
  const pieces = piecesOf(context, s, columns);
  keys.forEach((key, agent) => {
    const next = constants(0x5be0cd19137e2179n);
    code.i64(next());
    for (const p of pieces[agent]) {
      code
        .get(0)
        .loadWide(4 * p.word)
        .i64(BigInt(mask(p.bits) >>> 0) << BigInt(p.shift))
        .op(Op.and64);
      // Shifted to where it lies for the first agent, so that equal contents count alike.
      if (p.shift > 0) code.i64(BigInt(p.shift)).op(Op.shrU64);
      code.i64(next()).op(Op.mul64).op(Op.add64);
    }
    s.swaps[0].values.forEach((map, slot) => {
      const f = layout.fields[slot];
      if (f === null || map.kind === 'same' || s.swaps[0].slots[slot] !== slot) return;
      const value = valueOf(s, slot, agent);
      if (value === null) return;
      emitField(reader, f, true);
      if (map.kind === 'swap') code.i32(value).op(Op.eq);
      else code.i32(value).op(Op.shrU).i32(1).op(Op.and);
      code.op(Op.extendU).i64(next()).op(Op.mul64).op(Op.add64);
    });
    code.set(key);
  });
}

/** Whole pieces of words where an agent's private variables were laid out together, single fields for the rest of its column. */
function piecesOf({ system, layout }: Context, s: Sortable, columns: ReadonlyArray<readonly number[]>): ReadonlyArray<readonly Field[]> {
  const symmetry = system.symmetries.findIndex((y) => y.agents[0] === s.agents[0]);
  const chunks = layout.chunks[symmetry];
  const inChunk = (f: Field, agent: number): boolean =>
    chunks[agent].some((c) => c.word === f.word && c.shift <= f.shift && f.shift + f.bits <= c.shift + c.bits);
  const alike = s.swaps.every((x) => columns[0].every((slot) => x.values[slot].kind === 'same'));
  return columns.map((column, agent) => {
    const fields = column.map((slot) => layout.fields[slot]);
    const whole = alike ? chunks[agent] : [];
    const rest = fields.filter(
      (f, k): f is Field => f !== null && !s.swaps.some((x) => x.values[columns[0][k]].kind !== 'same') && !(alike && inChunk(f, agent)),
    );
    return [...whole, ...rest];
  });
}

/** The value (or bit) that stands for the i-th agent in a slot. */
function valueOf(s: Sortable, slot: number, agent: number): number | null {
  const { values } = s.swaps[Math.max(0, agent - 1)];
  const map = values[slot];
  if (map.kind === 'same') return null;
  return agent === 0 ? map.a : map.b;
}
