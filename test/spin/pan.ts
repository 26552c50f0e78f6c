// Runs spin, gcc and pan on an exported model, and reads what they say. Knows nothing of how the model came to be.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Asked {
  readonly states: number;
  readonly transitions: number;
  /** By the number of a kind of error: the length of a shortest run to one, in steps before the one that commits it. */
  readonly errors: ReadonlyMap<number, number>;
  /** What spin said besides; empty when it has nothing to complain about. */
  readonly warnings: string;
}

/** One search, breadth first, that goes on after each error. */
export async function askSpin(model: string): Promise<Asked> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lifeline-spin-'));
  try {
    writeFileSync(path.join(folder, 'model.pml'), model);
    // -o2: SPIN's own removal of dead variables would make its states fewer than ours.
    const warnings = await run(folder, 'spin', ['-o2', '-DRACES', '-a', 'model.pml']);
    // Optimising takes gcc longer than pan saves. BFS needs no stack of its own; VECTORSZ is room for a state.
    await run(folder, 'gcc', [
      '-O0',
      '-w',
      '-fwrapv',
      '-DSAFETY',
      '-DNOREDUCE',
      '-DBFS',
      '-DVECTORSZ=8192',
      '-DMEMLIM=8000',
      '-o',
      'pan',
      'pan.c',
    ]);
    // -c0: no error ends the search. -E: to stand somewhere for ever is none. -w: log2 of the places in its table.
    const said = await run(folder, './pan', ['-c0', '-E', '-m1000000', '-w18']);
    const errors = new Map<number, number>();
    // Breadth first, so that the first of a kind is a shortest.
    for (const [, kind, depth] of said.matchAll(/assertion violated +!\(+(\d+)\b.*\(at depth (\d+)\)/g))
      if (!errors.has(Number(kind))) errors.set(Number(kind), Number(depth));
    return { states: figure(said, /(\d+) states, stored/), transitions: figure(said, /(\d+) transitions/), errors, warnings };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What it writes to its output and, where it complains, to the other. */
async function run(cwd: string, command: string, options: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(command, options, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return stdout + stderr;
}

function figure(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`pan does not say how many: ${text}`);
  return Number(found[1]);
}
