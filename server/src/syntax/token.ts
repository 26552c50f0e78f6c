// What the lexer gives and the parser reads: tokens and comments, with their places. No meaning, no tree.
import type { Code } from '../base/codes.ts';
import type { Span } from '../base/span.ts';

/** Longest first: the lexer takes the first that fits. */
export const PUNCTUATION = [
  '..', '==', '!=', '<=', '>=', '<<', '>>', '&&', '||', '+=', '-=', '|=', '&=', '->', '++', '--',
  '(', ')', '[', ']', '{', '}', ',', ';', ':', '.', '?', '!', '=', '<', '>', '+', '-', '*', '/', '%', '&', '|', '^', '~',
] as const;

export type Punctuation = (typeof PUNCTUATION)[number];

/**
 * `word` is any name or keyword: which it is depends on where it stands. `verdict` (a kebab-case word after `expect`), `id` (what
 * follows `cite`), `quote` (a line of a claim) and `table` (inside an interleaving) are raw, and made when the parser asks for them.
 */
export type TokenKind = Punctuation | 'word' | 'integer' | 'duration' | 'string' | 'verdict' | 'id' | 'quote' | 'table' | 'unknown' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Nothing but white space and comments stands before it on its line. */
  readonly first: boolean;
  /** The `///` lines directly before it, without the slashes. */
  readonly doc: string | null;
  /** What is wrong with the token by itself: reported once, when the parser comes across it. */
  readonly problem: Problem | null;
}

export interface Problem {
  readonly code: Code;
  readonly message: string;
  /** The part of the token to point at. */
  readonly span: Span;
}

export interface Comment extends Span {
  /** `//` to the end of the line; `///` on a line of its own; between slash-star and star-slash. */
  readonly kind: 'line' | 'doc' | 'block';
  /** Nothing but white space stands before it on its line. */
  readonly first: boolean;
}

/** How a message names a token. */
export function describe(token: Token): string {
  switch (token.kind) {
    case 'end': return 'the end of the file';
    case 'string': return 'a string';
    case 'quote': return 'a quoted line';
    default: return `\`${token.text}\``;
  }
}
