// The formatter. It has no options, keeps comments and the author's line breaks (at most one blank line), and settles everything
// else: indentation, spaces, columns. Spaces are in spacing.ts, columns in align.ts, what the tree says about places in layout.ts.
import { align, type Line } from './align.ts';
import { type Layout, layoutOf } from './layout.ts';
import { indentation } from './parseBody.ts';
import { type Parsed, parse } from './parser.ts';
import { spaced } from './spacing.ts';
import type { Comment, Token } from './token.ts';

const STEP = 2;
/** For lines that go on from the one before. */
const CONTINUED = 4;

/** The text, formatted; unchanged where it has syntax errors. Keeps CRLF where that is what the text has. */
export function format(text: string): string {
  const unix = text.replace(/\r\n?/g, '\n').replace(/^\uFEFF/, '');
  const parsed = parse(unix);
  if (parsed.errors.length > 0) return text;
  const lines = linesOf(unix, parsed);
  align(lines);
  const out = lines.map((line) => `${line.blankBefore ? '\n' : ''}${' '.repeat(line.indent)}${line.text}\n`).join('');
  return text.includes('\r\n') ? out.replaceAll('\n', '\r\n') : out;
}

/** A token or a comment that will be printed, and how many newlines came before it. */
interface Item {
  readonly token: Token | null;
  readonly comment: Comment | null;
  readonly start: number;
  readonly end: number;
  readonly newlines: number;
}

function linesOf(text: string, parsed: Parsed): Line[] {
  const layout = layoutOf(text, parsed);
  const items = itemsOf(text, parsed);
  const lines: Line[] = [];
  let depth = 0;
  let parens = 0;
  for (let from = 0; from < items.length; ) {
    let to = from + 1;
    while (to < items.length && !breaks(items, to, layout)) to++;
    const next = nextToken(items, from);
    const closes = items[from].token !== null && (next?.kind === '}' || next?.kind === ')' || next?.kind === ']');
    const outdented = items[from].token !== null && (next?.kind === '}' || next?.text === 'undo');
    const begins = next === null || closes || next.kind === '}' || layout.starts.has(next.start);
    const indent = Math.max(0, depth - (outdented && parens === 0 ? 1 : 0)) * STEP + (begins ? 0 : CONTINUED);
    const blankBefore = from > 0 && items[from].newlines > 1 && next?.kind !== '}' && !endsWithOpen(items, from, layout);
    lines.push(lineOf(text, items.slice(from, to), items, from, indent, blankBefore, layout));
    for (const { token } of items.slice(from, to)) {
      if (token?.kind === '{') depth++;
      if (token?.kind === '}') depth--;
      if (token?.kind === '(' || token?.kind === '[') parens++;
      if (token?.kind === ')' || token?.kind === ']') parens--;
    }
    from = to;
  }
  return lines;
}

/** Everything but the `;` that no statement on the same line follows. */
function itemsOf(text: string, parsed: Parsed): Item[] {
  const all: { token: Token | null; comment: Comment | null; start: number; end: number }[] = [];
  let c = 0;
  for (const token of parsed.tokens) {
    for (; c < parsed.comments.length && parsed.comments[c].start < token.start; c++) all.push({ token: null, comment: parsed.comments[c], ...span(parsed.comments[c]) });
    if (token.kind !== 'end') all.push({ token, comment: null, ...span(token) });
  }
  for (; c < parsed.comments.length; c++) all.push({ token: null, comment: parsed.comments[c], ...span(parsed.comments[c]) });

  const items: Item[] = [];
  for (let i = 0; i < all.length; i++) {
    const last = items.at(-1);
    const newlines = last === undefined ? 0 : newlinesIn(text, last.end, all[i].start);
    if (all[i].token?.kind === ';') {
      const follower = all.slice(i + 1, i + 50).find((x) => x.token !== null);
      const lastToken = last?.token ?? null;
      const between = lastToken !== null && newlines === 0 && lastToken.kind !== '{' && follower !== undefined && follower.token?.kind !== ';' && follower.token?.kind !== '}';
      if (!between || newlinesIn(text, all[i].end, follower.start) > 0) continue;
    }
    items.push({ ...all[i], newlines });
  }
  return items;
}

/** Whether a new line begins at `items[at]`. */
function breaks(items: readonly Item[], at: number, layout: Layout): boolean {
  const item = items[at];
  const last = items[at - 1];
  if (item.token?.kind === '}') {
    if (layout.empty.has(item.start)) return false;
    if (layout.broken.has(item.start)) return true;
  }
  if (item.newlines > 0) return true;
  if (item.token === null) return false;
  // A comment may stand between a brace and the first statement.
  const before = last.token ?? items[at - 2]?.token ?? null;
  return before?.kind === '{' && layout.broken.has(before.start) && (last.token !== null || last.newlines === 0);
}

function endsWithOpen(items: readonly Item[], at: number, layout: Layout): boolean {
  let i = at - 1;
  if (items[i].token === null && items[i].newlines === 0) i--;
  const token = items[i]?.token;
  return token?.kind === '{' && layout.broken.has(token.start);
}

function nextToken(items: readonly Item[], at: number): Token | null {
  for (let i = at; i < items.length; i++) {
    const { token } = items[i];
    if (token !== null) return token;
  }
  return null;
}

function tokenBefore(items: readonly Item[], at: number): Token | null {
  for (let i = at - 1; i >= 0; i--) {
    const { token } = items[i];
    if (token !== null) return token;
  }
  return null;
}

function lineOf(text: string, parts: readonly Item[], items: readonly Item[], from: number, indent: number, blankBefore: boolean, layout: Layout): Line {
  let out = '';
  let point: Line['point'] = null;
  const last = parts[parts.length - 1];
  const trailing = parts.length > 1 && last.comment !== null && !text.slice(last.start, last.end).includes('\n') ? last : null;
  for (let i = 0; i < parts.length; i++) {
    const { token, comment } = parts[i];
    if (parts[i] === trailing) break;
    const previous = i > 0 ? parts[i - 1] : null;
    if (comment !== null) {
      out += (previous === null || previous.token?.kind === '(' || previous.token?.kind === '[' ? '' : ' ') + commentText(text, comment, indent);
    } else if (token !== null) {
      const before = previous?.token ?? null;
      if (before !== null) {
        const kind = layout.points.get(before.start);
        if (kind !== undefined && point === null) point = { kind, at: out.length };
        if (spaced(tokenBefore(items, from + i - 1), before, token, layout)) out += ' ';
      } else if (previous !== null && !'),];'.includes(token.kind)) {
        out += ' ';
      }
      out += token.text;
    }
  }
  const only = parts.length === 1 && parts[0].comment !== null;
  const comment = trailing === null ? null : commentText(text, { kind: 'line', first: false, ...span(trailing) }, indent);
  const commentOffset = trailing === null ? 0 : column(text, trailing.start) - indentation(text, trailing.start);
  return { indent, text: out, comment, commentOffset, point, transparent: only, blankBefore };
}

/** A comment of several lines whose lines begin with `*` moves as a whole; others stay as they are but for the first line. */
function commentText(text: string, comment: Comment, indent: number): string {
  const lines = text.slice(comment.start, comment.end).split('\n').map((line) => line.trimEnd());
  if (lines.length > 1 && lines.slice(1).every((line) => line.trimStart().startsWith('*'))) {
    return lines.map((line, i) => (i === 0 ? line : `${' '.repeat(indent + 1)}${line.trimStart()}`)).join('\n');
  }
  return lines.join('\n');
}

function span(x: { readonly start: number; readonly end: number }): { readonly start: number; readonly end: number } {
  return { start: x.start, end: x.end };
}

function newlinesIn(text: string, start: number, end: number): number {
  let n = 0;
  for (let i = start; i < end; i++) if (text.charCodeAt(i) === 10) n++;
  return n;
}

/** Tabs go to the next multiple of eight. */
function column(text: string, offset: number): number {
  let n = 0;
  for (let i = text.lastIndexOf('\n', offset - 1) + 1; i < offset; i++) n = text[i] === '\t' ? (n | 7) + 1 : n + 1;
  return n;
}
