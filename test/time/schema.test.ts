// The published JSON schema is the one that the checks are made of. UPDATE=1 writes it (then let `biome format --write schemas` fold it).
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { jsonSchema } from '../../server/src/time/vectors/schema.ts';

const published = 'schemas/vectors.schema.json';

test('schemas/vectors.schema.json is up to date', () => {
  const schema = JSON.stringify(jsonSchema(), null, 2);
  if (process.env['UPDATE'] === '1') writeFileSync(published, `${schema}\n`);
  assert.deepEqual(
    JSON.parse(readFileSync(published, 'utf8')),
    JSON.parse(schema),
    'run the tests with UPDATE=1 and look at the difference',
  );
});
