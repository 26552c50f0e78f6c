// The oracle on samples alone: torn reads, time that went backwards, timeouts that were not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapNs } from '../../server/src/time/counter.ts';
import { missedDeadline, timeBackwards, tornRead } from '../../server/src/time/oracle.ts';

test('torn: never the value during the call', () => {
  const call = [{ from: 0xffffffe0n, to: 0x100000020n }];
  assert.equal(tornRead(0xffffffe0n, call, 32n), false);
  assert.equal(tornRead(0x100000020n, call, 32n), false);
  assert.equal(tornRead(0x100000040n, call, 32n), true, 'not reached yet');
  assert.equal(tornRead(0x1ffffffe0n, call, 32n), true, '2^32 too much');
  assert.equal(tornRead(0n, call, 32n), true, '2^32 too little');
  assert.equal(tornRead(0x100000001n, call, 32n), true, 'no whole tick');
});

test('torn: a coarse counter shows whole grains, also that in which the call began', () => {
  const call = [{ from: 1500n, to: 1600n }];
  assert.equal(tornRead(1024n, call, 1024n), false);
  assert.equal(tornRead(1504n, call, 1024n), true);
});

test('torn: a jump makes two stretches, and nothing between them counts', () => {
  const call = [
    { from: 1000n, to: 1064n },
    { from: 5000n, to: 5064n },
  ];
  assert.equal(tornRead(1056n, call, 32n), false);
  assert.equal(tornRead(5024n, call, 32n), false);
  assert.equal(tornRead(3008n, call, 32n), true);
});

test('torn: a stretch may run through the 2^61 wrap', () => {
  const call = [{ from: wrapNs - 64n, to: 64n }];
  assert.equal(tornRead(wrapNs - 32n, call, 32n), false);
  assert.equal(tornRead(32n, call, 32n), false);
  assert.equal(tornRead(96n, call, 32n), true);
  assert.equal(tornRead(wrapNs, call, 32n), true, 'no 61-bit value');
});

test('backwards: smaller than the one before, equal is fine', () => {
  assert.equal(timeBackwards([]), false);
  assert.equal(timeBackwards([5n, 5n, 6n]), false);
  assert.equal(timeBackwards([5n, 7n, 6n]), true);
});

test('missed: early, late, for another cause, or although the condition held', () => {
  const right = { timeout: 1000n, reported: 1010n, tolerance: 50n, byDeadline: true, conditionHeld: false };
  assert.equal(missedDeadline(right), null);
  assert.equal(missedDeadline({ ...right, reported: 1050n }), null);
  assert.equal(missedDeadline({ ...right, reported: 1051n }), 'late');
  assert.equal(missedDeadline({ ...right, reported: 999n }), 'early');
  assert.equal(missedDeadline({ ...right, byDeadline: false }), 'other-cause');
  assert.equal(missedDeadline({ ...right, conditionHeld: true }), 'condition-held');
});
