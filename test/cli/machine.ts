// A machine for the tests of the command line: files in memory, what was printed, a clock that the test owns, Ctrl-C on demand.
import type { Io } from '../../server/bin/commands/io.ts';
import { run } from '../../server/bin/commands/run.ts';

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** Progress lines, in order. */
  readonly progress: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

export interface Machine {
  /** Milliseconds that pass at each look at the clock; without it, real time. */
  readonly tick?: number;
  /** Ctrl-C comes at the n-th pause. */
  readonly interruptAt?: number;
  readonly terminal?: boolean;
}

/** Runs `lifeline` with these arguments over these files. */
export async function lifeline(args: readonly string[], files: Readonly<Record<string, string>>, machine: Machine = {}): Promise<Ran> {
  const disk: Record<string, string> = { ...files };
  const progress: string[] = [];
  let out = '';
  let err = '';
  let now = 0;
  let pauses = 0;
  const folders = new Set([
    '.',
    ...Object.keys(files).flatMap((f) =>
      f
        .split('/')
        .slice(0, -1)
        .map((_, i, all) => all.slice(0, i + 1).join('/')),
    ),
  ]);
  const io: Io = {
    read: (path) => (Object.hasOwn(disk, path) ? disk[path] : null),
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    color: machine.terminal === true,
    progress: machine.terminal === true ? (line) => progress.push(line) : null,
    now: () => (machine.tick === undefined ? performance.now() : (now += machine.tick)),
    cancelled: () => machine.interruptAt !== undefined && pauses >= machine.interruptAt,
    pause: async () => {
      pauses++;
    },
    freeMemory: () => 2 ** 31,
    second: null,
    isFolder: (path) => folders.has(path),
    list: (folder) =>
      [
        ...new Set(
          [...Object.keys(disk), ...folders]
            .filter((p) => (folder === '.' ? p !== '.' : p.startsWith(`${folder}/`)))
            .map((p) => (folder === '.' ? p : p.slice(folder.length + 1)).split('/')[0]),
        ),
      ].sort(),
    write: (path, text) => {
      disk[path] = text;
    },
    relative: (path) => path.replace(/^\.\//, '').replace(/(.)\/$/, '$1'),
    version: '0.0.0-test',
  };
  const status = await run(args, io);
  return { status, out, err, progress, files: disk };
}
