// The states that were found: an append-only log in chunks (which is also the queue), parents, and a hash table of state numbers with
// exact comparison. Knows words, not what they mean.

/** Small: most searches have some hundred states, and a chunk is cleared, and collected, as a whole. */
const CHUNK_BITS = 10;
const CHUNK = 1 << CHUNK_BITS;

export interface Store {
  readonly words: number;
  readonly log: Int32Array[];
  readonly parents: Int32Array[];
  /** State number + 1; 0 where empty. */
  table: Int32Array;
  count: number;
}

export function makeStore(words: number): Store {
  return { words, log: [], parents: [], table: new Int32Array(1 << 10), count: 0 };
}

export function storeBytes(s: Store): number {
  return 4 * (s.table.length + s.log.length * CHUNK * (s.words + 1));
}

/** Bytes after one more state has been added. */
export function bytesWithOneMore(s: Store): number {
  const chunk = (s.count & (CHUNK - 1)) === 0 ? 4 * CHUNK * (s.words + 1) : 0;
  // While a table is replaced by a larger one, both are there.
  const table = mustGrow(s) ? 4 * grown(s) : 0;
  return storeBytes(s) + chunk + table;
}

/** The chunk that holds a state; its words begin at `offsetOf`. */
export function chunkOf(s: Store, state: number): Int32Array {
  return s.log[state >>> CHUNK_BITS];
}

export function offsetOf(s: Store, state: number): number {
  return (state & (CHUNK - 1)) * s.words;
}

export function parentOf(s: Store, state: number): number {
  return s.parents[state >>> CHUNK_BITS][state & (CHUNK - 1)];
}

/** Number of the state in `words`, -1 if it is not there. */
export function find(s: Store, words: Int32Array): number {
  return s.table[slotFor(s, words)] - 1;
}

/** Adds a state of which `find` has said that it is not there. */
export function add(s: Store, words: Int32Array, parent: number): number {
  if (mustGrow(s)) grow(s);
  const state = s.count++;
  if ((state & (CHUNK - 1)) === 0) {
    s.log.push(new Int32Array(CHUNK * s.words));
    s.parents.push(new Int32Array(CHUNK));
  }
  chunkOf(s, state).set(words, offsetOf(s, state));
  s.parents[state >>> CHUNK_BITS][state & (CHUNK - 1)] = parent;
  s.table[slotFor(s, words)] = state + 1;
  return state;
}

function mustGrow(s: Store): boolean {
  return 2 * (s.count + 1) > s.table.length;
}

function grown(s: Store): number {
  return s.table.length < 1 << 22 ? s.table.length * 4 : s.table.length * 2;
}

function grow(s: Store): void {
  s.table = new Int32Array(grown(s));
  const mask = s.table.length - 1;
  for (let state = 0; state < s.count; state++) {
    let at = hash(chunkOf(s, state), offsetOf(s, state), s.words) & mask;
    while (s.table[at] !== 0) at = (at + 1) & mask;
    s.table[at] = state + 1;
  }
}

/** The table's slot that holds this state, or the empty one where it belongs. */
function slotFor(s: Store, words: Int32Array): number {
  const { table } = s;
  const length = s.words;
  const mask = table.length - 1;
  let at = hash(words, 0, length) & mask;
  for (;;) {
    const entry = table[at];
    if (entry === 0) return at;
    const log = s.log[(entry - 1) >>> CHUNK_BITS];
    const offset = ((entry - 1) & (CHUNK - 1)) * length;
    let i = 0;
    while (i < length && log[offset + i] === words[i]) i++;
    if (i === length) return at;
    at = (at + 1) & mask;
  }
}

function hash(words: Int32Array, at: number, length: number): number {
  let h = 0x2545f491;
  for (let i = 0; i < length; i++) {
    h = Math.imul(h ^ words[at + i], 0x9e3779b1);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0x85ebca6b);
  return h ^ (h >>> 13);
}
