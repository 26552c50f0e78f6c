// Files on disk for the shells that run in Node. Nothing else in the product reads or writes one.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Files } from '../src/analysis.ts';

export interface DiskFiles extends Files {
  readonly isFolder: (path: string) => boolean;
  readonly list: (path: string) => readonly string[];
  readonly write: (path: string, text: string) => void;
  readonly relative: (path: string) => string;
}

/** Paths are relative to `folder`, or absolute. */
export function diskFiles(folder: string): DiskFiles {
  const at = (name: string) => path.resolve(folder, name);
  return {
    read: (name) => readText(at(name)),
    isFolder: (name) => statSync(at(name), { throwIfNoEntry: false })?.isDirectory() ?? false,
    list: (name) => readdirSync(at(name)).sort(),
    write: (name, text) => writeFileSync(at(name), text),
    relative: (name) => path.relative(folder, at(name)).split(path.sep).join('/') || '.',
  };
}

/** Files by URI, as editors name them. */
export const uriFiles: Files = {
  read(uri) {
    if (!uri.startsWith('file:')) return null;
    try {
      return readText(fileURLToPath(uri));
    } catch {
      // Not a path of this machine: file://server/share on Linux, an encoded slash.
      return null;
    }
  },
};

/** Where programs of this user keep what they can make again. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME: own, LOCALAPPDATA: windows } = process.env;
  if (own !== undefined && path.isAbsolute(own)) return own;
  if (windows !== undefined && windows !== '') return windows;
  const home = homedir();
  return home === '' ? tmpdir() : path.join(home, '.cache');
}

/** Writes read-only files into a folder, which is made when the first one comes; null where that fails. */
export function keptIn(folder: string): (name: string, text: string) => string | null {
  return (name, text) => {
    const file = path.join(folder, name);
    const begun = `${file}.${process.pid}`;
    try {
      if (readText(file) !== text) {
        mkdirSync(folder, { recursive: true });
        // Windows replaces no file that is read-only.
        rmSync(file, { force: true });
        writeFileSync(begun, text, { mode: 0o444 });
        renameSync(begun, file);
      }
      return pathToFileURL(file).href;
    } catch {
      return null;
    }
  };
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}
