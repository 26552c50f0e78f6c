// textDocument/semanticTokens: colours by meaning for every name that was resolved. Keywords, strings and comments are the grammar's.
import { SemanticTokensBuilder, type SemanticTokens, type SemanticTokensLegend } from 'vscode-languageserver';
import type { Symbol } from '../../semantics/program.ts';
import type * as tree from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import type { Document } from '../documents.ts';

const types = [
  'struct',
  'property',
  'enum',
  'enumMember',
  'namespace',
  'function',
  'method',
  'variable',
  'parameter',
  'interface',
  'class',
  'type',
] as const;
const modifiers = ['readonly', 'defaultLibrary', 'static'] as const;

export const legend: SemanticTokensLegend = { tokenTypes: [...types], tokenModifiers: [...modifiers] };

export function semanticTokens(document: Document): SemanticTokens {
  const { file, program } = document.first;
  const names: tree.Name[] = [];
  walk(file, (node) => {
    if (node.kind === 'name' && node.text !== '') names.push(node);
  });
  names.sort((a, b) => a.start - b.start);
  const elsewhere = otherCombinations(document);
  const builder = new SemanticTokensBuilder();
  let end = 0;
  for (const name of names) {
    const symbol = program.symbols.get(name) ?? elsewhere(name);
    if (symbol === undefined || name.start < end) continue;
    end = name.end;
    const { line, character } = document.map.position(name.start);
    const [type, given] = token(symbol);
    builder.push(
      line,
      character,
      name.end - name.start,
      types.indexOf(type),
      given.reduce<number>((bits, m) => bits | (1 << modifiers.indexOf(m)), 0),
    );
  }
  return builder.build();
}

// What an `if` leaves out of the first combination has its meaning in another. Trees of two analyses share no nodes: places tell.
function otherCombinations(document: Document): (name: tree.Name) => Symbol | undefined {
  if (document.first.program.paramInfos.length === 0) return () => undefined;
  let known: Map<number, Symbol> | null = null;
  return (name) => {
    known ??= everywhere(document);
    return known.get(name.start);
  };
}

function everywhere(document: Document): Map<number, Symbol> {
  const { file, programs } = document.analysis;
  const found = new Map<number, Symbol>();
  walk(file, (node) => {
    if (node.kind !== 'name') return;
    const symbol = programs.map((p) => p.symbols.get(node)).find((s) => s !== undefined);
    if (symbol !== undefined) found.set(node.start, symbol);
  });
  return found;
}

function token(s: Symbol): [(typeof types)[number], ReadonlyArray<(typeof modifiers)[number]>] {
  switch (s.kind) {
    case 'struct':
      return s.struct.primitive ? ['type', ['defaultLibrary']] : ['struct', []];
    case 'field':
      return [s.field.type.kind === 'fn' ? 'method' : 'property', []];
    case 'enum':
      return ['enum', []];
    case 'enumMember':
    case 'paramValue':
      return ['enumMember', ['readonly']];
    case 'module':
      return ['namespace', []];
    case 'function':
      return [s.function.node.kind === 'method' ? 'method' : 'function', s.function.unit.library ? ['defaultLibrary'] : []];
    case 'primitive':
      return ['function', ['defaultLibrary']];
    case 'variable':
      return ['variable', ['static']];
    case 'local':
      return ['variable', []];
    case 'ops':
      return ['interface', ['static']];
    case 'device':
    case 'process':
    case 'thread':
      return ['class', []];
    case 'param':
    case 'constant':
      return ['variable', ['readonly']];
    case 'setting':
      return ['property', []];
    case 'label':
      return ['variable', []];
  }
}
