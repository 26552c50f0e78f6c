// textDocument/inlayHint: behind each `param` how many combinations the file asks for, behind each duration its nanoseconds, behind the counter
// of a PTIMER when its low word next rolls over.
import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver';
import type { Span } from '../../base/span.ts';
import { inNanoseconds, onPtimer } from '../../semantics/duration.ts';
import type * as tree from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import type { Document } from '../documents.ts';

export function inlayHint(document: Document, range: Range): InlayHint[] {
  const wanted = { start: document.map.offset(range.start), end: document.map.offset(range.end) };
  return [...combinations(document, wanted), ...durations(document, wanted), ...rollOvers(document, wanted)];
}

function combinations(document: Document, wanted: Span): InlayHint[] {
  const { paramInfos } = document.first.program;
  const last = paramInfos.at(-1);
  if (last === undefined || !within(last.node.end, wanted)) return [];
  const count = paramInfos.reduce((n, p) => n * p.values.length, 1);
  return [hint(document, last.node.end, `${count} combinations`, 'Every combination of the parameters is explored.')];
}

function durations(document: Document, wanted: Span): InlayHint[] {
  const found: Array<tree.Expression & { kind: 'duration' }> = [];
  walk(document.first.file, (node) => {
    // `32ns` says it already.
    if (node.kind === 'duration' && within(node.end, wanted) && !document.text.slice(node.start, node.end).endsWith('ns')) found.push(node);
    return wanted.start <= node.end && node.start <= wanted.end;
  });
  return found.map(({ end, nanoseconds }) => hint(document, end, `= ${inNanoseconds(nanoseconds)}`, onPtimer(nanoseconds)));
}

function rollOvers(document: Document, wanted: Span): InlayHint[] {
  return document.first.program.settings.flatMap(({ keyword, values, node }) => {
    const counter = node.entries.find((e) => e.name.text === 'counter');
    const rollover = values.get('rollover');
    if (keyword !== 'ptimer' || counter === undefined || rollover === undefined || !within(counter.end, wanted)) return [];
    const left = rollover - ((values.get('counter') ?? 0) % rollover);
    return [hint(document, counter.end, `TIME_0 rolls over in ${inNanoseconds(BigInt(left))}`, `Then every ${inNanoseconds(BigInt(rollover))}.`)];
  });
}

function within(offset: number, span: Span): boolean {
  return span.start <= offset && offset <= span.end;
}

function hint(document: Document, offset: number, label: string, tooltip: string): InlayHint {
  return { position: document.map.position(offset), label, kind: InlayHintKind.Type, paddingLeft: true, tooltip };
}
