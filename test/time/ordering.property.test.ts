// The exhaustive explorer against random schedules of random teardown code: whatever a schedule shows, the explorer has seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explore, initialise } from '../../server/src/time/ordering/explore.ts';
import { successors } from '../../server/src/time/ordering/successors.ts';
import type { State, World } from '../../server/src/time/ordering/world.ts';
import { readWorld } from '../../server/src/time/vectors/ordering.ts';
import type { InputError } from '../../server/src/time/vectors/shape.ts';

const ops = [
  'mod_timer(t)',
  'timer_delete(t)',
  'timer_delete_sync(t)',
  'timer_shutdown_sync(t)',
  'queue_work(w)',
  'cancel_work(w)',
  'cancel_work_sync(w)',
  'flush_work(w)',
  'disable_work_sync(w)',
  'lock(L)',
  'unlock(L)',
  'touch(dev)',
  'kfree(dev)',
  'set(f)',
  'mod_timer(t) unless f',
] as const;
const inside = ops.filter((o) => !o.startsWith('kfree') && !o.startsWith('flush'));
const some = (list: readonly string[], maxLength: number) => fc.array(fc.constantFrom(...list), { maxLength });

const worlds = fc.record({ cpu0: some(ops, 4), cpu1: some(ops, 3), t: some(inside, 2), w: some(inside, 2) }).map((r): World => {
  const errors: InputError[] = [];
  const world = readWorld(
    {
      objects: {
        dev: { type: 'memory' },
        L: { type: 'lock' },
        f: { type: 'flag' },
        t: { type: 'timer', in: 'dev', runs: r.t },
        w: { type: 'work', in: 'dev', runs: r.w },
      },
      agents: { cpu0: r.cpu0, cpu1: r.cpu1 },
      initially: ['mod_timer(t)'],
    },
    '$',
    errors,
  );
  assert.ok(world !== undefined, JSON.stringify(errors));
  return world;
});

function begin(w: World): State {
  const state = initialise(w);
  assert.ok(typeof state !== 'string');
  return state;
}

test('no random schedule shows what the exploration has not', () => {
  fc.assert(
    fc.property(worlds, fc.array(fc.nat(1000), { minLength: 30, maxLength: 30 }), (w, choices) => {
      const x = explore(w, 5_000);
      if (x.end !== 'complete') return;
      let state = begin(w);
      for (const c of choices) {
        const { steps } = successors(w, state);
        const step = steps[c % Math.max(steps.length, 1)];
        if (step === undefined) break;
        if (step.verdict !== null) assert.ok(x.found.get(step.verdict)?.where.includes(step.text), `${step.text}: ${step.verdict}`);
        if (step.started !== null) assert.ok(x.started.has(step.started));
        if (step.next === null) return;
        state = step.next;
      }
    }),
    { seed: 20250227, numRuns: 100 },
  );
});

test('every trace can be walked again, and is as short as the first error on it', () => {
  fc.assert(
    fc.property(worlds, (w) => {
      const x = explore(w, 5_000);
      const trace = x.found.get('use-after-free')?.trace;
      if (trace === undefined) return;
      let state = begin(w);
      for (const [i, text] of trace.entries()) {
        const step = successors(w, state).steps.find((s) => s.text === text);
        assert.ok(step !== undefined, `${text} is not possible at step ${i}`);
        if (i === trace.length - 1) assert.equal(step.verdict, 'use-after-free');
        else {
          assert.ok(step.next !== null);
          state = step.next;
        }
      }
    }),
    { seed: 20250227, numRuns: 100 },
  );
});

test('a run that is stuck for ever is a deadlock, and no deadlock is reported without one', () => {
  fc.assert(
    fc.property(worlds, (w) => {
      const x = explore(w, 5_000);
      if (x.end !== 'complete') return;
      // Where nothing at all can happen any more, whoever still waits is stuck.
      const stuck = x.finals.some((s) => successors(w, s).waiting.length > 0);
      if (stuck) assert.ok(x.found.has('deadlock') || x.found.has('self-deadlock'));
    }),
    { seed: 20250227, numRuns: 100 },
  );
});
