// What a function assigns: parameters that it never assigns need no copy.
import type { FunctionInfo, LocalInfo, Program } from '../semantics/program.ts';
import { everyNode } from '../syntax/visit.ts';

const cache = new WeakMap<FunctionInfo, ReadonlySet<LocalInfo>>();

export function assignedLocals(program: Program, fn: FunctionInfo): ReadonlySet<LocalInfo> {
  const known = cache.get(fn);
  if (known !== undefined) return known;
  const result = new Set<LocalInfo>();
  for (const node of everyNode(fn.body)) {
    if (node.kind !== 'assign' || node.target.kind !== 'name') continue;
    const symbol = program.symbols.get(node.target);
    if (symbol?.kind === 'local') result.add(symbol.local);
  }
  cache.set(fn, result);
  return result;
}
