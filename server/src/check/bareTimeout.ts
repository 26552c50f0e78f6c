// Time-outs of `wait until` that are written as a bare number, in a scenario with a clock: in C it would be jiffies, here it is ns.
import type { Program } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';

type Integer = Extract<tree.Expression, { kind: 'integer' }>;

/** In the file that is checked. */
export function bareTimeouts({ settings, units }: Program): readonly Integer[] {
  if (!settings.some((s) => s.keyword === 'time')) return [];
  const found: Integer[] = [];
  walk(units[0].file, (node) => {
    if (node.kind === 'wait' && node.timeout?.kind === 'integer' && node.timeout.value !== 0n) found.push(node.timeout);
  });
  return found;
}
