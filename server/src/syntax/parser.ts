// Text to tree. Parsing never fails and never throws: what cannot be read is a hole, and a message says what was expected.
// The grammar is in parseDeclaration, parseClaim, parseStatement and parseExpression; what names mean is left to semantics/.
import type { Diagnostic } from '../base/diagnostic.ts';
import { Cursor } from './cursor.ts';
import { parseFileBody } from './parseDeclaration.ts';
import type { Comment, Token } from './token.ts';
import type { File } from './tree.ts';

export interface Parsed {
  readonly file: File;
  /** In the order of the text. */
  readonly errors: readonly Diagnostic[];
  readonly comments: readonly Comment[];
  /** All of them, in order; the last has kind `end`. */
  readonly tokens: readonly Token[];
}

export function parse(text: string): Parsed {
  const plain = parseOnce(text, false);
  if (!plain.unbalanced) return plain.parsed;
  const indented = parseOnce(text, true);
  return indented.parsed.errors.length <= plain.parsed.errors.length ? indented.parsed : plain.parsed;
}

function parseOnce(text: string, trustIndentation: boolean): { readonly parsed: Parsed; readonly unbalanced: boolean } {
  const c = new Cursor(text, trustIndentation);
  const { header, declarations } = parseFileBody(c);
  const end = c.take();
  const file: File = { kind: 'file', header, declarations, start: 0, end: text.length };
  const errors = c.errors.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const tokens = c.tokens.at(-1) === end ? c.tokens : [...c.tokens, end];
  return { parsed: { file, errors, comments: c.lexer.comments, tokens }, unbalanced: c.unbalanced };
}
