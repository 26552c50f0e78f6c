// Completion after `expect`: verdicts, and the clauses that narrow one down.
import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import { VERDICTS } from '../../base/verdicts.ts';
import { KEYWORDS } from '../../syntax/keywords.ts';
import type { Document } from '../documents.ts';
import { verdictSummary } from '../virtual.ts';
import { inScope, item, markdown, type Named, namedItems, paramValues } from './completionItems.ts';

export function verdicts(line: string, document: Document, offset: number): CompletionItem[] {
  // The words have hyphens: what has been typed of one is replaced as a whole.
  const typed = /[\w-]*$/.exec(document.text.slice(document.text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';
  const range = { start: document.map.position(offset - typed.length), end: document.map.position(offset) };
  const kinds = Object.entries(VERDICTS).map(
    ([kind, severity]): CompletionItem => ({
      label: kind,
      kind: CompletionItemKind.Value,
      detail: severity,
      ...markdown(verdictSummary(kind) ?? ''),
      textEdit: { range, newText: kind },
      filterText: kind,
    }),
  );
  if (/\bno\s+[\w-]*$/.test(line)) return kinds;
  return [...kinds, { label: 'no', kind: CompletionItemKind.Keyword, detail: 'the verdict must not be reachable' }];
}

export function clauses(rest: string, document: Document, offset: number): CompletionItem[] {
  const { program } = document.first;
  const word = /(?:^|\s)(in|of|by|when)\s+[^\s]*(?:.*)$/.exec(rest)?.[1];
  const last = [...rest.matchAll(/(?:^|\s)(in|of|by|when)\s+(\S*)(\s*)/g)].at(-1);
  if (last?.[1] === 'when') {
    const params: readonly Named[] = inScope(document, offset).filter(
      ({ symbol }) => symbol.kind === 'param' || symbol.kind === 'constant',
    );
    return namedItems([...params, ...paramValues(program)]);
  }
  const finished = last === undefined || (last[2] !== '' && last[3] !== '');
  if (word === undefined || finished) {
    const used = new Set([...rest.matchAll(/\b(in|of|by|when)\b/g)].map((m) => m[1]));
    return KEYWORDS.filter((k) => k.after.includes('expect') && k.word !== 'no' && !used.has(k.word)).map(({ word: label, doc }) => ({
      label,
      kind: CompletionItemKind.Keyword,
      ...markdown(doc),
    }));
  }
  switch (last?.[1]) {
    case 'in':
      return program.functions.filter((f) => f.unit === program.units[0]).map((f) => item(f.name, { kind: 'function', function: f }));
    case 'of':
      return namedItems(
        inScope(document, offset).filter(({ symbol }) => symbol.kind === 'struct' || symbol.kind === 'module' || symbol.kind === 'device'),
      );
    default:
      return program.processes.map((process) => item(process.name, { kind: 'process', process }));
  }
}
