// The tables of settings in docs/language.md have what `time { }`, `ptimer of` and `config { }` can say, with its default.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { prelude } from '../../server/src/primitives/index.ts';

for (const { keyword, settings } of prelude.settings) {
  test(`the settings of ${keyword}`, () => {
    const [, table] = readFileSync('docs/language.md', 'utf8').split(`| \`${keyword}\` | default | |\n| --- | --- | --- |\n`);
    const rows = settings.map((s) => {
      const named = Object.entries(s.names ?? {}).find(([, value]) => value === s.standard)?.[0];
      return `| \`${s.name}\` | ${named ?? BigInt(s.standard)} | ${s.doc} |`;
    });
    assert.deepEqual(table.split('\n\n')[0].split('\n'), rows);
  });
}
