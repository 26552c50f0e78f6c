import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fenced, nakedMisc } from './examples.ts';
import { resolve } from './world.ts';

for (const [name, text] of [
  ['naked_misc', nakedMisc],
  ['fenced', fenced],
]) {
  test(`${name} resolves without a word`, () => {
    const program = resolve(text);
    assert.deepEqual(
      [...program.diagnostics].flatMap(([p, found]) => found.map((d) => `${p}: ${d.message} (${text.slice(d.span.start, d.span.end)})`)),
      [],
    );
  });
}
