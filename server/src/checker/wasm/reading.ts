// Reads what the generated code has left in memory, and writes states into it: slots from the words of a state and back, hits, edges. Knows where
// things lie, and runs nothing.
import { inParts } from '../graph.ts';
import { environmentLabel } from './label.ts';
import { hitBytes } from './hits.ts';
import type { Field, Layout } from './layout.ts';

/** Adds the entries of a batch to the edges: the state that each leads from, the one that it leads to, its label. */
export function readEdges(
  words: Int32Array,
  batch: number,
  entry: number,
  key: number,
  entries: number,
  first: Int32Array,
  edges: Int32Array,
  steppers: Int32Array | null,
  count: number,
): void {
  for (let i = 0, at = batch + key; i < entries; i++, at += entry) {
    const label = words[at + 2];
    first[words[at] + 1]++;
    edges[count + i] = 2 * words[at + 1] + ((label & environmentLabel) === 0 ? 0 : 1);
    if (steppers !== null) steppers[count + i] = label & ~environmentLabel;
  }
}

/** One narrow field of every state of the log. Yields every few milliseconds. */
export function* readField(
  words: Int32Array,
  log: number,
  record: number,
  f: Field,
  into: Uint16Array | Int32Array,
): Generator<void, void> {
  yield* inParts(into.length, 1 << 18, (from, to) => readFieldOf(words, log + f.word, record, f, into, from, to));
}

function readFieldOf(
  words: Int32Array,
  first: number,
  record: number,
  f: Field,
  into: Uint16Array | Int32Array,
  from: number,
  to: number,
): void {
  const { shift, min } = f;
  const mask = 2 ** f.bits - 1;
  for (let state = from, at = first + from * record; state < to; state++, at += record) into[state] = ((words[at] >>> shift) & mask) + min;
}

export function readHit(buffer: ArrayBuffer | SharedArrayBuffer, at: number) {
  const view = new DataView(buffer, at, hitBytes);
  return {
    state: view.getUint32(0, true),
    label: view.getInt32(4, true),
    fault: view.getInt32(8, true),
    object: Number(view.getBigInt64(16, true)),
    by: Number(view.getBigInt64(24, true)),
  };
}

/** Writes a state's words from its slots. */
export function encode(layout: Layout, words: Int32Array, at: number, slots: ArrayLike<number>): void {
  words.fill(0, at, at + layout.words);
  layout.fields.forEach((f, slot) => {
    if (f === null) return;
    const raw = slots[slot] - f.min;
    if (f.bits === 64) {
      // From -2^53 on there are more steps to a value than a number holds.
      const exact = BigInt(slots[slot]) - BigInt(f.min);
      words[at + f.word] = Number(BigInt.asIntN(32, exact));
      words[at + f.word + 1] = Number(exact >> 32n) | 0;
    } else words[at + f.word] |= raw << f.shift;
  });
}

/** Where to read the slots of a state, in flat arrays. */
export interface Reading {
  readonly slots: Int32Array;
  readonly word: Int32Array;
  readonly shift: Int32Array;
  /** 0: a whole word; -1: two words. */
  readonly mask: Int32Array;
  readonly min: Float64Array;
  readonly constants: Float64Array;
}

export function readingOf(layout: Layout): Reading {
  const slots = Int32Array.from(layout.fields.flatMap((f, slot) => (f === null ? [] : [slot])));
  const of = (pick: (f: Field) => number): number[] => [...slots].map((slot) => pick(layout.fields[slot] as Field));
  return {
    slots,
    word: Int32Array.from(of((f) => f.word)),
    shift: Int32Array.from(of((f) => f.shift)),
    mask: Int32Array.from(of((f) => (f.bits === 64 ? -1 : f.bits === 32 ? 0 : 2 ** f.bits - 1))),
    min: Float64Array.from(of((f) => f.min)),
    constants: Float64Array.from(layout.constants),
  };
}

/** Reads the slots of a state. */
export function decode(r: Reading, words: Int32Array, at: number, into: Int32Array | Float64Array): void {
  into.set(r.constants);
  for (let i = 0; i < r.slots.length; i++) {
    const low = words[at + r.word[i]];
    const mask = r.mask[i];
    if (mask >= 0) into[r.slots[i]] = (mask > 0 ? (low >>> r.shift[i]) & mask : low >>> 0) + r.min[i];
    // In this order every sum is exact, also above 2^53.
    else into[r.slots[i]] = words[at + r.word[i] + 1] * 2 ** 32 + r.min[i] + (low >>> 0);
  }
}
