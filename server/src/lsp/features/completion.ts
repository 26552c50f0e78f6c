// textDocument/completion: what can be written at the cursor. Which kind of thing is asked for is read from the line before it; what there
// is of that kind comes from scope.ts.
import { type CompletionItem, CompletionItemKind, InsertTextFormat, MarkupKind } from 'vscode-languageserver';
import { libraryNames, libraryText, parseFile, prelude } from '../../analysis.ts';
import { VERDICTS } from '../../base/verdicts.ts';
import { declarationOf, docOf } from '../../semantics/hover.ts';
import { membersOf, membersOfModule, type NameInScope, namesInScope } from '../../semantics/inScope.ts';
import type { Program, Symbol } from '../../semantics/program.ts';
import { KEYWORDS, type Where } from '../../syntax/keywords.ts';
import type * as tree from '../../syntax/tree.ts';
import { type Node, pathAt } from '../../syntax/visit.ts';
import { type Document, firstOf } from '../documents.ts';
import { verdictSummary } from '../virtual.ts';
import { snippets } from './completionSnippets.ts';

type Named = Pick<NameInScope, 'name' | 'symbol'>;

export interface CompletionClient {
  /** The client can fill in placeholders. */
  readonly snippets: boolean;
}

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
      ['block', 'ops', 'struct', 'module', 'file'].includes(n.kind) &&
      (n.kind === 'file' || (n.start < offset && (offset < n.end || document.text[n.end - 1] !== '}'))),
  );
  const userSpace = path.some((n) => n.kind === 'process');
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
    case 'struct':
      return begins ? [] : [...typeItems(document, offset), ...keywords(['type'], client)];
    case 'module':
      return begins ? keywords(['module'], client) : [...clauseKeywords(line), ...names(document, offset, client)];
    default:
      return begins ? keywords(['file'], client) : [...clauseKeywords(line), ...names(document, offset, client)];
  }
}

function verdicts(line: string, document: Document, offset: number): CompletionItem[] {
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

function clauses(rest: string, document: Document, offset: number): CompletionItem[] {
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

function paramValues(program: Program): Named[] {
  return program.paramInfos.flatMap((param) =>
    param.values.flatMap((v, index): Named[] =>
      v.kind === 'name' ? [{ name: v.name, symbol: { kind: 'paramValue', param, index } }] : [],
    ),
  );
}

/** Behind a `.`. Where half a statement has no tree of its own, a name is put there for the parser. */
function members(document: Document, dotEnd: number): CompletionItem[] {
  const known = membersIn(document.first, dotEnd);
  if (known !== null) return known;
  const stop = dotEnd + (/^\w*/.exec(document.text.slice(dotEnd))?.[0].length ?? 0);
  const text = `${document.text.slice(0, dotEnd)}cursor__${document.text.slice(stop)}`;
  return (
    membersIn(
      firstOf(document.uri, text, (path) => document.reads()[path] ?? null),
      dotEnd,
    ) ?? []
  );
}

/** Null: what stands before the dot is not known. */
function membersIn({ file, program }: Document['first'], dotEnd: number): CompletionItem[] | null {
  const holder = pathAt(file, dotEnd).at(-2);
  if (holder?.kind === 'path') {
    const index = holder.parts.findIndex((part) => part.start === dotEnd);
    const symbol = index > 0 ? program.symbols.get(holder.parts[index - 1]) : undefined;
    return symbol === undefined ? null : membersOfSymbol(program, symbol);
  }
  if (holder?.kind !== 'field' || !('object' in holder) || holder.name.start !== dotEnd) return null;
  if (holder.object.kind === 'name') {
    const symbol = program.symbols.get(holder.object);
    if (symbol?.kind === 'module' || symbol?.kind === 'enum') return membersOfSymbol(program, symbol);
  }
  const type = program.types.get(holder.object);
  return type === undefined || type.kind === 'error' ? null : membersOf(type).map((field) => item(field.name, { kind: 'field', field }));
}

function membersOfSymbol(program: Program, symbol: Symbol): CompletionItem[] {
  switch (symbol.kind) {
    case 'module':
      return namedItems(membersOfModule(program, symbol.module.node));
    case 'ops':
      return [...symbol.ops.values].flatMap(([name, value]) =>
        value.kind === 'function' ? [item(name, { kind: 'function', function: value.function })] : [],
      );
    case 'enum':
      return symbol.enum.members.map((name, index) => item(name, { kind: 'enumMember', enum: symbol.enum, index }));
    default:
      return [];
  }
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

function names(document: Document, offset: number, client: CompletionClient): CompletionItem[] {
  return [...inScope(document, offset).filter((n) => n.namespace === 'value'), ...paramValues(document.first.program)].map(
    ({ name, symbol }) => {
      const base = item(name, symbol);
      const arity =
        symbol.kind === 'primitive'
          ? symbol.primitive.parameters.length
          : symbol.kind === 'function'
            ? symbol.function.parameters.length
            : -1;
      if (arity < 0 || !client.snippets) return base;
      return {
        ...base,
        insertText: arity === 0 ? `${name}()` : `${name}($0)`,
        insertTextFormat: InsertTextFormat.Snippet,
        ...(arity === 0 ? {} : { command: { title: 'Parameters', command: 'editor.action.triggerParameterHints' } }),
      };
    },
  );
}

function keywords(where: readonly Where[], client: CompletionClient): CompletionItem[] {
  return KEYWORDS.filter((k) => k.where.some((w) => where.includes(w))).map(({ word, doc }) => {
    const snippet = client.snippets ? snippets[word] : undefined;
    const base: CompletionItem = { label: word, kind: CompletionItemKind.Keyword, ...markdown(doc) };
    return snippet === undefined ? base : { ...base, insertText: snippet, insertTextFormat: InsertTextFormat.Snippet };
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

function typeItems(document: Document, offset: number): CompletionItem[] {
  const plain = ['bool', 'int', 'u8', 'u16', 'u32', 'u64', 'any', 'module'].map(
    (label): CompletionItem => ({ label, kind: CompletionItemKind.Keyword }),
  );
  return [...namedItems(inScope(document, offset).filter((n) => n.namespace === 'type')), ...plain];
}

function inScope(document: Document, offset: number): readonly NameInScope[] {
  return namesInScope(document.first.program, prelude, document.uri, offset);
}

function namedItems(all: readonly Named[]): CompletionItem[] {
  return all.map(({ name, symbol }) => item(name, symbol));
}

function item(label: string, symbol: Symbol): CompletionItem {
  return { label, kind: kindOf(symbol), detail: declarationOf(symbol), ...markdown(docOf(prelude, symbol)) };
}

function markdown(value: string): Pick<CompletionItem, 'documentation'> {
  return value === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value } };
}

function kindOf(symbol: Symbol): CompletionItemKind {
  switch (symbol.kind) {
    case 'struct':
      return CompletionItemKind.Struct;
    case 'field':
      return CompletionItemKind.Field;
    case 'enum':
      return CompletionItemKind.Enum;
    case 'enumMember':
    case 'paramValue':
      return CompletionItemKind.EnumMember;
    case 'module':
      return CompletionItemKind.Module;
    case 'function':
    case 'primitive':
      return CompletionItemKind.Function;
    case 'variable':
    case 'local':
    case 'param':
      return CompletionItemKind.Variable;
    case 'ops':
      return CompletionItemKind.Interface;
    case 'device':
    case 'process':
    case 'thread':
      return CompletionItemKind.Class;
    case 'constant':
      return CompletionItemKind.Constant;
    case 'label':
      return CompletionItemKind.Reference;
  }
}

function isTypePlace(line: string, path: readonly Node[]): boolean {
  if (/\b(new|as)\s+$/.test(line)) return true;
  if (!/:\s*((ref|list)\s+)*$/.test(line)) return false;
  return (
    /^\s*\w+\s*:/.test(line) ||
    /^\s*device\b/.test(line) ||
    /^\s*(ops|driver|let)\b/.test(line) ||
    path.some((n) => n.kind === 'parameter') ||
    /\(([^)]*)$/.test(line)
  );
}

function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /\w/.test(text[start - 1])) start--;
  return start;
}

/** Whether the end of a line lies in a comment, in a string, or in neither. */
function insideOf(line: string): 'comment' | 'string' | null {
  let string = false;
  for (let i = 0; i < line.length; i++) {
    if (string && line[i] === '\\') i++;
    else if (line[i] === '"') string = !string;
    else if (!string && line.startsWith('//', i)) return 'comment';
  }
  return string ? 'string' : null;
}
