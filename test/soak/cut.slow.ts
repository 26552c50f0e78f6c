// Every scenario that ships, cut off at every byte and without each of its lines. LIFELINE_SHARE is the share
// of all that: there are so many texts that a part of it takes every third only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { damage } from '../robust/cut.ts';
import { scenarios } from '../seed/checked.ts';

const SHARE = Number(process.env['LIFELINE_SHARE'] ?? '1');
const STRIDE = SHARE === 1 ? 1 : Math.ceil(3 / SHARE);

test('a scenario cut off anywhere, or without a line, gives diagnostics or a result', async (t) => {
  for (const path of scenarios()) {
    await t.test(path, () => {
      const { texts, explored, thrown } = damage(path, STRIDE, Math.ceil(STRIDE / 4));
      assert.deepEqual(thrown, []);
      assert.ok(explored > 0, 'some of what is left can be explored');
      t.diagnostic(`${path}: ${texts} texts, ${explored} explored`);
    });
  }
});
