// textDocument/signatureHelp: the parameters of the call around the cursor.
import { MarkupKind, type SignatureHelp } from 'vscode-languageserver';
import { prelude } from '../../analysis.ts';
import { signatureOf } from '../../semantics/hover.ts';
import type * as tree from '../../syntax/tree.ts';
import { type Node, pathAt } from '../../syntax/visit.ts';
import type { Document } from '../documents.ts';
import { symbolAt } from '../symbols.ts';

type Call = Extract<tree.Expression, { readonly kind: 'call' }>;

export function signatureHelp(document: Document, offset: number): SignatureHelp | null {
  const around = (n: Node): n is Call =>
    n.kind === 'call' && n.callee.end < offset && !(offset >= n.end && document.text[n.end - 1] === ')');
  const call = pathAt(document.first.file, offset).findLast(around);
  const found = call === undefined ? null : symbolAt(document, call.callee.end);
  const signature = found === null ? null : signatureOf(prelude, found.symbol);
  if (call === undefined || signature === null) return null;
  const { label, parameters, doc } = signature;
  return {
    signatures: [
      {
        label,
        parameters: parameters.map((p) => ({ label: [p.start, p.end] as [number, number] })),
        ...(doc === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value: doc } }),
      },
    ],
    activeSignature: 0,
    activeParameter: commas(document.text.slice(call.callee.end + 1, offset)),
  };
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
