// docs/timer.md names everything that a vector may say, and its example runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { generationNames } from '../../server/src/time/generation.ts';
import { ops } from '../../server/src/time/ordering/ops.ts';
import { exitStatus, runVectors } from '../../server/src/time/vectors.ts';
import { routines, vectorShape } from '../../server/src/time/vectors/schema.ts';

const page = readFileSync('docs/timer.md', 'utf8');
const inCode = [...page.matchAll(/`([^`\n]+)`/g)].map((m) => m[1] ?? '').join(' ');
const named = (word: string) => new RegExp(`(^|[^\\w-])${word.replace(/[$]/g, '\\$')}($|[^\\w-])`).test(inCode);

test('every example of docs/timer.md runs and is as expected', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map((m) => m[1] ?? '');
  assert.ok(examples.length > 0);
  for (const example of examples) assert.equal(exitStatus(runVectors(example)), 0, example);
});

test('docs/timer.md names every routine, operation and generation', () => {
  const words = [...Object.keys(routines), ...Object.keys(ops), ...generationNames];
  assert.deepEqual(
    words.filter((w) => !named(w)),
    [],
  );
});

test('docs/timer.md names every field of a vector', () => {
  const words = new Set<string>();
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null) {
      for (const key of Object.keys(node.properties)) words.add(key);
    }
    Object.values(node).forEach(collect);
  };
  collect(vectorShape.schema);
  for (const r of Object.values(routines)) collect(r.args.schema);
  assert.deepEqual(
    [...words].filter((w) => !named(w)),
    [],
  );
});
