// textDocument/signatureHelp: the parameters of the call around the cursor.
import { MarkupKind, type SignatureHelp } from 'vscode-languageserver';
import { show } from '../../semantics/types.ts';
import type { Symbol } from '../../semantics/program.ts';
import type * as tree from '../../syntax/tree.ts';
import { pathAt } from '../../syntax/visit.ts';
import { describe } from '../describe.ts';
import type { Document } from '../documents.ts';

type Call = Extract<tree.Expression, { readonly kind: 'call' }>;

export function signatureHelp(document: Document, offset: number): SignatureHelp | null {
  const { file, program } = document.analysis;
  const call = pathAt(file, offset).findLast((n): n is Call => n.kind === 'call' && n.callee.end < offset && !(offset >= n.end && document.text[n.end - 1] === ')'));
  if (call === undefined) return null;
  const name = call.callee.kind === 'name' ? call.callee : call.callee.kind === 'field' ? call.callee.name : null;
  const symbol = name === null ? undefined : program.symbols.get(name);
  if (symbol === undefined) return null;
  const parameters = parametersOf(symbol);
  if (parameters === null) return null;
  const { doc } = describe(symbol);
  const label = `${call.callee.kind === 'name' ? call.callee.text : (name?.text ?? '')}(${parameters.join(', ')})`;
  const before = document.text.slice(call.callee.end + 1, offset);
  return {
    signatures: [{ label, parameters: parameters.map((p) => ({ label: p })), ...(doc === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value: doc } }) }],
    activeSignature: 0,
    activeParameter: commas(before),
  };
}

function parametersOf(symbol: Symbol): readonly string[] | null {
  switch (symbol.kind) {
    case 'primitive':
      return symbol.primitive.parameters.map((p) => `${p.name}: ${p.type}`);
    case 'function':
      return symbol.function.parameters.map((p) => `${p.name}: ${show(p.type)}`);
    case 'field':
      return symbol.field.type.kind === 'fn' ? symbol.field.type.parameters.map(show) : null;
    default:
      return null;
  }
}

/** Commas that separate arguments of the call itself, not of one inside it. */
function commas(text: string): number {
  let depth = 0;
  let count = 0;
  for (const c of text.replace(/"[^"]*"?/g, '')) {
    if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === ',' && depth === 0) count++;
  }
  return count;
}
