// The parsed signatures of primitives, read once for each program. How the notation is read is notation.ts.
import type { Analysis } from './analysis.ts';
import { parseNotation, type Pattern } from './notation.ts';
import type { PrimitiveFunction } from './prelude.ts';
import type { Type } from './program.ts';
import { typeOfEntry } from './resolveType.ts';
import { BUILT_IN } from './types.ts';

type Patterns = { readonly parameters: readonly Pattern[]; readonly returns: Pattern };

export function patternsOf(a: Analysis, primitive: PrimitiveFunction): Patterns {
  let known = a.patterns.get(primitive);
  if (known === undefined) {
    const named = (name: string): Type | null => typeCalled(a, name);
    known = { parameters: primitive.parameters.map((p) => parseNotation(p.type, named)), returns: parseNotation(primitive.returns, named) };
    a.patterns.set(primitive, known);
  }
  return known;
}

/** Primitive types first, then structs of libraries (`file`, `device`), then those of the checked file. */
function typeCalled(a: Analysis, name: string): Type | null {
  const builtIn = BUILT_IN.get(name);
  if (builtIn !== undefined) return builtIn;
  const primitive = a.scopes.builtInTypes.get(name);
  if (primitive !== undefined) return typeOfEntry(a, primitive);
  if (name === a.processStruct.name) return { kind: 'struct', struct: a.processStruct };
  for (const unit of [...a.units.slice(1), a.units[0]]) {
    const scope = a.scopes.units.get(unit);
    if (scope === undefined) continue;
    for (const tables of [scope.own, ...scope.modules.flatMap((m) => a.scopes.modules.get(m) ?? [])]) {
      const entry = tables.types.get(name);
      if (entry !== undefined) return typeOfEntry(a, entry);
    }
  }
  return null;
}
