// The transition systems of scenario files, as the checker gets them: pools already as large as they must be. For benchmarks and for the
// comparison with SPIN; nothing of it ships.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { analyse as analyseFile, type Files } from '../server/src/analysis.ts';
import type { ExploreHost } from '../server/src/checker/explore.ts';
import type { MakeEngine } from '../server/src/checker/engine.ts';
import type { Exploration } from '../server/src/checker/verdict.ts';
import { makePlainEngine } from '../server/src/checker/plain.ts';
import { wasmOr } from '../server/src/checker/wasm/engine.ts';
import { librariesIn, libraryNames } from '../server/src/check/libraries.ts';
import { runOf } from '../server/src/check/run.ts';
import { VERDICTS } from '../server/src/base/verdicts.ts';
import { prelude } from '../server/src/primitives/index.ts';
import { analyse } from '../server/src/semantics/analyse.ts';
import { combinations } from '../server/src/semantics/parameters.ts';
import type { System } from '../server/src/system/system.ts';

export interface Subject {
  /** `scenarios/seed/fence.lifeline fence=srcu`. */
  readonly name: string;
  readonly system: System;
  readonly initials: ReadonlyArray<readonly number[]>;
  readonly exploration: Exploration;
}

export const files: Files = {
  read: (p) => (existsSync(p) && statSync(p).isFile() ? readFileSync(p, 'utf8') : null),
};

const silent: ExploreHost = { now: () => 0, cancelled: () => false, progress: () => {} };

/** Every combination of a file's params, or the last; none where the file has errors. */
export function subjectsOf(...of: Parameters<typeof eachSubject>): readonly Subject[] {
  return [...eachSubject(...of)];
}

/** The same, one after the other: several at once can be much to remember. */
export function* eachSubject(
  file: string,
  maxStates: number | null,
  params: Readonly<Record<string, string>> = {},
  which: 'all' | 'last' = 'all',
): Generator<Subject> {
  const text = readFileSync(file, 'utf8');
  const analysis = analyseFile(file, text, files);
  if (analysis.errors.some((e) => e.severity === 'error')) return;
  const libraries = librariesIn((p) => files.read(p));
  const all = combinations(analysis.file);
  for (const chosen of which === 'last' ? all.slice(-1) : all) {
    const named = Object.entries(chosen).map(([k, v]) => [k, v.kind === 'name' ? v.name : String(v.value)] as const);
    if (named.some(([k, v]) => params[k] !== undefined && params[k] !== v)) continue;
    const program = analyse(file, analysis.file, text, libraries, prelude, chosen, { verdicts: Object.keys(VERDICTS), libraryNames });
    let last: { system: System; initials: ReadonlyArray<readonly number[]> } | null = null;
    const make = wasmOr(makePlainEngine);
    const watched: MakeEngine = (system, initials, options) => {
      last = { system, initials };
      return make(system, initials, options);
    };
    const run = runOf(program, { maxStates, maxTimeMs: null, maxMemoryBytes: null, reduction: false }, silent, watched);
    let ended = run.next();
    while (ended.done !== true) ended = run.next();
    const found = last as { system: System; initials: ReadonlyArray<readonly number[]> } | null;
    if (found === null) continue;
    const name = [path.relative(process.cwd(), file), ...named.map(([k, v]) => `${k}=${v}`)].join(' ');
    yield { name, ...found, exploration: ended.value.exploration };
  }
}

/** Scenario files under a folder, in order. */
export function scenarioFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const at = path.join(folder, name);
      return statSync(at).isDirectory() ? scenarioFiles(at) : name.endsWith('.lifeline') ? [at] : [];
    });
}
