// What stands between `{` and `}`, one item after another, and what to make of braces that do not pair up.
import { codes } from '../base/codes.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './token.ts';

/** Reads `{`, items until its `}`, and the `}`. False where there is no `{`. Items that take nothing are skipped over. */
export function parseBody(c: Cursor, what: string, item: () => void): boolean {
  if (!c.at('{')) {
    c.missing(`\`{\` of ${what}`);
    return false;
  }
  const open = c.token;
  if (c.lineEnds) {
    const fix = { title: 'Move `{` to the line before', edits: [{ span: { start: c.lastEnd, end: open.start }, text: ' ' }] };
    const comment = c.lexer.comments.some((k) => k.start >= c.lastEnd && k.end <= open.start);
    c.error(codes.lineBreak, open, `\`{\` stands on the line of ${what}: a line ends where it ends`, comment ? [] : [fix]);
  }
  c.take();
  const outer = { parens: c.parens, questionStops: c.questionStops };
  c.parens = 0;
  c.questionStops = false;
  items(c, open, item);
  c.parens = outer.parens;
  c.questionStops = outer.questionStops;
  return true;
}

function items(c: Cursor, open: Token, item: () => void): void {
  const indent = c.trustIndentation ? indentation(c.text, open.start) : -1;
  for (;;) {
    const t = c.token;
    if (t.kind === ';') {
      c.take();
      continue;
    }
    if (t.kind === 'end') {
      unclosed(c, open);
      return;
    }
    // Quoted lines are pasted at any column.
    if (c.trustIndentation && t.first && !t.text.startsWith('>')) {
      const column = indentation(c.text, t.start);
      if (t.kind === '}' && column > indent) {
        surplus(c);
        continue;
      }
      if (t.kind === '}' ? column < indent : column <= indent) {
        unclosed(c, open);
        return;
      }
    }
    if (t.kind === '}') {
      c.take();
      return;
    }
    const before = c.progress;
    c.begin();
    item();
    if (c.progress === before) c.skip();
  }
}

function unclosed(c: Cursor, open: Token): void {
  c.unbalanced = true;
  c.error(codes.unclosedBrace, open, 'this `{` is never closed');
}

/** Takes a `}` that closes nothing. */
export function surplus(c: Cursor): void {
  c.unbalanced = true;
  c.error(codes.unclosedBrace, c.token, 'this `}` closes nothing');
  c.skip();
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
