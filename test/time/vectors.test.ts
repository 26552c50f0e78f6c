// Every shipped vector is exact, and every one of the reference's numbers has a vector.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitStatus, formatReport, runVectors } from '../../server/src/time/vectors.ts';
import { runObjects, vectorFiles } from './files.ts';

for (const { file, text } of vectorFiles()) {
  const report = runVectors(text);
  test(`${file}: the input is good`, () => assert.deepEqual(report.errors, []));
  for (const v of report.vectors) {
    test(`${file}: ${v.name}`, () => assert.ok(v.ok, `expected ${JSON.stringify(v.expected)}\ncomputed ${JSON.stringify(v.computed)}`));
  }
}

test('the names of the register-level and ordering vectors are all there', () => {
  const names = vectorFiles().flatMap(({ text }) => runVectors(text).vectors.map((v) => v.name));
  const wanted = [1, 2, 3, 4, 5, 6, 8, 10, 12, 13, 15, 16, 17, 18, 21, 23, 24, 26, 28, 30].map((n) => `T${n}`);
  wanted.push(...[1, 2, 4, 5, 6, 7, 9, 11, 12, 14].map((n) => `S${n}`));
  const missing = wanted.filter((w) => !names.some((n) => new RegExp(`^${w}[a-z]? `).test(n)));
  assert.deepEqual(missing, []);
});

const good = { name: 'good', kind: 'routine', routine: 'hi_lo_hi', start: '0x40', expect: { value: '0x40' } };
const wrong = { name: 'wrong', kind: 'routine', routine: 'hi_lo_hi', start: '64', expect: { value: '65', reads: 3 } };

test('a difference shows both values and gives status 1', () => {
  const report = runObjects(good, wrong);
  assert.equal(exitStatus(report), 1);
  assert.equal(
    formatReport(report, 'text'),
    `ok    good
        value        expected 0x40  computed 0x40
FAIL  wrong
        value        expected 65  computed 64
        reads        expected 3  computed 3
1 of 2 as expected, 1 differs
`,
  );
});

test('JSON has the stable four fields, in the notation of the author', () => {
  const report = runObjects(good);
  assert.equal(exitStatus(report), 0);
  const json = JSON.parse(formatReport(report, 'json'));
  assert.deepEqual(Object.keys(json), ['version', 'vectors']);
  assert.deepEqual(Object.keys(json.vectors[0]), ['name', 'expected', 'computed', 'ok']);
  assert.deepEqual(json.vectors[0].expected, { value: '0x40' });
  assert.equal(json.vectors[0].computed.value, '0x40');
  assert.equal(json.vectors[0].computed.time, '64');
});

test('what was expected of a routine that does not compute it is a difference', () => {
  const report = runObjects({ ...good, expect: { bites: '1' } });
  assert.equal(exitStatus(report), 1);
  assert.match(formatReport(report, 'text'), /bites +expected 1 {2}computed \(nothing\)/);
});
