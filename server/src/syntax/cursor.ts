// The parser's hand on the tokens: looking ahead, taking, and reporting so that one mistake gives one message. No grammar here.
import { type Code, codes } from '../base/codes.ts';
import type { Diagnostic, Fix } from '../base/diagnostic.ts';
import { nearest } from '../base/nearest.ts';
import type { Span } from '../base/span.ts';
import { RESERVED } from './keywords.ts';
import { Lexer } from './lexer.ts';
import { describe, type Token, type TokenKind } from './token.ts';
import type { Name } from './tree.ts';

/** Beyond this many messages a file has no more. */
const ERRORS_MAX = 200;

/** How deep blocks, operators, parentheses and types may nest, all together. */
export const DEPTH_MAX = 250;

export class Cursor {
  readonly text: string;
  readonly lexer: Lexer;
  readonly errors: Diagnostic[] = [];
  /** Taken tokens, then those looked at. */
  readonly tokens: Token[] = [];
  /** Where braces do not pair up, the file is read again, with indentation as what was meant. */
  readonly trustIndentation: boolean;
  unbalanced = false;
  /** What is being read had its message already, as a whole. */
  muted = false;
  /** Open parentheses and brackets of the innermost block: newlines mean nothing inside them. */
  parens = 0;
  /** A `?` outside parentheses belongs to the `wait` around this expression. */
  questionStops = false;
  private index = 0;
  /** After a binary operator or a comma, the token at this index may stand on a new line. */
  private joined = -1;
  /** A statement or declaration begins with the token at this index. */
  private begun = -1;
  private reportedAt = -1;
  private depth = 0;
  private gaveUp = false;

  constructor(text: string, trustIndentation: boolean) {
    this.text = text;
    this.lexer = new Lexer(text);
    this.trustIndentation = trustIndentation;
  }

  // ---- looking ----

  get token(): Token {
    return this.peek(0);
  }

  /** The end of the last taken token, 0 before the first. */
  get lastEnd(): number {
    return this.index > 0 ? this.tokens[this.index - 1].end : 0;
  }

  get last(): Token | null {
    return this.index > 0 ? this.tokens[this.index - 1] : null;
  }

  /** Grows with every taken token: loops compare it to see that they go on. */
  get progress(): number {
    return this.index;
  }

  peek(ahead: number): Token {
    while (this.tokens.length <= this.index + ahead) this.tokens.push(this.lexer.next());
    return this.tokens[this.index + ahead];
  }

  at(kind: TokenKind): boolean {
    return this.peek(0).kind === kind;
  }

  atWord(word: string): boolean {
    const t = this.peek(0);
    return t.kind === 'word' && t.text === word;
  }

  /** Nothing more on this line belongs to what is being read. */
  get lineEnds(): boolean {
    const t = this.peek(0);
    return t.kind === 'end' || (t.first && this.parens === 0 && this.joined !== this.index);
  }

  /** `at`, and on this line. */
  follows(kind: TokenKind): boolean {
    return this.peek(0).kind === kind && !this.lineEnds;
  }

  followsWord(word: string): boolean {
    return this.atWord(word) && !this.lineEnds;
  }

  /** The token after the present one is of this kind, on the same line. */
  nextIs(kind: TokenKind): boolean {
    const t = this.peek(1);
    return t.kind === kind && !t.first;
  }

  // ---- taking ----

  take(): Token {
    const t = this.peek(0);
    if (t.problem !== null) this.problem(t);
    if (t.kind !== 'end') this.index++;
    // The rest of the line is in the string: what is missing behind it is not missing.
    if (t.problem?.code === codes.unclosedString) this.hush();
    return t;
  }

  /** Takes it where it follows on this line. */
  takeIf(kind: TokenKind): boolean {
    if (!this.follows(kind)) return false;
    this.take();
    return true;
  }

  takeWord(word: string): boolean {
    if (!this.followsWord(word)) return false;
    this.take();
    return true;
  }

  /** A binary operator or a comma: the line goes on behind it. */
  takeJoining(): Token {
    const t = this.take();
    this.joined = this.index;
    return t;
  }

  /** What comes next begins something, on whatever line it stands. */
  begin(): void {
    this.joined = this.index;
    this.begun = this.index;
  }

  /** Takes it, or says that it is missing. */
  expect(kind: TokenKind, what = `\`${kind}\``): boolean {
    if (this.takeIf(kind)) return true;
    this.missing(what);
    return false;
  }

  /** Takes the `:` before a type. Where only the `:` is missing, says so and goes on as if it stood there. */
  colon(): boolean {
    if (this.takeIf(':')) return true;
    if (!this.follows('word')) return false;
    this.missing('`:`');
    return true;
  }

  /** A name that is not reserved; an empty one, reported, where there is none. */
  name(what: string): Name {
    const t = this.token;
    if (t.kind === 'word' && !this.lineEnds) {
      if (RESERVED.has(t.text)) this.error(codes.syntax, t, `${what} expected; \`${t.text}\` is a keyword`);
      const meant = this.nextIs(':') || this.nextIs('=') || this.nextIs(',') || this.nextIs(')');
      if (meant || !RESERVED.has(t.text) || !startsStatement(t.text)) return this.takeName();
      return this.hole();
    }
    this.missing(what);
    return this.hole();
  }

  /** A name where no keyword can stand: behind a dot, in a table of operations, in a struct. */
  anyName(what: string): Name {
    if (this.follows('word')) return this.takeName();
    this.missing(what);
    return this.hole();
  }

  takeName(): Name {
    const t = this.take();
    return { kind: 'name', start: t.start, end: t.end, text: t.text };
  }

  /** An empty name behind the last token. */
  hole(): Name {
    return { kind: 'name', start: this.lastEnd, end: this.lastEnd, text: '' };
  }

  /** Replaces what comes next by what `scan` makes of the text there. */
  raw(scan: (lexer: Lexer) => Token | null): Token | null {
    const ahead = this.tokens.splice(this.index);
    const forgotten = this.lexer.rewind(this.lastEnd);
    const t = scan(this.lexer);
    if (t === null) {
      this.lexer.restore(this.lastEnd, forgotten);
      this.tokens.push(...ahead);
      return null;
    }
    this.tokens.push(t);
    return this.take();
  }

  // ---- reporting ----

  /** Reports, unless the present token already had its message. What is wrong with the token itself goes first. */
  error(code: Code, span: Span, message: string, fixes: readonly Fix[] = []): void {
    if (this.gaveUp || this.reportedAt === this.index) return;
    // What the end of the file leaves unfinished is said once, at what is unfinished.
    if (this.at('end') && this.lastReported) return;
    this.reportedAt = this.index;
    const p = this.token.problem;
    if (p === null) this.push(code, span, message, fixes);
    else this.push(p.code, p.span, p.message, []);
  }

  /** Reports something about what has been read without trouble: it hides nothing that comes. */
  remark(code: Code, span: Span, message: string, fixes: readonly Fix[] = []): void {
    if (!this.gaveUp) this.push(code, span, message, fixes);
  }

  /** `what` should have come next. Points at what came instead or, at the end of a line, at what it should have followed. */
  missing(what: string): void {
    const t = this.token;
    const closes = t.kind === '}' || t.kind === ')' || t.kind === ']' || t.kind === ';';
    const last = this.last;
    if (last !== null && this.begun !== this.index && (t.kind === 'end' || t.first || closes)) {
      this.error(codes.syntax, { start: last.end - 1, end: last.end }, `${what} expected after ${describe(last)}`);
    } else {
      this.error(codes.syntax, t, `${what} expected, found ${describe(t)}`);
    }
  }

  /** The present word is taken for `keyword`, which it resembles. */
  misspelt(keyword: string): void {
    const t = this.token;
    const fix = { title: `Replace by \`${keyword}\``, edits: [{ span: { start: t.start, end: t.end }, text: keyword }] };
    this.remark(codes.misspeltKeyword, t, `\`${t.text}\` means nothing here: did you mean \`${keyword}\`?`, [fix]);
    this.hush();
  }

  /** Takes `word`, or one that resembles it. */
  expectWord(word: string): boolean {
    if (this.takeWord(word)) return true;
    if (this.follows('word') && nearest(this.token.text, [word]) !== null) {
      this.misspelt(word);
      this.take();
      return true;
    }
    this.missing(`\`${word}\``);
    // Another word stands in its place.
    if (this.follows('word') && this.nextIs('word')) this.skip();
    return false;
  }

  /** The present token already had its message. */
  get reported(): boolean {
    return this.reportedAt === this.index;
  }

  /** So had the one before it. */
  get lastReported(): boolean {
    return this.index > 0 && this.reportedAt >= this.index - 1;
  }

  /** No message about the present token: it stands where it does because of something that had one. */
  hush(): void {
    this.reportedAt = this.index;
  }

  // ---- going on ----

  /** Leaves the rest of this line, or of this statement; a `{ }` in it goes as a whole. Stops before `}`. */
  skipLine(): void {
    const start = this.index;
    this.parens = 0;
    for (;;) {
      const t = this.token;
      if (t.kind === 'end' || t.kind === '}' || (t.first && this.index > start && this.joined !== this.index)) return;
      if (t.first && t.text.startsWith('>')) {
        this.raw((lexer) => lexer.quote());
        return;
      }
      if (t.kind === '{') this.skipBraces();
      else this.skip();
      if (t.kind === ';') return;
    }
  }

  /** Leaves one token without a word about it. */
  skip(): void {
    if (this.token.kind !== 'end') this.index++;
  }

  /** Runs `inner` one level deeper, unless the file nests beyond reason: then it is over. */
  deeper<T>(inner: () => T): T | null {
    if (this.depth >= DEPTH_MAX) {
      this.giveUp();
      return null;
    }
    this.depth++;
    const result = inner();
    this.depth--;
    return result;
  }

  /** A left-leaning chain (`a + b + c`, `a.b.c`) has become `length` levels deep. False where that is too much. */
  chain(length: number): boolean {
    if (this.depth + length < DEPTH_MAX) return true;
    this.giveUp();
    return false;
  }

  private giveUp(): void {
    if (this.gaveUp) return;
    this.push(codes.tooDeep, this.token, `nested more than ${DEPTH_MAX} deep: what follows is not read`, []);
    this.gaveUp = true;
    this.tokens.splice(this.index);
    const end = this.text.length;
    this.tokens.push({ kind: 'end', start: end, end, text: '', first: true, doc: null, problem: null });
  }

  /** Leaves the parameters and the body of a function, on whatever line its `{` stands. */
  skipFunction(): void {
    while (!this.at('{') && !this.at(';') && !this.at('end') && !(this.token.first && !this.at('('))) this.skip();
    if (this.at('{')) this.skipBraces();
    else if (this.at(';')) this.skip();
  }

  private skipBraces(): void {
    let depth = 0;
    do {
      const kind = this.token.kind;
      if (kind === 'end') return;
      if (kind === '{') depth++;
      if (kind === '}') depth--;
      this.skip();
    } while (depth > 0);
  }

  private problem(t: Token): void {
    const p = t.problem;
    if (p !== null) this.error(p.code, p.span, p.message);
  }

  private push(code: Code, span: Span, message: string, fixes: readonly Fix[]): void {
    if (this.muted || this.errors.length >= ERRORS_MAX) return;
    const place = { start: span.start, end: span.end };
    this.errors.push({ code: code.code, severity: code.severity, span: place, message, ...(fixes.length > 0 ? { fixes } : {}) });
  }
}

function startsStatement(word: string): boolean {
  return word !== 'new' && word !== 'as' && word !== 'null' && word !== 'true' && word !== 'false';
}
