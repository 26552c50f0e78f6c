// Every scenario that ships, cut off at every byte and without each of its lines. LIFELINE_SHARE=0.1: at every tenth byte, and
// without every fifth line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { damage } from '../robust/cut.ts';
import { scenarios } from '../seed/checked.ts';

const STRIDE = Math.round(1 / Number(process.env['LIFELINE_SHARE'] ?? '1'));

test('a scenario cut off anywhere, or without a line, gives diagnostics or a result', async (t) => {
  for (const path of scenarios()) {
    await t.test(path, () => {
      const { texts, explored, thrown } = damage(path, STRIDE, Math.ceil(STRIDE / 2));
      assert.deepEqual(thrown, []);
      assert.ok(explored > 0, 'some of what is left can be explored');
      t.diagnostic(`${path}: ${texts} texts, ${explored} explored`);
    });
  }
});
