// The examples of the language reference resolve: no diagnostic, and every function has its types.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { show } from '../../server/src/semantics/types.ts';
import type * as tree from '../../server/src/syntax/tree.ts';
import { walk } from '../../server/src/syntax/visit.ts';
import { LIBRARY as fenced, SCENARIO as nakedMisc } from '../syntax/examples.ts';
import { resolve } from './world.ts';

for (const [name, text] of [
  ['naked_misc', nakedMisc],
  ['fenced', fenced],
]) {
  test(`${name} resolves without a word`, () => {
    const program = resolve(text);
    assert.deepEqual(
      [...program.diagnostics].flatMap(([p, found]) => found.map((d) => `${p}: ${d.message} (${text.slice(d.span.start, d.span.end)})`)),
      [],
    );
  });
}

test('what naked_misc means', () => {
  const program = resolve(nakedMisc);
  assert.deepEqual(
    program.functions
      .filter((f) => !f.unit.library)
      .map((f) => `${f.name}(${f.parameters.map((p) => show(p.type)).join(', ')}) -> ${show(f.returns)}`),
    [
      'timer_fops.ioctl(ref file) -> int',
      'timer_driver.probe(ref device) -> int',
      'timer_driver.remove(ref device) -> nothing',
      'nova.init() -> int',
      'nova.exit() -> nothing',
    ],
  );
  const owners = program.ops.map((o) => {
    const owner = o.values.get('owner');
    return `${o.name}: ${owner?.kind === 'module' ? owner.module?.name : 'none'}; ${[...o.values.keys()].join(' ')}`;
  });
  // A driver that names no owner is owned by its module.
  assert.deepEqual(owners, ['timer_fops: nova; ioctl owner', 'timer_driver: nova; probe remove owner']);
  assert.deepEqual(
    program.modules.map((m) => `${m.name} uses ${m.uses.map((u) => u.name).join(' ')}`),
    ['nova uses misc_core', 'misc_core uses '],
  );
  assert.deepEqual(
    program.devices.map((d) => `${d.name}: ${d.struct.name} ${d.binds.map((o) => o.name).join(' ')}`),
    ['gpu: device timer_driver'],
  );
  assert.deepEqual(
    program.expects.map((e) => `${e.no ? 'no ' : ''}${e.verdict.text}`),
    ['unload-refused', 'use-after-free', 'unmapped-mmio', 'no unbind-blocked'],
  );
  const untyped: string[] = [];
  for (const { file, text } of program.units)
    walk(file, (node) => {
      if (program.types.get(node as tree.Expression)?.kind === 'error') untyped.push(text.slice(node.start, node.end));
    });
  assert.deepEqual(untyped, []);
});
