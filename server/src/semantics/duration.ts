// What a duration is in the units of the clocks that it is compared with. PTIMER's low word comes round every 2^32 ns, which decides
// whether code that looks at that word only can measure it.
import { grouped } from '../base/numbers.ts';

const PERIOD = 1n << 32n;

/** `2,000,000,000 ns`. */
export function inNanoseconds(ns: bigint): string {
  return `${grouped(ns)} ns`;
}

/** How far a duration goes on a PTIMER: Markdown, one sentence. */
export function onPtimer(ns: bigint): string {
  const rounds = ns / PERIOD;
  if (rounds === 0n) return `PTIMER's low word (TIME_0) rolls over every 4.294967296 s: at most once within this time.`;
  const least = rounds === 1n ? 'once' : `${grouped(rounds)} times`;
  return `PTIMER's low word (TIME_0) rolls over every 4.294967296 s: at least ${least} within this time, so 32-bit arithmetic cannot measure it.`;
}
