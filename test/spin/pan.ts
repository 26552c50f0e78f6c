// Runs spin, gcc and pan on an exported model, and reads what they say. Knows nothing of how the model came to be.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Asked {
  readonly states: number;
  readonly transitions: number;
  /** Shortest run to an error of each kind that was asked for, in steps; null where there is none. */
  readonly errors: ReadonlyMap<string, number | null>;
  /** What spin said besides; empty when it has nothing to complain about. */
  readonly warnings: string;
}

/**
 * `kinds`: all names of assertions in the model. Those of `expected` are each asked for by itself, breadth first, the others together: what
 * is found of them has the name `others`.
 */
export function askSpin(model: string, kinds: readonly string[], expected: readonly string[]): Asked {
  const folder = mkdtempSync(path.join(tmpdir(), 'lifeline-spin-'));
  try {
    writeFileSync(path.join(folder, 'model.pml'), model);
    const warnings = build(folder, []);
    const counted = pan(folder, ['-A', '-E']);
    const errors = new Map<string, number | null>();
    const ask = (name: string, on: readonly string[]): void => {
      build(
        folder,
        kinds.filter((k) => !on.includes(k)).map((k) => `-D${k}=0`),
      );
      errors.set(name, errorDepth(pan(folder, ['-E'])));
    };
    for (const kind of expected) ask(kind, [kind]);
    const others = kinds.filter((k) => !expected.includes(k));
    if (others.length > 0) ask('others', others);
    return { states: figure(counted, /(\d+) states, stored/), transitions: figure(counted, /(\d+) transitions/), errors, warnings };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function build(folder: string, defines: readonly string[]): string {
  // -o2: SPIN's own removal of dead variables would make its states fewer than ours.
  const said = run(folder, 'spin', ['-o2', ...defines, '-a', 'model.pml']);
  // BFS needs no stack of its own; VECTORSZ is room for a state.
  const flags = ['-O0', '-w', '-DSAFETY', '-DNOREDUCE', '-DBFS', '-DVECTORSZ=8192', '-DMEMLIM=8000'];
  run(folder, 'gcc', [...flags, '-o', 'pan', 'pan.c']);
  return said;
}

function pan(folder: string, options: readonly string[]): string {
  return run(folder, './pan', [...options, '-m1000000']);
}

function run(cwd: string, command: string, options: readonly string[]): string {
  return execFileSync(command, options, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
}

function figure(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`pan does not say how many: ${text}`);
  return Number(found[1]);
}

function errorDepth(text: string): number | null {
  const found = /assertion violated .*\(at depth (\d+)\)/.exec(text);
  return found === null ? null : Number(found[1]);
}
