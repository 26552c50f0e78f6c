// Where an editor finds a shipped library. Lifeline's own extension opens `lifeline:` documents; others open files, and are given copies.
import { libraryText } from '../analysis.ts';
import { shippedLibrary } from '../export/places.ts';
import type { Platform } from './platform.ts';

/** The URI of a file for the editor, from that of a program. */
export type Openable = (uri: string) => string;

/** Writes a library once, when it is first pointed at. Where there is no disk, URIs stay as they are. */
export function libraryFiles({ keep }: Platform): Openable {
  const kept = new Map<string, string>();
  return (uri) => {
    const name = shippedLibrary(uri);
    const text = name === null ? null : libraryText(uri);
    if (keep === null || name === null || text === null) return uri;
    const file = kept.get(uri) ?? keep(`${name}.lifeline`, text) ?? uri;
    kept.set(uri, file);
    return file;
  };
}
