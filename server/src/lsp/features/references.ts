// textDocument/references and documentHighlight: every place where a name means the same.
import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import { definitionOf, referencesTo } from '../../semantics/query.ts';
import { location, spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import type { Openable } from '../libraryFiles.ts';
import { mapOf } from '../maps.ts';
import { symbolAt } from '../symbols.ts';

export function references(document: Document, offset: number, declarationToo: boolean, openable: Openable): Location[] | null {
  const found = symbolAt(document, offset);
  if (found === null) return null;
  const declared = definitionOf(found.program, found.symbol);
  return referencesTo(found.program, found.symbol)
    .filter(({ file, span }) => declarationToo || file !== declared?.file || span.start !== declared.span.start)
    .map(({ file, span }) => location(openable(file), mapOf(found.program, file), span));
}

export function documentHighlight(document: Document, offset: number): DocumentHighlight[] | null {
  const found = symbolAt(document, offset);
  if (found === null) return null;
  return referencesTo(found.program, found.symbol)
    .filter(({ file }) => file === document.uri)
    .map(({ span }) => ({ range: spanRange(document.map, span), kind: DocumentHighlightKind.Text }));
}
