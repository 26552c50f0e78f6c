// textDocument/documentSymbol: the outline of a file.
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import type * as tree from '../../syntax/tree.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';

export function documentSymbol(document: Document): DocumentSymbol[] {
  const { header, declarations } = document.first.file;
  const inside = declarations.flatMap((d) => of(document, d));
  if (header === null || header.name.text === '') return inside;
  const whole = { start: header.start, end: document.text.length };
  return [{ ...symbol(document, header.name.text, SymbolKind.File, header.name, whole, inside), detail: header.title?.value ?? '' }];
}

function of(document: Document, d: tree.Declaration): DocumentSymbol[] {
  const named = (kind: SymbolKind, node: Span & { readonly name: tree.Name }, children: DocumentSymbol[] = []) =>
    node.name.text === '' ? children : [symbol(document, node.name.text, kind, node.name, node, children)];
  switch (d.kind) {
    case 'module':
      return named(
        SymbolKind.Module,
        d,
        d.declarations.flatMap((x) => of(document, x)),
      );
    case 'struct':
      return named(
        SymbolKind.Struct,
        d,
        d.fields.flatMap((f) => named(SymbolKind.Field, f)),
      );
    case 'ops':
      return named(SymbolKind.Object, d, entries(document, d.entries));
    case 'enum':
      return named(
        SymbolKind.Enum,
        d,
        d.members.filter((m) => m.text !== '').map((m) => symbol(document, m.text, SymbolKind.EnumMember, m, m)),
      );
    case 'fn':
      return named(SymbolKind.Function, d);
    case 'variable':
      return named(SymbolKind.Variable, d);
    case 'const':
      return named(SymbolKind.Constant, d);
    case 'param':
      return named(SymbolKind.TypeParameter, d);
    case 'device':
      return named(SymbolKind.Interface, d);
    case 'process':
      return named(SymbolKind.Class, d);
    case 'init':
    case 'exit':
      return [symbol(document, d.kind, SymbolKind.Constructor, { start: d.start, end: d.start + 4 }, d)];
    case 'hardware':
      return [symbol(document, 'hardware', SymbolKind.Event, { start: d.start, end: d.start + 'hardware'.length }, d)];
    case 'settings':
      return [symbol(document, d.of === null ? d.keyword : `${d.keyword} of ${d.of.text}`, SymbolKind.Object, { start: d.start, end: d.start + d.keyword.length }, d)];
    case 'claim': {
      const inside = d.expects.flatMap((e) => of(document, e));
      return [symbol(document, d.text.value === '' ? 'claim' : d.text.value, SymbolKind.String, d.text, d, inside)];
    }
    case 'expect':
      return [symbol(document, document.text.slice(d.start, d.end).replace(/\s+/g, ' '), SymbolKind.Boolean, d, d)];
    case 'interleaving':
      return [symbol(document, d.title.value === '' ? 'interleaving' : d.title.value, SymbolKind.Array, d.title, d)];
    case 'ifDeclaration':
      return [...d.then, ...d.else].flatMap((x) => of(document, x));
    case 'use':
    case 'cite':
    case 'assume':
    case 'guard':
    case 'hole':
      return [];
  }
}

function entries(document: Document, list: readonly tree.OpsEntry[]): DocumentSymbol[] {
  return list.flatMap((e) => {
    switch (e.kind) {
      case 'method':
        return e.name.text === '' ? [] : [symbol(document, e.name.text, SymbolKind.Method, e.name, e)];
      case 'value':
        return e.name.text === '' ? [] : [symbol(document, e.name.text, SymbolKind.Property, e.name, e)];
      case 'ifEntries':
        return entries(document, [...e.then, ...e.else]);
    }
  });
}

function symbol(
  document: Document,
  name: string,
  kind: SymbolKind,
  at: Span,
  whole: Span,
  children: DocumentSymbol[] = [],
): DocumentSymbol {
  // A recovered name may lie outside of the node that it names; clients refuse such symbols.
  const around = { start: Math.min(whole.start, at.start), end: Math.max(whole.end, at.end) };
  return { name, kind, range: spanRange(document.map, around), selectionRange: spanRange(document.map, at), children };
}
