// Puts one name into the table of its module or file, once. What is declared, and when, is declare.ts.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import type { Symbol } from './program.ts';
import { report } from './report.ts';
import { newTables, type Tables, type Where } from './scope.ts';

export function declareValue(a: Analysis, where: Where, name: tree.Name, symbol: Symbol): void {
  a.symbols.set(name, symbol);
  if (name.text === '') return;
  const { values } = tablesFor(a, where);
  a.scopes.levels.clear();
  const known = values.get(name.text);
  if (known === undefined) values.set(name.text, { symbol, unit: where.unit, module: where.module });
  else twice(a, where, name, known.symbol);
}

export function declareType(a: Analysis, where: Where, name: tree.Name, symbol: Symbol | null, alias: tree.Type | null = null): void {
  if (symbol !== null) a.symbols.set(name, symbol);
  if (name.text === '') return;
  const { types } = tablesFor(a, where);
  a.scopes.levels.clear();
  const known = types.get(name.text);
  if (known !== undefined) return twice(a, where, name, known.symbol);
  const type =
    symbol?.kind === 'struct'
      ? ({ kind: 'struct', struct: symbol.struct } as const)
      : symbol?.kind === 'enum'
        ? ({ kind: 'enum', enum: symbol.enum } as const)
        : null;
  types.set(name.text, { symbol, unit: where.unit, module: where.module, node: name, alias, type, resolving: false });
}

function twice(a: Analysis, where: Where, name: tree.Name, first: Symbol | null): void {
  let place: tree.Name | null = null;
  if (first !== null)
    for (const [node, symbol] of a.symbols.own)
      if (symbol === first && node !== name) {
        place = node;
        break;
      }
  report(a.reporter, where.unit, codes.duplicateName, name, `\`${name.text}\` is declared twice`, {
    related:
      place === null ? [] : [{ place: { file: where.unit.path, span: { start: place.start, end: place.end } }, message: 'the first one' }],
  });
}

function tablesFor(a: Analysis, where: Where): Tables {
  const tables = where.module === null ? a.scopes.units.get(where.unit)?.own : a.scopes.modules.get(where.module);
  return tables ?? newTables();
}
