// One combination of params from resolved program to findings: lowers it with pools as small as will do, and explores.
import type { Exploration } from '../checker/verdict.ts';
import { explorationOf, type ExploreHost, type ExploreOptions } from '../checker/explore.ts';
import type { MakeEngine } from '../checker/engine.ts';
import type { Ticks } from '../lowering/clock.ts';
import { lower, type Lowered, type Sizes } from '../lowering/lower.ts';
import { usageOf } from '../lowering/usage.ts';
import { contexts, operations, primitiveTypes } from '../primitives/index.ts';
import type { Program, StructInfo } from '../semantics/program.ts';
import type { Before } from './before.ts';

/** Entries of a pool whose struct names no limit, and of an FD table. */
export const POOL_LIMIT = 8;

export interface Explored {
  readonly lowered: Lowered;
  readonly exploration: Exploration;
  /** Of pools, by struct name. */
  readonly sizes: Before['pools'];
}


/**
 * Pools that were too small are made one larger each, and the exploration begins again; at its limit it is the verdict `bound-reached`.
 * `before` is an exploration of nearly the same program, and pools begin with its sizes. Which sizes they end with does not depend on it: each
 * is the least that will do, for a pool of which the last entry is never taken begins small again. `ticks`: how a clock moves on.
 */
export function* runOf(program: Program, options: ExploreOptions, host: ExploreHost, makeEngine: MakeEngine, before: Before | null = null, ticks: Ticks = 'scaled'): Generator<void, Explored> {
  const primitives = { types: primitiveTypes, operations, contexts };
  const usage = usageOf(program, operations);
  const pools = new Map(program.structs.flatMap((s) => {
    const size = Math.min(before?.pools.get(s.name) ?? 1, s.capacity ?? POOL_LIMIT);
    return size > 1 ? [[s, size] as const] : [];
  }));
  /** Pools that are larger than 1 because of what was before alone. */
  const guessed = new Set(pools.keys());
  let fds = usage.fds;
  for (;;) {
    const sizes: Sizes = { pools, fds };
    const lowered = lower(program, primitives, sizes, usage, ticks);
    // Whether a pool is too large is not seen where each process begins with an entry of its own.
    const unsure = [...guessed].filter((struct) => !lowered.lastEntries.has(struct));
    for (const struct of unsure) {
      pools.delete(struct);
      guessed.delete(struct);
    }
    if (unsure.length > 0) continue;
    // A run to the end of one pool is there whatever size the others have: all that were seen too small are.
    const grow = new Set<StructInfo | 'fds'>();
    const isTooSmall = (fault: number): boolean => {
      const what = lowered.poolFaults.get(fault);
      if (what === undefined) return false;
      const small = what === 'fds' ? fds < POOL_LIMIT : (pools.get(what) ?? 1) < (what.capacity ?? POOL_LIMIT);
      if (small) grow.add(what);
      return small;
    };
    const wantsUsed = [...guessed].flatMap((struct) => lowered.lastEntries.get(struct) ?? []);
    const exploration = yield* explorationOf(lowered.system, { ...options, isTooSmall, wantsUsed, expectedStates: before?.states ?? null }, host, makeEngine);
    for (const what of grow) {
      if (what === 'fds') fds++;
      else {
        pools.set(what, (pools.get(what) ?? 1) + 1);
        // A pool that was seen to be too small is not too large now.
        guessed.delete(what);
      }
    }
    for (const struct of [...guessed]) {
      if (!exploration.unused.includes(lowered.lastEntries.get(struct) ?? -1)) continue;
      pools.delete(struct);
      guessed.delete(struct);
    }
    if (exploration.tooSmall === null && exploration.unused.length === 0) {
      return { lowered, exploration, sizes: new Map([...pools].map(([struct, size]) => [struct.name, size])) };
    }
    yield;
  }
}
