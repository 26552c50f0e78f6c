// textDocument/semanticTokens: colours by meaning for every name that was resolved. Keywords, strings and comments are the grammar's.
import { SemanticTokensBuilder, type SemanticTokens, type SemanticTokensLegend } from 'vscode-languageserver';
import type { Program, Symbol } from '../../semantics/program.ts';
import type * as tree from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import type { Document } from '../documents.ts';

const types = ['struct', 'property', 'enum', 'enumMember', 'namespace', 'function', 'method', 'variable', 'parameter', 'interface', 'class', 'type'] as const;
const modifiers = ['readonly', 'defaultLibrary', 'static'] as const;

export const legend: SemanticTokensLegend = { tokenTypes: [...types], tokenModifiers: [...modifiers] };

export function semanticTokens(document: Document): SemanticTokens {
  const { file, programs } = document.analysis;
  const names: tree.Name[] = [];
  walk(file, (node) => {
    if (node.kind === 'name' && node.text !== '') names.push(node);
  });
  names.sort((a, b) => a.start - b.start);
  const builder = new SemanticTokensBuilder();
  let end = 0;
  for (const name of names) {
    const symbol = symbolOf(programs, name);
    if (symbol === null || name.start < end) continue;
    end = name.end;
    const { line, character } = document.map.position(name.start);
    const [type, given] = token(symbol);
    builder.push(line, character, name.end - name.start, types.indexOf(type), given.reduce<number>((bits, m) => bits | (1 << modifiers.indexOf(m)), 0));
  }
  return builder.build();
}

// What an `if` leaves out in the first combination has its meaning in another.
function symbolOf(programs: readonly Program[], name: tree.Name): Symbol | null {
  for (const program of programs) {
    const symbol = program.symbols.get(name);
    if (symbol !== undefined) return symbol;
  }
  return null;
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
    case 'label':
      return ['variable', []];
  }
}
