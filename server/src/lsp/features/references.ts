// textDocument/references and documentHighlight: every place where a name means the same.
import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import { LineMap } from '../../base/span.ts';
import { location, spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { declarationOf, symbolAt, usesOf } from '../symbols.ts';

export function references(document: Document, offset: number, declarationToo: boolean): Location[] | null {
  const found = symbolAt(document, offset);
  if (found === null) return null;
  const { program } = document.analysis;
  const declared = declarationOf(program, found.symbol);
  const maps = new Map<string, LineMap>();
  return usesOf(program, found.symbol)
    .filter(({ unit, name }) => declarationToo || unit.path !== declared?.path || name.start !== declared.name.start)
    .map(({ unit, name }) => {
      const map = maps.get(unit.path) ?? new LineMap(unit.text);
      maps.set(unit.path, map);
      return location(unit.path, map, name);
    });
}

export function documentHighlight(document: Document, offset: number): DocumentHighlight[] | null {
  const found = symbolAt(document, offset);
  if (found === null) return null;
  return usesOf(document.analysis.program, found.symbol)
    .filter(({ unit }) => unit.path === document.uri)
    .map(({ name }) => ({ range: spanRange(document.map, name), kind: DocumentHighlightKind.Text }));
}
