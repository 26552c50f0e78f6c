// Trees and diagnostics as text, so that a test shows what it expects.
import assert from 'node:assert/strict';
import type { Diagnostic } from '../../server/src/base/diagnostic.ts';
import { LineMap } from '../../server/src/base/span.ts';
import { parse } from '../../server/src/syntax/parser.ts';
import type { Node } from '../../server/src/syntax/visit.ts';

/** The tree without places: `(let x (call f 1))`. Absent parts are left out, names and numbers stand for themselves. */
export function show(node: Node): string {
  switch (node.kind) {
    case 'name':
      return node.text === '' ? '<>' : node.text;
    case 'path':
      return node.parts.map(show).join('.');
    case 'integer':
      return String(node.value);
    case 'duration':
      return `${node.nanoseconds}ns`;
    case 'bool':
      return String(node.value);
    case 'string':
      return JSON.stringify(node.value);
    case 'named':
      return show(node.path);
    case 'hole':
    case 'null':
    case 'break':
    case 'continue':
      return node.kind;
  }
  const parts = Object.entries(node).filter(([key]) => !['kind', 'start', 'end'].includes(key));
  return `(${[node.kind, ...parts.flatMap(([key, value]) => part(key, value))].join(' ')})`;
}

function part(key: string, value: unknown): string[] {
  if (value === null || value === false || (Array.isArray(value) && value.length === 0)) return [];
  if (value === true) return [key];
  if (Array.isArray(value)) return [`[${value.map((x) => show(x)).join(' ')}]`];
  if (typeof value === 'object') {
    if ('kind' in value && 'start' in value) {
      const shown = show(value as Node);
      return ['else', 'in', 'of', 'by', 'when', 'goto', 'timeout', 'returns'].includes(key) ? [`${key}: ${shown}`] : [shown];
    }
    return 'start' in value ? [] : [`{${Object.entries(value).flatMap(([k, v]) => (k === 'kind' ? [String(v)] : part(k, v))).join(' ')}}`];
  }
  return [key === 'doc' || key === 'table' || key === 'text' ? JSON.stringify(value) : String(value)];
}

/** The body of a function around `statements`, shown. There must be no errors. */
export function statements(source: string): string[] {
  const { file, errors } = parse(`fn f() {\n${source}\n}`);
  assert.deepEqual(errors.map((e) => e.message), []);
  const fn = file.declarations[0];
  assert(fn.kind === 'fn');
  return [...fn.body.statements, ...fn.body.undo].map(show);
}

export function declarations(source: string): string[] {
  const { file, errors } = parse(source);
  assert.deepEqual(errors.map((e) => e.message), []);
  return file.declarations.map(show);
}

/**
 * A source with markers: a line `  ^^^ error: message` is about the line above it, the carets under the range (`//` may stand before
 * them). Parses the source without the markers; missing and surplus diagnostics are reported apart.
 */
export function checkErrors(marked: string): readonly Diagnostic[] {
  const lines: string[] = [];
  const expected: string[] = [];
  for (const line of marked.split('\n')) {
    const marker = /^(\s*(?:\/\/)?\s*)(\^+) (error: .*)$/.exec(line);
    if (marker === null) lines.push(line);
    else expected.push(`${lines.length}:${marker[1].length + 1}-${marker[1].length + 1 + marker[2].length} ${marker[3]}`);
  }
  const text = lines.join('\n');
  const { errors } = parse(text);
  const map = new LineMap(text);
  const found = errors.map((e) => {
    const { start, end } = map.range(e.span);
    return `${start.line + 1}:${start.character + 1}-${end.line === start.line ? end.character + 1 : `${end.line + 1}:${end.character + 1}`} ${e.severity}: ${e.message}`;
  });
  const missing = expected.filter((e) => !found.includes(e));
  const surplus = found.filter((e) => !expected.includes(e));
  assert.deepEqual({ missing, surplus }, { missing: [], surplus: [] }, `in\n${marked}`);
  return errors;
}
