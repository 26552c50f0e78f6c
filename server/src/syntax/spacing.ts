// What stands between two tokens on one line: a space or nothing. Line breaks and columns are the printer's business.
import type { Token } from './token.ts';

export interface Roles {
  /** Where `!`, `-` and `~` are prefixes. */
  readonly prefixes: ReadonlySet<number>;
  /** Where words are names although they look like keywords: entries of tables. */
  readonly names: ReadonlySet<number>;
  /** Where `{` opens the values of a parameter, and its `}`: a set, written without inner spaces. */
  readonly sets: ReadonlySet<number>;
}

const NONE_BEFORE: ReadonlySet<string> = new Set([')', ']', ',', ';', '.', '..', '?', ':', '[']);
const NONE_AFTER: ReadonlySet<string> = new Set(['(', '[', '.', '..']);
/** Behind these a parenthesis is a grouping, not a call. */
const BEFORE_GROUP: ReadonlySet<string> = new Set(['if', 'while', 'return', 'with', 'assert', 'in', 'until', 'as', 'when', 'timeout', 'new', 'else', 'or']);

/** Whether a space stands between `a` and `b`; `before` is the token in front of `a`. */
export function spaced(before: Token | null, a: Token, b: Token, roles: Roles): boolean {
  if (a.kind === 'table' || b.kind === 'table') return false;
  if (a.kind === '-' && b.kind === '-') return true;
  if (roles.prefixes.has(a.start)) return false;
  if (roles.sets.has(a.start) && a.kind === '{') return false;
  if (roles.sets.has(b.start) && b.kind === '}') return false;
  if (NONE_AFTER.has(a.kind) || NONE_BEFORE.has(b.kind)) return false;
  if (b.kind !== '(') return true;
  if (a.kind === ')' || a.kind === '?') return false;
  if (a.kind !== 'word') return true;
  return BEFORE_GROUP.has(a.text) && before?.kind !== '.' && !roles.names.has(a.start);
}
