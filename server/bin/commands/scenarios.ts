// Which files a call speaks of: those named, and every scenario under the folders named.
import { parseFile } from '../../src/analysis.ts';
import type { Io } from './io.ts';

/** Paths from the working directory, in the order given, folders sorted; a text instead says which path there is not. */
export function scenarioFiles(paths: readonly string[], io: Io, wanted: 'scenarios' | 'all'): readonly string[] | string {
  const found: string[] = [];
  for (const given of paths) {
    const path = io.relative(given);
    if (io.isFolder(path)) {
      const inside = under(path, io).filter((file) => wanted === 'all' || !isLibrary(file, io));
      if (inside.length === 0) return `no scenario (*.lifeline) under ${given}`;
      found.push(...inside);
    } else if (io.read(path) !== null) found.push(path);
    else return noFile(given);
  }
  return [...new Set(found)];
}

/** Standard input is not read: what a scenario uses may stand beside its file. */
export function noFile(given: string): string {
  return given === '-' ? 'standard input is not read: name a file' : `there is no file ${given}`;
}

function under(folder: string, io: Io): readonly string[] {
  return io.list(folder).flatMap((name) => {
    const path = folder === '.' ? name : `${folder}/${name}`;
    if (io.isFolder(path)) return name.startsWith('.') || name === 'node_modules' ? [] : under(path, io);
    return name.endsWith('.lifeline') ? [path] : [];
  });
}

function isLibrary(path: string, io: Io): boolean {
  const text = io.read(path);
  return text !== null && parseFile(text).file.header?.kind === 'library';
}
