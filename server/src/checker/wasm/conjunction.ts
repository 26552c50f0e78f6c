// Generates conditions of several parts: what asks for bits of one word is one masked comparison.
import type { Binary, Expression } from '../../system/system.ts';
import { I32, Op } from './emit.ts';
import { mask, type Reader } from './field.ts';
import { type Context, intervalIn } from './interval.ts';

/** `a == 1 && b == 2 && ...` on bits of one word is one masked comparison; the rest follows, in order where it can trap. */
export function emitConjunction(r: Reader, e: Expression, emitTruth: (r: Reader, e: Expression) => void): void {
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
export function emitMasked(r: Reader, operator: Binary, left: Expression, right: Expression): boolean {
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
export function harmless(e: Expression): boolean {
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
