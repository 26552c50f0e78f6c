// Completion behind a dot: fields of a value, declarations of a module, members of an enum.
import type { CompletionItem } from 'vscode-languageserver';
import { membersOf, membersOfModule } from '../../semantics/inScope.ts';
import type { Program, Symbol } from '../../semantics/program.ts';
import { pathAt } from '../../syntax/visit.ts';
import { type Document, firstOf } from '../documents.ts';
import { item, namedItems } from './completionItems.ts';

/** Behind a `.`. Where half a statement has no tree of its own, a name is put there for the parser. */
export function members(document: Document, dotEnd: number): CompletionItem[] {
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
