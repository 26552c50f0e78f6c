// Where each slot lies in a stored state: bit fields in 32-bit words that never cross a word, arrays laid out so that a computed index is
// one shift away. Slots that hold one value only are not stored. Knows no code generation.
import type { Expression, Statement, System } from '../../system/system.ts';
import type { Interval } from '../plain/range.ts';
import { visitSystem } from './visit.ts';

/** A slot: `bits` (1..32, or 64 for two whole words) at `shift` of `word`, holding the value minus `min`. */
export interface Field {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
  readonly min: number;
}

/** Slots that are indexed by a computed number: `bits` apart, from `shift` of `word` on, all with one `min`. */
export interface Group extends Field {
  readonly slot: number;
  readonly length: number;
  /** Whole words that it covers; 1 where it shares one. */
  readonly words: number;
}

export interface Layout {
  readonly words: number;
  /** By slot; null where the slot is constant. */
  readonly fields: ReadonlyArray<Field | null>;
  /** By slot: the stored group that it is an element of. */
  readonly groups: ReadonlyArray<Group | null>;
  /** The value of each slot that is not stored. */
  readonly constants: readonly number[];
  /** What each slot can hold; exact where it is constant. */
  readonly ranges: readonly Interval[];
  /** By symmetry, by its agents: the pieces of words that hold what is private to the agent, alike for all. */
  readonly chunks: ReadonlyArray<ReadonlyArray<readonly Field[]>>;
}

/** Slots that stay together: one scalar, or a group. */
interface Unit {
  readonly slot: number;
  readonly length: number;
  readonly bits: number;
  readonly min: number;
}

/** What is placed: up to a word of units next to each other, or one group of whole words. */
interface Item {
  readonly bits: number;
  readonly parts: ReadonlyArray<{ readonly unit: Unit; readonly shift: number }>;
  /** Where this is private to an agent of a symmetry. */
  readonly chunk: { readonly symmetry: number; readonly agent: number } | null;
}

/** `bounds`: what each slot can hold, by slot. */
export function makeLayout(system: System, initials: ReadonlyArray<readonly number[]>, bounds: readonly Interval[]): Layout {
  const ranges = alike(system, bounds);
  const units = makeUnits(system, ranges);
  const items = makeItems(system, units);
  return { constants: initials[0] ?? system.initial, ranges, ...place(system, items) };
}

/** Identical agents must be laid out alike. */
function alike(system: System, narrow: readonly Interval[]): readonly Interval[] {
  const ranges = [...narrow];
  for (const y of system.symmetries) {
    y.slots[0]?.forEach((_, k) => {
      const own = y.slots.map((s) => ranges[s[k]]);
      const range = { low: Math.min(...own.map((r) => r.low)), high: Math.max(...own.map((r) => r.high)) };
      for (const s of y.slots) ranges[s[k]] = range;
    });
  }
  return ranges;
}

/** Where an element lies that is known now. */
export function elementOf(group: Group, index: number): Field {
  const position = group.shift + index * group.bits;
  return { word: group.word + Math.floor(position / 32), shift: position % 32, bits: group.bits, min: group.min };
}

/** Units of everything that is stored, in the order of slots. */
function makeUnits(system: System, ranges: readonly Interval[]): readonly Unit[] {
  // Overlapping ranges of computed indices are one group; `joined[s]`: slot s belongs with s - 1.
  const joined = new Uint8Array(system.slots + 1);
  const dynamic = new Uint8Array(system.slots);
  const join = (slot: number, length: number): void => {
    dynamic.fill(1, slot, slot + length);
    joined.fill(1, slot + 1, slot + length);
  };
  visitSystem(system, {
    statement: (s: Statement) => {
      if (s.op === 'setElement') join(s.slot, s.length);
    },
    expression: (e: Expression) => {
      if (e.op === 'element') join(e.slot, e.length);
    },
  });
  const units: Unit[] = [];
  for (let slot = 0; slot < system.slots; ) {
    let end = slot + 1;
    while (end < system.slots && joined[end] === 1) end++;
    if (ranges.slice(slot, end).some((r) => r.low !== r.high)) {
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let s = slot; s < end; s++) {
        low = Math.min(low, ranges[s].low);
        high = Math.max(high, ranges[s].high);
      }
      units.push({ slot, length: end - slot, bits: bitsOf(low, high), min: low });
    }
    slot = end;
  }
  return units;
}

/** At least one bit, so that every field can be read; 64 from 33 on. */
function bitsOf(low: number, high: number): number {
  let bits = 1;
  while (2 ** bits <= high - low) bits++;
  return bits > 32 ? 64 : bits;
}

function makeItems(system: System, units: readonly Unit[]): readonly Item[] {
  const items: Item[] = [];
  const unitAt = new Map(units.flatMap((u) => Array.from({ length: u.length }, (_, i): [number, Unit] => [u.slot + i, u])));
  const taken = new Set<Unit>();
  system.symmetries.forEach((y, symmetry) => {
    // The first agent's units decide; the others follow slot by slot. Groups that are not wholly private stay outside.
    const own = y.slots.map((slots) => {
      const unique = [...new Set(slots.map((s) => unitAt.get(s)).filter((u) => u !== undefined))];
      return unique.filter((u) => slots.includes(u.slot) && slots.includes(u.slot + u.length - 1) && !taken.has(u));
    });
    const alike = own.every(
      (o) => o.length === own[0].length && o.every((u, i) => u.bits === own[0][i].bits && u.length === own[0][i].length),
    );
    if (!alike) return;
    own.forEach((o, agent) => {
      for (const u of o) taken.add(u);
      items.push(...pack(o, { symmetry, agent }));
    });
  });
  for (const u of units) if (!taken.has(u)) items.push(...pack([u], null));
  return items;
}

/** Fills words first-fit, the largest first; the same units always come out the same way. */
function pack(units: readonly Unit[], chunk: Item['chunk']): readonly Item[] {
  const whole: Item[] = [];
  const open: Array<{ bits: number; parts: Array<{ unit: Unit; shift: number }> }> = [];
  for (const { unit, bits } of units.map((u) => ({ unit: u, bits: u.bits * u.length })).sort((a, b) => b.bits - a.bits)) {
    if (bits > 32) {
      whole.push({ bits: stride(unit.bits) * unit.length, parts: [{ unit, shift: 0 }], chunk });
      continue;
    }
    let word = open.find((o) => o.bits + bits <= 32);
    if (word === undefined) {
      word = { bits: 0, parts: [] };
      open.push(word);
    }
    word.parts.push({ unit, shift: word.bits });
    word.bits += bits;
  }
  return [...whole, ...open.map((o) => ({ ...o, chunk }))];
}

/** Elements of a group of several words lie a power of two apart, so that none crosses a word. */
function stride(bits: number): number {
  let s = 1;
  while (s < bits) s *= 2;
  return s;
}

function place(system: System, items: readonly Item[]) {
  const fields: Array<Field | null> = new Array<Field | null>(system.slots).fill(null);
  const groups: Array<Group | null> = new Array<Group | null>(system.slots).fill(null);
  const chunks: Field[][][] = system.symmetries.map((y) => y.agents.map(() => []));
  const free: number[] = [];
  // Larger pieces first; equal ones keep their order, so that runs are the same every time.
  for (const item of [...items].sort((a, b) => b.bits - a.bits)) {
    const words = Math.ceil(item.bits / 32);
    let word = words > 1 ? -1 : free.findIndex((f) => f >= item.bits);
    if (word < 0) {
      word = free.length;
      for (let i = 0; i < words; i++) free.push(32);
    }
    const start = words > 1 ? 0 : 32 - free[word];
    for (const { unit, shift } of item.parts) putUnit(fields, groups, unit, word, start + shift, words);
    if (words > 1) {
      for (let i = 0; i < words; i++) free[word + i] = 0;
      free[word + words - 1] = 32 * words - item.bits;
    } else free[word] -= item.bits;
    if (item.chunk === null) continue;
    const pieces = chunks[item.chunk.symmetry][item.chunk.agent];
    if (words === 1) pieces.push({ word, shift: start, bits: item.bits, min: 0 });
    else for (let i = 0; i < words; i++) pieces.push({ word: word + i, shift: 0, bits: Math.min(32, item.bits - 32 * i), min: 0 });
  }
  return { words: Math.max(1, free.length), fields, groups, chunks };
}

function putUnit(fields: Array<Field | null>, groups: Array<Group | null>, unit: Unit, word: number, shift: number, words: number): void {
  const bits = words > 1 ? stride(unit.bits) : unit.bits;
  const group: Group = { slot: unit.slot, length: unit.length, word, shift, bits, min: unit.min, words };
  for (let i = 0; i < unit.length; i++) {
    fields[unit.slot + i] = elementOf(group, i);
    if (unit.length > 1) groups[unit.slot + i] = group;
  }
}
