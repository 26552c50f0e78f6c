// Generates the code that sorts identical agents: of all states that differ only in who is who, one is kept. Which exchanges are allowed was
// proved in apart.ts; the order is by a hash of what belongs to each agent, so that states that tie are at worst kept apart.
import { Code, I32, I64, Op } from '../wasm/emit.ts';
import type { Context } from '../wasm/interval.ts';
import type { Coded } from './coded.ts';
import { emitKeys } from './keys.ts';
import { emitNetwork } from './network.ts';
import { inCodes, type Sortable } from './sortable.ts';
import { canSwap, swapFunction } from './swap.ts';

/** canonical(entry): rewrites a state in place. Null where nothing can be sorted. */
export function canonicalFunction(
  proved: readonly Sortable[],
  context: Context,
  values: Coded['values'],
  add: (code: Code) => number,
): number | null {
  const usable = proved
    .map((s) => inCodes(s, values))
    .filter((s) => s !== null)
    .filter((s) => s.swaps.every((x) => canSwap(context, x)));
  if (usable.length === 0) return null;
  const code = new Code([I32], []);
  for (const s of usable) {
    if (emitNetwork(context, code, s)) continue;
    const swaps = s.swaps.map((x) => add(swapFunction(context, x)));
    const keys = s.agents.map(() => code.local(I64));
    emitKeys(context, code, s, keys);
    // Few agents, and mostly sorted already: a bubble sort, unrolled.
    for (let end = keys.length - 1; end > 0; end--) {
      for (let i = 0; i < end; i++) {
        code
          .get(keys[i])
          .get(keys[i + 1])
          .op(Op.gtU64)
          .if();
        code
          .get(keys[i])
          .get(keys[i + 1])
          .set(keys[i])
          .set(keys[i + 1]);
        code.get(0).call(swaps[i]).end();
      }
    }
  }
  return add(code);
}
