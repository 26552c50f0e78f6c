// One thread against two: the same findings with the same runs, and as many states and steps.
import assert from 'node:assert/strict';
import type { MakeEngine } from '../../server/src/checker/engine.ts';
import { explore } from '../../server/src/checker/explore.ts';
import { alone, comparable, together } from '../wasm/threads.ts';
import type { Subject } from './subjects.ts';

const host = { now: () => 0, cancelled: () => false, progress: () => {} };

export function compareThreads({ system }: Subject): void {
  const options = { maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: false };
  const told = (make: MakeEngine) => comparable(explore(system, options, host, make));
  assert.deepEqual(told(together), told(alone), 'a second thread (actual) changes what is found (expected)');
}
