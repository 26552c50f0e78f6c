// Checks a file: every combination of its params is explored, by one thread or by several that share them out.
import type { Analysis, CheckOptions, FileResult, Files, Host } from '../analysis.ts';
import { VERDICTS } from '../base/verdicts.ts';
import type { ExploreHost } from '../checker/explore.ts';
import { prelude } from '../primitives/index.ts';
import { analyse } from '../semantics/analyse.ts';
import { combinations, fileConstant, paramsOf, valuesOf } from '../semantics/parameters.ts';
import type { ParamValue, Program } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import { type Memory, newMemory } from './before.ts';
import { type Checked, outcomeOf, type Outcome, textOfValue } from './combination.ts';
import { librariesIn, libraryNames } from './libraries.ts';
import { brokenResult, resultOf } from './result.ts';

/** A combination of params, and which one it is among all that the file has. */
interface Combination {
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly number: number;
}

/** The combinations that are explored, in order. */
export function chosenCombinations(file: tree.File, params: CheckOptions['params']): readonly Combination[] {
  const isChosen = (c: Combination['params']): boolean => Object.entries(params).every(([name, value]) => c[name] === undefined || textOfValue(c[name]) === value);
  return combinations(file).map((c, number) => ({ params: c, number })).filter((c) => isChosen(c.params));
}

/** The values of each param, as `--param` has them. */
export function paramValues(file: tree.File): ReadonlyMap<string, readonly string[]> {
  return new Map(paramsOf(file).map((param) => [param.name.text, valuesOf(param, (e) => fileConstant(file, e)).map(textOfValue)]));
}

/** Explores all combinations, one after the other. */
export function* checkTask(analysis: Analysis, files: Files, options: CheckOptions, host: Host): Generator<void, FileResult> {
  if (analysis.errors.some((e) => e.severity === 'error')) return brokenResult(analysis, analysis.errors);
  const chosen = chosenCombinations(analysis.file, options.params).length;
  const outcomes: Outcome[] = [];
  let next = 0;
  for (const outcome of shareTask(analysis, analysis.programs, files, options, host, () => next++, newMemory())) {
    if (outcome !== null) outcomes.push(outcome);
    if (outcome?.kind === 'broken') break;
    yield;
  }
  return resultOf(analysis, outcomes, chosen);
}

/**
 * Explores the combinations whose indices `next` gives, until it gives one that is none: those that share a file out ask the same counter.
 * Yields null every few milliseconds, and each outcome. `resolved`: programs that are there already, by their combination's number.
 */
export function* shareTask(checked: Checked, resolved: readonly Program[], files: Files, options: CheckOptions, host: Host, next: () => number, memory: Memory): Generator<Outcome | null, void> {
  const { path, text, file } = checked;
  const chosen = chosenCombinations(file, options.params);
  const libraries = librariesIn((p) => files.read(p));
  for (let index = next(); index < chosen.length; index = next()) {
    const { params, number } = chosen[index];
    const program = resolved[number] ?? analyse(path, file, text, libraries, prelude, params, { verdicts: Object.keys(VERDICTS), libraryNames });
    const progress: ExploreHost['progress'] = (p) => host.progress({ ...p, run: index, runs: chosen.length });
    const run = outcomeOf(checked, program, params, index, files, options, { ...host, progress }, memory);
    for (;;) {
      const { done, value } = run.next();
      if (done !== true) {
        yield null;
        continue;
      }
      yield value;
      break;
    }
    if (host.cancelled()) return;
  }
}
