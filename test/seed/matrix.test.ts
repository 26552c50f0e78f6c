// The design schemes against what is asked of each: every cell of the matrix is a scenario, checked, and what it must and must not find.
//   P1 nothing is used after its end             P2 remove() ends without help from user space
//   P3 rmmod works with idle FDs after unbind    P4 no callback of the driver starts once remove() has returned
//   P5 calls on an FD return an error after it   P6 nothing is left once all FDs are closed and the module is gone
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { VERDICTS } from '../../server/src/base/verdicts.ts';
import { checked, matches } from './checked.ts';

interface Cell {
  readonly property: string;
  /** What the matrix says. */
  readonly table: string;
  readonly scenario: string;
  /** The combination that the cell is about; params that it leaves out: all of them. */
  readonly params: Readonly<Record<string, string>>;
  /** As in `expect`, without `when`. */
  readonly expects: readonly string[];
  /** The reading chosen, where the matrix speaks in prose, and the reason. */
  readonly why: string;
}

const PROPERTIES = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'];
const folder = 'test/fixtures/matrix';
const table = JSON.parse(readFileSync(`${folder}/table.json`, 'utf8')) as Record<string, readonly string[]>;

for (const scheme of Object.keys(table)) {
  const file = `${folder}/${scheme}.json`;
  suite(`matrix ${scheme}`, () => {
    const { cells } = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { cells: [] }) as { cells: readonly Cell[] };
    test('every cell of the row has a scenario, and says what the matrix says', () => {
      for (const [i, property] of PROPERTIES.entries()) {
        const own = cells.filter((c) => c.property === property);
        assert.ok(own.length > 0, `${file}: nothing for ${property}`);
        for (const c of own) assert.equal(c.table, table[scheme][i], `${file}: ${property}`);
        const named = Object.keys(VERDICTS).filter((kind) => table[scheme][i].split(/[ /]/).includes(kind));
        for (const kind of named) {
          assert.ok(own.some((c) => c.expects.some((e) => e.split(' ')[0] === kind)), `${file}: ${property} is ${kind}, and no cell expects it`);
        }
        if (table[scheme][i] === 'ok') assert.ok(own[0].expects.every((e) => e.startsWith('no ')), `${file}: ${property} is ok, and its first cell expects a violation`);
      }
    });
    for (const c of cells) test(`${c.property} ${c.table}: ${c.scenario} ${JSON.stringify(c.params)}`, () => holds(c));
  });
}

function holds(cell: Cell): void {
  const result = checked(cell.scenario);
  assert.deepEqual(result.errors.filter((e) => e.severity === 'error').map((e) => e.message), []);
  const runs = result.runs.filter((r) => Object.entries(cell.params).every(([name, value]) => r.params[name] === value));
  assert.ok(runs.length > 0, `no run has ${JSON.stringify(cell.params)}`);
  for (const run of runs) {
    assert.ok(run.complete, 'the exploration is incomplete');
    const found = run.violations.map((v) => `${v.kind} in ${v.function} of ${v.object} by ${v.by.join(', ')}`).join('\n');
    for (const e of cell.expects) {
      const absent = e.startsWith('no ');
      const met = run.violations.some((v) => matches(v, absent ? e.slice('no '.length) : e));
      assert.equal(met, !absent, `expect ${e} fails for ${JSON.stringify(run.params)}. Found:\n${found}`);
    }
  }
}
