// What ties a file to its thread: citations, claims with their quoted lines, expectations, pasted interleaving tables. Here text is raw.
import { codes } from '../base/codes.ts';
import { nearest } from '../base/nearest.ts';
import type { Cursor } from './cursor.ts';
import { indentation, parseBody } from './parseBody.ts';
import { parseExpression, parsePath, parseString } from './parseExpression.ts';
import { describe } from './token.ts';
import type { Cite, Claim, Expect, Expression, Interleaving, Name, Path, Quote } from './tree.ts';

/** Behind `cite`. */
export function parseCite(c: Cursor, start: number): Cite {
  const t = c.raw((lexer) => lexer.id());
  if (t === null) {
    c.missing('`<message-id>`');
    return { kind: 'cite', id: '', idSpan: { start: c.lastEnd, end: c.lastEnd }, start, end: c.lastEnd };
  }
  const open = t.text.startsWith('<') ? 1 : 0;
  const close = open === 1 && t.text.endsWith('>') ? 1 : 0;
  const idSpan = { start: t.start + open, end: t.end - close };
  if (idSpan.start === idSpan.end && t.problem === null) c.remark(codes.syntax, t, 'a message-id expected between `<` and `>`');
  return { kind: 'cite', id: c.text.slice(idSpan.start, idSpan.end), idSpan, start, end: c.lastEnd };
}

/** Behind `claim`. */
export function parseClaim(c: Cursor, start: number, doc: string | null): Claim {
  const text = parseString(c, 'what is claimed, in quotes,');
  const cites: Cite[] = [];
  const quotes: Quote[] = [];
  const expects: Expect[] = [];
  let afterHole = false;
  parseBody(c, { what: '`claim`', flat: true }, () => {
    const t = c.token;
    if (t.first && t.text.startsWith('>')) {
      const q = c.raw((lexer) => lexer.quote());
      if (q !== null) quotes.push({ kind: 'quote', text: q.text.slice(1), start: q.start, end: q.end });
      return;
    }
    const word = t.kind === 'word' ? (t.text === 'cite' || t.text === 'expect' ? t.text : c.peek(1).first ? null : nearest(t.text, ['cite', 'expect'])) : null;
    if (word === null) {
      if (!afterHole) c.error(codes.syntax, t, `\`cite\`, \`expect\` or a line that begins with \`>\` expected, found ${describe(t)}`);
      afterHole = true;
      c.skipLine();
      return;
    }
    afterHole = false;
    if (word !== t.text) c.misspelt(word);
    c.take();
    const errors = c.errors.length;
    if (word === 'cite') cites.push(parseCite(c, t.start));
    else expects.push(parseExpect(c, t.start));
    if (c.lineEnds || c.at('}') || c.at(';')) return;
    if (c.errors.length === errors) c.error(codes.syntax, c.token, `unexpected ${describe(c.token)} behind \`${word}\``);
    c.skipLine();
  });
  return { kind: 'claim', text, cites, quotes, expects, doc, start, end: c.lastEnd };
}

/** Behind `expect`. */
export function parseExpect(c: Cursor, start: number): Expect {
  // `no-such` would be one (unknown) verdict.
  const no = c.followsWord('no') && !(c.peek(1).kind === '-' && c.peek(1).start === c.token.end);
  if (no) c.take();
  const verdict = parseVerdict(c);
  const clauses: { in: Path | null; of: Path | null; by: Path | null } = { in: null, of: null, by: null };
  let when: Expression | null = null;
  while (c.follows('word')) {
    const t = c.token;
    const clause = CLAUSES.includes(t.text) ? t.text : nearest(t.text, ['when']);
    if (clause === null) {
      unhyphenated(c, verdict);
      break;
    }
    if (clause !== t.text) c.misspelt(clause);
    const again = clause === 'when' ? when !== null : clauses[clause as 'in'] !== null;
    if (again) c.error(codes.syntax, t, `a second \`${clause}\` in one \`expect\``);
    c.take();
    if (clause === 'when') when = parseExpression(c, 'a condition over parameters');
    else clauses[clause as 'in'] = parsePath(c, WHAT[clause as 'in']);
  }
  return { kind: 'expect', no, verdict, ...clauses, when, start, end: c.lastEnd };
}

/** `use after free`. */
function unhyphenated(c: Cursor, verdict: Name): void {
  const words = [verdict.text];
  let end = verdict.end;
  for (let ahead = 0; ; ahead++) {
    const t = c.peek(ahead);
    if (t.kind !== 'word' || t.first || CLAUSES.includes(t.text)) break;
    words.push(t.text);
    end = t.end;
  }
  const span = { start: verdict.start, end };
  const whole = words.join('-');
  c.error(codes.syntax, span, `a verdict is one word, with hyphens: \`${whole}\``, [{ title: `Write \`${whole}\``, edits: [{ span, text: whole }] }]);
}

const CLAUSES: readonly string[] = ['in', 'of', 'by', 'when'];
const WHAT = { in: 'a function', of: 'a type, module or device', by: 'a process or another agent' } as const;

function parseVerdict(c: Cursor): Name {
  const t = c.lineEnds || !c.at('word') ? null : c.raw((lexer) => lexer.verdict());
  if (t !== null) return { kind: 'name', text: t.text, start: t.start, end: t.end };
  c.missing('a verdict, such as `use-after-free`,');
  return c.hole();
}

/** Behind `interleaving`. */
export function parseInterleaving(c: Cursor, start: number): Interleaving {
  const title = parseString(c, 'a title, in quotes,');
  if (!c.follows('{')) {
    c.missing('`{` and the table');
    return { kind: 'interleaving', title, table: '', tableSpan: { start: c.lastEnd, end: c.lastEnd }, start, end: c.lastEnd };
  }
  const open = c.take();
  const t = c.raw((lexer) => lexer.table(indentation(c.text, open.start)));
  const tableSpan = { start: t?.start ?? c.lastEnd, end: t?.end ?? c.lastEnd };
  if (c.at('}')) c.take();
  else c.error(codes.unclosedBrace, open, 'this `{` is never closed');
  return { kind: 'interleaving', title, table: t?.text ?? '', tableSpan, start, end: c.lastEnd };
}
