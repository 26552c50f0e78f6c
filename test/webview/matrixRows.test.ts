// Sorting and filtering a design space, without a page.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { cellTitle, filteredRows, sortedRows } from '../../client/webview/matrixRows.ts';
import { matrixOf } from '../../server/src/diagram/matrix.ts';

const v = (kind: string, expected = true) => ({ kind, expected, severity: 'error' });
const matrix = matrixOf({
  runs: [
    { params: { fence: 'none', fds: '2' }, complete: true, violations: [v('use-after-free')] },
    { params: { fence: 'none', fds: '10' }, complete: true, violations: [v('deadlock', false)] },
    { params: { fence: 'srcu', fds: '2' }, complete: true, violations: [] },
    { params: { fence: 'srcu', fds: '10' }, complete: false, violations: [] },
  ],
  expects: [],
  claims: [],
});
const shown = (rows: typeof matrix.rows) => rows.map((r) => r.values.join(' '));

suite('matrix rows', () => {
  test('the order of the file', () => assert.deepEqual(shown(sortedRows(matrix, -1, true)), shown(matrix.rows)));
  test('numbers as numbers', () => assert.deepEqual(shown(sortedRows(matrix, 1, false)), ['none 2', 'srcu 2', 'none 10', 'srcu 10']));
  test('a verdict: what is reachable first, then what is not decided', () => {
    assert.deepEqual(shown(sortedRows(matrix, 2, false)), ['none 2', 'srcu 10', 'none 10', 'srcu 2']);
    assert.deepEqual(shown(sortedRows(matrix, 3, true)).at(-1), 'none 10');
  });
  test('a filter asks for values, assignments and verdicts', () => {
    assert.deepEqual(shown(filteredRows(matrix, matrix.rows, 'srcu fds=10')), ['srcu 10']);
    assert.deepEqual(shown(filteredRows(matrix, matrix.rows, 'DEADLOCK')), ['none 10']);
    assert.deepEqual(shown(filteredRows(matrix, matrix.rows, 'as-expected')), ['none 2', 'srcu 2']);
    assert.deepEqual(shown(filteredRows(matrix, matrix.rows, ' ')), shown(matrix.rows));
  });
  test('a cell says what it means', () => {
    assert.equal(cellTitle(matrix.rows[1].cells[1], 'deadlock'), 'deadlock: reachable, not expected. Show its trace');
    assert.equal(cellTitle(matrix.rows[3].cells[0], 'use-after-free'), 'use-after-free: not decided, the exploration was incomplete');
  });
});
