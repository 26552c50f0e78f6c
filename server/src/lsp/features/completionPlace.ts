// What the line before a cursor says about the place: in a comment or a string, where a type is wanted, where the word begins.
import type { Node } from '../../syntax/visit.ts';

export function isTypePlace(line: string, path: readonly Node[]): boolean {
  if (/\b(new|as)\s+$/.test(line)) return true;
  if (!/:\s*((ref|list)\s+)*$/.test(line)) return false;
  return (
    /^\s*\w+\s*:/.test(line) ||
    /^\s*device\b/.test(line) ||
    /^\s*(ops|driver|let)\b/.test(line) ||
    path.some((n) => n.kind === 'parameter') ||
    /\(([^)]*)$/.test(line)
  );
}

export function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /\w/.test(text[start - 1])) start--;
  return start;
}

/** Whether the end of a line lies in a comment, in a string, or in neither. */
export function insideOf(line: string): 'comment' | 'string' | null {
  let string = false;
  for (let i = 0; i < line.length; i++) {
    if (string && line[i] === '\\') i++;
    else if (line[i] === '"') string = !string;
    else if (!string && line.startsWith('//', i)) return 'comment';
  }
  return string ? 'string' : null;
}
