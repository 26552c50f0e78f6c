// The CPU table: what it looks like (golden files), and what every one keeps (width, ASCII, no trailing spaces).
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { textDiagram } from '../../server/src/diagram/text.ts';
import { printTrace } from '../../server/src/trace/print.ts';
import { longTrace } from '../webview/longTrace.ts';
import { parseTrace } from '../trace/notation.ts';
import { checkGolden, inputOf } from './golden.ts';

const folder = 'test/diagram/golden';
const cases = readdirSync(folder).filter((f) => f.endsWith('.txt'));

suite('text diagram', () => {
  test('a long trace keeps its end and its key steps, and says what it leaves out', () => {
    const trace = longTrace(300);
    const key = trace.steps.find((s) => s.text.startsWith('readl'));
    assert.ok(key);
    const text = textDiagram({ ...trace, verdict: { ...trace.verdict, keys: [{ step: key.index, message: '' }] } }, { width: 72 });
    const lines = text.split('\n');
    assert.ok(lines.length < 60, text);
    assert.match(text, /assert t.count < 100/);
    assert.match(text, /<-- assertion/);
    assert.match(text, /\[ \.\.\. \d+ rows left out \.\.\. \]/);
    assert.match(text, /readl\(t.bar, 0x9400\)/);
    assert.ok(lines.filter((l) => l.trim() === '...').length < 20, text);
    for (const line of lines) assert.ok(line.length <= 72);
  });

  for (const name of cases) {
    test(`golden: ${name}`, () => {
      const trace = parseTrace(inputOf(`${folder}/${name}`));
      checkGolden(`${folder}/${name}`, {
        'mail, 72 columns': textDiagram(trace, { width: 72 }),
        'mail, 50 columns': textDiagram(trace, { width: 50 }),
        'all steps': printTrace(trace, { where: () => '' }),
      });
    });

    test(`every width keeps its promises: ${name}`, () => {
      const trace = parseTrace(inputOf(`${folder}/${name}`));
      for (let width = 40; width <= 120; width++) {
        for (const line of textDiagram(trace, { width }).split('\n')) {
          assert.ok(line.length <= width, `${width}: ${line}`);
          assert.match(line, /^[\x20-\x7e]*$/);
          assert.equal(line, line.trimEnd());
        }
      }
    });
  }
});
