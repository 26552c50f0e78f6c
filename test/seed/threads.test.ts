// Every scenario that ships and is small enough, explored by one thread and by two: findings, runs and counts are the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyse } from '../../server/src/analysis.ts';
import { runOf } from '../../server/src/check/run.ts';
import type { MakeEngine } from '../../server/src/checker/engine.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import type { Program } from '../../server/src/semantics/program.ts';
import { alone, comparable, together } from '../wasm/threads.ts';
import { scenarios } from './checked.ts';

/** The largest scenarios have some hundred thousand; with threads that take two states at a time they would take long. */
const SMALL = 20_000;
const host = { now: () => 0, cancelled: () => false, progress: () => {} };

test('scenarios that ship: two threads find what one finds', (t) => {
  let compared = 0;
  let states = 0;
  for (const path of scenarios()) {
    const program = firstOf(path);
    const one = explored(program, alone);
    if (one.limit !== null) continue;
    assert.deepEqual(comparable(explored(program, together)), comparable(one), path);
    compared++;
    states += one.stats.states;
  }
  t.diagnostic(`${compared} scenarios, ${states} states`);
  assert.ok(compared > 20);
});

function firstOf(path: string): Program {
  const files = { read: (p: string) => readFileSync(p, 'utf8') };
  return analyse(path, readFileSync(path, 'utf8'), files).program;
}

function explored(program: Program, make: MakeEngine): Exploration {
  const run = runOf(program, { maxStates: SMALL, maxTimeMs: null, maxMemoryBytes: null, reduction: true }, host, make);
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return value.exploration;
  }
}
