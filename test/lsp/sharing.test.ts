// Combinations of params that several threads share out: what comes of them is what one thread finds.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import {
  analyse,
  type CheckOptions,
  chosenCombinations,
  type FileResult,
  newMemory,
  type Outcome,
  resultOf,
  startCheck,
  startShare,
} from '../../server/src/analysis.ts';
import { errorsOf, mergedErrors } from '../../server/src/check/errors.ts';
import { dearestFirst } from '../../server/src/lsp/dearest.ts';
import { practice } from '../../server/src/lsp/practice.ts';
import { explorationThread, type FromThread, type Job, STOP, TAKEN } from '../../server/src/lsp/work.ts';
import { checked } from '../seed/checked.ts';
import { editor } from './editor.ts';

const options: CheckOptions = { params: {}, maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true, workers: 1 };
const host = { now: () => performance.now(), cancelled: () => false, progress: () => {} };
const path = 'scenarios/seed/s16_number.lifeline';
const text = readFileSync(path, 'utf8');

/** How long something took is nobody's result. */
const timeless = (result: FileResult): FileResult => ({
  ...result,
  runs: result.runs.map((run) => ({ ...run, stats: { ...run.stats, elapsedMs: 0 } })),
});

/** Two threads of which the slices alternate; says which of them had which combination. */
function inTwo(of: string, sharedOut: Int32Array): { readonly result: FileResult; readonly had: ReadonlyArray<readonly number[]> } {
  const analysis = analyse(path, of, { read: () => null });
  const combinations = chosenCombinations(analysis.file, {}).map((_, index) => index);
  const job: Job = { id: 1, path, text: of, files: {}, options, combinations };
  const turns: Array<() => void> = [];
  const outcomes: Outcome[] = [];
  const had: [number[], number[]] = [[], []];
  let ended = 0;
  for (const mine of had) {
    const post = (message: FromThread) => {
      assert.notEqual(message.kind, 'failed', JSON.stringify(message));
      if (message.kind === 'outcome') {
        mine.push(message.outcome.index);
        // What goes from thread to thread is plain data.
        outcomes.push(structuredClone(message.outcome));
      }
      if (message.kind === 'done') ended++;
    };
    const thread = explorationThread({ post, now: () => performance.now(), second: null, idle: null, soon: (run) => void turns.push(run) });
    turns.push(() => thread({ kind: 'check', job, shared: sharedOut }));
  }
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) turn();
  assert.equal(ended, 2);
  return { result: resultOf(analysis, outcomes, combinations.length), had };
}

suite('threads that share a file out', () => {
  test('two find what one finds, and each combination is explored once', () => {
    const { result, had } = inTwo(text, new Int32Array(2));
    assert.deepEqual(timeless(result), timeless(checked(path)));
    assert.deepEqual(had.flat().sort(), [0, 1, 2]);
    assert.ok(
      had.every((some) => some.length > 0),
      'one of them had nothing to do',
    );
  });

  test('a thread that is told to stop takes nothing more, and the result is incomplete', () => {
    const shared = new Int32Array(2);
    shared[STOP] = 1;
    const { result, had } = inTwo(text, shared);
    assert.equal(result.incomplete, true);
    assert.equal(result.green, false);
    assert.equal(shared[TAKEN], 2);
    assert.deepEqual(had.flat().sort(), [0, 1]);
  });

  test('those that took longest the last time are explored first', () => {
    const { result } = inTwo(text, new Int32Array(2));
    const dearest = dearestFirst();
    assert.deepEqual(dearest.order(path, 3), [0, 1, 2]);
    const taking = (elapsedMs: number, index: number): Outcome => {
      const run = { ...result.runs[index], stats: { ...result.runs[index].stats, elapsedMs } };
      return { kind: 'explored', index, resolved: [], run, complete: true, answers: [] };
    };
    dearest.note(path, [20, 10, 30].map(taking));
    assert.deepEqual(dearest.order(path, 3), [2, 0, 1]);
    assert.deepEqual(dearest.order(path, 4), [3, 2, 0, 1]);
    dearest.forget(path);
    assert.deepEqual(dearest.order(path, 3), [0, 1, 2]);
  });

  test('a thread practises until there is a job, and goes on when it is done', () => {
    const turns: Array<() => void> = [];
    const said: string[] = [];
    let left = 3;
    const idle = () => {
      said.push('idle');
      return --left > 0;
    };
    const post = (message: FromThread) => void said.push(message.kind);
    const thread = explorationThread({ post, now: () => performance.now(), second: null, idle, soon: (run) => void turns.push(run) });
    turns.shift()?.();
    thread({ kind: 'check', job: { id: 1, path, text, files: {}, options, combinations: [0] }, shared: null });
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) turn();
    assert.deepEqual(
      said.filter((s) => s !== 'progress'),
      ['idle', 'outcome', 'done', 'idle', 'idle'],
    );
  });

  test('what threads practise on is explored, and has an end', () => {
    let clock = 0;
    const goOn = practice(() => clock++);
    let parts = 1;
    while (goOn()) parts++;
    assert.ok(parts > 20, `${parts} parts`);
  });

  test('a thread that has explored nearly the same before says the same, whichever engine it begins with', () => {
    for (const file of [path, 'scenarios/seed/s7_async.lifeline', 'scenarios/seed/naked_misc.lifeline']) {
      const source = readFileSync(file, 'utf8');
      const analysis = analyse(file, source, { read: () => null });
      const count = chosenCombinations(analysis.file, {}).length;
      const memory = newMemory();
      for (let round = 0; round < 2; round++) {
        const outcomes: Outcome[] = [];
        let taken = 0;
        const share = startShare(file, source, { read: () => null }, options, host, () => taken++, memory);
        for (let outcome = share.step(); outcome !== 'done'; outcome = share.step()) if (outcome !== null) outcomes.push(outcome);
        assert.deepEqual(timeless(resultOf(analysis, outcomes, count)), timeless(checked(file)), `${file}, round ${round}`);
      }
    }
  });

  test('what is wrong in a later combination only is told, and no result is shown', async () => {
    const e = await editor();
    const uri = 'file:///broken.lifeline';
    const broken = text.replace(/^module /m, 'if inode == keeps_pointer {\n  let wrong: nowhere = 1\n}\n\nmodule ');
    e.open(uri, broken);
    const done = await e.status(uri, (s) => s.state === 'done');
    assert.equal(done.outcome, 'errors');
    const { errors: expected, programs } = analyse(uri, broken, { read: () => null });
    assert.deepEqual(errorsOf([programs[0]], uri, broken), []);
    assert.equal(done.summary, `not checked: ${expected.length === 1 ? '1 error' : `${expected.length} errors`}`);
    const told = await e.diagnostics(uri, (all) => all.length > 0);
    assert.deepEqual(
      told.map((d) => [d.code, d.range.start]),
      expected.map((x) => [x.code, x.range.start]),
    );
    await e.close();
  });

  test('what is wrong with combinations one by one is what is wrong with all', () => {
    const warned = text.replace(
      /^module /m,
      'if inode != is_purged {\n  fn unused_one(x: int) -> int { return y }\n}\nif inode == keeps_pointer { let wrong: nowhere = 1 }\n\nmodule ',
    );
    const { programs, errors } = analyse(path, warned, { read: () => null });
    assert.ok(errors.length >= 2);
    assert.deepEqual(mergedErrors(programs.map((p) => errorsOf([p], path, warned))), errors);
  });

  test('what has too little memory beside others gets all of it', async () => {
    const source = readFileSync('scenarios/seed/s5_readers.lifeline', 'utf8');
    const within = (mebibytes: number): FileResult => {
      const task = startCheck(path, source, { read: () => null }, { ...options, maxMemoryBytes: mebibytes * 2 ** 20 }, host);
      for (let result = task.step(); ; result = task.step()) if (result !== null) return result;
    };
    const least = [2, 3, 4, 6, 8].find((mebibytes) => !within(mebibytes).incomplete) ?? 0;
    assert.ok(
      within(least / 2).runs.some((run) => run.limit === 'memory'),
      'half of the memory is enough: the test shows nothing',
    );
    const e = await editor({ settings: { maxMemory: least } });
    const uri = 'file:///s5_readers.lifeline';
    e.open(uri, source);
    const done = await e.status(uri, (s) => s.state === 'done');
    assert.equal(done.outcome, 'green', done.summary);
    await e.close();
  });
});
