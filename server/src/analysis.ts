// The facade: text in, everything out. The command line, the language server and the worker are three shells of what is declared here.
import type { Place, Range } from './base/span.ts';
import { VERDICTS } from './base/verdicts.ts';
import { errorsOf } from './check/errors.ts';
import { librariesIn, libraryNames } from './check/libraries.ts';
import type { Memory } from './check/before.ts';
import type { Outcome } from './check/combination.ts';
import { checkTask, shareTask } from './check/task.ts';
import { prelude } from './primitives/index.ts';
import { analyse as analyseFile } from './semantics/analyse.ts';
import { combinations } from './semantics/parameters.ts';
import type { Program } from './semantics/program.ts';
import type { SecondThread } from './checker/wasm/pair.ts';
import { parse } from './syntax/parser.ts';
import type * as tree from './syntax/tree.ts';
import type { Trace } from './trace/trace.ts';

export { newMemory } from './check/before.ts';
export type { Outcome } from './check/combination.ts';
export { libraryNames, libraryText } from './check/libraries.ts';
export { resultOf } from './check/result.ts';
export { chosenCombinations, paramValues } from './check/task.ts';
export { format } from './syntax/printer.ts';
export { prelude };

/** Where imports come from: `use "./x.lifeline"` beside a file; shipped libraries are embedded. Returns null where there is no such file. */
export interface Files {
  read(path: string): string | null;
}

export interface CheckOptions {
  readonly params: Readonly<Record<string, string>>;
  readonly maxStates: number | null;
  readonly maxTimeMs: number | null;
  readonly maxMemoryBytes: number | null;
  readonly reduction: boolean;
  readonly workers: number;
}

/** Passed in by the shell: the core has no clock and cannot yield by itself. */
export interface Host {
  readonly now: () => number;
  readonly cancelled: () => boolean;
  readonly progress: (p: Progress) => void;
  /** A second thread for one exploration, where the shell has one and `workers` allows it. */
  readonly second?: SecondThread | null;
}

export interface Progress {
  readonly run: number;
  readonly runs: number;
  readonly states: number;
  readonly statesPerSecond: number;
  readonly frontier: number;
  readonly depth: number;
}

export interface FileError {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  readonly range: Range;
}

/** One violation as `check --format json` prints it; `trace` is built on demand by `traceOf`. */
export interface Violation {
  readonly kind: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly at: Place;
  readonly range: Range;
  readonly function: string;
  readonly functions: readonly string[];
  readonly object: string | null;
  readonly instance: string | null;
  readonly agent: string;
  readonly by: readonly string[];
  readonly waitsFor: string | null;
  readonly expected: boolean;
  readonly message: string;
  readonly steps: number;
  readonly switches: number;
  readonly trace: Trace;
}

export interface Run {
  readonly params: Readonly<Record<string, string>>;
  readonly complete: boolean;
  readonly limit: 'states' | 'time' | 'memory' | 'cancelled' | null;
  /** The limit was met when every state had been seen: only what blocks, goes round for ever or leaks was not looked at to the end. */
  readonly behindSearch?: boolean;
  /** Somebody looks at the time, which never comes round: a scenario that does so for ever has no end. */
  readonly timeGoesOn?: boolean;
  /** What it takes for granted about time, also where it finds nothing; only scenarios with a clock have it. */
  readonly assumed?: readonly string[];
  /** Variables whose values went on and on until a limit was met, the widest first. */
  readonly grown?: ReadonlyArray<{ readonly name: string; readonly min: number; readonly max: number }>;
  readonly stats: { readonly states: number; readonly transitions: number; readonly depth: number; readonly elapsedMs: number };
  readonly violations: readonly Violation[];
  /** Design facts that are never errors: unreached statements, fences that do not cover a path. */
  readonly hints: ReadonlyArray<{ readonly code: string; readonly at: Place; readonly range: Range; readonly message: string }>;
}

export interface ExpectResult {
  readonly line: number;
  readonly range: Range;
  readonly text: string;
  readonly when: string | null;
  /** Null: not decided (an exploration was incomplete). */
  readonly met: boolean | null;
  readonly message: string | null;
}

export interface ClaimResult {
  readonly line: number;
  readonly range: Range;
  readonly text: string;
  readonly messageId: string | null;
  readonly quotation: 'verified' | 'changed' | 'not-found' | 'no-mail' | null;
  readonly state: 'holds' | 'refuted' | 'unchecked';
  readonly underAssumption: string | null;
}

export interface FileResult {
  readonly file: string;
  readonly scenario: string | null;
  readonly errors: readonly FileError[];
  readonly green: boolean;
  /** Some exploration was incomplete. */
  readonly incomplete: boolean;
  readonly runs: readonly Run[];
  readonly expects: readonly ExpectResult[];
  readonly claims: readonly ClaimResult[];
}

/** Syntax only. */
export function parseFile(text: string): { readonly file: tree.File; readonly errors: ReadonlyArray<{ readonly message: string }> } {
  return parse(text);
}

/** What is known without exploring: every mistake, and the program of the first combination of params. */
export interface Analysis {
  readonly path: string;
  readonly text: string;
  readonly file: tree.File;
  readonly errors: readonly FileError[];
  readonly program: Program;
  /** One for each combination of params, in order; only the first ones of a very large design space. */
  readonly programs: readonly Program[];
}

/** While typing, at most so many combinations are resolved; the exploration resolves all. */
export const COMBINATIONS_WHILE_TYPING = 32;

export function analyse(path: string, text: string, files: Files): Analysis {
  const { file, errors } = parse(text);
  const libraries = librariesIn((p) => files.read(p));
  const extras = { errors, verdicts: Object.keys(VERDICTS), libraryNames };
  const programs = combinations(file).slice(0, COMBINATIONS_WHILE_TYPING).map((params) => analyseFile(path, file, text, libraries, prelude, params, extras));
  return { path, text, file, errors: errorsOf(programs, path, text), program: programs[0], programs };
}

/** An exploration in slices. */
export interface CheckTask {
  /** Runs for some 10 ms; the result at the end, null before. */
  step(): FileResult | null;
}

/** So long runs one slice. */
const SLICE_MS = 10;

export function startCheck(path: string, text: string, files: Files, options: CheckOptions, host: Host): CheckTask {
  const run = checkTask(analyse(path, text, files), files, options, host);
  return {
    step: () => {
      const until = host.now() + SLICE_MS;
      for (;;) {
        const { done, value } = run.next();
        if (done === true) return value;
        if (host.now() >= until) return null;
      }
    },
  };
}

/** A part of the exploration of a file that several threads share out; `resultOf` puts the outcomes of all parts together. */
export interface Share {
  /** Runs for some 10 ms, or until there is an outcome; `done` when nothing is left to take. */
  step(): Outcome | 'done' | null;
}

/**
 * `next` gives the index of the combination to explore next, each to one asker only; one that is too large ends the part. `memory` is kept
 * from one check to the next, and makes it faster.
 */
export function startShare(path: string, text: string, files: Files, options: CheckOptions, host: Host, next: () => number, memory: Memory): Share {
  const { file } = parse(text);
  const run = shareTask({ path, text, file }, [], files, options, host, next, memory);
  return {
    step: () => {
      const until = host.now() + SLICE_MS;
      for (;;) {
        const { done, value } = run.next();
        if (done === true) return 'done';
        if (value !== null || host.now() >= until) return value;
      }
    },
  };
}
