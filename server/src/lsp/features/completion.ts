// textDocument/completion: what can be written at the cursor. Which kind of thing is asked for is read from the line before it and from the
// tree around it; what there is of that kind comes from semantics/inScope.ts.
import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import { libraryNames, libraryText, parseFile, prelude } from '../../analysis.ts';
import type { Program } from '../../semantics/program.ts';
import { KEYWORDS } from '../../syntax/keywords.ts';
import type * as tree from '../../syntax/tree.ts';
import { type Node, pathAt } from '../../syntax/visit.ts';
import type { Document } from '../documents.ts';
import { clauses, verdicts } from './completionExpect.ts';
import { type CompletionClient, item, keywords, markdown, type Named, namedItems, names, typeItems } from './completionItems.ts';
import { members } from './completionMembers.ts';
import { insideOf, isTypePlace, wordStart } from './completionPlace.ts';

export function completion(document: Document, offset: number, client: CompletionClient): CompletionItem[] {
  const { text, first } = document;
  const start = wordStart(text, offset);
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const within = insideOf(line);
  if (within === 'comment' || /^\s*>/.test(line)) return [];
  if (/\bexpect\s+(no\s+)?[\w-]*$/.test(line)) return verdicts(line, document, offset);
  if (within === 'string') return [];
  if (/^\s*use\s+([^\s,]+\s*,\s*)*$/.test(line)) return libraries();
  if (/\bcite\s+<?[^>\s]*$/.test(line)) return citations(document, line);
  const path = pathAt(first.file, start);
  const expectation = /\bexpect\s+(?:no\s+)?[a-z-]+\s+(.*)$/.exec(line);
  if (expectation !== null) return clauses(expectation[1], document, start);
  if (/\.$/.test(line)) return members(document, start);
  if (/\bbinds\s+([\w.]+\s*,\s*)*$/.test(line))
    return namedItems(
      first.program.ops
        .filter((o) => o.node.keyword === 'driver')
        .map((ops): Named => ({ name: ops.module === null ? ops.name : `${ops.module.name}.${ops.name}`, symbol: { kind: 'ops', ops } })),
    );
  if (isTypePlace(line, path)) return [...typeItems(document, start), ...keywords(['type'], client)];
  return atPlace(document, path, line, start, client);
}

function atPlace(document: Document, path: readonly Node[], line: string, offset: number, client: CompletionClient): CompletionItem[] {
  const { program } = document.first;
  const begins = line.trim() === '' || /[{;}]\s*$/.test(line);
  const container = path.findLast(
    (n) =>
      ['block', 'ops', 'struct', 'module', 'claim', 'interleaving', 'enum', 'settings', 'file'].includes(n.kind) &&
      (n.kind === 'file' || (n.start < offset && (offset < n.end || document.text[n.end - 1] !== '}'))),
  );
  const userSpace = path.some((n) => n.kind === 'process');
  // Events are all that hardware is made of.
  if (path.some((n) => n.kind === 'hardware')) return names(document, offset, client);
  switch (container?.kind) {
    case 'block':
      return [
        ...keywords(begins ? ['statement', 'value'] : ['value'], client).filter(
          (k) => userSpace || !(k.label === 'thread' || k.label === 'fork'),
        ),
        ...clauseKeywords(line),
        ...names(document, offset, client),
      ];
    case 'ops':
      return begins ? [...tableEntries(program, container, client), ...keywords(['table'], client)] : names(document, offset, client);
    case 'settings':
      return begins ? settings(container) : [...settingValues(container, line), ...names(document, offset, client)];
    case 'struct':
      return begins ? [] : [...typeItems(document, offset), ...keywords(['type'], client)];
    case 'claim':
      return begins ? keywords(['file'], client).filter((k) => k.label === 'cite' || k.label === 'expect') : [];
    case 'interleaving':
    case 'enum':
      return [];
    case 'module':
      return begins ? keywords(['module'], client) : [...clauseKeywords(line), ...names(document, offset, client)];
    default:
      return begins ? keywords(['file'], client) : [...clauseKeywords(line), ...names(document, offset, client)];
  }
}

function settings(node: tree.Settings): CompletionItem[] {
  const given = new Set(node.entries.map((e) => e.name.text));
  const kinds = prelude.settings.find((s) => s.keyword === node.keyword)?.settings ?? [];
  return kinds
    .filter((k) => !given.has(k.name))
    .map((setting) => ({ ...item(setting.name, { kind: 'setting', setting }), insertText: `${setting.name} = ` }));
}

function settingValues(node: tree.Settings, line: string): CompletionItem[] {
  const name = /([A-Za-z_]\w*)\s*=\s*$/.exec(line)?.[1];
  const kind = prelude.settings.find((s) => s.keyword === node.keyword)?.settings.find((k) => k.name === name);
  if (kind === undefined) return clauseKeywords(line.slice(Math.max(line.lastIndexOf('{'), line.lastIndexOf(';')) + 1));
  return Object.keys(kind.names ?? {}).map((label) => ({ label, kind: CompletionItemKind.EnumMember }));
}

function libraries(): CompletionItem[] {
  return libraryNames().map((name) => {
    const header = parseFile(libraryText(name) ?? '').file.header;
    return { label: name, kind: CompletionItemKind.Module, detail: header?.title?.value ?? 'library', ...markdown(header?.doc ?? '') };
  });
}

// Mails that this file cites elsewhere: one thread is cited again and again.
function citations(document: Document, line: string): CompletionItem[] {
  const ids = new Set<string>();
  for (const match of document.text.matchAll(/\bcite\s+<([^>\s]+)>/g)) ids.add(match[1]);
  const open = /<[^>\s]*$/.test(line);
  return [...ids].map((id) => ({ label: id, kind: CompletionItemKind.Reference, insertText: open ? id : `<${id}>` }));
}

function tableEntries(program: Program, ops: tree.Ops, client: CompletionClient): CompletionItem[] {
  const info = program.ops.find((o) => o.node === ops);
  if (info === undefined) return [];
  return info.struct.fields
    .filter((field) => !info.values.has(field.name) || field.name === 'owner')
    .map((field) => {
      const base = item(field.name, { kind: 'field', field });
      if (field.type.kind !== 'fn') return { ...base, insertText: `${field.name} = ` };
      if (!client.snippets) return base;
      const parameters = field.type.parameters
        .map((p, i) => `\${${i + 1}:${p.kind === 'ref' && p.to !== null ? p.to.name : `arg${i + 1}`}}`)
        .join(', ');
      return {
        ...base,
        kind: CompletionItemKind.Method,
        insertText: `${field.name}(${parameters}) {\n\t$0\n}`,
        insertTextFormat: InsertTextFormat.Snippet,
      };
    });
}

/** Words that go on what the line has begun: `wait until c kill|`. */
function clauseKeywords(line: string): CompletionItem[] {
  const words = new Set(line.match(/[a-z?]+/g) ?? []);
  return KEYWORDS.filter((k) => k.after.some((a) => words.has(a) || (a === '?' && line.includes('?')))).map(({ word: label, doc }) => ({
    label,
    kind: CompletionItemKind.Keyword,
    ...markdown(doc),
  }));
}
