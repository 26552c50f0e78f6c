// The exploration thread: what the server says to it and hears from it, and the loop that it runs. How it is started is the platform's business.
import { type CheckOptions, type FileResult, type Progress, startCheck } from '../analysis.ts';

/** Everything that an exploration reads: a thread has no files of its own. */
export interface Job {
  readonly id: number;
  readonly path: string;
  readonly text: string;
  /** Files that `use "./x.lifeline"` may name, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly options: CheckOptions;
}

export type ToThread =
  /** `flag`, where there is one, becomes 1 when the job is to stop: seen within a slice, not only between two. */
  { readonly kind: 'check'; readonly job: Job; readonly flag: Int32Array | null } | { readonly kind: 'cancel'; readonly id: number };

export type FromThread =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'result'; readonly id: number; readonly result: FileResult }
  /** A defect of ours: the exploration threw. */
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export interface ThreadHost {
  readonly post: (message: FromThread) => void;
  readonly now: () => number;
  /** Runs something as soon as messages that wait have been delivered. */
  readonly soon: (run: () => void) => void;
}

/** Gives the function that takes the thread's messages. Jobs run one after another; the server keeps the queue. */
export function explorationThread(host: ThreadHost): (message: ToThread) => void {
  const cancelled = new Set<number>();
  let lastProgress = 0;

  const run = (job: Job, flag: Int32Array | null) => {
    const stop = () => cancelled.has(job.id) || (flag !== null && Atomics.load(flag, 0) === 1);
    const progress = (p: Progress) => {
      const now = host.now();
      if (now - lastProgress < 100) return;
      lastProgress = now;
      host.post({ kind: 'progress', id: job.id, progress: p });
    };
    const read = (path: string) => (Object.hasOwn(job.files, path) ? job.files[path] : null);
    const slice = guarded(job, () => {
      const result = task.step();
      if (result === null) return host.soon(slice);
      cancelled.delete(job.id);
      host.post({ kind: 'result', id: job.id, result });
    });
    const task = startCheck(job.path, job.text, { read }, job.options, { now: host.now, cancelled: stop, progress });
    slice();
  };

  const guarded = (job: Job, body: () => void) => () => {
    try {
      body();
    } catch (e) {
      host.post({ kind: 'failed', id: job.id, message: e instanceof Error ? (e.stack ?? e.message) : String(e) });
    }
  };

  return (message) => {
    switch (message.kind) {
      case 'check':
        return guarded(message.job, () => run(message.job, message.flag))();
      case 'cancel':
        cancelled.add(message.id);
        return;
    }
  };
}
