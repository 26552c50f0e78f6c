// textDocument/definition: where a name is declared, in this file, beside it, or in a shipped library.
import type { LocationLink } from 'vscode-languageserver';
import { definitionOf } from '../../semantics/query.ts';
import { pathAt } from '../../syntax/visit.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { mapOf } from '../maps.ts';
import { symbolAt } from '../symbols.ts';

export function definition(document: Document, offset: number): LocationLink[] | null {
  const found = symbolAt(document, offset);
  if (found === null) return usedLibrary(document, offset);
  const at = definitionOf(found.program, found.symbol);
  if (at === null) return null;
  const range = spanRange(mapOf(found.program, at.file), at.span);
  return [
    { originSelectionRange: spanRange(document.map, found.name), targetUri: at.file, targetRange: range, targetSelectionRange: range },
  ];
}

/** On a word of `use`: the file that it brings in. */
function usedLibrary(document: Document, offset: number): LocationLink[] | null {
  const path = pathAt(document.first.file, offset);
  const node = path.at(-1);
  if (path.at(-2)?.kind !== 'use' || (node?.kind !== 'name' && node?.kind !== 'string')) return null;
  const wanted = node.kind === 'name' ? `/${node.text}.lifeline` : node.value.replace(/^\.\//, '/');
  const unit = document.first.program.units.find((u) => u.path.endsWith(wanted));
  if (unit === undefined) return null;
  const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return [{ originSelectionRange: spanRange(document.map, node), targetUri: unit.path, targetRange: top, targetSelectionRange: top }];
}
