// The CPU table: what it looks like (golden files), and what every one keeps (width, ASCII, no trailing spaces).
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { textDiagram } from '../../server/src/diagram/text.ts';
import { printTrace } from '../../server/src/trace/print.ts';
import { parseTrace } from '../trace/notation.ts';
import { checkGolden, inputOf } from './golden.ts';

const folder = 'test/diagram/golden';
const cases = readdirSync(folder).filter((f) => f.endsWith('.txt'));

suite('text diagram', () => {
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
