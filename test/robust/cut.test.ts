// A few cuts of short scenarios; every cut of all that ship is the soak's business.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scenarios } from '../seed/checked.ts';
import { damage } from './cut.ts';

test('a scenario that is cut off, or lacks a line, gives diagnostics or a result', async (t) => {
  for (const path of scenarios().filter((p) => /\/(oh_\w+|naked_misc)\.lifeline$/.test(p))) {
    await t.test(path, () => {
      const { texts, thrown } = damage(path, 41);
      assert.ok(texts > 10, 'the file is damaged in several ways');
      assert.deepEqual(thrown, []);
    });
  }
});
