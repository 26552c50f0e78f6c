// Generates the code by which identical agents are sorted: a hash of what belongs to each, whoever it is. States that tie are at worst kept apart.
import { type Code, Op } from '../wasm/emit.ts';
import { mask, type Reader } from '../wasm/field.ts';
import type { Context } from '../wasm/interval.ts';
import type { Field } from '../wasm/layout.ts';
import { constants } from '../wasm/hash.ts';
import type { Sortable } from './sortable.ts';
import { emitLookedUp, emitRaw, TABLE_BITS } from './swap.ts';

/** Leaves a hash for each agent in its local. */
export function emitKeys(context: Context, code: Code, s: Sortable, keys: readonly number[]): void {
  const { layout } = context;
  const reader: Reader = { context, code, baseOf: () => 0 };
  const pieces = piecesOf(context, s);
  const named = namedIn(s);
  keys.forEach((key, agent) => {
    const next = constants(0x5be0cd19137e2179n);
    const add = (): void => {
      code.i64(next()).op(Op.mul64).op(Op.add64);
    };
    code.i64(next());
    for (const { field, kept } of pieces[agent]) {
      code.get(0).loadWide(4 * field.word);
      // Shifted to where it lies for the first agent, so that equal contents count alike.
      if (field.shift > 0) code.i64(BigInt(field.shift)).op(Op.shrU64);
      code.i64(kept).op(Op.and64);
      add();
    }
    for (const slots of named) {
      const f = layout.fields[slots[agent]];
      if (f === null) continue;
      const own = ownValues(s, slots[agent], agent);
      emitRaw(reader, f);
      if (own.kind === 'bits' && f.bits > TABLE_BITS) code.i32(own.values[0]).op(Op.shrU).i32(1).op(Op.and);
      else if (own.kind === 'bits')
        emitLookedUp(context, code, f, (v) => own.values.reduce((sum, bit, k) => sum + ((v >> bit) & 1) * 2 ** k, 0));
      else if (f.bits > TABLE_BITS) code.i32(own.values[0] - f.min).op(Op.eq);
      else emitLookedUp(context, code, f, (v) => roleOf(own, v));
      code.op(Op.extendU);
      add();
    }
    code.set(key);
  });
}

/** Slots, by agent, whose values name agents or their objects: of each agent's column, and those that all have in common. */
function namedIn(s: Sortable): ReadonlyArray<readonly number[]> {
  const isNamed = (slot: number): boolean => s.swaps.some((x) => x.values[slot].kind !== 'same');
  const own = s.columns[0].flatMap((slot, k) => (isNamed(slot) ? [s.columns.map((column) => column[k])] : []));
  const common = [...s.swaps[0].slots.keys()].filter((slot) => isNamed(slot) && s.swaps.every((x) => x.slots[slot] === slot));
  return [...own, ...common.map((slot) => s.columns.map(() => slot))];
}

interface Own {
  readonly kind: 'swap' | 'bits';
  /** What names the agent or its objects in a slot, in one order for all agents. */
  readonly values: readonly number[];
  /** The same of all agents. */
  readonly all: ReadonlySet<number>;
}

function ownValues(s: Sortable, slot: number, agent: number): Own {
  const last = s.swaps.length - 1;
  const map = s.swaps[Math.min(agent, last)].values[slot];
  const all = new Set(s.swaps.flatMap((x) => (x.values[slot].kind === 'same' ? [] : x.values[slot].pairs.flat())));
  if (map.kind === 'same') return { kind: 'swap', values: [-1], all };
  return { kind: map.kind, values: map.pairs.map((pair) => pair[agent > last ? 1 : 0]), all };
}

/** A number for a value that is the same whichever agent is looked at: its own, another one's, or what does not name agents. */
function roleOf(own: Own, v: number): number {
  const k = own.values.indexOf(v);
  if (k >= 0) return 1 + k;
  return own.all.has(v) ? 0 : 1 + own.values.length + v;
}

/** What else is in the columns: pieces of words where private variables were laid out together, single fields for the rest. */
export function piecesOf(
  { system, layout }: Context,
  s: Sortable,
): ReadonlyArray<ReadonlyArray<{ readonly field: Field; readonly kept: bigint }>> {
  const symmetry = system.symmetries.findIndex((y) => y.agents[0] === s.agents[0]);
  const plain = s.columns[0].flatMap((slot, k) =>
    s.swaps.every((x) => x.values[slot].kind === 'same') && layout.fields[slot] !== null ? [k] : [],
  );
  const chunkOf = (f: Field, agent: number): number =>
    layout.chunks[symmetry][agent].findIndex((c) => c.word === f.word && c.shift <= f.shift && f.shift + f.bits <= c.shift + c.bits);
  return s.columns.map((column, agent) => {
    const chunks = layout.chunks[symmetry][agent].map((field) => ({ field, kept: 0n }));
    const rest = plain.flatMap((k) => {
      const f = layout.fields[column[k]];
      if (f === null) return [];
      const chunk = chunkOf(f, agent);
      const kept = BigInt(mask(f.bits) >>> 0);
      if (chunk < 0) return [{ field: f, kept }];
      chunks[chunk].kept |= kept << BigInt(f.shift - chunks[chunk].field.shift);
      return [];
    });
    return [...chunks.filter((c) => c.kept !== 0n), ...rest];
  });
}
