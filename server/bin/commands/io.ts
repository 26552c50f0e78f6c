// What a command needs from the machine, as data and functions, so that tests can be the machine. bin/cli.ts is the real one.
import type { Files } from '../../src/analysis.ts';
import type { SecondThread } from '../../src/checker/wasm/pair.ts';

export interface Io extends Files {
  /** Results. */
  readonly out: (text: string) => void;
  /** Everything else. */
  readonly err: (text: string) => void;
  /** Standard output is a terminal that shows colours. */
  readonly color: boolean;
  /** Draws (or, with an empty text, removes) the progress line; null where standard error is no terminal. */
  readonly progress: ((text: string) => void) | null;
  readonly now: () => number;
  /** Ctrl-C was pressed. */
  readonly cancelled: () => boolean;
  /** Lets signals and output come through between two slices of work. */
  readonly pause: () => Promise<void>;
  /** Bytes of memory that nobody uses. */
  readonly freeMemory: () => number;
  /** A second thread for an exploration; null where there is no second processor. */
  readonly second: SecondThread | null;
  readonly isFolder: (path: string) => boolean;
  /** Names in a folder, sorted. */
  readonly list: (path: string) => readonly string[];
  readonly write: (path: string, text: string) => void;
  /** Path from the working directory, with `/`. */
  readonly relative: (path: string) => string;
  readonly version: string;
}

/** Exit statuses that scripts lean on. */
export const exit = { fine: 0, different: 1, wrong: 2, incomplete: 3 } as const;
export type Exit = (typeof exit)[keyof typeof exit];
