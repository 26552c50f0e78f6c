// textDocument/rename and prepareRename: one name, everywhere that it means the same. What a shipped library declares keeps its name.
import { ErrorCodes, type Range, ResponseError, type TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { LineMap } from '../../base/span.ts';
import { shippedLibrary } from '../../export/places.ts';
import type { Symbol } from '../../semantics/program.ts';
import { RESERVED } from '../../syntax/keywords.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { declarationOf, symbolAt, usesOf } from '../symbols.ts';

export function prepareRename(document: Document, offset: number): { range: Range; placeholder: string } | null {
  const found = symbolAt(document, offset);
  if (found === null || !renameable(document, found.symbol)) return null;
  return { range: spanRange(document.map, found.name), placeholder: found.name.text };
}

export function rename(document: Document, offset: number, newName: string): WorkspaceEdit | ResponseError<void> | null {
  const found = symbolAt(document, offset);
  if (found === null) return null;
  if (!renameable(document, found.symbol)) return refuse(`\`${found.name.text}\` is not declared in a file of yours`);
  if (!/^[A-Za-z_]\w*$/.test(newName)) return refuse(`\`${newName}\` is not a name: letters, digits and underscores, as in C`);
  if (RESERVED.has(newName)) return refuse(`\`${newName}\` is a keyword`);
  const changes: Record<string, TextEdit[]> = {};
  const maps = new Map<string, LineMap>();
  for (const { unit, name } of usesOf(document.analysis.program, found.symbol)) {
    if (shippedLibrary(unit.path) !== null) continue;
    const map = maps.get(unit.path) ?? new LineMap(unit.text);
    maps.set(unit.path, map);
    changes[unit.path] = [...(changes[unit.path] ?? []), { range: spanRange(map, name), newText: newName }];
  }
  return { changes };
}

// A method of an `ops` table is named after the field that it fills.
function renameable(document: Document, symbol: Symbol): boolean {
  const at = declarationOf(document.analysis.program, symbol);
  if (at === null || shippedLibrary(at.path) !== null) return false;
  return symbol.kind !== 'function' || symbol.function.node.kind === 'fn';
}

function refuse(message: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}
