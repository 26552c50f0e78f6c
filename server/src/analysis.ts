// The facade: text in, everything out. The command line, the language server and the worker are three shells of what is declared here.
import type { Place, Range } from './base/span.ts';
import type { Trace } from './trace/trace.ts';

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
