// Who is reported among calls that wait for each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportsAmong } from '../../server/src/checker/waits.ts';

const stuck = (agent: number, ...holders: number[]) => ({ agent, counts: true, holders });
const silent = (agent: number, ...holders: number[]) => ({ agent, counts: false, holders });
const nobody = new Set<number>();

test('a circle has one report, and what waits behind the circle has none', () => {
  assert.deepEqual(reportsAmong([stuck(0, 1), stuck(1, 2), stuck(2, 1)], nobody), [{ agent: 1, behind: [0, 2], cycle: [1, 2] }]);
});

test('a chain is named at its head', () => {
  assert.deepEqual(reportsAmong([stuck(0, 1), stuck(1, 2), stuck(2)], nobody), [{ agent: 2, behind: [0, 1], cycle: [] }]);
});

test('who also waits for one that moves, or for one without a verdict, is reported', () => {
  assert.deepEqual(
    reportsAmong([stuck(0, 1, 7), stuck(1)], nobody).map((r) => [r.agent, r.behind]),
    [
      [0, []],
      [1, []],
    ],
  );
  assert.deepEqual(reportsAmong([stuck(0, 1), silent(1)], nobody), [{ agent: 0, behind: [], cycle: [] }]);
});

test('who waits behind one that goes round is named there', () => {
  assert.deepEqual(reportsAmong([stuck(0, 5)], new Set([5])), [{ agent: 5, behind: [0], cycle: [] }]);
});

test('of a circle, one that counts speaks', () => {
  assert.deepEqual(reportsAmong([silent(0, 1), stuck(1, 0)], nobody), [{ agent: 1, behind: [0], cycle: [1, 0] }]);
});

test('one that waits for itself is a circle', () => {
  assert.deepEqual(reportsAmong([stuck(3, 3)], nobody), [{ agent: 3, behind: [], cycle: [3] }]);
});
