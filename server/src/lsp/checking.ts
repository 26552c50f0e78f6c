// When each open file is explored, and which result may be shown for it: the life cycle stale, queued, running, done. What the results look
// like in an editor is for publish.ts and the features.
import type { CheckOptions, FileResult } from '../analysis.ts';
import { resultCache } from './cache.ts';
import { blank, doneStatus, notChecked, runningStatus } from './checkStatus.ts';
import type { Document, Documents } from './documents.ts';
import { type Change, changeBetween } from './edits.ts';
import type { Platform, Thread } from './platform.ts';
import type { CheckStatus } from './protocol.ts';
import { checkOptions, defaults, type Settings } from './settings.ts';
import type { FromThread, Job } from './work.ts';

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
  /** What may be shown for a file has changed. */
  readonly results: (uri: string) => void;
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
  readonly uri: string;
  readonly job: Job;
  readonly key: string;
  readonly started: number;
  readonly flag: Int32Array | null;
  /** The answer is not wanted any more; the thread has been told, and its answer still has to come. */
  abandoned: boolean;
}

export function checking(documents: Documents, platform: Platform, events: CheckingEvents): Checking {
  const entries = new Map<string, Entry>();
  const cache = resultCache();
  let settings: Settings | null = null;
  let thread: Thread | null = null;
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
  const done = (document: Document, entry: Entry, result: FileResult) => {
    entry.shown = { result, text: document.text, changes: [] };
    update(document, entry, 'done', doneStatus(result));
    events.results(document.uri);
  };

  /** The present text has its answer already: it has errors, or the cache knows it. */
  const answered = (document: Document, entry: Entry, again = false): boolean => {
    const errors = document.analysis.errors.filter((e) => e.severity === 'error').length;
    if (errors > 0) {
      update(document, entry, 'done', notChecked(errors));
      events.results(document.uri);
      return true;
    }
    const known = cache.get(keyOf(document, options()));
    if (known === null || (again && known.incomplete)) return false;
    done(document, entry, known);
    return true;
  };

  const drop = (uri: string) => {
    queue = queue.filter((queued) => queued !== uri);
    entries.get(uri)?.pause?.cancel();
    if (running?.uri === uri && !running.abandoned) {
      running.abandoned = true;
      stop(running);
    }
  };

  const stop = (of: Running) => {
    if (of.flag !== null) Atomics.store(of.flag, 0, 1);
    thread?.post({ kind: 'cancel', id: of.job.id });
    platform.after(patienceMs, () => {
      if (running !== of || thread === null || thread.kill === null) return;
      thread.kill();
      thread = null;
      running = null;
      const document = documents.get(of.uri);
      const entry = entries.get(of.uri);
      if (!of.abandoned && document !== null && entry !== undefined) update(document, entry, 'stale', { summary: 'cancelled' });
      next();
    });
  };

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
    thread ??= platform.startThread(receive, events.threadScript());
    const flag = thread.flag?.() ?? null;
    const job: Job = { id: ++ids, path: uri, text: document.text, files: document.reads(), options: options() };
    running = { uri, job, key: keyOf(document, job.options), started: platform.now(), flag, abandoned: false };
    update(document, entry, 'running', { summary: 'exploring' });
    thread.post({ kind: 'check', job, flag });
  };

  const receive = (message: FromThread) => {
    if (running === null || message.id !== running.job.id) return;
    const { uri, key, started, abandoned } = running;
    const document = documents.get(uri);
    const entry = entries.get(uri);
    const current = !abandoned && document !== null && entry !== undefined;
    switch (message.kind) {
      case 'progress': {
        if (!current) return;
        update(document, entry, 'running', runningStatus(message.progress, platform.now() - started));
        return;
      }
      case 'result':
        running = null;
        // A cancelled exploration says nothing about its file that the next one should inherit.
        if (!message.result.runs.some((run) => run.limit === 'cancelled')) cache.put(key, message.result);
        if (current) done(document, entry, message.result);
        return next();
      case 'failed':
        running = null;
        events.log(`internal error while exploring ${uri}: ${message.message}`);
        if (current) update(document, entry, 'stale', { summary: 'internal error, see the output channel' });
        return next();
    }
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
    if (known !== null) return done(document, entry, known);
    update(document, entry, 'stale', { summary: entry.shown === null ? 'not explored yet' : 'changed since it was explored' });
    events.results(uri);
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
      const errors = found.document.analysis.errors.filter((e) => e.severity === 'error').length;
      if (errors > 0) update(found.document, found.entry, 'done', notChecked(errors));
    },
    saved: (uri) => consider(uri, settings?.on !== 'manual'),
    closed(uri) {
      drop(uri);
      entries.delete(uri);
    },
    configured(given) {
      settings = given;
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
      if (running?.uri === uri) stop(running);
    },
    status: (uri) => entries.get(uri)?.status ?? null,
    shown: (uri) => entries.get(uri)?.shown ?? null,
  };
}

// A file that somebody begins to write is a scenario even before its first line says so.
function isScenario(document: Document): boolean {
  return !document.uri.startsWith('lifeline:') && document.first.file.header?.kind !== 'library';
}

function keyOf(document: Document, options: CheckOptions): string {
  return JSON.stringify([document.uri, document.text, document.reads(), options]);
}
