// Completion items for symbols, names in scope and keywords. Which of them fit at a place is completion.ts's.
import { type CompletionItem, CompletionItemKind, InsertTextFormat, MarkupKind } from 'vscode-languageserver';
import { prelude } from '../../analysis.ts';
import { declarationOf, docOf } from '../../semantics/hover.ts';
import { type NameInScope, namesInScope } from '../../semantics/inScope.ts';
import type { Program, Symbol } from '../../semantics/program.ts';
import { KEYWORDS, type Where } from '../../syntax/keywords.ts';
import type { Document } from '../documents.ts';
import { snippets } from './completionSnippets.ts';

export type Named = Pick<NameInScope, 'name' | 'symbol'>;

export interface CompletionClient {
  /** The client can fill in placeholders. */
  readonly snippets: boolean;
  /** The client has VS Code's command that shows the parameters of a call. */
  readonly ours: boolean;
}

export function item(label: string, symbol: Symbol): CompletionItem {
  return { label, kind: kindOf(symbol), detail: declarationOf(symbol), ...markdown(docOf(prelude, symbol)) };
}

export function namedItems(all: readonly Named[]): CompletionItem[] {
  return all.map(({ name, symbol }) => item(name, symbol));
}

export function inScope(document: Document, offset: number): readonly NameInScope[] {
  return namesInScope(document.first.program, prelude, document.uri, offset);
}

export function names(document: Document, offset: number, client: CompletionClient): CompletionItem[] {
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
        ...(arity === 0 || !client.ours ? {} : { command: { title: 'Parameters', command: 'editor.action.triggerParameterHints' } }),
      };
    },
  );
}

export function typeItems(document: Document, offset: number): CompletionItem[] {
  const plain = ['bool', 'int', 'u8', 'u16', 'u32', 'u64', 'any', 'module'].map(
    (label): CompletionItem => ({ label, kind: CompletionItemKind.Keyword }),
  );
  return [...namedItems(inScope(document, offset).filter((n) => n.namespace === 'type')), ...plain];
}

export function keywords(where: readonly Where[], client: CompletionClient): CompletionItem[] {
  return KEYWORDS.filter((k) => k.where.some((w) => where.includes(w))).map(({ word, doc }) => {
    const snippet = client.snippets ? snippets[word] : undefined;
    const base: CompletionItem = { label: word, kind: CompletionItemKind.Keyword, ...markdown(doc) };
    return snippet === undefined ? base : { ...base, insertText: snippet, insertTextFormat: InsertTextFormat.Snippet };
  });
}

export function paramValues(program: Program): Named[] {
  return program.paramInfos.flatMap((param) =>
    param.values.flatMap((v, index): Named[] =>
      v.kind === 'name' ? [{ name: v.name, symbol: { kind: 'paramValue', param, index } }] : [],
    ),
  );
}

export function markdown(value: string): Pick<CompletionItem, 'documentation'> {
  return value === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value } };
}

function kindOf(symbol: Symbol): CompletionItemKind {
  switch (symbol.kind) {
    case 'struct':
      return CompletionItemKind.Struct;
    case 'field':
    case 'setting':
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
