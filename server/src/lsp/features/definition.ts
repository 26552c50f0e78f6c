// textDocument/definition: where a name is declared, in this file, beside it, or in a shipped library.
import type { LocationLink } from 'vscode-languageserver';
import { pathAt } from '../../syntax/visit.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { declarationOf, symbolAt } from '../symbols.ts';

export function definition(document: Document, offset: number): LocationLink[] | null {
  const found = symbolAt(document, offset);
  if (found === null) return usedLibrary(document, offset);
  const at = declarationOf(document.analysis.program, found.symbol);
  if (at === null) return null;
  return [
    {
      originSelectionRange: spanRange(document.map, found.name),
      targetUri: at.path,
      targetRange: spanRange(at.map, at.whole),
      targetSelectionRange: spanRange(at.map, at.name),
    },
  ];
}

/** On a word of `use`: the file that it brings in. */
function usedLibrary(document: Document, offset: number): LocationLink[] | null {
  const path = pathAt(document.analysis.file, offset);
  const node = path.at(-1);
  if (path.at(-2)?.kind !== 'use' || (node?.kind !== 'name' && node?.kind !== 'string')) return null;
  const wanted = node.kind === 'name' ? `/${node.text}.lifeline` : node.value.replace(/^\.\//, '/');
  const unit = document.analysis.program.units.find((u) => u.path.endsWith(wanted));
  if (unit === undefined) return null;
  const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return [{ originSelectionRange: spanRange(document.map, node), targetUri: unit.path, targetRange: top, targetSelectionRange: top }];
}
