// Generates code for expressions: 32-bit operations where the bounds of the operands allow it, 64-bit ones elsewhere. Only checked
// integers reach the code. An index that the bounds do not prove inside is checked and traps: a bug in lowering is never a wrong answer.
import type { Binary, Expression } from '../../system/system.ts';
import { internal } from '../internal.ts';
import { isSmall } from '../plain/range.ts';
import { emitConjunction, emitMasked, harmless } from './conjunction.ts';
import { I32, I64, Op } from './emit.ts';
import { emitConstantElement, emitElement, emitField, type Reader } from './field.ts';
import { fits32, intervalIn } from './interval.ts';

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
  } else if (e.op === 'binary' && e.operator === '&&') emitConjunction(r, e, emitTruth);
  else if (fits32(r.context, e)) emitNatural(r, e);
  else {
    emitNatural(r, e);
    code.i64(0n).op(Op.ne64);
  }
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
      emitElement(r, e.slot, e.length, () => emitIndex(r, e.index, e.length), small);
      return;
    case 'table': {
      const table = context.system.tables[e.table];
      emitConstantElement(r, table, () => emitIndex(r, e.index, table.length), small);
      return;
    }
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
      emitConjunction(r, { op: 'binary', operator, left, right }, emitTruth);
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
