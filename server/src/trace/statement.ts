// The statement around a place in a source text, on one line, as a person would quote it. Works on text alone: a trace may outlive its tree.
import type { Span } from '../base/span.ts';

export interface Statement {
  readonly text: string;
  /** Offset of its first character: the same for all steps of one statement. */
  readonly start: number;
}

const HAS_BODY = /^(?:while|for|loop|if|with)\b/;

/** Null where the text around the place does not look like one statement (it goes over several lines in ways that cannot be told). */
export function statementAt(source: string, span: Span): Statement | null {
  const start = beginning(source, span.start);
  // Of a statement with a body, what is before the body: a step at a loop's end has the whole loop as its place.
  const end = ending(source, start, HAS_BODY.test(source.slice(start, start + 8)) ? start : span.end);
  const text = source.slice(start, end).replace(/\s+/g, ' ').trim();
  return text === '' || !balanced(text) ? null : { text, start };
}

/** A statement begins behind a line end, `;` or brace. */
function beginning(source: string, from: number): number {
  let at = from;
  while (at > 0 && !'\n\r;{}'.includes(source[at - 1])) at--;
  while (at < from && /\s/.test(source[at])) at++;
  return at;
}

/** It ends at a line end, `;`, brace or comment, not before `least`; a line goes on inside brackets. */
function ending(source: string, from: number, least: number): number {
  let depth = 0;
  let at = from;
  for (; at < source.length; at++) {
    const c = source[at];
    if (c === '"') {
      const close = source.indexOf('"', at + 1);
      at = close < 0 ? source.length : close;
    } else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (at < least) continue;
    else if (c === '/' && source[at + 1] === '/') break;
    else if (';{}'.includes(c) || ((c === '\n' || c === '\r') && depth <= 0)) break;
  }
  return Math.min(at, source.length);
}

function balanced(text: string): boolean {
  let depth = 0;
  for (const c of text.replace(/"[^"]*"/g, '')) {
    if (c === '(' || c === '[') depth++;
    if (c === ')' || c === ']') depth--;
    if (depth < 0) return false;
  }
  return depth === 0;
}
