// Traces in other tools' notations: one golden file shows all of them, and the ITF document is read back.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { itf } from '../../server/src/export/itf.ts';
import { mermaid } from '../../server/src/export/mermaid.ts';
import { plantuml } from '../../server/src/export/plantuml.ts';
import { parseTrace } from '../trace/notation.ts';
import { checkGolden, inputOf } from './golden.ts';

const file = 'test/diagram/golden/exports/unbind_blocked.txt';

suite('trace exports', () => {
  test('golden', () => {
    const trace = parseTrace(inputOf(file));
    checkGolden(file, { Mermaid: mermaid(trace), PlantUML: plantuml(trace), ITF: itf(trace, 'unbind_blocked.lifeline') });
  });

  test('ITF holds one state more than there are steps, and every value as it was', () => {
    const trace = parseTrace(inputOf('test/diagram/golden/naked_misc.txt'));
    const document = JSON.parse(itf(trace, 'naked_misc.lifeline'));
    assert.equal(document['#meta'].format, 'ITF');
    assert.equal(document.states.length, trace.steps.length + 1);
    const objects = new Map<string, { '#map': [string, string][] }>(document.states[24].objects['#map']);
    assert.equal(new Map(objects.get('timer_dev#0')?.['#map']).get('life'), 'freed by admin');
    assert.equal(new Map(new Map<string, { '#map': [string, string][] }>(document.states[23].objects['#map']).get('timer_dev#0')?.['#map']).get('life'), 'alive');
    for (const state of document.states) assert.deepEqual(Object.keys(state).filter((k) => k !== '#meta'), document.vars);
  });

  test('what a statement says cannot end a line of the other language', () => {
    const text = parseTrace('verdict assertion agent=a\nmessage x; y <b> #1 "q"\nlane process a\na process | f(a; b) # <script> "x"\n');
    assert.doesNotMatch(mermaid(text).replace(/#\w+;/g, ''), /[;<]|#/);
    assert.match(plantuml(text), /~<script/);
  });
});
