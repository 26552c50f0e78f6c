// docs/diagnostics.md is written from the table of diagnostics. UPDATE=1 writes it anew.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { codes } from '../../server/src/base/codes.ts';

const page = 'docs/diagnostics.md';

test('the page has every diagnostic that the text of a file can get', () => {
  const computed = [
    '# Diagnostics',
    'What can be wrong with the text of a file, by the code that the editor and the JSON show. `lifeline explain CODE` prints the same. What an exploration finds are the [verdicts](../README.md#verdicts).',
    'This page is written by a test.',
    ...Object.values(codes).map((c) => `## ${c.code}\n\n${c.title} (${c.severity}).\n\n${c.explanation}`),
  ].join('\n\n');
  if (process.env.UPDATE === '1') writeFileSync(page, `${computed}\n`);
  else assert.equal(existsSync(page) ? readFileSync(page, 'utf8') : '', `${computed}\n`, `UPDATE=1 writes ${page} anew`);
});
