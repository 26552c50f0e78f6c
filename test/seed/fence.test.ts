// The fence of the seed thread: without its one line the driver's text is used after it is gone, and with it the file is green.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { FileResult, Violation } from '../../server/src/analysis.ts';
import { startCheck } from '../../server/src/analysis.ts';

const fence = /^ *synchronize_srcu\(d\.srcu\)\n/m;
const library = readFileSync('server/library/fenced.lifeline', 'utf8');
const shipped = readFileSync('scenarios/seed/s7_fenced.lifeline', 'utf8');
const scenario = shipped.replace(/^use (.*)\bfenced$/m, 'use $1"./fenced.lifeline"');

/** Checks the scenario with this text as the library beside it. */
function check(beside: string): FileResult {
  const files = { read: (path: string) => (path.endsWith('fenced.lifeline') ? beside : null) };
  const options = { params: {}, maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true, workers: 1 };
  const task = startCheck('/s7.lifeline', scenario, files, options, { now: () => performance.now(), cancelled: () => false, progress: () => {} });
  let result = task.step();
  while (result === null) result = task.step();
  assert.deepEqual(result.errors.map((e) => e.message), []);
  assert.ok(!result.incomplete, 'incomplete');
  return result;
}

const unloaded = (result: FileResult): Violation[] => result.runs[0].violations.filter((v) => v.kind === 'use-after-unload').sort((a, b) => a.steps - b.steps);

suite('the fence', () => {
  test('the scenario takes the library beside it, and the library has one fence', () => {
    assert.notEqual(scenario, shipped);
    assert.match(library, fence);
    assert.doesNotMatch(library.replace(fence, ''), fence);
  });

  test('without it the driver runs on in text that is gone', () => {
    const result = check(library.replace(fence, ''));
    assert.ok(!result.green);
    const [claim] = result.claims;
    assert.equal(claim.state, 'refuted');
    const inside = unloaded(result).find((v) => v.function === 'timer_ops.ioctl');
    assert.ok(inside, 'no use-after-unload in timer_ops.ioctl');
    assert.equal(inside.agent, 'app');
    assert.deepEqual(inside.by, ['admin']);
    const { steps } = inside.trace;
    const last = steps[steps.length - 1];
    assert.deepEqual([last.agent, last.function], ['app', 'timer_ops.ioctl']);
    const entered = steps.findIndex((s) => s.function === 'timer_ops.ioctl');
    const gone = steps.findIndex((s) => s.event === 'free' && s.function === 'rmmod');
    assert.ok(entered >= 0 && gone >= 0 && gone < steps.length - 1, 'app is not inside the driver when rmmod frees it');
    assert.ok(!steps.some((s) => /^synchronize_srcu/.test(s.text)), 'there is a fence left');
  });

  test('without it the shortest way is the pointer that ioctl had read before it was cleared', () => {
    const [shortest] = unloaded(check(library.replace(fence, '')));
    const last = shortest.trace.steps[shortest.trace.steps.length - 1];
    assert.deepEqual([last.agent, last.function], ['app', 'fenced_fops.ioctl']);
    const read = shortest.trace.steps.findIndex((s) => s.text.startsWith('srcu_dereference(d.ops'));
    const cleared = shortest.trace.steps.findIndex((s) => s.text.startsWith('rcu_assign_pointer(d.ops'));
    assert.ok(read >= 0 && read < cleared, 'ops is read after it is cleared');
  });

  test('with it back the file is green', () => {
    const result = check(library);
    assert.ok(result.green);
    assert.deepEqual(unloaded(result), []);
    assert.equal(result.claims[0].state, 'holds');
  });
});
