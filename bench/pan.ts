// Builds pan from an exported model and runs it with a stopwatch, for comparison. Wants spin, gcc and bash.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Pan {
  /** Seconds on the clock for spin, gcc -O2 and one run, as somebody who wants a verdict waits for them. */
  readonly buildSeconds: number;
  /** `tableLog`: pan's -w; null: its default, 24. */
  readonly run: (tableLog: number | null) => PanRun;
  /** By the number of a kind of error: the steps before a first one; shortest where the search is breadth first. Not timed. */
  readonly errors: (tableLog: number) => ReadonlyMap<number, number>;
  readonly remove: () => void;
}

export interface PanRun {
  readonly states: number;
  readonly transitions: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly bytes: number;
}

/** Exact search without reduction, depth or breadth first. */
export function buildPan(model: string, search: 'depth' | 'breadth'): Pan {
  const folder = mkdtempSync(path.join(tmpdir(), 'lifeline-pan-'));
  writeFileSync(path.join(folder, 'model.pml'), model);
  const started = performance.now();
  // -o2: without SPIN's removal of dead variables, which would make its states fewer than the model's.
  execFileSync('spin', ['-o2', '-a', 'model.pml'], { cwd: folder, stdio: 'ignore' });
  const flags = ['-O2', '-w', '-DSAFETY', '-DNOREDUCE', '-DMEMLIM=16000', '-DVECTORSZ=8192', ...(search === 'breadth' ? ['-DBFS'] : [])];
  execFileSync('gcc', [...flags, '-o', 'pan', 'pan.c'], { cwd: folder, stdio: 'ignore' });
  const buildSeconds = (performance.now() - started) / 1000;
  const run = (tableLog: number | null): PanRun => {
    const at = performance.now();
    const command = `TIMEFORMAT='%U %S'; time ./pan -A -E -m2000000${tableLog === null ? '' : ` -w${tableLog}`}`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 });
    const wallSeconds = (performance.now() - at) / 1000;
    const [user, system] = (stderr.trim().split('\n').pop() ?? '').split(' ').map(Number);
    return {
      states: figure(stdout, /(\d+) states, stored/),
      transitions: figure(stdout, /(\d+) transitions/),
      cpuSeconds: user + system,
      wallSeconds,
      bytes: figure(stdout, /([\d.]+)\s+total actual memory usage/) * 2 ** 20,
    };
  };
  const errors = (tableLog: number): ReadonlyMap<number, number> => {
    // -c0: no error ends the search.
    const options = ['-c0', '-E', '-m2000000', `-w${tableLog}`];
    const said = execFileSync('./pan', options, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore'] });
    const first = new Map<number, number>();
    for (const [, kind, depth] of said.matchAll(/assertion violated +!\(+(\d+)\b.*\(at depth (\d+)\)/g)) {
      if (!first.has(Number(kind))) first.set(Number(kind), Number(depth));
    }
    return first;
  };
  return { buildSeconds, run, errors, remove: () => rmSync(folder, { recursive: true }) };
}

function figure(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`pan does not say how many: ${text.slice(0, 400)}`);
  return Number(found[1]);
}
