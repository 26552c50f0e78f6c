// textDocument/selectionRange: from the cursor outwards, node by node.
import type { Position, SelectionRange } from 'vscode-languageserver';
import { pathAt } from '../../syntax/visit.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';

export function selectionRange(document: Document, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    const offset = document.map.offset(position);
    let range: SelectionRange | undefined;
    for (const node of pathAt(document.first.file, offset)) {
      const next = spanRange(document.map, node);
      if (range === undefined || JSON.stringify(range.range) !== JSON.stringify(next))
        range = { range: next, ...(range === undefined ? {} : { parent: range }) };
    }
    return range ?? { range: { start: position, end: position } };
  });
}
