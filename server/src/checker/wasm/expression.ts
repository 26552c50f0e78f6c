// Generates code for expressions: 32-bit operations where the bounds of the operands allow it, 64-bit ones elsewhere. Only checked
// integers reach the code. An index that the bounds do not prove inside is checked and traps: a bug in lowering is never a wrong answer.
import type { Binary, Expression } from '../../system/system.ts';
import { internal } from '../internal.ts';
import { isSmall } from '../plain/range.ts';
import { type Code, I32, I64, Op } from './emit.ts';
import { type Context, fits32, intervalIn } from './interval.ts';
import type { Field, Group } from './layout.ts';

/** One function's view: its code, and which local points to the state that some words in a row are to be read from. */
export interface Reader {
  readonly context: Context;
  readonly code: Code;
  readonly baseOf: (word: number, words: number) => number;
}

/** Leaves the value as a 32-bit integer; only for expressions that fit. */
export function emit32(r: Reader, e: Expression): void {
  if (!fits32(r.context, e)) internal('a wide value where a small one is needed');
  emitNatural(r, e);
}

/** Leaves the value as a 64-bit integer. */
export function emit64(r: Reader, e: Expression): void {
  if (e.op === 'constant') {
    r.code.i64Number(e.value);
    return;
  }
  emitNatural(r, e);
  if (fits32(r.context, e)) r.code.op(Op.extendS);
}

/** Leaves a 32-bit integer that is 0 exactly where the value is. */
export function emitTruth(r: Reader, e: Expression): void {
  const { code } = r;
  if (e.op === 'not') {
    emitTruth(r, e.operand);
    code.op(Op.eqz);
  } else if (e.op === 'binary' && e.operator === '&&') emitConjunction(r, e);
  else if (fits32(r.context, e)) emitNatural(r, e);
  else {
    emitNatural(r, e);
    code.i64(0n).op(Op.ne64);
  }
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

/** Leaves the index as a 32-bit integer that is certainly inside. */
export function emitIndex(r: Reader, index: Expression, length: number): void {
  const { code } = r;
  const bounds = intervalIn(r.context, index);
  if (isSmall(bounds)) {
    emitNatural(r, index);
    if (bounds.low >= 0 && bounds.high < length) return;
    const at = code.local(I32);
    code.tee(at).i32(length).op(Op.geU).if().op(Op.unreachable).end().get(at);
    return;
  }
  const at = code.local(I64);
  emitNatural(r, index);
  code.tee(at).i64(BigInt(length)).op(0x5a).if().op(Op.unreachable).end().get(at).op(Op.wrap);
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

function emitNatural(r: Reader, e: Expression): void {
  const { code, context } = r;
  const small = fits32(context, e);
  switch (e.op) {
    case 'constant':
      if (small) code.i32(e.value);
      else code.i64Number(e.value);
      return;
    case 'load': {
      const f = context.layout.fields[e.slot];
      if (f !== null) emitField(r, f, small);
      else if (small) code.i32(context.layout.constants[e.slot]);
      else code.i64Number(context.layout.constants[e.slot]);
      return;
    }
    case 'element':
      emitElement(r, e.slot, e.length, e.index, small);
      return;
    case 'table':
      emitConstantElement(r, context.system.tables[e.table], e.index, small);
      return;
    case 'not':
      emitTruth(r, e.operand);
      code.op(Op.eqz);
      return;
    case 'negate':
      if (small && fits32(context, e.operand)) {
        code.i32(0);
        emitNatural(r, e.operand);
        code.op(Op.sub);
      } else {
        code.i64(0n);
        emit64(r, e.operand);
        code.op(Op.sub64);
        if (small) code.op(Op.wrap);
      }
      return;
    case 'complement':
      if (small && fits32(context, e.operand)) {
        emitNatural(r, e.operand);
        code.i32(-1).op(Op.xor);
      } else {
        emit64(r, e.operand);
        code.i64(-1n).op(Op.xor64);
        if (small) code.op(Op.wrap);
      }
      return;
    case 'binary':
      emitBinary(r, e.operator, e.left, e.right, small);
      return;
    case 'choose': {
      emitTruth(r, e.condition);
      code.if(small ? I32 : I64);
      if (small) emit32(r, e.then);
      else emit64(r, e.then);
      code.else();
      if (small) emit32(r, e.else);
      else emit64(r, e.else);
      code.end();
      return;
    }
  }
}

function emitElement(r: Reader, slot: number, length: number, index: Expression, small: boolean): void {
  const { code, context } = r;
  const g = context.layout.groups[slot];
  if (g === null) {
    const f = context.layout.fields[slot];
    if (f !== null) {
      // A group of one slot.
      emitIndex(r, index, length);
      code.op(Op.drop);
      emitField(r, f, small);
    } else emitConstantElement(r, context.layout.constants.slice(slot, slot + length), index, small);
    return;
  }
  const skipped = slot - g.slot;
  if (g.words === 1) {
    code.get(r.baseOf(g.word, g.words)).load(4 * g.word);
    emitIndex(r, index, length);
    emitPosition(r, g, slot);
    code.op(Op.shrU).i32(mask(g.bits)).op(Op.and);
    addMinimum(r, g.min, small);
    return;
  }
  if (g.bits === 64 || g.bits === 32 || g.bits === 8) {
    const bytes = g.bits / 8;
    emitIndex(r, index, length);
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
  emitIndex(r, index, length);
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

function emitConstantElement(r: Reader, values: readonly number[], index: Expression, small: boolean): void {
  const { code } = r;
  const array = r.context.constantArray(values);
  emitIndex(r, index, values.length);
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

const arithmetic: Partial<Record<Binary, readonly [number, number]>> = {
  '+': [Op.add, Op.add64],
  '-': [Op.sub, Op.sub64],
  '*': [Op.mul, Op.mul64],
  '&': [Op.and, Op.and64],
  '|': [Op.or, Op.or64],
  '^': [Op.xor, Op.xor64],
};

const comparison: Partial<Record<Binary, readonly [number, number]>> = {
  '==': [Op.eq, Op.eq64],
  '!=': [Op.ne, Op.ne64],
  '<': [Op.ltS, Op.ltS64],
  '<=': [Op.leS, Op.leS64],
  '>': [Op.gtS, Op.gtS64],
  '>=': [Op.geS, Op.geS64],
};

function emitBinary(r: Reader, operator: Binary, left: Expression, right: Expression, small: boolean): void {
  const { code, context } = r;
  const narrow = fits32(context, left) && fits32(context, right);
  const compare = comparison[operator];
  if (compare !== undefined) {
    if (narrow) {
      if (emitMasked(r, operator, left, right)) return;
      emitNatural(r, left);
      emitNatural(r, right);
      code.op(compare[0]);
    } else {
      emit64(r, left);
      emit64(r, right);
      code.op(compare[1]);
    }
    return;
  }
  const plain = arithmetic[operator];
  if (plain !== undefined) {
    if (narrow && small) {
      emitNatural(r, left);
      emitNatural(r, right);
      code.op(plain[0]);
    } else {
      emit64(r, left);
      emit64(r, right);
      code.op(plain[1]);
      if (small) code.op(Op.wrap);
    }
    return;
  }
  switch (operator) {
    case '<<':
    case '>>': {
      const shift = operator === '<<' ? [Op.shl, Op.shl64] : [Op.shrS, Op.shrS64];
      const count = intervalIn(context, right);
      if (narrow && small && count.low >= 0 && count.high < 32) {
        emitNatural(r, left);
        emitNatural(r, right);
        code.op(shift[0]);
        return;
      }
      emit64(r, left);
      emit64(r, right);
      if (count.low < 0 || count.high > 63) {
        const by = code.local(I64);
        code.tee(by).i64(63n).op(Op.gtU64).if().op(Op.unreachable).end().get(by);
      }
      code.op(shift[1]);
      if (small) code.op(Op.wrap);
      return;
    }
    case '/':
    case '%':
      emitDivision(r, operator, left, right, small);
      return;
    case '&&':
      emitConjunction(r, { op: 'binary', operator, left, right });
      code.op(Op.eqz).op(Op.eqz);
      return;
    case '||':
      emitTruth(r, left);
      if (harmless(right)) {
        emitTruth(r, right);
        code.op(Op.or).op(Op.eqz).op(Op.eqz);
      } else {
        code.if(I32).i32(1).else();
        emitTruth(r, right);
        code.op(Op.eqz).op(Op.eqz).end();
      }
      return;
    default:
      internal(`no code for ${operator}`);
  }
}

/** By zero gives 0; the most negative number by -1 must not trap. */
function emitDivision(r: Reader, operator: '/' | '%', left: Expression, right: Expression, small: boolean): void {
  const { code } = r;
  const a = code.local(I64);
  const b = code.local(I64);
  emit64(r, left);
  code.set(a);
  emit64(r, right);
  code.tee(b).op(Op.eqz64).if(I64).i64(0n).else();
  if (operator === '%') code.get(a).get(b).op(Op.remS64);
  else code.get(b).i64(-1n).op(Op.eq64).if(I64).i64(0n).get(a).op(Op.sub64).else().get(a).get(b).op(Op.divS64).end();
  code.end();
  if (small) code.op(Op.wrap);
}

/** `a == 1 && b == 2 && ...` on bits of one word is one masked comparison; the rest follows, in order where it can trap. */
function emitConjunction(r: Reader, e: Expression): void {
  const { code, context } = r;
  const parts: Expression[] = [];
  flatten(e, parts);
  const words = new Map<number, { mask: number; value: number }>();
  const rest: Expression[] = [];
  for (const p of parts) {
    const known = fieldEquals(context, p);
    if (known === null) {
      rest.push(p);
      continue;
    }
    const before = words.get(known.word) ?? { mask: 0, value: 0 };
    if (((before.value ^ known.value) & before.mask & known.mask) !== 0) {
      code.i32(0);
      return;
    }
    words.set(known.word, { mask: before.mask | known.mask, value: before.value | known.value });
  }
  let count = 0;
  for (const [word, w] of words) {
    emitMaskedWord(r, word, w.mask, w.value);
    code.op(Op.eq);
    if (count++ > 0) code.op(Op.and);
  }
  let open = 0;
  for (const p of rest) {
    if (count > 0 && !harmless(p)) {
      code.if(I32);
      open++;
      count = 0;
    }
    emitTruth(r, p);
    if (!isTruthValue(context, p)) code.i32(0).op(Op.ne);
    if (count++ > 0) code.op(Op.and);
  }
  if (count === 0) code.i32(1);
  for (; open > 0; open--) code.else().i32(0).end();
}

function emitMaskedWord(r: Reader, word: number, bits: number, value: number): void {
  r.code.get(r.baseOf(word, 1)).load(4 * word);
  if (bits !== -1) r.code.i32(bits).op(Op.and);
  r.code.i32(value);
}

/** A field compared with a constant needs no shift. */
function emitMasked(r: Reader, operator: Binary, left: Expression, right: Expression): boolean {
  if (operator !== '==' && operator !== '!=') return false;
  const known = fieldEquals(r.context, { op: 'binary', operator: '==', left, right });
  if (known === null) return false;
  emitMaskedWord(r, known.word, known.mask, known.value);
  r.code.op(operator === '==' ? Op.eq : Op.ne);
  return true;
}

function fieldEquals(c: Context, e: Expression): { word: number; mask: number; value: number } | null {
  if (e.op !== 'binary' || e.operator !== '==' || e.left.op !== 'load' || e.right.op !== 'constant') return null;
  const f = c.layout.fields[e.left.slot];
  if (f === null || f.bits === 64) return null;
  const raw = e.right.value - f.min;
  if (raw < 0 || raw >= 2 ** f.bits) return null;
  return { word: f.word, mask: mask(f.bits) << f.shift, value: raw << f.shift };
}

function flatten(e: Expression, into: Expression[]): void {
  if (e.op === 'binary' && e.operator === '&&') {
    flatten(e.left, into);
    flatten(e.right, into);
  } else into.push(e);
}

/** May be evaluated although what stands before it says no: it cannot trap and costs little. */
function harmless(e: Expression): boolean {
  switch (e.op) {
    case 'constant':
    case 'load':
      return true;
    case 'element':
    case 'table':
    case 'choose':
      return false;
    case 'not':
    case 'negate':
    case 'complement':
      return harmless(e.operand);
    case 'binary':
      return (
        e.operator !== '/' && e.operator !== '%' && e.operator !== '<<' && e.operator !== '>>' && harmless(e.left) && harmless(e.right)
      );
  }
}

function isTruthValue(c: Context, e: Expression): boolean {
  const i = intervalIn(c, e);
  return i.low >= 0 && i.high <= 1;
}
