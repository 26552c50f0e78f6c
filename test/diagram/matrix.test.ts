// The table of a design space: cells, numbers of violations, and the text of at most 72 columns.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FileResult } from '../../server/src/analysis.ts';
import { matrixOf, matrixText, type MatrixInput } from '../../server/src/diagram/matrix.ts';

const v = (kind: string, expected = true, severity = 'error') => ({ kind, expected, severity });
const input: MatrixInput = {
  runs: [
    { params: { fence: 'none', wait: 'false' }, complete: true, violations: [v('use-after-free'), v('unmapped-mmio'), v('late-callback', false, 'information')] },
    { params: { fence: 'none', wait: 'true' }, complete: true, violations: [v('use-after-free'), v('unbind-blocked', false, 'warning')] },
    { params: { fence: 'srcu', wait: 'false' }, complete: true, violations: [] },
    { params: { fence: 'srcu', wait: 'true' }, complete: false, violations: [v('unbind-blocked', false, 'warning'), v('unbind-blocked')] },
  ],
  expects: [
    { text: 'use-after-free in timer_fops.ioctl', when: 'fence == none', met: true },
    { text: 'no unload-refused of nova', when: null, met: null },
  ],
  claims: [{ text: 'an open FD pins the module, whatever happened to the device', state: 'refuted' }],
};

/** The result of a check is such an input: the compiler says so. */
const fromCheck = (result: FileResult): MatrixInput => result;

suite('matrix', () => {
  test('a result without runs is an empty table', () => {
    const matrix = matrixOf(fromCheck({ file: 'x', scenario: null, errors: [], green: false, incomplete: false, runs: [], expects: [], claims: [] }));
    assert.deepEqual(matrix, { params: [], columns: [], rows: [], claims: [] });
    assert.ok(matrixText(matrix, 72).length > 0);
  });

  test('what a limit of the model hides is not called unreachable', () => {
    const [first] = input.runs;
    const cells = (expected: boolean) => matrixOf({ ...input, runs: [{ ...first, violations: [v('bound-reached', expected, 'information')] }] }).rows[0];
    assert.deepEqual([cells(false).cells[0].state, cells(false).asExpected], ['open', null]);
    assert.deepEqual([cells(true).cells[0].state, cells(true).asExpected], ['unreachable', true]);
  });

  test('cells tell what was found, what should not have been, and what is not known', () => {
    const matrix = matrixOf(input);
    assert.deepEqual(matrix.params, ['fence', 'wait']);
    assert.deepEqual(matrix.columns, ['use-after-free', 'unload-refused', 'unmapped-mmio', 'unbind-blocked']);
    assert.deepEqual(
      matrix.rows.map((r) => r.cells.map((c) => c.state)),
      [
        ['expected', 'unreachable', 'expected', 'unreachable'],
        ['expected', 'unreachable', 'unreachable', 'unexpected'],
        ['unreachable', 'unreachable', 'unreachable', 'unreachable'],
        ['open', 'open', 'open', 'unexpected'],
      ],
    );
    assert.deepEqual(
      matrix.rows.map((r) => r.asExpected),
      [true, false, true, false],
    );
  });

  test('a cell knows the number of its violation in the order of check', () => {
    assert.deepEqual(
      matrixOf(input).rows.map((r) => r.cells.map((c) => c.violation)),
      [
        [1, null, 2, null],
        [4, null, null, 5],
        [null, null, null, null],
        [null, null, null, 6],
      ],
    );
  });

  test('as text', () => {
    assert.equal(
      matrixText(matrixOf(input), 72),
      ` fence  wait   [1]  [2]  [3]  [4]
 -----  ----   ---  ---  ---  ---
 none   false  x    .    x    .
 none   true   x    .    .    X!
 srcu   false  .    .    .    .
 srcu   true   ?    ?    ?    X!

 [1] use-after-free
 [2] unload-refused
 [3] unmapped-mmio
 [4] unbind-blocked

 x: reachable, as expected; X!: reachable, not expected;
 .: not reachable; ?: not decided
 refuted: an open FD pins the module, whatever happened to the device
`,
    );
    assert.match(matrixText(matrixOf(input), 90), /^ fence {2}wait {3}use-after-free {2}unload-refused {2}unmapped-mmio {2}unbind-blocked\n/);
  });

  test('no width is left, whatever the names', () => {
    const wild: MatrixInput = {
      ...input,
      runs: Array.from({ length: 40 }, (_, i) => ({ params: Object.fromEntries(['a', 'much_longer_name', 'x'.repeat(40)].map((p) => [p, `value_${i}_${'y'.repeat(i)}`])), complete: true, violations: [v(`kind-${i}`)] })),
    };
    for (let width = 40; width <= 100; width++) {
      for (const line of matrixText(matrixOf(wild), width).split('\n')) {
        assert.ok(line.length <= width, `${width}: ${line}`);
        assert.equal(line, line.trimEnd());
        assert.match(line, /^[\x20-\x7e]*$/);
      }
    }
  });
});
