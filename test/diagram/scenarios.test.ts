// From a scenario to what a maintainer pastes into a mail: the whole way, through the checker. Each golden file is a scenario, then the table of
// each of its findings with the key steps that the editor links to.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { type FileResult, startCheck } from '../../server/src/analysis.ts';
import { layout } from '../../server/src/diagram/layout.ts';
import { textDiagram } from '../../server/src/diagram/text.ts';
import { statesOf } from '../../server/src/trace/state.ts';
import { checkGolden, inputOf } from './golden.ts';

const folder = 'test/diagram/golden/scenarios';

suite('diagrams of real traces', () => {
  for (const name of readdirSync(folder)) {
    const result = check(name.replace('.txt', '.lifeline'), inputOf(`${folder}/${name}`));
    const found = result.runs.flatMap((r) => r.violations);

    test(`golden: ${name}`, () => {
      assert.deepEqual(result.errors, []);
      assert.ok(found.length > 0);
      checkGolden(
        `${folder}/${name}`,
        Object.fromEntries(
          found.map(({ kind, steps, trace }, i) => [
            `${i + 1}. ${kind}, ${steps} steps`,
            textDiagram(trace, { width: 72 }) + '\n' + trace.verdict.keys.map((k) => `key: ${trace.steps[k.step].text}: ${k.message}\n`).join(''),
          ]),
        ),
      );
    });

    test(`every finding can be drawn and stepped through: ${name}`, () => {
      for (const { trace, steps } of found) {
        assert.equal(trace.steps.length, steps);
        const diagram = layout(trace, { fold: true, open: new Set() });
        assert.deepEqual(
          diagram.rows.flatMap((r) => r.steps),
          trace.steps.map((s) => s.index),
        );
        assert.equal(diagram.marks.filter((m) => m.kind === 'violation' || m.kind === 'refused' || m.kind === 'stuck').length, 1);
        const known = new Set(Object.keys(trace.initial));
        for (const state of statesOf(trace)) for (const object of state.keys()) assert.ok(known.has(object), `${object} appears from nowhere`);
        for (const l of trace.lanes) if (!trace.steps.some((s) => s.agent === l.id)) assert.ok(known.has(l.id) || l.kind === 'process' || l.kind === 'hardware');
      }
    });
  }
});

function check(file: string, text: string): FileResult {
  let now = 0;
  const task = startCheck(file, text, { read: () => null }, { params: {}, maxStates: 200_000, maxTimeMs: null, maxMemoryBytes: null, reduction: true, workers: 1 }, { now: () => now++, cancelled: () => false, progress: () => {} });
  for (;;) {
    const result = task.step();
    if (result !== null) return result;
  }
}
