// The exploration thread: what the server says to it and hears from it, and the loop that it runs. How it is started is the platform's business.
import { type CheckOptions, type Outcome, newMemory, type Progress, startShare } from '../analysis.ts';
import type { SecondThread } from '../checker/wasm/pair.ts';

/** Everything that an exploration reads: a thread has no files of its own. */
export interface Job {
  readonly id: number;
  readonly path: string;
  readonly text: string;
  /** Files that `use "./x.lifeline"` may name, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly options: CheckOptions;
  /** The combinations of params to explore, by index, in this order: all threads that have the job share them out. */
  readonly combinations: readonly number[];
}

/** Memory that the server and all threads of a job see, two numbers: see below. */
export type Shared = Int32Array;

/** Becomes 1 when the job is to stop: seen within a slice, not only between two. */
export const STOP = 0;
/** How many of the job's combinations have been taken. */
export const TAKEN = 1;

export type ToThread =
  /** `shared` is null where there is none: then one thread has the whole job. */
  { readonly kind: 'check'; readonly job: Job; readonly shared: Shared | null } | { readonly kind: 'cancel'; readonly id: number };

export type FromThread =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'outcome'; readonly id: number; readonly outcome: Outcome }
  /** This thread finds nothing left to take. */
  | { readonly kind: 'done'; readonly id: number }
  /** A defect of ours: the exploration threw. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export interface ThreadHost {
  readonly post: (message: FromThread) => void;
  readonly now: () => number;
  /** Runs something as soon as messages that wait have been delivered. */
  readonly soon: (run: () => void) => void;
  /** A thread that an exploration may start beside this one; null: none. */
  readonly second: SecondThread | null;
  /** What to do for some milliseconds while no job is there, for as long as it says true; null: nothing. */
  readonly idle: (() => boolean) | null;
}

/** Gives the function that takes the thread's messages. Jobs run one after another; the server keeps the queue. */
export function explorationThread(host: ThreadHost): (message: ToThread) => void {
  const cancelled = new Set<number>();
  const memory = newMemory();
  let lastProgress = 0;
  let jobs = 0;
  let { idle } = host;

  const rest = () => {
    if (jobs > 0 || idle === null) return;
    if (!idle()) idle = null;
    host.soon(rest);
  };

  const ended = (job: Job) => {
    cancelled.delete(job.id);
    if (--jobs === 0) host.soon(rest);
  };

  const run = (job: Job, shared: Shared | null) => {
    const stop = () => cancelled.has(job.id) || (shared !== null && Atomics.load(shared, STOP) === 1);
    const progress = (p: Progress) => {
      const now = host.now();
      if (now - lastProgress < 100) return;
      lastProgress = now;
      host.post({ kind: 'progress', id: job.id, progress: p });
    };
    const read = (path: string) => (Object.hasOwn(job.files, path) ? job.files[path] : null);
    let taken = 0;
    const next = () => job.combinations[shared === null ? taken++ : Atomics.add(shared, TAKEN, 1)] ?? Number.MAX_SAFE_INTEGER;
    const slice = guarded(job, () => {
      const outcome = share.step();
      if (outcome === 'done') {
        ended(job);
        host.post({ kind: 'done', id: job.id });
        return;
      }
      if (outcome !== null) host.post({ kind: 'outcome', id: job.id, outcome });
      host.soon(slice);
    });
    const explore = {
      now: host.now,
      cancelled: stop,
      progress,
      /** Two threads with two combinations have no use for two more: only the last one to be taken may have another. */
      get second() {
        return shared === null || Atomics.load(shared, TAKEN) >= job.combinations.length ? host.second : null;
      },
    };
    const share = startShare(job.path, job.text, { read }, job.options, explore, next, memory);
    slice();
  };

  const guarded = (job: Job, body: () => void) => () => {
    try {
      body();
    } catch (e) {
      ended(job);
      host.post({ kind: 'failed', id: job.id, message: e instanceof Error ? (e.stack ?? e.message) : String(e) });
    }
  };

  host.soon(rest);
  return (message) => {
    switch (message.kind) {
      case 'check':
        jobs++;
        return guarded(message.job, () => run(message.job, message.shared))();
      case 'cancel':
        cancelled.add(message.id);
        return;
    }
  };
}
