// Compares what is reported with what the fixture says under the places: `//  ^^^ error: message`. Each line of carets speaks of the last
// line before it that is none.
import assert from 'node:assert/strict';
import type { ParamValue, Program } from '../../server/src/semantics/program.ts';
import { LineMap } from '../../server/src/base/span.ts';
import { path, resolve } from './world.ts';

export function check(text: string, params: Record<string, ParamValue> = {}): Program {
  const program = resolve(text, params);
  const lines = new LineMap(text);
  const found = (program.diagnostics.get(path) ?? []).map((d) => {
    const { start, end } = lines.range(d.span);
    const lineEnd = text.split('\n')[start.line].length;
    return show(start.line, start.character, end.line === start.line ? end.character : lineEnd, `${d.severity}: ${d.message}`);
  });
  const wanted: string[] = [];
  let line = 0;
  text.split('\n').forEach((content, i) => {
    const marker = /^\s*\/\/\s*(\^+) (.*)$/.exec(content);
    if (marker === null) line = i;
    else wanted.push(show(line, content.indexOf('^'), content.indexOf('^') + marker[1].length, marker[2]));
  });
  assert.deepEqual(
    { surplus: found.filter((f) => !wanted.includes(f)), missing: wanted.filter((w) => !found.includes(w)) },
    { surplus: [], missing: [] },
  );
  assert.equal(found.length, wanted.length, 'one mistake, one message');
  for (const [unit, others] of program.diagnostics) if (unit !== path) assert.deepEqual(others, [], `nothing is wrong in ${unit}`);
  return program;
}

function show(line: number, start: number, end: number, message: string): string {
  return `${line + 1}:${start + 1}-${end + 1} ${message}`;
}
