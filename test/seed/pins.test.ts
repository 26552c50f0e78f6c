// Every scenario that ships is green, and explores to the same states and the same shortest traces as when somebody last looked: test/fixtures/pins.json.
// UPDATE=1 writes what is computed now; the diff is reviewed.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, suite, test } from 'node:test';
import type { FileResult } from '../../server/src/analysis.ts';
import { checked, scenarios } from './checked.ts';

/** By combination of params: number of states, then kind, line and number of steps of each violation. */
type Pins = Readonly<Record<string, readonly string[]>>;

const file = 'test/fixtures/pins.json';
const update = process.env.UPDATE === '1';
const pinned = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as Record<string, Pins>;
const computed: Record<string, Pins> = {};

function pinsOf(result: FileResult): Pins {
  return Object.fromEntries(
    result.runs.map((run) => [
      Object.entries(run.params).map(([name, value]) => `${name}=${value}`).join(' '),
      [`${run.stats.states} states`, ...run.violations.map((v) => `${v.kind}:${v.range.start.line + 1} ${v.steps} steps`)],
    ]),
  );
}

suite('scenarios that ship', () => {
  for (const path of scenarios()) {
    test(path, () => {
      const result = checked(path);
      assert.deepEqual(result.errors.map((e) => `${e.range.start.line + 1}: ${e.message}`), []);
      assert.deepEqual(result.expects.filter((e) => e.met !== true).map((e) => `${e.line}: ${e.text}`), [], 'not met');
      assert.ok(!result.incomplete, 'incomplete');
      assert.ok(result.green, 'red');
      computed[path] = pinsOf(result);
      if (!update) assert.deepEqual(computed[path], pinned[path], `${path} explores differently; UPDATE=1 rewrites ${file}`);
    });
  }

  test('nothing else is pinned', () => {
    if (!update) assert.deepEqual(Object.keys(pinned).filter((path) => !scenarios().includes(path)), []);
  });

  after(() => {
    if (update) writeFileSync(file, `${JSON.stringify(computed, null, 1)}\n`);
  });
});
