// What the generated functions of a search share: globals, and where states, the table and the batch lie.

export const globalNames = [
  // How far the search is.
  'head',
  'tail',
  'levelEnd',
  'depth',
  'transitions',
  'fails',
  'hits',
  'linked',
  // The numbers that this thread may give to new states while there are two.
  'own',
  'ownEnd',
  // What ends a run.
  'lastDepth',
  'softLimit',
  'hardLimit',
  'full',
  // The table's size.
  'shift',
  'mask',
  // Of the state that is expanded: whether a system step is possible, whether one fails.
  'system',
  'failed',
  // While steps are regenerated: every hit is wanted, also those that were met before.
  'replay',
  // Keeps loads that only touch memory from being optimised away.
  'sink',
] as const;
export type GlobalName = (typeof globalNames)[number];

export const G = Object.fromEntries(globalNames.map((name, index) => [name, index])) as Readonly<Record<GlobalName, number>>;

/** A state number takes 28 bits of a table slot or parent word; the table has four bits of the hash beside it, the parent word a mark. */
export const numberMask = 0x0fff_ffff;
export const tagMask = ~numberMask;
/** Marks a state out of which no system step leads, in its parent word. */
export const quietMark = 0x8000_0000;

export interface Places {
  readonly words: number;
  readonly batch: number;
  /** Where a batch counts as full; one state's successors still fit behind it. */
  readonly batchFull: number;
  readonly table: number;
  readonly log: number;
  /** Bytes of a state with its parent. */
  readonly record: number;
  readonly entry: { readonly bytes: number; readonly parent: number; readonly hash: number; readonly label: number };
  /** One byte for each state of a batch. */
  readonly fails: number;
  /** Hits that make a run return. */
  readonly hitsFull: number;
  /** States that one of two threads takes at once. */
  readonly chunk: number;
}
