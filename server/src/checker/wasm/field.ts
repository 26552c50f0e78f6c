// Generates reads of what is stored of a state: a variable's bits, an element whose index is computed, and constant arrays.
import { type Code, I32, Op } from './emit.ts';
import type { Context } from './interval.ts';
import type { Field, Group } from './layout.ts';

/** One function's view: its code, and which local points to the state that some words in a row are to be read from. */
export interface Reader {
  readonly context: Context;
  readonly code: Code;
  readonly baseOf: (word: number, words: number) => number;
}

/** Leaves a stored field's value: 64-bit where the field is wide or its values are. */
export function emitField(r: Reader, f: Field, small: boolean): void {
  const { code } = r;
  code.get(r.baseOf(f.word, 1));
  if (f.bits === 64) {
    code.load64(4 * f.word);
    if (f.min !== 0) code.i64Number(f.min).op(Op.add64);
    if (small) code.op(Op.wrap);
    return;
  }
  code.load(4 * f.word);
  if (f.shift > 0) code.i32(f.shift).op(Op.shrU);
  if (f.shift + f.bits < 32) code.i32(mask(f.bits)).op(Op.and);
  addMinimum(r, f.min, small);
}

/** For a group in one word: leaves the bit position of the element whose index is on the stack. */
export function emitPosition(r: Reader, g: Group, slot: number): void {
  const first = (slot - g.slot) * g.bits + g.shift;
  if (g.bits > 1) r.code.i32(g.bits).op(Op.mul);
  if (first > 0) r.code.i32(first).op(Op.add);
}

export function mask(bits: number): number {
  return bits >= 32 ? -1 : 2 ** bits - 1;
}

/** Leaves the value of an element whose index `index` leaves. */
export function emitElement(r: Reader, slot: number, length: number, index: () => void, small: boolean): void {
  const { code, context } = r;
  const g = context.layout.groups[slot];
  if (g === null) {
    const f = context.layout.fields[slot];
    if (f !== null) {
      // A group of one slot.
      index();
      code.op(Op.drop);
      emitField(r, f, small);
    } else emitConstantElement(r, context.layout.constants.slice(slot, slot + length), index, small);
    return;
  }
  const skipped = slot - g.slot;
  if (g.words === 1) {
    code.get(r.baseOf(g.word, g.words)).load(4 * g.word);
    index();
    emitPosition(r, g, slot);
    code.op(Op.shrU).i32(mask(g.bits)).op(Op.and);
    addMinimum(r, g.min, small);
    return;
  }
  if (g.bits === 64 || g.bits === 32 || g.bits === 8) {
    const bytes = g.bits / 8;
    index();
    if (bytes > 1) code.i32(Math.log2(bytes)).op(Op.shl);
    code.get(r.baseOf(g.word, g.words)).op(Op.add);
    const offset = 4 * g.word + skipped * bytes;
    if (g.bits === 64) {
      code.load64(offset);
      if (g.min !== 0) code.i64Number(g.min).op(Op.add64);
      if (small) code.op(Op.wrap);
      return;
    }
    if (g.bits === 32) code.load(offset);
    else code.load8(offset);
    addMinimum(r, g.min, small);
    return;
  }
  // Elements of 1, 2, 4 or 16 bits, several to a word.
  const position = code.local(I32);
  index();
  if (skipped > 0) code.i32(skipped).op(Op.add);
  code.i32(g.bits).op(Op.mul).tee(position);
  code
    .i32(3)
    .op(Op.shrU)
    .i32(-4)
    .op(Op.and)
    .get(r.baseOf(g.word, g.words))
    .op(Op.add)
    .load(4 * g.word);
  // Shifts take their count modulo 32.
  code.get(position).op(Op.shrU).i32(mask(g.bits)).op(Op.and);
  addMinimum(r, g.min, small);
}

/** The same of an array that never changes. */
export function emitConstantElement(r: Reader, values: readonly number[], index: () => void, small: boolean): void {
  const { code } = r;
  const array = r.context.constantArray(values);
  index();
  code.i32(array.wide ? 3 : 2).op(Op.shl);
  if (array.wide) {
    code.load64(array.address);
    if (small) code.op(Op.wrap);
  } else {
    code.load(array.address);
    if (!small) code.op(Op.extendS);
  }
}

/** The stored 32 bits on the stack are the value minus `min`. */
function addMinimum(r: Reader, min: number, small: boolean): void {
  const { code } = r;
  if (small) {
    if (min !== 0) code.i32(min).op(Op.add);
    return;
  }
  code.op(Op.extendU);
  if (min !== 0) code.i64Number(min).op(Op.add64);
}
