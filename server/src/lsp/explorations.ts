// One exploration at a time: the threads that share its combinations out, what they say, and how it is stopped. Which file is explored when,
// and who may see what comes of it, is checking.ts's.
import type { CheckOptions, Outcome, Progress } from '../analysis.ts';
import type { Document } from './documents.ts';
import type { Platform, Thread } from './platform.ts';
import { type FromThread, type Job, type Shared, STOP } from './work.ts';

/** So long may an exploration take to notice that it is not wanted; then its thread is ended for it. */
const patienceMs = 2000;

export interface Wanted {
  readonly document: Document;
  readonly options: CheckOptions;
  /** Whatever its result depends on. */
  readonly key: string;
  /** By index, in the order in which they are to be explored. */
  readonly combinations: readonly number[];
}

export interface Exploration extends Wanted {
  /** As the platform's clock has it, ms. */
  readonly started: number;
  readonly outcomes: ReadonlyMap<number, Outcome>;
  /** Somebody waits for it; otherwise it was begun ahead, and nothing of it is shown. */
  asked: boolean;
  /** The answer is not wanted any more; the threads have been told, and what they say still has to come. */
  readonly abandoned: boolean;
  /** What a thread died of. */
  readonly failure: string | null;
}

interface Running extends Exploration {
  readonly outcomes: Map<number, Outcome>;
  abandoned: boolean;
  failure: string | null;
  pass: Pass;
}

/** One job, and the threads that share it out. */
interface Pass {
  readonly job: Job;
  readonly shared: Shared | null;
  readonly threads: number;
  /** Threads that have not said yet that nothing is left. */
  busy: number;
}

export interface ExplorationEvents {
  readonly progress: (of: Exploration, progress: Progress) => void;
  readonly outcome: (of: Exploration, outcome: Outcome) => void;
  /** `current` is null again. Outcomes are missing where it was stopped. */
  readonly ended: (of: Exploration) => void;
  /** It did not hear that it was to stop, and its threads have been ended. */
  readonly killed: (of: Exploration) => void;
  readonly threadScript: () => string | null;
}

export interface Explorations {
  /** The one that runs, abandoned ones included: until it has ended none can begin. */
  readonly current: Exploration | null;
  readonly begin: (wanted: Wanted, asked: boolean) => Exploration;
  /** Keeps what it has found. */
  readonly stop: () => void;
  /** Wants no answer. */
  readonly abandon: () => void;
  /** Starts the threads, which takes a while, before there is anything to do. */
  readonly prepare: () => void;
}

export function explorations(platform: Platform, events: ExplorationEvents): Explorations {
  let threads: Thread[] = [];
  let running: Running | null = null;
  let ids = 0;

  const startThreads = (count: number) => {
    while (threads.length < count) threads.push(platform.startThread(receive, events.threadScript()));
  };

  /** Threads at work at once share the memory, too. */
  const start = ({ document, options }: Wanted, combinations: readonly number[], atOnce: number): Pass => {
    startThreads(atOnce);
    const shared = threads[0].share?.(2) ?? null;
    const used = shared === null ? 1 : atOnce;
    const maxMemoryBytes = options.maxMemoryBytes === null ? null : Math.floor(options.maxMemoryBytes / used);
    const job: Job = {
      id: ++ids,
      path: document.uri,
      text: document.text,
      files: document.reads(),
      options: { ...options, maxMemoryBytes },
      combinations,
    };
    for (const thread of threads.slice(0, used)) thread.post({ kind: 'check', job, shared });
    return { job, shared, threads: used, busy: used };
  };

  const receive = (message: FromThread) => {
    if (running === null || message.id !== running.pass.job.id) return;
    const { outcomes, pass } = running;
    switch (message.kind) {
      case 'progress':
        return events.progress(running, message.progress);
      case 'outcome':
        outcomes.set(message.outcome.index, message.outcome);
        return events.outcome(running, message.outcome);
      case 'failed':
        running.failure ??= message.message;
        if (pass.shared !== null) Atomics.store(pass.shared, STOP, 1);
        break;
      case 'done':
        break;
    }
    pass.busy--;
    if (pass.busy === 0) passed(running);
  };

  /** All threads have come to the end of a pass. What had too little memory beside others gets all of it in another one. */
  const passed = (of: Running) => {
    const { outcomes, pass } = of;
    const stopped = of.abandoned || of.failure !== null || (pass.shared !== null && Atomics.load(pass.shared, STOP) === 1);
    const left = [...outcomes.values()].filter((o) => o.kind === 'explored' && o.run.limit === 'memory').map((o) => o.index);
    if (!stopped && pass.threads > 1 && left.length > 0) {
      for (const index of left) outcomes.delete(index);
      of.pass = start(
        of,
        left.sort((a, b) => a - b),
        1,
      );
      return;
    }
    running = null;
    events.ended(of);
  };

  const stop = (of: Running) => {
    const { job, shared } = of.pass;
    if (shared !== null) Atomics.store(shared, STOP, 1);
    for (const thread of threads) thread.post({ kind: 'cancel', id: job.id });
    platform.after(patienceMs, () => {
      if (running !== of || threads.some((thread) => thread.kill === null)) return;
      for (const thread of threads) thread.kill?.();
      threads = [];
      running = null;
      events.killed(of);
    });
  };

  return {
    get current() {
      return running;
    },
    begin(wanted, asked) {
      const pass = start(wanted, wanted.combinations, Math.min(platform.threads, wanted.combinations.length));
      running = { ...wanted, started: platform.now(), outcomes: new Map(), asked, abandoned: false, failure: null, pass };
      return running;
    },
    stop() {
      if (running !== null) stop(running);
    },
    abandon() {
      if (running === null || running.abandoned) return;
      running.abandoned = true;
      stop(running);
    },
    prepare: () => startThreads(platform.threads),
  };
}
