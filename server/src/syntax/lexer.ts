// Text to tokens, one at a time. It knows no keywords and no grammar: where a raw word, line or table begins is the parser's
// knowledge, so those are scanned on request (`verdict`, `id`, `quote`, `table`) after going back to where they start.
import { type Code, codes } from '../base/codes.ts';
import { preprocessor } from './preprocessor.ts';
import { type Comment, type Problem, PUNCTUATION, type Punctuation, type Token, type TokenKind } from './token.ts';

const UNITS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n };
const LARGEST = (1n << 64n) - 1n;

/** The value of an `integer` token; nonsense (already reported) is 0. */
export function integerValue(text: string): bigint {
  return /^(0[xX][0-9a-fA-F_]*[0-9a-fA-F]|[0-9][0-9_]*)$/.test(text) ? BigInt(text.replaceAll('_', '')) : 0n;
}

/** Nanoseconds of a `duration` token. */
export function durationValue(text: string): bigint {
  const match = /^([0-9][0-9_]*)(ns|us|ms|s)$/.exec(text);
  return match === null ? 0n : integerValue(match[1]) * UNITS[match[2]];
}

/** The text that a `string` token stands for. */
export function stringValue(text: string): string {
  const closed = text.length >= 2 && text.endsWith('"') && !/[^\\](\\\\)*\\"$/.test(text);
  return text.slice(1, closed ? -1 : undefined).replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
}

export class Lexer {
  readonly text: string;
  readonly comments: Comment[] = [];
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Forgets everything from `offset` on, which is the end of a token. What was forgotten can be given back to `restore`. */
  rewind(offset: number): { readonly at: number; readonly comments: readonly Comment[] } {
    let kept = this.comments.length;
    while (kept > 0 && this.comments[kept - 1].start >= offset) kept--;
    const forgotten = { at: this.at, comments: this.comments.splice(kept) };
    this.at = offset;
    return forgotten;
  }

  restore(offset: number, forgotten: { readonly at: number; readonly comments: readonly Comment[] }): void {
    this.rewind(offset);
    this.at = forgotten.at;
    this.comments.push(...forgotten.comments);
  }

  /** The next token; the last one has kind `end` and comes again and again. */
  next(): Token {
    const trivia = this.trivia();
    const start = this.at;
    const text = this.text;
    if (start >= text.length) return token('end', start, start, '', trivia, trivia.problem);
    const c = text.charCodeAt(start);
    if (isLetter(c)) return this.token('word', skip(text, start, isWordPart), trivia);
    if (isDigit(c)) return this.number(start, trivia);
    if (c === 34) return this.string(start, trivia);
    const punctuation = punctuationAt(text, start);
    if (punctuation !== null) return this.token(punctuation, start + punctuation.length, trivia);
    return this.unknown(start, trivia);
  }

  /** A verdict word: letters, digits, `_` and `-`. Null where no such word begins. */
  verdict(): Token | null {
    const trivia = this.trivia();
    if (!isLetter(this.text.charCodeAt(this.at))) return null;
    let end = skip(this.text, this.at, (c) => isWordPart(c) || c === 45);
    while (this.text.charCodeAt(end - 1) === 45) end--;
    return this.token('verdict', end, trivia);
  }

  /** `<...>` to its `>`, or a bare word to the next white space, on this line. Null where there is neither. */
  id(): Token | null {
    const trivia = this.trivia();
    const start = this.at;
    if (trivia.first || start >= this.text.length) return null;
    const line = this.text.slice(start, lineEnd(this.text, start));
    if (line.startsWith('<')) {
      const close = line.indexOf('>');
      if (close >= 0) return this.token('id', start + close + 1, trivia);
      const end = start + line.trimEnd().length;
      return this.token('id', end, trivia, problem(codes.syntax, start, end, 'the message-id ends with `>`, as it began with `<`'));
    }
    const bare = /^[^\s{};"]+/.exec(line);
    return bare === null ? null : this.token('id', start + bare[0].length, trivia);
  }

  /** From a `>` to the end of its line, without the white space there. */
  quote(): Token {
    const trivia = this.trivia();
    const line = this.text.slice(this.at, lineEnd(this.text, this.at));
    return this.token('quote', this.at + line.trimEnd().length, trivia);
  }

  /**
   * Everything up to the `}` that closes the table, braces balanced; the white space around the text belongs to it. Where no brace
   * closes it, the table ends before the first line that stands no deeper than `indent` and is not blank.
   */
  table(indent: number): Token {
    const start = this.at;
    let depth = 0;
    for (let i = start; i < this.text.length; i++) {
      const c = this.text.charCodeAt(i);
      if (c === 123) depth++;
      else if (c === 125 && depth-- === 0) return this.token('table', i, NO_TRIVIA);
    }
    let end = lineEnd(this.text, start);
    while (end < this.text.length) {
      const line = this.text.slice(end + 1, lineEnd(this.text, end + 1));
      if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break;
      end = lineEnd(this.text, end + 1);
    }
    return this.token('table', end, NO_TRIVIA);
  }

  private token(kind: TokenKind, end: number, trivia: Trivia, wrong: Problem | null = null): Token {
    const start = this.at;
    this.at = end;
    return token(kind, start, end, this.text.slice(start, end), trivia, wrong ?? trivia.problem);
  }

  /** Skips white space and comments. */
  private trivia(): Trivia {
    const text = this.text;
    let first = this.at === 0;
    let doc: string | null = null;
    let wrong: Problem | null = null;
    let newlines = 0;
    for (;;) {
      const c = text.charCodeAt(this.at);
      if (c === 10 || c === 13) {
        if (c === 10 || text.charCodeAt(this.at + 1) !== 10) newlines++;
        first = true;
        this.at++;
      } else if (c === 32 || c === 9 || c === 0xa0 || c === 0xfeff || c === 11 || c === 12) {
        this.at++;
      } else if (c === 47 && text.charCodeAt(this.at + 1) === 47) {
        const start = this.at;
        this.at = lineEnd(text, start);
        const isDoc = first && text.charCodeAt(start + 2) === 47 && text.charCodeAt(start + 3) !== 47;
        this.comments.push({ kind: isDoc ? 'doc' : 'line', start, end: this.at, first });
        if (isDoc) {
          const line = text.slice(start + 3, this.at).replace(/^ /, '').trimEnd();
          doc = doc !== null && newlines === 1 ? `${doc}\n${line}` : line;
        } else if (first) {
          doc = null;
        }
        newlines = 0;
      } else if (c === 47 && text.charCodeAt(this.at + 1) === 42) {
        const start = this.at;
        const close = text.indexOf('*/', start + 2);
        this.at = close < 0 ? text.length : close + 2;
        this.comments.push({ kind: 'block', start, end: this.at, first });
        if (close < 0) wrong = problem(codes.unclosedComment, start, start + 2, 'this comment never ends: `*/` is missing');
        if (/[\r\n]/.test(text.slice(start, this.at))) first = true;
        newlines = 0;
      } else {
        return first || doc !== null || wrong !== null ? { first, doc, problem: wrong } : NO_TRIVIA;
      }
    }
  }

  private number(start: number, trivia: Trivia): Token {
    const end = skip(this.text, start, isWordPart);
    const text = this.text.slice(start, end);
    if (/^[0-9][0-9_]*(ns|us|ms|s)$/.test(text)) {
      const tooLong = durationValue(text) > LARGEST >> 1n;
      return this.token('duration', end, trivia, tooLong ? problem(codes.badNumber, start, end, `\`${text}\` is longer than 64 bits of nanoseconds hold`) : null);
    }
    return this.token('integer', end, trivia, numberProblem(text, start, end));
  }

  private string(start: number, trivia: Trivia): Token {
    const text = this.text;
    for (let i = start + 1; ; i++) {
      const c = text.charCodeAt(i);
      if (c === 34) return this.token('string', i + 1, trivia);
      if (c === 92 && i + 1 < text.length && text.charCodeAt(i + 1) !== 10 && text.charCodeAt(i + 1) !== 13) i++;
      else if (i >= text.length || c === 10 || c === 13) {
        return this.token('string', i, trivia, problem(codes.unclosedString, start, start + 1, 'this string does not end on its line: `"` is missing'));
      }
    }
  }

  private unknown(start: number, trivia: Trivia): Token {
    const text = this.text;
    if (text[start] === "'") {
      const line = text.slice(start, lineEnd(text, start));
      const close = line.indexOf("'", 1);
      if (close > 0) return this.token('string', start + close + 1, trivia, problem(codes.foreignSyntax, start, start + close + 1, 'strings stand in double quotes'));
    }
    if (text[start] === '#') {
      const end = lineEnd(text, start);
      return this.token('unknown', end, trivia, problem(codes.foreignSyntax, start, end, preprocessor(text.slice(start, end))));
    }
    let end = start + 1;
    while (end < text.length && text.charCodeAt(end) > 127 && text.charCodeAt(end) !== 0xa0) end++;
    const shown = text.slice(start, end);
    return this.token('unknown', end, trivia, problem(codes.unexpectedCharacter, start, end, `\`${printable(shown)}\` means nothing here`));
  }
}

interface Trivia {
  readonly first: boolean;
  readonly doc: string | null;
  readonly problem: Problem | null;
}

const NO_TRIVIA: Trivia = { first: false, doc: null, problem: null };

function token(kind: TokenKind, start: number, end: number, text: string, trivia: Trivia, wrong: Problem | null): Token {
  return { kind, start, end, text, first: trivia.first, doc: trivia.doc, problem: wrong };
}

function problem(code: Code, start: number, end: number, message: string): Problem {
  return { code, message, span: { start, end } };
}

function numberProblem(text: string, start: number, end: number): Problem | null {
  if (/^(0[xX][0-9a-fA-F_]*[0-9a-fA-F]|[0-9][0-9_]*)$/.test(text)) {
    if (/^0[0-9_]*[0-9]/.test(text) && integerValue(text) !== 0n) return problem(codes.badNumber, start, end, `\`${text}\` begins with 0: there are no octal numbers`);
    return integerValue(text) > LARGEST ? problem(codes.badNumber, start, end, `\`${text}\` does not fit into 64 bits`) : null;
  }
  if (/^0[xX]/.test(text)) return problem(codes.badNumber, start, end, `\`${text}\` is no hexadecimal number`);
  const unit = /^[0-9_]+/.exec(text)?.[0].length ?? 0;
  return problem(codes.badNumber, start + unit, end, `\`${text.slice(unit)}\` is no unit: durations are written \`2s\`, \`10ms\`, \`5us\`, \`32ns\``);
}

/** Control characters would be invisible in a message. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, (c) => `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}

const BY_FIRST = new Map<number, Punctuation[]>();
for (const p of PUNCTUATION) BY_FIRST.set(p.charCodeAt(0), [...(BY_FIRST.get(p.charCodeAt(0)) ?? []), p]);

function punctuationAt(text: string, at: number): Punctuation | null {
  for (const p of BY_FIRST.get(text.charCodeAt(at)) ?? []) {
    if (p.length === 1 || text.charCodeAt(at + 1) === p.charCodeAt(1)) return p;
  }
  return null;
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
  }
  return text.length;
}

function skip(text: string, from: number, member: (c: number) => boolean): number {
  let i = from;
  while (i < text.length && member(text.charCodeAt(i))) i++;
  return i;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isLetter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
}

function isWordPart(c: number): boolean {
  return isLetter(c) || isDigit(c);
}
