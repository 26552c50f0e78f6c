// textDocument/formatting: the one layout that there is, as few edits as tell it apart from the present text.
import type { TextEdit } from 'vscode-languageserver';
import { format } from '../../analysis.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { changeBetween } from '../edits.ts';

export function formatting(document: Document): TextEdit[] {
  const formatted = format(document.text);
  const change = changeBetween(document.text, formatted);
  if (change === null) return [];
  return [
    { range: spanRange(document.map, { start: change.start, end: change.oldEnd }), newText: formatted.slice(change.start, change.newEnd) },
  ];
}
