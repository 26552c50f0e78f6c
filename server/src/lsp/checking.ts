// When each open file is explored, and which result may be shown for it: the life cycle stale, queued, running, done. What the results look
// like in an editor is for publish.ts and the features.
import { type CheckOptions, chosenCombinations, COMBINATIONS_WHILE_TYPING, type FileResult, type Outcome, resultOf } from '../analysis.ts';
import { errorsOf, mergedErrors } from '../check/errors.ts';
import { resultCache } from './cache.ts';
import { blank, doneStatus, notChecked, runningStatus } from './checkStatus.ts';
import { dearestFirst } from './dearest.ts';
import type { Document, Documents } from './documents.ts';
import { type Change, changeBetween } from './edits.ts';
import type { Platform, Thread } from './platform.ts';
import type { CheckStatus } from './protocol.ts';
import { checkOptions, defaults, type Settings } from './settings.ts';
import { type FromThread, type Job, type Shared, STOP } from './work.ts';

/** After the last keystroke, with lifeline.check.on = type. */
const typingPauseMs = 400;

/** So long may an exploration take to notice that it is not wanted; then its thread is ended for it. */
const patienceMs = 2000;

/** A result with what has happened to its text since. */
export interface Shown {
  readonly result: FileResult;
  /** The text that was explored. */
  readonly text: string;
  /** From that text to the present one; empty: the result is current. */
  readonly changes: readonly Change[];
}

export interface CheckingEvents {
  readonly status: (status: CheckStatus) => void;
  /** What may be shown for a file has changed: `now`, as somebody waits for it, or while the file is being typed. */
  readonly results: (uri: string, when: 'now' | 'soon') => void;
  readonly log: (message: string) => void;
  readonly threadScript: () => string | null;
}

export interface Checking {
  readonly opened: (uri: string) => void;
  /** `before`: the text until now. */
  readonly changed: (uri: string, before: string) => void;
  /** Something that the file uses has changed. */
  readonly outdated: (uri: string) => void;
  /** The user has paused: errors of the present text are known, or about to be. */
  readonly settled: (uri: string) => void;
  readonly saved: (uri: string) => void;
  readonly closed: (uri: string) => void;
  readonly configured: (settings: Settings) => void;
  /** Null: not open, or a library. */
  readonly checkNow: (uri: string) => CheckStatus | null;
  /** Ends the exploration of a file, keeping what it found. */
  readonly cancel: (uri: string) => void;
  readonly status: (uri: string) => CheckStatus | null;
  readonly shown: (uri: string) => Shown | null;
}

interface Entry {
  status: CheckStatus;
  shown: Shown | null;
  pause: { readonly cancel: () => void } | null;
}

interface Running {
  readonly document: Document;
  readonly options: CheckOptions;
  readonly key: string;
  readonly started: number;
  /** How many combinations of params there are. */
  readonly combinations: number;
  readonly outcomes: Map<number, Outcome>;
  pass: Pass;
  /** What a thread died of. */
  failure: string | null;
  /** The answer is not wanted any more; the threads have been told, and what they say still has to come. */
  abandoned: boolean;
}

/** One job, and the threads that share it out. */
interface Pass {
  readonly job: Job;
  readonly shared: Shared | null;
  readonly threads: number;
  /** Threads that have not said yet that nothing is left. */
  busy: number;
}

export function checking(documents: Documents, platform: Platform, events: CheckingEvents): Checking {
  const entries = new Map<string, Entry>();
  const cache = resultCache();
  const dearest = dearestFirst();
  let settings: Settings | null = null;
  let threads: Thread[] = [];
  let running: Running | null = null;
  let queue: string[] = [];
  let ids = 0;

  const say = (entry: Entry, status: CheckStatus) => {
    entry.status = status;
    events.status(status);
  };

  const update = (document: Document, entry: Entry, state: CheckStatus['state'], more: Partial<CheckStatus> = {}) => {
    say(entry, { ...blank(document), state, ...more });
  };

  const options = (): CheckOptions => checkOptions(settings ?? defaults, platform.memoryLimit());

  /** Shows a result that is for exactly this text. */
  const done = (document: Document, entry: Entry, result: FileResult, when: 'now' | 'soon') => {
    entry.shown = { result, text: document.text, changes: [] };
    update(document, entry, 'done', doneStatus(result));
    events.results(document.uri, when);
  };

  /** The present text has its answer already: it has errors, or the cache knows it. */
  const answered = (document: Document, entry: Entry, again = false): boolean => {
    const errors = errorsIn(document);
    if (errors > 0) {
      update(document, entry, 'done', notChecked(errors));
      events.results(document.uri, 'now');
      return true;
    }
    const known = cache.get(keyOf(document, options()));
    if (known === null || (again && known.incomplete)) return false;
    done(document, entry, known, 'now');
    return true;
  };

  const drop = (uri: string) => {
    queue = queue.filter((queued) => queued !== uri);
    entries.get(uri)?.pause?.cancel();
    if (running?.document.uri === uri && !running.abandoned) {
      running.abandoned = true;
      stop(running);
    }
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
      const { document, entry } = presentOf(of);
      if (!of.abandoned && document !== null && entry !== null) update(document, entry, 'stale', { summary: 'cancelled' });
      next();
    });
  };

  const presentOf = (of: Running) => ({ document: documents.get(of.document.uri), entry: entries.get(of.document.uri) ?? null });

  const enqueue = (document: Document, entry: Entry) => {
    drop(document.uri);
    queue.push(document.uri);
    update(document, entry, 'queued', { summary: 'waiting to be explored' });
    next();
  };

  const next = () => {
    if (running !== null) return;
    const uri = queue.shift();
    if (uri === undefined) return;
    const document = documents.get(uri);
    const entry = entries.get(uri);
    if (document === null || entry === undefined || answered(document, entry)) return next();
    const given = options();
    const all = dearest.order(uri, chosenCombinations(document.first.file, given.params).length);
    const pass = start(document, given, all, Math.min(platform.threads, all.length));
    running = {
      document,
      options: given,
      key: keyOf(document, given),
      started: platform.now(),
      combinations: all.length,
      outcomes: new Map(),
      pass,
      failure: null,
      abandoned: false,
    };
    update(document, entry, 'running', { summary: 'exploring' });
  };

  const startThreads = (count: number) => {
    while (threads.length < count) threads.push(platform.startThread(receive, events.threadScript()));
  };

  /** Threads at work at once share the memory, too. */
  const start = (document: Document, given: CheckOptions, combinations: readonly number[], atOnce: number): Pass => {
    startThreads(atOnce);
    const shared = threads[0].share?.(2) ?? null;
    const used = shared === null ? 1 : atOnce;
    const maxMemoryBytes = given.maxMemoryBytes === null ? null : Math.floor(given.maxMemoryBytes / used);
    const job: Job = {
      id: ++ids,
      path: document.uri,
      text: document.text,
      files: document.reads(),
      options: { ...given, maxMemoryBytes },
      combinations,
    };
    for (const thread of threads.slice(0, used)) thread.post({ kind: 'check', job, shared });
    return { job, shared, threads: used, busy: used };
  };

  const receive = (message: FromThread) => {
    if (running === null || message.id !== running.pass.job.id) return;
    const { outcomes, started, pass } = running;
    switch (message.kind) {
      case 'progress': {
        const { document, entry } = presentOf(running);
        if (running.abandoned || document === null || entry === null) return;
        const run = Math.min(outcomes.size, running.combinations - 1);
        update(document, entry, 'running', runningStatus({ ...message.progress, run }, platform.now() - started));
        return;
      }
      case 'outcome':
        outcomes.set(message.outcome.index, message.outcome);
        if (message.outcome.resolved.some(isError)) brokenAfterAll(running);
        return;
      case 'failed':
        running.failure ??= message.message;
        if (pass.shared !== null) Atomics.store(pass.shared, STOP, 1);
        break;
      case 'done':
        break;
    }
    pass.busy--;
    if (pass.busy === 0) ended(running);
  };

  /** Only some combination shows what is wrong with the text. */
  const brokenAfterAll = (of: Running) => {
    if (of.abandoned) return;
    drop(of.document.uri);
    of.document.tell(of.document.analysis.errors);
    const { document, entry } = presentOf(of);
    if (document !== null && entry !== null && !answered(document, entry)) outdate(document, entry);
  };

  /** All threads have come to the end of a pass. */
  const ended = (of: Running) => {
    const { document: explored, outcomes, pass, options: given } = of;
    const stopped = of.abandoned || of.failure !== null || (pass.shared !== null && Atomics.load(pass.shared, STOP) === 1);
    // What had too little memory beside others gets all of it.
    const left = [...outcomes.values()].filter((o) => o.kind === 'explored' && o.run.limit === 'memory').map((o) => o.index);
    if (!stopped && pass.threads > 1 && left.length > 0) {
      for (const index of left) outcomes.delete(index);
      of.pass = start(explored, given, left.sort((a, b) => a - b), 1);
      return;
    }
    running = null;
    if (outcomes.size === of.combinations) dearest.note(explored.uri, outcomes.values());
    const { document, entry } = presentOf(of);
    if (of.failure !== null) events.log(`internal error while exploring ${explored.uri}: ${of.failure}`);
    if (!of.abandoned && document !== null && entry !== null) {
      if (of.failure !== null) update(document, entry, 'stale', { summary: 'internal error, see the output channel' });
      else {
        const all = [...outcomes.values()].sort((a, b) => a.index - b.index);
        const errors = explored.errors ?? mergedErrors(all.slice(0, COMBINATIONS_WHILE_TYPING).map((o) => o.resolved));
        if (outcomes.size === of.combinations) explored.tell(errors);
        const result = resultOf({ path: explored.uri, text: explored.text, ...explored.first, errors }, all, of.combinations);
        // A cancelled exploration says nothing about its file that the next one should inherit.
        if (outcomes.size === of.combinations && !result.runs.some((run) => run.limit === 'cancelled')) cache.put(of.key, result);
        done(document, entry, result, 'now');
      }
    }
    next();
  };

  const explorable = (uri: string): { document: Document; entry: Entry } | null => {
    const document = documents.get(uri);
    if (document === null || !isScenario(document)) return null;
    let entry = entries.get(uri);
    if (entry === undefined) {
      entry = { status: blank(document), shown: null, pause: null };
      entries.set(uri, entry);
    }
    return { document, entry };
  };

  const consider = (uri: string, explore: boolean) => {
    const found = explorable(uri);
    if (found === null || settings === null) return;
    const { document, entry } = found;
    if (answered(document, entry)) return drop(uri);
    if (explore) return enqueue(document, entry);
    outdate(document, entry);
  };

  /** Cheap enough for every keystroke: what runs for an older text ends, what is known of this one is shown. */
  const outdate = (document: Document, entry: Entry) => {
    const { uri } = document;
    drop(uri);
    const known = cache.get(keyOf(document, options()));
    if (known !== null) return done(document, entry, known, 'soon');
    update(document, entry, 'stale', { summary: entry.shown === null ? 'not explored yet' : 'changed since it was explored' });
    events.results(uri, 'soon');
  };

  return {
    opened: (uri) => consider(uri, settings?.on !== 'manual'),
    changed(uri, before) {
      const found = explorable(uri);
      if (found === null) return;
      const { document, entry } = found;
      const change = changeBetween(before, document.text);
      if (entry.shown !== null && change !== null) entry.shown = { ...entry.shown, changes: [...entry.shown.changes, change] };
      if (settings === null) return;
      outdate(document, entry);
      if (settings.on !== 'type' || entry.status.state === 'done') return;
      entry.pause = platform.after(typingPauseMs, () => consider(uri, true));
    },
    outdated(uri) {
      const found = explorable(uri);
      if (found !== null && settings !== null) outdate(found.document, found.entry);
    },
    settled(uri) {
      const found = explorable(uri);
      if (found === null || settings === null || found.entry.status.state !== 'stale') return;
      const errors = (found.document.errors ?? found.document.analysis.errors).filter(isError).length;
      if (errors > 0) update(found.document, found.entry, 'done', notChecked(errors));
    },
    saved: (uri) => consider(uri, settings?.on !== 'manual'),
    closed(uri) {
      drop(uri);
      entries.delete(uri);
      dearest.forget(uri);
    },
    configured(given) {
      settings = given;
      startThreads(platform.threads);
      for (const uri of documents.uris()) consider(uri, given.on !== 'manual');
    },
    checkNow(uri) {
      const found = explorable(uri);
      if (found === null) return null;
      const { document, entry } = found;
      const busy = entry.status.state === 'running' || entry.status.state === 'queued';
      if (!busy && !answered(document, entry, true)) enqueue(document, entry);
      return entry.status;
    },
    cancel(uri) {
      const found = explorable(uri);
      if (found?.entry.status.state === 'queued') outdate(found.document, found.entry);
      if (running?.document.uri === uri) stop(running);
    },
    status: (uri) => entries.get(uri)?.status ?? null,
    shown: (uri) => entries.get(uri)?.shown ?? null,
  };
}

// A file that somebody begins to write is a scenario even before its first line says so.
function isScenario(document: Document): boolean {
  return !document.uri.startsWith('lifeline:') && document.first.file.header?.kind !== 'library';
}

/** How many errors a document has; those of its first combination tell for the time being where nobody knows about the others. */
function errorsIn(document: Document): number {
  if (document.errors === null && !errorsOf([document.first.program], document.uri, document.text).some(isError)) return 0;
  return (document.errors ?? document.analysis.errors).filter(isError).length;
}

function isError({ severity }: { readonly severity: string }): boolean {
  return severity === 'error';
}

function keyOf(document: Document, options: CheckOptions): string {
  return JSON.stringify([document.uri, document.text, document.reads(), options]);
}
