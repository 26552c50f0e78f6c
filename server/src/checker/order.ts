// An order on states that does not ask for their numbers: those depend on which of two threads was faster.
import type { Engine } from './engine.ts';

/** Compares states slot by slot: negative where the first comes before the second. */
export function stateOrder(engine: Engine, slots: number): (a: number, b: number) => number {
  const one = new Float64Array(slots);
  const other = new Float64Array(slots);
  return (a, b) => {
    if (a === b) return 0;
    engine.decode(a, one);
    engine.decode(b, other);
    for (let slot = 0; slot < slots; slot++) if (one[slot] !== other[slot]) return one[slot] - other[slot];
    return 0;
  };
}
