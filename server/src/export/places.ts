// Line and character of places in any file of a check: the checked one, files beside it, shipped libraries.
import { LineMap, type Place, type Range } from '../base/span.ts';

export interface Places {
  range(place: Place): Range;
  /** A zero-based line of a file, without its end; empty when there is no such line or file. */
  lineAt(file: string, line: number): string;
}

/** `read` gives the text of a file as the check saw it, null where there is none. */
export function placesIn(read: (file: string) => string | null): Places {
  const known = new Map<string, { readonly map: LineMap; readonly text: string }>();
  const of = (file: string) => {
    let entry = known.get(file);
    if (entry === undefined) {
      const text = read(file) ?? '';
      entry = { map: new LineMap(text), text };
      known.set(file, entry);
    }
    return entry;
  };
  return {
    range: (place) => of(place.file).map.range(place.span),
    lineAt(file, line) {
      const { map, text } = of(file);
      return text.slice(map.offset({ line, character: 0 }), map.offset({ line: line + 1, character: 0 })).replace(/[\r\n]+$/, '');
    },
  };
}

/** The name of a shipped library by the path that places in it have; null for every other path. */
export function shippedLibrary(path: string): string | null {
  return /^lifeline:\/library\/([\w-]+)\.lifeline$/.exec(path)?.[1] ?? null;
}
