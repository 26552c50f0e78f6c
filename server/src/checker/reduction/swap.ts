// Generates the code that exchanges two agents in a state, in place.
import { Code, I32, Op } from '../wasm/emit.ts';
import { emitField, mask, type Reader } from '../wasm/field.ts';
import type { Context } from '../wasm/interval.ts';
import type { Field } from '../wasm/layout.ts';
import { type Automorphism, mapped, type ValueMap } from './valueMap.ts';

/** Fields up to this width are mapped by a table. */
export const TABLE_BITS = 10;

/** What is stored of a reachable state is stored of its image, which is reachable too; here is only what the code cannot do. */
export function canSwap({ layout }: Context, x: Automorphism): boolean {
  return layout.fields.every((f, slot) => {
    const to = layout.fields[x.slots[slot]];
    const map = x.values[slot];
    if (x.slots[slot] === slot && map.kind === 'same') return true;
    // Neither is stored: the exchange must leave them as they are.
    if (f === null && to === null) return mapped(map, layout.constants[slot]) === layout.constants[x.slots[slot]];
    return f !== null && to !== null && f.bits <= 32 && to.bits <= 32;
  });
}

export function swapFunction(context: Context, x: Automorphism): Code {
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
    emitRaw(reader, f);
    code.set(one);
    if (to !== slot) {
      emitRaw(reader, g);
      code.set(other);
      emitStore(code, f, () => emitMapped(context, code, g, f, map, other));
    }
    emitStore(code, g, () => emitMapped(context, code, f, g, map, one));
  });
  return code;
}

/** Leaves what is stored of a field: its value minus its minimum. */
export function emitRaw(reader: Reader, f: Field): void {
  emitField(reader, { ...f, min: 0 }, true);
}

/** Leaves the image of what is in a local, as it was stored in one field and is stored in another one. */
function emitMapped(context: Context, code: Code, from: Field, to: Field, map: ValueMap, local: number): void {
  code.get(local);
  if (map.kind !== 'same' && from.bits <= TABLE_BITS) {
    emitLookedUp(context, code, from, (v) => (mapped(map, v) - to.min) & mask(to.bits));
    return;
  }
  if (from.min !== to.min)
    code
      .i32(from.min - to.min)
      .op(Op.add)
      .tee(local);
  if (map.kind === 'same') return;
  for (const [a, b] of map.pairs) {
    if (map.kind === 'swap') {
      const one = a - to.min;
      const other = b - to.min;
      // Pairs have no value in common: each leaves what the others did.
      code.get(local).i32(one).op(Op.eq).get(local).i32(other).op(Op.eq).op(Op.or);
      code
        .i32(one ^ other)
        .op(Op.mul)
        .op(Op.xor);
    } else {
      // Where the two bits differ, both are turned over.
      code.get(local).i32(a).op(Op.shrU).get(local).i32(b).op(Op.shrU).op(Op.xor).i32(1).op(Op.and);
      code
        .i32((1 << a) | (1 << b))
        .op(Op.mul)
        .op(Op.xor);
    }
  }
}

/** Replaces what is stored in a narrow field, on the stack, by what a table says of the value. */
export function emitLookedUp(context: Context, code: Code, f: Field, entry: (value: number) => number): void {
  const { address } = context.constantArray(Array.from({ length: 2 ** f.bits }, (_, raw) => entry(raw + f.min) | 0));
  code.i32(2).op(Op.shl).load(address);
}

function emitStore(code: Code, f: Field, value: () => void): void {
  code
    .get(0)
    .get(0)
    .load(4 * f.word)
    .i32(~(mask(f.bits) << f.shift))
    .op(Op.and);
  value();
  if (f.shift > 0) code.i32(f.shift).op(Op.shl);
  code.op(Op.or).store(4 * f.word);
}
