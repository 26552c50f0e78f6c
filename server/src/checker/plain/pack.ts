// Where each slot lies in a stored state: bit fields in 32-bit words, none for slots that nothing ever writes. Knows no hash table.
import type { Statement, System } from '../../system/system.ts';
import type { Slots } from './expression.ts';
import { type Interval, isSmall } from './range.ts';

/** One slot in one word; values of more than 32 bits have a second field for what is above. */
export interface Packing {
  readonly words: number;
  /** By slot; -1 where the slot is not stored. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  /** Mask of the unshifted value; -1 for a whole word. */
  readonly mask: Int32Array;
  readonly base: Float64Array;
  /** Whether the next word holds the upper half. */
  readonly two: Uint8Array;
  /** The stored slots in order. */
  readonly stored: Int32Array;
  /** By word: the slots that have bits in it. */
  readonly slotsIn: readonly Int32Array[];
}

export function makePacking(system: System, ranges: readonly Interval[], initials: ReadonlyArray<readonly number[]>): Packing {
  const written = writtenSlots(system, initials);
  const n = system.slots;
  const p = {
    word: new Int32Array(n).fill(-1),
    shift: new Int32Array(n),
    mask: new Int32Array(n),
    base: new Float64Array(n),
    two: new Uint8Array(n),
  };
  const stored: number[] = [];
  let word = 0;
  let used = 0;
  for (let slot = 0; slot < n; slot++) {
    const { low, high } = ranges[slot];
    if (written[slot] === 0 || low === high) continue;
    const bits = bitsOf(high - low);
    stored.push(slot);
    if (used + Math.min(bits, 32) > 32) {
      word++;
      used = 0;
    }
    p.word[slot] = word;
    p.shift[slot] = used;
    p.mask[slot] = bits >= 32 ? -1 : 2 ** bits - 1;
    p.base[slot] = low;
    used += Math.min(bits, 32);
    if (bits > 32) {
      // Kept as it is, sign and all: the distance from the least value may be more than a number holds exactly.
      p.base[slot] = 0;
      p.two[slot] = 1;
      word++;
      used = 32;
    }
  }
  const slotsIn: number[][] = Array.from({ length: word + 1 }, () => []);
  for (const slot of stored) {
    slotsIn[p.word[slot]].push(slot);
    if (p.two[slot] !== 0) slotsIn[p.word[slot] + 1].push(slot);
  }
  return { ...p, words: word + 1, stored: Int32Array.from(stored), slotsIn: slotsIn.map((slots) => Int32Array.from(slots)) };
}

/** Integers of 32 bits where every slot has room in them, else doubles. */
export function makeSlots(system: System, ranges: readonly Interval[]): Slots {
  return ranges.every(isSmall) ? new Int32Array(system.slots) : new Float64Array(system.slots);
}

/** Writes one slot's value into the words at `at`. */
export function packSlot(p: Packing, slot: number, value: number, words: Int32Array, at: number): void {
  const word = at + p.word[slot];
  if (word < at) return;
  const raw = value - p.base[slot];
  const mask = p.mask[slot];
  const shift = p.shift[slot];
  if (p.two[slot] !== 0) {
    const upper = Math.floor(raw / 2 ** 32);
    words[word] = (raw - upper * 2 ** 32) | 0;
    words[word + 1] = upper;
  } else if (mask === -1) words[word] = raw | 0;
  else words[word] = (words[word] & ~(mask << shift)) | (raw << shift);
}

/** Reads every stored slot from the words at `at`; the others keep what `slots` has. */
export function unpack(p: Packing, words: Int32Array, at: number, slots: Slots): void {
  for (let i = 0; i < p.stored.length; i++) readSlot(p, p.stored[i], words, at, slots);
}

/** The same where `slots` holds the state with the words `before`, which become those at `at`: states that follow each other have most in common. */
export function unpackChanges(p: Packing, words: Int32Array, at: number, before: Int32Array, slots: Slots): void {
  for (let w = 0; w < before.length; w++) {
    if (before[w] === words[at + w]) continue;
    before[w] = words[at + w];
    const changed = p.slotsIn[w];
    for (let i = 0; i < changed.length; i++) readSlot(p, changed[i], words, at, slots);
  }
}

function readSlot({ word, shift, mask, base, two }: Packing, slot: number, words: Int32Array, at: number, slots: Slots): void {
  const w = words[at + word[slot]];
  let raw = mask[slot] === -1 ? w >>> 0 : (w >>> shift[slot]) & mask[slot];
  if (two[slot] !== 0) raw += words[at + word[slot] + 1] * 2 ** 32;
  slots[slot] = raw + base[slot];
}

/** Reads one slot from the words at `at`; `otherwise` where it is not stored. */
export function unpackSlot(p: Packing, slot: number, words: Int32Array, at: number, otherwise: number): number {
  if (p.word[slot] < 0) return otherwise;
  const word = at + p.word[slot];
  let raw = p.mask[slot] === -1 ? words[word] >>> 0 : (words[word] >>> p.shift[slot]) & p.mask[slot];
  if (p.two[slot] !== 0) raw += words[word + 1] * 2 ** 32;
  return raw + p.base[slot];
}

function bitsOf(range: number): number {
  let bits = 0;
  for (let reach = 1; reach <= range; reach *= 2) bits++;
  return bits;
}

function writtenSlots(system: System, initials: ReadonlyArray<readonly number[]>): Uint8Array {
  const written = new Uint8Array(system.slots);
  for (const a of system.agents) for (const l of a.locations) for (const s of l.steps) noteWrites(s.body, a.slot, written);
  for (const state of initials) for (let slot = 0; slot < state.length; slot++) if (state[slot] !== initials[0][slot]) written[slot] = 1;
  return written;
}

function noteWrites(body: readonly Statement[], agentSlot: number, written: Uint8Array): void {
  for (const s of body) {
    if (s.op === 'set') written[s.slot] = 1;
    else if (s.op === 'setElement') written.fill(1, s.slot, s.slot + s.length);
    else if (s.op === 'goto') written[agentSlot] = 1;
    else if (s.op === 'if') {
      noteWrites(s.then, agentSlot, written);
      noteWrites(s.else, agentSlot, written);
    }
  }
}
