// Damages scenario files: cut off at a byte, or with a line missing. Whatever is left has to give diagnostics or a result, and never an exception.
import { readFileSync } from 'node:fs';
import { startCheck } from '../../server/src/analysis.ts';
import { VERDICTS } from '../../server/src/base/verdicts.ts';
import { librariesIn, libraryNames } from '../../server/src/check/libraries.ts';
import { prelude } from '../../server/src/primitives/index.ts';
import { analyse } from '../../server/src/semantics/analyse.ts';
import { combinations } from '../../server/src/semantics/parameters.ts';
import { parse } from '../../server/src/syntax/parser.ts';

const nothing = { read: () => null };
/** Enough to lower the system, to boot it and to begin; each text has a limit of its own, so that nothing can hang. */
const options = { params: {}, maxStates: 60, maxTimeMs: 10_000, maxMemoryBytes: 2 ** 28, reduction: true, workers: 1 };
const host = { now: () => performance.now(), cancelled: () => false, progress: () => {} };

export interface Damage {
  /** Texts that were read. */
  readonly texts: number;
  /** Those that were still scenarios, and were explored. */
  readonly explored: number;
  /** What was thrown, with the text that did it. */
  readonly thrown: readonly string[];
}

/** Every `stride`-th cut of a file, and the file without every `lineStride`-th of its lines in turn. */
export function damage(path: string, stride: number, lineStride = 1): Damage {
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  const texts = [
    ...Array.from({ length: Math.ceil(text.length / stride) }, (_, i) => text.slice(0, i * stride)),
    ...lines.flatMap((_, i) => (i % lineStride === 0 ? [lines.filter((__, j) => j !== i).join('\n')] : [])),
  ];
  const seen = new Set<string>();
  const thrown: string[] = [];
  let explored = 0;
  for (const damaged of texts) {
    try {
      const { file, errors, tokens } = parse(damaged);
      const program = analyse(path, file, damaged, librariesIn(nothing.read), prelude, combinations(file)[0], { errors, verdicts: Object.keys(VERDICTS), libraryNames });
      if ((program.diagnostics.get(path) ?? []).some((d) => d.severity === 'error')) continue;
      // Cuts in a comment or between two declarations leave the same scenario.
      const key = JSON.stringify(tokens.map((t) => damaged.slice(t.start, t.end)));
      if (seen.has(key)) continue;
      seen.add(key);
      const task = startCheck(path, damaged, nothing, options, host);
      while (task.step() === null);
      explored++;
    } catch (e) {
      thrown.push(`${e instanceof Error ? e.stack : String(e)}\n--- in\n${damaged}`);
    }
  }
  return { texts: texts.length, explored, thrown };
}
