// What a function assigns: parameters that it never assigns need no copy.
import type { FunctionInfo, LocalInfo, Program } from '../semantics/program.ts';
import { walk } from '../syntax/visit.ts';

const cache = new WeakMap<FunctionInfo, ReadonlySet<LocalInfo>>();

export function assignedLocals(program: Program, fn: FunctionInfo): ReadonlySet<LocalInfo> {
  const known = cache.get(fn);
  if (known !== undefined) return known;
  const result = new Set<LocalInfo>();
  walk(fn.body, (node) => {
    if (node.kind !== 'assign' || node.target.kind !== 'name') return;
    const symbol = program.symbols.get(node.target);
    if (symbol?.kind === 'local') result.add(symbol.local);
  });
  cache.set(fn, result);
  return result;
}
