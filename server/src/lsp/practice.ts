// What an exploration thread does while nobody wants anything of it: it explores some scenarios of ours a few times, because a host compiles
// code well only once it has run for a while. Without that the first dozen saves take up to three times as long as those after them.
import { type CheckOptions, newMemory, startShare } from '../analysis.ts';
import owner from '../../../scenarios/seed/s1_owner.lifeline';
import fence from '../../../scenarios/seed/s5_fence.lifeline';
import core from '../../../scenarios/seed/s8_core_moved.lifeline';
import torn from '../../../scenarios/timer/torn_read.lifeline';

/** Different enough to go through most of the code, with a clock and without one. */
const texts = [owner, fence, core, torn];
const rounds = 5;

/** In all. By then most is compiled, or the machine has other things to do. */
const longestMs = 6000;

const options: CheckOptions = { params: {}, maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true, workers: 1 };

/** Gives a function of which each call goes on for some milliseconds; false: there is nothing left to do. `now`: milliseconds, monotonic. */
export function practice(now: () => number): () => boolean {
  const memory = newMemory();
  const explorations = function* (): Generator<void, void> {
    for (let round = 0; round < rounds; round++) {
      for (const [number, text] of texts.entries()) {
        let taken = 0;
        const host = { now, cancelled: () => false, progress: () => {} };
        const share = startShare(`practice/${number}`, text, { read: () => null }, options, host, () => taken++, memory);
        while (share.step() !== 'done') yield;
      }
    }
  };
  const practising = explorations();
  let leftMs = longestMs;
  return () => {
    const started = now();
    const { done } = practising.next();
    leftMs -= now() - started;
    return done !== true && leftMs > 0;
  };
}
