// Engines with a second thread that joins at once and takes few states at a time, so that the two get into each other's way as often as they
// can; and what of an exploration has to be the same with and without it.
import assert from 'node:assert/strict';
import { startWorker } from '../../server/bin/secondThread.ts';
import type { MakeEngine } from '../../server/src/checker/engine.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import { wasmOr } from '../../server/src/checker/wasm/engine.ts';
import type { SecondThread } from '../../server/src/checker/wasm/pair.ts';

export const eager: SecondThread = { start: startWorker, startAt: 1, wakeAt: 1, chunk: 2, wait: true };

/** The generated engine from the first state on, whatever its host allows. */
export const alone: MakeEngine = wasmOr(() => assert.fail('this host has no WebAssembly'));
export const together: MakeEngine = (system, initials, options) => alone(system, initials, { ...options, second: eager });

/** Everything but bytes: two threads have more buffers. */
export function comparable({ stats: { bytes: _, ...stats }, ...rest }: Exploration) {
  return { ...rest, stats };
}
