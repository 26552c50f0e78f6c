// From a scenario's text to what is compared: its transition systems, one for each combination of params, with pools already as large as they
// must be.
import { analyse as analyseText, type FileResult, startCheck } from '../../server/src/analysis.ts';
import { VERDICTS } from '../../server/src/base/verdicts.ts';
import { librariesIn, libraryNames } from '../../server/src/check/libraries.ts';
import { runOf } from '../../server/src/check/run.ts';
import type { MakeEngine } from '../../server/src/checker/engine.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import type { Ticks } from '../../server/src/lowering/clock.ts';
import { prelude } from '../../server/src/primitives/index.ts';
import { analyse } from '../../server/src/semantics/analyse.ts';
import { combinations } from '../../server/src/semantics/parameters.ts';
import type { Program } from '../../server/src/semantics/program.ts';
import type { System } from '../../server/src/system/system.ts';

export interface Subject {
  readonly program: Program;
  readonly system: System;
  readonly initials: ReadonlyArray<readonly number[]>;
  /** By the plain engine, without reduction. */
  readonly exploration: Exploration;
}

const path = 'random.lifeline';
const files = { read: () => null };
const host = { now: () => 0, cancelled: () => false, progress: () => {} };

/** Mistakes that resolving finds. */
export function mistakes(text: string): readonly string[] {
  const { errors } = analyseText(path, text, files);
  return errors.filter((e) => e.severity === 'error').map((e) => `${e.range.start.line + 1}:${e.range.start.character + 1} ${e.message}`);
}

/** Resolved, one for each combination of params. */
export function programsOf(text: string): readonly Program[] {
  const { file } = analyseText(path, text, files);
  const libraries = librariesIn(files.read);
  return combinations(file).map((params) =>
    analyse(path, file, text, libraries, prelude, params, { verdicts: Object.keys(VERDICTS), libraryNames }),
  );
}

/** Null: more than `maxStates` states. */
export function subjectsOf(text: string, maxStates: number): readonly Subject[] | null {
  const subjects = programsOf(text).map((program) => explore(program, maxStates, makePlainEngine, false));
  return subjects.some((s) => s === null) ? null : (subjects as readonly Subject[]);
}

/** Null: more than `maxStates` states. */
export function explore(program: Program, maxStates: number, make: MakeEngine, reduction: boolean, ticks: Ticks = 'scaled'): Subject | null {
  const run = runOf(program, { maxStates, maxTimeMs: null, maxMemoryBytes: null, reduction }, host, make, null, ticks);
  for (;;) {
    const { done, value } = run.next();
    if (done !== true) continue;
    const { exploration, lowered } = value;
    return exploration.limit === null ? { program, system: lowered.system, initials: exploration.initials, exploration } : null;
  }
}

/** The whole check, as a user gets it. */
export function checkText(text: string, reduction: boolean): FileResult {
  const task = startCheck(
    path,
    text,
    files,
    { params: {}, maxStates: 200_000, maxTimeMs: null, maxMemoryBytes: null, reduction, workers: 1 },
    host,
  );
  for (;;) {
    const result = task.step();
    if (result !== null) return result;
  }
}
