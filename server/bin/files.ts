// Files on disk for the shells that run in Node. Nothing else in the product reads or writes one.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
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

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}
