// What the server needs from the machine that it runs on: files, a clock, and a thread to explore in. bin/ has one for Node and one for browsers.
import type { Files } from '../analysis.ts';
import type { FromThread, ToThread } from './work.ts';

export interface Platform {
  /** Files by URI, for what is not open in the editor. */
  readonly files: Files;
  /**
   * Keeps a text as a file that nobody is to edit, under a plain name, for editors that open only files: its URI. Null: it could not be
   * written. Null instead of the function: there is no disk.
   */
  readonly keep: ((name: string, text: string) => string | null) | null;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Runs something once, later; `cancel` before that keeps it from running. */
  readonly after: (ms: number, run: () => void) => { readonly cancel: () => void };
  /** How many threads explore at once; more than one only where they share memory. */
  readonly threads: number;
  /**
   * Starts an exploration thread: what it says goes to `receive`. Called before there is something for it to do. `script` is where a
   * client that started the server from a URL says that the thread's own is.
   */
  readonly startThread: (receive: (message: FromThread) => void, script: string | null) => Thread;
  /** Default for lifeline.check.maxMemory, bytes; null: the engine's own. */
  readonly memoryLimit: () => number | null;
}

export interface Thread {
  readonly post: (message: ToThread) => void;
  /** Ends the thread at once, whatever it does; null where that cannot be. It is not used afterwards. */
  readonly kill: (() => void) | null;
  /** So many numbers, 0 at first, that all threads see; null where the platform has no such memory. */
  readonly share: ((numbers: number) => Int32Array) | null;
}
