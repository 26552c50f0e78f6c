// When each open file is explored, and which result may be shown for it: the life cycle stale, queued, running, done. What the results look
// like in an editor is for diagnostics.ts and the features.
import { chosenCombinations, COMBINATIONS_WHILE_TYPING, type FileResult, type Progress, resultOf } from '../analysis.ts';
import { errorsOf, mergedErrors } from '../check/errors.ts';
import { resultCache } from './cache.ts';
import { blank, doneStatus, notChecked, runningStatus } from './checkStatus.ts';
import { dearestFirst } from './dearest.ts';
import type { Document, Documents } from './documents.ts';
import { type Change, changeBetween } from './edits.ts';
import { type Exploration, explorations } from './explorations.ts';
import type { Platform } from './platform.ts';
import type { CheckStatus } from './protocol.ts';
import { checkOptions, defaults, type Settings } from './settings.ts';

/** After the last keystroke, with lifeline.check.on = type. */
const typingPauseMs = 400;

/** After the last keystroke: an exploration begins that nobody hears of. Saving finds it under way, or its answer there. */
const aheadPauseMs = 80;

/** So long may an exploration go on that nobody has asked for. */
const aheadMostMs = 2000;

/** So long is waited for an exploration to say what is wrong with its text in any combination, which is found out here otherwise. */
const tellsWithinMs = 1000;

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
  /** What is wrong with the present text is about to come from an exploration; `results` says when. */
  readonly willTell: (uri: string) => boolean;
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

export function checking(documents: Documents, platform: Platform, events: CheckingEvents): Checking {
  const entries = new Map<string, Entry>();
  const cache = resultCache();
  const dearest = dearestFirst();
  let settings: Settings | null = null;
  let queue: string[] = [];

  const say = (entry: Entry, status: CheckStatus) => {
    entry.status = status;
    events.status(status);
  };

  const update = (document: Document, entry: Entry, state: CheckStatus['state'], more: Partial<CheckStatus> = {}) => {
    say(entry, { ...blank(document), state, ...more });
  };

  const keyNow = (document: Document): string => keyOf(document, settings ?? defaults);

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
    const known = cache.get(keyNow(document));
    if (known === null || (again && known.incomplete)) return false;
    done(document, entry, known, 'now');
    return true;
  };

  const drop = (uri: string) => {
    queue = queue.filter((queued) => queued !== uri);
    entries.get(uri)?.pause?.cancel();
    if (threads.current?.document.uri === uri) threads.abandon();
  };

  const presentOf = (of: Exploration) => ({ document: documents.get(of.document.uri), entry: entries.get(of.document.uri) ?? null });

  const enqueue = (document: Document, entry: Entry) => {
    const { current } = threads;
    if (current !== null && !current.abandoned && current.key === keyNow(document)) {
      if (current.asked) return;
      current.asked = true;
      entry.pause?.cancel();
      return update(document, entry, 'running', { summary: 'exploring' });
    }
    if (current?.asked === false) threads.abandon();
    drop(document.uri);
    queue.push(document.uri);
    update(document, entry, 'queued', { summary: 'waiting to be explored' });
    next();
  };

  const next = () => {
    if (threads.current !== null) return;
    const uri = queue.shift();
    if (uri === undefined) return;
    const document = documents.get(uri);
    const entry = entries.get(uri);
    if (document === null || entry === undefined || answered(document, entry)) return next();
    begin(document, true);
    update(document, entry, 'running', { summary: 'exploring' });
  };

  /** Saving often follows a pause at once: what it will ask is found out before, where nothing else is to be done. */
  const ahead = (uri: string) => {
    const document = documents.get(uri);
    if (threads.current !== null || document === null || errorsIn(document) > 0) return;
    const begun = begin(document, false);
    platform.after(aheadMostMs, () => {
      if (threads.current === begun && !begun.asked) threads.abandon();
    });
  };

  const begin = (document: Document, asked: boolean): Exploration => {
    const options = checkOptions(settings ?? defaults, platform.memoryLimit());
    const combinations = dearest.order(document.uri, chosenCombinations(document.first.file, options.params).length);
    const begun = threads.begin({ document, options, key: keyNow(document), combinations }, asked);
    platform.after(tellsWithinMs, () => {
      if (threads.current === begun && !begun.abandoned) events.results(document.uri, 'soon');
    });
    return begun;
  };

  const progressed = (of: Exploration, progress: Progress) => {
    const { document, entry } = presentOf(of);
    if (!of.asked || of.abandoned || document === null || entry === null) return;
    const run = Math.min(of.outcomes.size, of.combinations.length - 1);
    update(document, entry, 'running', runningStatus({ ...progress, run }, platform.now() - of.started));
  };

  /** Only some combination shows what is wrong with the text. */
  const brokenAfterAll = (of: Exploration) => {
    if (of.abandoned) return;
    drop(of.document.uri);
    of.document.tell(of.document.analysis.errors);
    const { document, entry } = presentOf(of);
    if (document !== null && entry !== null && !answered(document, entry)) outdate(document, entry);
  };

  const ended = (of: Exploration) => {
    const { document: explored, outcomes } = of;
    const whole = outcomes.size === of.combinations.length;
    if (whole) dearest.note(explored.uri, outcomes.values());
    if (of.failure !== null) events.log(`internal error while exploring ${explored.uri}: ${of.failure}`);
    const { document, entry } = presentOf(of);
    if (of.abandoned || document === null || entry === null) return;
    if (of.failure !== null) {
      if (of.asked) update(document, entry, 'stale', { summary: 'internal error, see the output channel' });
      return;
    }
    const all = [...outcomes.values()].sort((a, b) => a.index - b.index);
    const errors = explored.errors ?? mergedErrors(all.slice(0, COMBINATIONS_WHILE_TYPING).map((o) => o.resolved));
    if (whole) explored.tell(errors);
    const result = resultOf({ path: explored.uri, text: explored.text, ...explored.first, errors }, all, of.combinations.length);
    // A cancelled exploration says nothing about its file that the next one should inherit.
    if (whole && !result.runs.some((run) => run.limit === 'cancelled')) cache.put(of.key, result);
    if (of.asked) done(document, entry, result, 'now');
    else events.results(document.uri, 'soon');
  };

  const killed = (of: Exploration) => {
    const { document, entry } = presentOf(of);
    if (of.asked && !of.abandoned && document !== null && entry !== null) update(document, entry, 'stale', { summary: 'cancelled' });
  };

  const threads = explorations(platform, {
    progress: progressed,
    outcome(of, { resolved }) {
      if (resolved.some(isError)) brokenAfterAll(of);
    },
    ended(of) {
      ended(of);
      next();
    },
    killed(of) {
      killed(of);
      next();
    },
    threadScript: events.threadScript,
  });

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
    const known = cache.get(keyNow(document));
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
      if (settings.on === 'manual' || entry.status.state === 'done') return;
      const typed = settings.on === 'type' ? () => consider(uri, true) : null;
      if (!settings.ahead) entry.pause = typed && platform.after(typingPauseMs, typed);
      else {
        entry.pause = platform.after(aheadPauseMs, () => {
          ahead(uri);
          entry.pause = typed && platform.after(typingPauseMs - aheadPauseMs, typed);
        });
      }
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
    willTell(uri) {
      const { current } = threads;
      return (
        current !== null &&
        !current.abandoned &&
        current.document === documents.get(uri) &&
        platform.now() - current.started < tellsWithinMs
      );
    },
    saved: (uri) => consider(uri, settings?.on !== 'manual'),
    closed(uri) {
      drop(uri);
      entries.delete(uri);
      dearest.forget(uri);
    },
    configured(given) {
      settings = given;
      threads.prepare();
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
      if (threads.current?.document.uri === uri) threads.stop();
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

function keyOf(document: Document, settings: Settings): string {
  return JSON.stringify([document.uri, document.text, document.reads(), settings]);
}
