// textDocument/rename and prepareRename: one name, everywhere that it means the same. What a shipped library declares keeps its name.
import { ErrorCodes, type Range, ResponseError, type TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { shippedLibrary } from '../../export/places.ts';
import { definitionOf, referencesTo } from '../../semantics/query.ts';
import { RESERVED } from '../../syntax/keywords.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { mapOf } from '../maps.ts';
import { type Found, symbolAt } from '../symbols.ts';

export function prepareRename(document: Document, offset: number): { range: Range; placeholder: string } | null {
  const found = symbolAt(document, offset);
  if (found === null || !renameable(found)) return null;
  return { range: spanRange(document.map, found.name), placeholder: found.name.text };
}

export function rename(document: Document, offset: number, newName: string): WorkspaceEdit | ResponseError<void> | null {
  const found = symbolAt(document, offset);
  if (found === null) return null;
  if (!renameable(found)) return refuse(`\`${found.name.text}\` is not declared in a file of yours`);
  if (!/^[A-Za-z_]\w*$/.test(newName)) return refuse(`\`${newName}\` is not a name: letters, digits and underscores, as in C`);
  if (RESERVED.has(newName)) return refuse(`\`${newName}\` is a keyword`);
  const changes: Record<string, TextEdit[]> = {};
  for (const { file, span } of referencesTo(found.program, found.symbol)) {
    if (shippedLibrary(file) !== null) continue;
    changes[file] = [...(changes[file] ?? []), { range: spanRange(mapOf(found.program, file), span), newText: newName }];
  }
  return { changes };
}

// A method of an `ops` table is named after the field that it fills.
function renameable({ program, symbol }: Found): boolean {
  const at = definitionOf(program, symbol);
  if (at === null || shippedLibrary(at.file) !== null) return false;
  return symbol.kind !== 'function' || symbol.function.node.kind === 'fn';
}

function refuse(message: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}
