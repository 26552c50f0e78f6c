// Runs generators and explorations to their end, for tests.
import { type ExploreHost, type ExploreOptions, explore } from '../../server/src/checker/explore.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import type { System } from '../../server/src/system/system.ts';

export const host: ExploreHost = { now: () => 0, cancelled: () => false, progress: () => {} };
export const unlimited: ExploreOptions = { maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: false };

export function check(system: System, options: Partial<ExploreOptions> = {}): Exploration {
  return explore(system, { ...unlimited, ...options }, host, makePlainEngine);
}

export function finish<T>(run: Generator<void, T>): T {
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return value;
  }
}

/** An engine that has explored everything. */
export function explored(system: System, initials: ReadonlyArray<readonly number[]> = [system.initial]) {
  const engine = makePlainEngine(system, initials, { maxStates: null, maxMemoryBytes: null, reduction: false });
  while (engine.run(1000) !== 'done');
  return engine;
}
