// Moving through a trace, without a page: keys, turns, folds, search.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { announcement, commandOf, matches, moved, nextMatch } from '../../client/webview/stepper.ts';
import { layout } from '../../server/src/diagram/layout.ts';
import { inputOf } from '../diagram/golden.ts';
import { parseTrace } from '../trace/notation.ts';

const trace = parseTrace(inputOf('test/diagram/golden/naked_misc.txt'));
const folded = layout(trace, { fold: true, open: new Set() }).rows;
const whole = layout(trace, { fold: false, open: new Set() }).rows;
const key = (k: string, more: { shift?: boolean; control?: boolean } = {}) => commandOf({ key: k, shift: more.shift ?? false, control: more.control ?? false });

suite('stepper', () => {
  test('without folds every step is a stop', () => {
    const stops: number[] = [moved(whole, 24, 'first')];
    for (;;) {
      const next = moved(whole, stops[stops.length - 1], 'next');
      if (next === stops[stops.length - 1]) break;
      stops.push(next);
    }
    assert.deepEqual(
      stops,
      trace.steps.map((s) => s.index),
    );
  });

  test('with folds a run of library steps is one stop: the state behind it is shown', () => {
    assert.equal(moved(folded, 0, 'next'), 5);
    assert.equal(moved(folded, 5, 'next'), 6);
    assert.equal(moved(folded, 3, 'next'), 6, 'from inside a fold');
    assert.equal(moved(folded, 6, 'previous'), 5);
  });

  test('the ends hold', () => {
    assert.equal(moved(folded, 0, 'previous'), 0);
    assert.equal(moved(folded, 24, 'next'), 24);
    assert.equal(moved(folded, 3, 'last'), 24);
    assert.equal(moved(folded, 24, 'first'), 0);
    assert.equal(moved(folded, 24, 'nextPage'), 24);
    assert.equal(moved(folded, 2, 'previousPage'), 0);
    assert.equal(moved([], 0, 'next'), 0);
  });

  test('turns go to where another agent begins', () => {
    assert.equal(trace.steps[moved(folded, 0, 'nextTurn')].text, 'unbind(gpu)');
    assert.equal(moved(folded, 15, 'nextTurn'), 24);
    assert.equal(moved(folded, 24, 'previousTurn'), 15);
    assert.equal(moved(folded, 15, 'previousTurn'), 0);
  });

  test('keys', () => {
    assert.deepEqual(key('ArrowDown'), { kind: 'move', move: 'next' });
    assert.deepEqual(key('ArrowUp', { shift: true }), { kind: 'move', move: 'previousTurn' });
    assert.deepEqual(key('Home'), { kind: 'move', move: 'first' });
    assert.deepEqual(key('End'), { kind: 'move', move: 'last' });
    assert.deepEqual(key('/'), { kind: 'search' });
    assert.deepEqual(key('f', { control: true }), { kind: 'search' });
    assert.equal(key('c', { control: true }), null, 'the copy of the browser stays');
    assert.equal(key('Tab'), null, 'the focus can leave');
  });

  test('search looks at statements, functions, agents, changes and waits, for all words', () => {
    assert.deepEqual(matches(trace, 'iounmap'), [22]);
    assert.deepEqual(matches(trace, 'FREED by'), [23]);
    assert.deepEqual(matches(trace, 'admin misc_mtx lock').slice(0, 1), [19]);
    assert.deepEqual(matches(trace, '  '), []);
    assert.deepEqual(matches(trace, 'nowhere'), []);
  });

  test('matches are gone through in a circle', () => {
    assert.equal(nextMatch([3, 9], 3, 1), 9);
    assert.equal(nextMatch([3, 9], 9, 1), 3);
    assert.equal(nextMatch([3, 9], 3, -1), 9);
    assert.equal(nextMatch([], 3, 1), null);
  });

  test('a step in a sentence', () => {
    assert.equal(announcement(trace, 23), 'Step 24 of 25: admin in timer_driver.remove: free t; timer_dev#0 becomes freed by admin');
    assert.equal(announcement(trace, 24), 'Step 25 of 25: app in timer_fops.ioctl: readl(t.bar, 0x9400), use-after-free');
  });
});
