// textDocument/hover: what stands under the pointer, in one line of Lifeline, with what there is to know about it, and what is assumed of time
// where something is found there, or where the file says what time is like.
import { type Hover, MarkupKind } from 'vscode-languageserver';
import { prelude } from '../../analysis.ts';
import type { Span } from '../../base/span.ts';
import { inNanoseconds, onPtimer } from '../../semantics/duration.ts';
import { hoverOf } from '../../semantics/hover.ts';
import { show } from '../../semantics/types.ts';
import { keyword } from '../../syntax/keywords.ts';
import type * as tree from '../../syntax/tree.ts';
import { pathAt } from '../../syntax/visit.ts';
import { assumedOfRun, assumedText } from '../../export/assumed.ts';
import type { Shown } from '../checking.ts';
import { spanRange } from '../convert.ts';
import type { Document } from '../documents.ts';
import { locatedGroups } from '../located.ts';
import { nameAt, symbolAt } from '../symbols.ts';
import { verdictSummary } from '../virtual.ts';

interface Told {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

/** `shown`: what has been found in the file. */
export function hover(document: Document, offset: number, shown: Shown | null): Hover | null {
  const under = underPointer(document, offset);
  const assumed = shown === null || shown.changes.length > 0 ? null : assumedAt(document, offset, shown);
  const all = [under, assumed].filter((told) => told !== null);
  if (all.length === 0) return null;
  return {
    contents: { kind: MarkupKind.Markdown, value: all.map((told) => told.text).join('\n\n---\n\n') },
    range: spanRange(document.map, all[0].span),
  };
}

/** What is taken for granted about time: by the findings that are underlined there; by the result as a whole on `time`, `ptimer` and the scenario's name. */
function assumedAt(document: Document, offset: number, shown: Shown): Told | null {
  const { header, declarations } = document.first.file;
  const heads = [...(header === null ? [] : [header.name]), ...declarations.flatMap((d) => (d.kind === 'settings' ? [{ start: d.start, end: d.start + d.keyword.length }] : []))];
  const head = heads.find((span) => within(span, offset));
  if (head !== undefined) {
    const all = new Set(shown.result.runs.map(assumedOfRun).filter((text) => text !== null));
    return all.size === 0 ? null : { span: head, text: [...all].join('\n\n') };
  }
  const here = locatedGroups(document, shown).filter(({ span }) => within(span, offset));
  const texts = new Set(here.map(({ of }) => assumedText(of.violation)).filter((text) => text !== null));
  return texts.size === 0 ? null : { span: here[0].span, text: [...texts].join('\n\n') };
}

function underPointer(document: Document, offset: number): Told | null {
  const found = symbolAt(document, offset);
  if (found !== null) return { span: found.name, text: hoverOf(prelude, found.symbol) };
  const path = pathAt(document.first.file, offset);
  const name = nameAt(document.first.file, offset);
  const around = path.at(-2);
  if (name !== null && around?.kind === 'expect' && around.verdict === name) {
    const summary = verdictSummary(name.text);
    if (summary !== null) return answer(name, `expect ${around.no ? 'no ' : ''}${name.text}`, summary);
  }
  const cite = path.find((node): node is tree.Cite => node.kind === 'cite');
  if (cite !== undefined && within(cite.idSpan, offset))
    return answer(cite.idSpan, `cite <${cite.id}>`, `[lore.kernel.org](${loreLink(cite.id)})`);
  const word = wordAt(document.text, offset);
  const known = word === null ? null : keyword(word.text);
  if (word !== null && known !== null && name === null && !insideText(path)) return answer(word.span, known.word, known.doc);
  const duration = path.at(-1);
  if (duration?.kind === 'duration') {
    const written = document.text.slice(duration.start, duration.end);
    return answer(duration, `${written} = ${inNanoseconds(duration.nanoseconds)}`, onPtimer(duration.nanoseconds));
  }
  const expression = path.findLast((node) => document.first.program.types.has(node as tree.Expression));
  const type = expression === undefined ? undefined : document.first.program.types.get(expression as tree.Expression);
  if (expression === undefined || type === undefined || type.kind === 'error' || type.kind === 'void') return null;
  return answer(expression, `${document.text.slice(expression.start, expression.end)}: ${show(type)}`, '');
}

export function loreLink(messageId: string): string {
  return `https://lore.kernel.org/all/${encodeURIComponent(messageId)}/`;
}

function answer(span: Span, code: string, doc: string): Told {
  return { span, text: `\`\`\`lifeline\n${code}\n\`\`\`${doc === '' ? '' : `\n\n${doc}`}` };
}

function within(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

function insideText(path: ReadonlyArray<{ readonly kind: string }>): boolean {
  return path.some((node) => node.kind === 'string' || node.kind === 'quote' || node.kind === 'interleaving');
}

export function wordAt(text: string, offset: number): { readonly text: string; readonly span: Span } | null {
  const isWord = (i: number) => i >= 0 && i < text.length && /[\w]/.test(text[i]);
  let start = offset;
  while (isWord(start - 1)) start--;
  let end = offset;
  while (isWord(end)) end++;
  return start === end ? null : { text: text.slice(start, end), span: { start, end } };
}
