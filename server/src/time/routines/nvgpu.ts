// Tegra's nvgpu, gk20a_read_ptimer(): the last high word of one try is the first of the next, and three tries are all.
import { type Errno, pass, read, sampled, type Steps } from '../steps.ts';
import { join } from '../word.ts';
import type { TimeAddress } from './reads.ts';

const maxIterations = 3;

/** The time in ns, or EBUSY when the high word changed on every try. */
export function* nvgpuRead(at: TimeAddress): Steps<{ errno: Errno | null; value?: bigint }> {
  let previous = yield* read(at.high);
  const id = {};
  for (let i = 0; i < maxIterations; i++) {
    if (i > 0) yield* pass(id, { kind: 'counted', rereads: true });
    const low = yield* read(at.low);
    const high = yield* read(at.high);
    if (high === previous) return { errno: null, value: yield* sampled(join(high, low)) };
    previous = high;
  }
  return { errno: 'EBUSY' };
}
