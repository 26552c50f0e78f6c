// Between our own data (offsets, severities, places) and LSP's. Pure renaming: what is shown is decided elsewhere.
import { DiagnosticSeverity, type Location, type Range as LspRange, type TextEdit as LspTextEdit } from 'vscode-languageserver';
import type { TextEdit } from '../base/diagnostic.ts';
import type { LineMap, Range, Span } from '../base/span.ts';

export function severity(of: 'error' | 'warning' | 'information' | 'hint'): DiagnosticSeverity {
  switch (of) {
    case 'error':
      return DiagnosticSeverity.Error;
    case 'warning':
      return DiagnosticSeverity.Warning;
    case 'information':
      return DiagnosticSeverity.Information;
    case 'hint':
      return DiagnosticSeverity.Hint;
  }
}

export function lspRange(range: Range): LspRange {
  return { start: { ...range.start }, end: { ...range.end } };
}

export function spanRange(map: LineMap, span: Span): LspRange {
  return lspRange(map.range(span));
}

export function location(uri: string, map: LineMap, span: Span): Location {
  return { uri, range: spanRange(map, span) };
}

export function textEdit(map: LineMap, edit: TextEdit): LspTextEdit {
  return { range: spanRange(map, edit.span), newText: edit.text };
}
