// What stands between `{` and `}`, one item after another, and what to make of braces that do not pair up: where the file as a whole
// does not balance it is read again with indentation as what was meant, so that one forgotten line gives one message.
import { codes } from '../base/codes.ts';
import type { Cursor } from './cursor.ts';
import { keyword } from './keywords.ts';
import { describe, type Token } from './token.ts';

export interface BodyOptions {
  /** `{` of what, in messages. */
  readonly what: string;
  /** Its items are declarations, fields or entries: nothing in it is indented deeper than its first item, except inside items. */
  readonly flat: boolean;
}

/** Reads `{`, items until its `}`, and the `}`. Items that take nothing are skipped over. */
export function parseBody(c: Cursor, options: BodyOptions, item: () => void): void {
  const head = c.last;
  const open = openBrace(c, options.what);
  if (open === null && (head === null || !goesOnWithoutBrace(c, head))) return;
  const outer = { parens: c.parens, questionStops: c.questionStops };
  c.parens = 0;
  c.questionStops = false;
  const from = open ?? head;
  items(c, from, from === null || !c.trustIndentation ? 0 : indentation(c.text, from.start), options.flat, item);
  c.parens = outer.parens;
  c.questionStops = outer.questionStops;
}

/** Items to the end of the file. */
export function parseTopLevel(c: Cursor, item: () => void): void {
  while (!c.at('end')) {
    items(c, null, -2, true, item);
    if (c.at('}')) surplus(c);
    while (c.at('}')) c.skip();
  }
}

function openBrace(c: Cursor, what: string): Token | null {
  const open = c.token;
  if (open.kind !== '{') {
    c.missing(`\`{\` of ${what}`);
    // `module nova foo {`: the rest of the head was reported.
    let ahead = 0;
    while (c.peek(ahead).kind !== '{' && c.peek(ahead).kind !== '}' && c.peek(ahead).kind !== 'end' && !c.peek(ahead).first) ahead++;
    if (c.peek(ahead).kind !== '{' || c.peek(ahead).first) return null;
    for (let i = 0; i < ahead; i++) c.skip();
    return c.take();
  }
  if (c.lineEnds) {
    const fix = { title: 'Move `{` to the line before', edits: [{ span: { start: c.lastEnd, end: open.start }, text: ' ' }] };
    const comment = c.lexer.comments.some((k) => k.start >= c.lastEnd && k.end <= open.start);
    c.error(codes.lineBreak, open, `\`{\` stands on the line of ${what}: a line ends where it ends`, comment ? [] : [fix]);
  }
  return c.take();
}

/** Only the `{` was forgotten: what follows is indented deeper, or there is a `}` for it on this line. */
function goesOnWithoutBrace(c: Cursor, head: Token): boolean {
  if (c.at('end')) return false;
  if (c.token.first) return indentation(c.text, c.token.start) > indentation(c.text, head.start) && !c.at('}');
  if (!c.trustIndentation) return false;
  let depth = 0;
  for (let ahead = 0; ahead < 200; ahead++) {
    const t = c.peek(ahead);
    if (t.kind === 'end' || t.first) return false;
    if (t.kind === '{') depth++;
    if (t.kind === '}' && depth-- === 0) return true;
  }
  return false;
}

/** Stops behind the `}`; where there is no `open` (the file), before a `}` and at the end. */
function items(c: Cursor, open: Token | null, indent: number, flat: boolean, item: () => void): void {
  let itemColumn = -1;
  for (;;) {
    const t = c.token;
    if (t.kind === ';') {
      c.take();
      continue;
    }
    if (t.kind === 'end') {
      if (open !== null) unclosed(c, open);
      return;
    }
    // Quoted lines are pasted at any column, labels and `undo` stand where the function does.
    if (c.trustIndentation && t.first && !t.text.startsWith('>')) {
      const column = indentation(c.text, t.start);
      if (open !== null && t.kind === '}' && column > indent) {
        surplus(c);
        continue;
      }
      const outdented = t.kind === '}' || t.text === 'undo' || c.nextIs(':') ? column < indent : column <= indent;
      if (open !== null && outdented) {
        unclosed(c, open);
        return;
      }
      if (flat && t.kind !== '}' && column > (itemColumn >= 0 ? itemColumn : indent + 2)) {
        withoutHead(c, column, indent, item);
        continue;
      }
      if (itemColumn < 0) itemColumn = column;
    }
    if (t.kind === '}') {
      if (open !== null) c.take();
      return;
    }
    if (open !== null && !flat && !t.first && c.last !== open && goesOnAfterBrace(c)) {
      c.unbalanced = true;
      c.error(codes.unclosedBrace, t, `\`}\` expected before \`${t.text}\``);
      return;
    }
    const before = c.progress;
    c.begin();
    item();
    if (c.progress === before) c.skip();
  }
}

/** At an `else` or `or` that goes on from a `}`. */
export function goesOnAfterBrace(c: Cursor): boolean {
  return (c.atWord('else') && (c.nextIs('{') || c.peek(1).text === 'if')) || (c.atWord('or') && c.nextIs('{'));
}

function unclosed(c: Cursor, open: Token): void {
  c.unbalanced = true;
  if (c.at('end') && c.lastReported) return;
  c.error(codes.unclosedBrace, open, open.kind === '{' ? 'this `{` is never closed' : '`}` is missing');
}

/** Takes a `}` that closes nothing, and the `else` or `or` that goes on from it. */
function surplus(c: Cursor): void {
  c.unbalanced = true;
  c.error(codes.unclosedBrace, c.token, 'this `}` closes nothing');
  c.skip();
  skipElse(c);
}

/** `} else {` and `} or {` behind a `}` that was skipped: what follows is no surprise. */
function skipElse(c: Cursor): void {
  if ((c.atWord('else') || c.atWord('or')) && !c.token.first) {
    while (!c.at('{') && !c.at('end') && (!c.token.first || c.at('}'))) c.skip();
    c.hush();
  }
}

/** Lines that stand deeper than anything here can: the line above them is gone. One message, whatever they are. */
function withoutHead(c: Cursor, column: number, indent: number, item: () => void): void {
  const t = c.token;
  c.error(codes.unclosedBrace, t, `a line that ends with \`{\` is missing before ${describe(t)}`);
  const known = t.kind === 'word' ? keyword(t.text) : null;
  const declarations = known !== null && !known.where.includes('statement') && !known.where.includes('value') && c.peek(1).kind !== '(';
  c.muted = true;
  for (;;) {
    const next = c.token;
    const anyColumn = next.text.startsWith('>') || (next.text === 'undo' && !declarations);
    if (next.kind === 'end' || (next.first && !anyColumn && indentation(c.text, next.start) < column)) break;
    const before = c.progress;
    c.begin();
    if (c.token.text.startsWith('>') && c.token.first) c.raw((lexer) => lexer.quote());
    else if (declarations && !c.at('}')) item();
    if (c.progress === before) c.skip();
  }
  if (c.at('}') && indentation(c.text, c.token.start) > indent) c.skip();
  skipElse(c);
  c.muted = false;
}

/** The column of the first thing on the line of `offset`; a tab goes to the next multiple of eight. */
export function indentation(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  let column = 0;
  for (let i = start; i < offset; i++) {
    if (text[i] === ' ') column++;
    else if (text[i] === '\t') column = (column | 7) + 1;
    else break;
  }
  return column;
}
