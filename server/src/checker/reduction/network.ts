// Generates the code that sorts identical agents without a branch, where all that belongs to one is plain values and bits of masks, and fits into
// 64 bits: it is collected, sorted by a network of comparisons, and put back. So of each group of states exactly one is kept.
import { type Code, I32, I64, Op } from '../wasm/emit.ts';
import { mask } from '../wasm/field.ts';
import type { Context } from '../wasm/interval.ts';
import type { Field } from '../wasm/layout.ts';
import type { Sortable } from './sortable.ts';
import { piecesOf } from './keys.ts';

/** Bits from `at` on of an agent's key, and where they lie for each agent. */
interface Part {
  readonly at: number;
  readonly bits: number;
  readonly fields: readonly Field[];
}

/** False, and nothing written, where the agents have to be sorted in another way. */
export function emitNetwork(context: Context, code: Code, s: Sortable): boolean {
  const parts = partsOf(context, s);
  if (parts === null) return false;
  const keys = s.agents.map(() => code.local(I64));
  keys.forEach((key, agent) => {
    code.i64(0n);
    for (const { at, bits, fields } of parts) {
      const f = fields[agent];
      code.get(0).loadWide(4 * f.word);
      if (f.shift > 0) code.i64(BigInt(f.shift)).op(Op.shrU64);
      code.i64(BigInt(mask(bits) >>> 0)).op(Op.and64);
      if (at > 0) code.i64(BigInt(at)).op(Op.shl64);
      code.op(Op.or64);
    }
    code.set(key);
  });
  // Mostly they are in order already: one of them has made a step.
  code.block();
  keys.slice(1).forEach((key, i) => {
    code.get(keys[i]).get(key).op(Op.gtU64);
    if (i > 0) code.op(Op.or);
  });
  code.op(Op.eqz).branchIf(0);
  emitComparisons(code, keys);
  for (const word of new Set(parts.flatMap((p) => p.fields.map((f) => f.word)))) emitWord(code, word, parts, keys);
  code.end();
  return true;
}

function emitComparisons(code: Code, keys: readonly number[]): void {
  const ordered = code.local(I32);
  const low = code.local(I64);
  for (let end = keys.length - 1; end > 0; end--) {
    for (let i = 0; i < end; i++) {
      const [a, b] = [keys[i], keys[i + 1]];
      code.get(b).get(a).op(Op.gtU64).set(ordered);
      code.get(a).get(b).get(ordered).op(Op.select).set(low);
      code.get(b).get(a).get(ordered).op(Op.select).set(b);
      code.get(low).set(a);
    }
  }
}

/** Puts what lies in one word back. */
function emitWord(code: Code, word: number, parts: readonly Part[], keys: readonly number[]): void {
  const here = parts.flatMap((p) => p.fields.flatMap((f, agent) => (f.word === word ? [{ ...p, shift: f.shift, key: keys[agent] }] : [])));
  const kept = here.reduce((bits, p) => bits & ~(mask(p.bits) << p.shift), -1);
  code
    .get(0)
    .get(0)
    .load(4 * word)
    .i32(kept)
    .op(Op.and);
  for (const { at, bits, shift, key } of here) {
    code.get(key);
    if (at > 0) code.i64(BigInt(at)).op(Op.shrU64);
    code.op(Op.wrap).i32(mask(bits)).op(Op.and);
    if (shift > 0) code.i32(shift).op(Op.shl);
    code.op(Op.or);
  }
  code.store(4 * word);
}

/** Null where something does not fit. */
function partsOf(context: Context, s: Sortable): readonly Part[] | null {
  const { fields } = context.layout;
  const inColumns = new Set(s.columns.flat());
  const masks = new Set<number>();
  for (const x of s.swaps) {
    for (let slot = 0; slot < fields.length; slot++) {
      const { kind } = x.values[slot];
      if (fields[slot] === null || (kind === 'same' && x.slots[slot] === slot)) continue;
      if (kind === 'bits' && x.slots[slot] === slot) masks.add(slot);
      else if (kind !== 'same' || !inColumns.has(slot)) return null;
    }
  }
  const pieces = piecesOf(context, s);
  const parts: Part[] = [];
  let at = 0;
  const add = (own: readonly Field[]): void => {
    parts.push({ at, bits: own[0].bits, fields: own });
    at += own[0].bits;
  };
  // A piece of a word has nothing else in it.
  pieces[0].forEach((_, k) => add(pieces.map((own) => own[k].field)));
  for (const slot of masks) {
    const f = fields[slot];
    const bits = s.agents.map((agent) => agent);
    if (f === null || f.min !== 0 || bits.some((bit) => bit >= f.bits)) return null;
    add(bits.map((bit) => ({ word: f.word, shift: f.shift + bit, bits: 1, min: 0 })));
  }
  return at <= 64 && parts.every((p) => p.bits <= 32) ? parts : null;
}
