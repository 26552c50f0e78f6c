// Files that only the client can read (a browser, a virtual workspace): asked for once, there when the answer has come. Nothing waits for them.
import type { Files } from '../analysis.ts';

export interface RemoteFiles extends Files {
  /** The client says that files have changed. */
  readonly forget: () => void;
}

/** `ask` gives the text of a file, null where there is none; `arrived` is told when a file that was missing is there. */
export function remoteFiles(local: Files, ask: (uri: string) => Promise<string | null>, arrived: () => void): RemoteFiles {
  const known = new Map<string, string | null>();
  return {
    read(uri) {
      const here = local.read(uri);
      if (here !== null) return here;
      const there = known.get(uri);
      if (there !== undefined) return there;
      known.set(uri, null);
      ask(uri).then(
        (text) => {
          if (text === null) return;
          known.set(uri, text);
          arrived();
        },
        // A client that cannot answer has no such file.
        () => {},
      );
      return null;
    },
    forget: () => known.clear(),
  };
}
