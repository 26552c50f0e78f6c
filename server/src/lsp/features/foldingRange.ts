// textDocument/foldingRange: everything between braces, blocks of comments, the `use` lines.
import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import { parse } from '../../syntax/parser.ts';
import { walk } from '../../syntax/visit.ts';
import type { Document } from '../documents.ts';

export function foldingRange(document: Document): FoldingRange[] {
  const found = new Map<number, FoldingRange>();
  const add = (start: number, end: number, last: 'kept' | 'folded', kind?: FoldingRangeKind) => {
    const startLine = document.map.position(start).line;
    // The line of the closing brace stays visible.
    const endLine = document.map.position(end).line - (last === 'kept' ? 1 : 0);
    if (endLine > startLine && !found.has(startLine)) found.set(startLine, { startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  walk(document.first.file, (node) => {
    if (node.kind !== 'file' && document.text[node.end - 1] === '}') add(node.start, node.end, 'kept');
  });
  for (const group of runs(
    parse(document.text).comments.filter((c) => c.first || c.kind === 'block'),
    document,
  )) {
    add(group.start, group.end, 'folded', FoldingRangeKind.Comment);
  }
  return [...found.values()].sort((a, b) => a.startLine - b.startLine);
}

function runs(
  comments: ReadonlyArray<{ readonly start: number; readonly end: number }>,
  document: Document,
): Array<{ start: number; end: number }> {
  const groups: Array<{ start: number; end: number }> = [];
  for (const { start, end } of comments) {
    const last = groups.at(-1);
    if (last !== undefined && document.map.position(start).line === document.map.position(last.end).line + 1) last.end = end;
    else groups.push({ start, end });
  }
  return groups;
}
