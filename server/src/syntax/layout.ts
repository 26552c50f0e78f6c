// What the printer needs to know of the tree: which offsets begin something, which signs are prefixes, which braces stay on a line.
import type { Parsed } from './parser.ts';
import type { Roles } from './spacing.ts';
import type { Token } from './token.ts';
import type { Block } from './tree.ts';
import { type Node, walk } from './visit.ts';

export interface Layout extends Roles {
  /** Where something begins that has a line of its own, if it stands first on its line. */
  readonly starts: ReadonlySet<number>;
  /** Behind the token at this offset, columns of neighbouring lines may be made to match. */
  readonly points: ReadonlyMap<number, 'type' | 'clause' | 'brace'>;
  /** `{` that end a line, and their `}`. */
  readonly broken: ReadonlySet<number>;
  /** `}` with nothing since its `{`. */
  readonly empty: ReadonlySet<number>;
}

export function layoutOf(text: string, parsed: Parsed): Layout {
  const starts = new Set<number>();
  const prefixes = new Set<number>();
  const names = new Set<number>();
  const sets = new Set<number>();
  const points = new Map<number, 'type' | 'clause' | 'brace'>();
  const at = new Map(parsed.tokens.map((token, i) => [token.start, i]));
  const token = (offset: number): number => at.get(offset) ?? -1;

  walk(parsed.file, (node) => {
    for (const item of itemsBelow(node)) starts.add(item.start);
    switch (node.kind) {
      case 'scenario': case 'library': case 'undo': case 'cite': case 'quote': case 'method': case 'value': case 'setting': case 'ifEntries':
        starts.add(node.start);
        break;
      case 'unary':
        prefixes.add(node.start);
        break;
      case 'enum':
        for (const name of node.members) starts.add(name.start);
        break;
      case 'param':
        if (node.domain.kind === 'names') for (const name of node.domain.names) starts.add(name.start);
        break;
    }
    switch (node.kind) {
      case 'method': case 'value': case 'setting':
        names.add(node.name.start);
        break;
      case 'param':
        if (node.domain.kind === 'names' && !text.slice(node.start, node.end).includes('\n')) braces(parsed.tokens, token(node.name.start), sets);
        break;
      case 'field':
        // The kind of a struct's field and of an access to one.
        if (!('type' in node)) break;
        starts.add(node.start);
        names.add(node.name.start);
        points.set(parsed.tokens[token(node.name.start) + 1].start, 'type');
        break;
      case 'variable':
        if (node.type !== null && node.start === node.name.start) points.set(parsed.tokens[token(node.name.start) + 1].start, 'type');
        break;
      case 'expect':
        if (node.in !== null || node.of !== null || node.by !== null || node.when !== null) points.set(node.verdict.start, 'clause');
        break;
      case 'process': case 'hardware': case 'init': case 'exit':
        if (onOneLine(text, node.body) && parsed.tokens[token(node.start)].first) points.set(parsed.tokens[token(node.body.start) - 1].start, 'brace');
        break;
    }
  });
  return { starts, prefixes, names, sets, points, ...bracePairs(text, parsed) };
}

/** Statements and declarations directly in a node. */
function itemsBelow(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'file': return node.declarations;
    case 'module': return node.declarations;
    case 'ifDeclaration': return [...node.then, ...node.else];
    case 'block': return node.statements;
    case 'undo': return node.statements;
    case 'claim': return node.expects;
    default: return [];
  }
}

function onOneLine(text: string, block: Block): boolean {
  return !text.slice(block.start, block.end).includes('\n') && block.statements.length > 0;
}

/** Adds the next `{` and its `}`. */
function braces(tokens: readonly Token[], from: number, into: Set<number>): void {
  for (let i = from; i < tokens.length; i++) {
    const { kind, start } = tokens[i];
    if (kind === '{' || kind === '}') into.add(start);
    if (kind === '}') return;
  }
}

function bracePairs(text: string, parsed: Parsed): { readonly broken: Set<number>; readonly empty: Set<number> } {
  const broken = new Set<number>();
  const empty = new Set<number>();
  const open: number[] = [];
  const { tokens, comments } = parsed;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i].kind === '{') open.push(i);
    if (tokens[i].kind !== '}') continue;
    const first = open.pop();
    if (first === undefined || tokens[first + 1].kind === 'table') continue;
    const { start } = tokens[first];
    const end = tokens[i].start;
    let only = first + 1;
    while (tokens[only].kind === ';') only++;
    if (only === i && !comments.some((c) => c.start > start && c.start < end)) empty.add(end);
    else if (text.slice(start, end).includes('\n')) {
      broken.add(start);
      broken.add(end);
    }
  }
  return { broken, empty };
}
