// One combination of params from resolved program to findings: lowers it with pools as small as will do, and explores.
import type { Exploration } from '../checker/verdict.ts';
import { explorationOf, type ExploreHost, type ExploreOptions } from '../checker/explore.ts';
import type { MakeEngine } from '../checker/engine.ts';
import { lower, type Lowered, type Sizes } from '../lowering/lower.ts';
import { usageOf } from '../lowering/usage.ts';
import { contexts, operations, primitiveTypes } from '../primitives/index.ts';
import type { Program, StructInfo } from '../semantics/program.ts';

/** Entries of a pool whose struct names no limit, and of an FD table. */
export const POOL_LIMIT = 8;

export interface Explored {
  readonly lowered: Lowered;
  readonly exploration: Exploration;
}

/** Pools that were too small are made one larger each, and the exploration begins again; at its limit it is the verdict `bound-reached`. */
export function* runOf(program: Program, options: ExploreOptions, host: ExploreHost, makeEngine: MakeEngine): Generator<void, Explored> {
  const primitives = { types: primitiveTypes, operations, contexts };
  const pools = new Map<StructInfo, number>();
  const usage = usageOf(program, operations);
  let fds = usage.fds;
  for (;;) {
    const sizes: Sizes = { pools, fds };
    const lowered = lower(program, primitives, sizes, usage);
    // A run to the end of one pool is there whatever size the others have: all that were seen too small are.
    const grow = new Set<StructInfo | 'fds'>();
    const isTooSmall = (fault: number): boolean => {
      const what = lowered.poolFaults.get(fault);
      if (what === undefined) return false;
      const small = what === 'fds' ? fds < POOL_LIMIT : (pools.get(what) ?? 1) < (what.capacity ?? POOL_LIMIT);
      if (small) grow.add(what);
      return small;
    };
    const exploration = yield* explorationOf(lowered.system, { ...options, isTooSmall }, host, makeEngine);
    if (exploration.tooSmall === null) return { lowered, exploration };
    for (const what of grow) {
      if (what === 'fds') fds++;
      else pools.set(what, (pools.get(what) ?? 1) + 1);
    }
    yield;
  }
}
