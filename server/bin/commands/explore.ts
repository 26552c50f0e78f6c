// Runs one check to its end in slices, with the progress line of a terminal, and stops when the user says so.
import { type CheckOptions, type FileResult, type Progress, startCheck } from '../../src/analysis.ts';
import { grouped } from '../../src/base/numbers.ts';
import type { Io } from './io.ts';
import type { OptionKinds, Parsed } from './options.ts';

export const limitOptions = {
  '--param': { takes: 'pairs' },
  '--max-states': { takes: 'integer', min: 1 },
  '--max-time': { takes: 'number' },
  '--max-memory': { takes: 'integer', min: 1 },
  '--workers': { takes: 'integer', min: 1 },
  '--no-reduction': { takes: 'nothing' },
} as const satisfies OptionKinds;

/** Without a limit of the call, memory is: the smaller of 1 GiB and a quarter of what is free. */
export function checkOptions(parsed: Parsed, io: Io): CheckOptions {
  const { numbers } = parsed;
  const seconds = numbers.get('--max-time');
  const mebibytes = numbers.get('--max-memory');
  return {
    params: parsed.pairs,
    maxStates: numbers.get('--max-states') ?? null,
    maxTimeMs: seconds === undefined ? null : seconds * 1000,
    maxMemoryBytes: mebibytes === undefined ? Math.min(2 ** 30, Math.floor(io.freeMemory() / 4)) : mebibytes * 2 ** 20,
    reduction: !parsed.flags.has('--no-reduction'),
    workers: workersFor(numbers.get('--workers') ?? null, io),
  };
}

/** A number that is too large is said, not silently made smaller. */
function workersFor(wanted: number | null, io: Io): number {
  const most = io.second === null ? 1 : 2;
  if (wanted !== null && wanted > most) {
    const why = most === 1 ? 'there is no second processor here' : 'an exploration uses two threads at most';
    io.err(`lifeline: --workers ${wanted}: ${why}; going on with ${most}\n`);
  }
  return Math.min(wanted ?? most, most);
}

/** `title` stands at the beginning of the progress line, which appears after half a second. */
export async function explore(file: string, text: string, options: CheckOptions, title: string, io: Io): Promise<FileResult> {
  const started = io.now();
  let shown = false;
  const progress = (p: Progress) => {
    if (io.progress === null || (!shown && io.now() - started < 500)) return;
    shown = true;
    io.progress(progressLine(title, p));
  };
  const task = startCheck(file, text, io, options, { now: io.now, cancelled: io.cancelled, progress, second: io.second });
  for (;;) {
    const result = task.step();
    if (result !== null) {
      if (shown) io.progress?.('');
      return result;
    }
    await io.pause();
  }
}

export function progressLine(title: string, p: Progress): string {
  const run = p.runs > 1 ? ` [${p.run + 1}/${p.runs}]` : '';
  return `${title}${run}: ${grouped(p.states)} states, ${grouped(Math.round(p.statesPerSecond))} states/s, frontier ${grouped(p.frontier)} at depth ${p.depth}`;
}
