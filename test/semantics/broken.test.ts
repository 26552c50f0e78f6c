// One mistake gives one message: what follows from a syntax error or a missing library is not said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCENARIO as nakedMisc } from '../syntax/examples.ts';
import { path, resolve } from './world.ts';

function messages(text: string): readonly string[] {
  return (resolve(text).diagnostics.get(path) ?? []).map((d) => d.message);
}

function changed(from: string, to: string): string {
  assert.ok(nakedMisc.includes(from), from);
  return nakedMisc.replace(from, to);
}

test('a syntax error is the only message about what it spoils', () => {
  for (const [from, to] of [
    ['let t = new', 'let 3 t = new'],
    ['as timer_dev     //', 'as 3     //'],
    ['device gpu: pci_dev', 'device 3 gpu: pci_dev'],
    ['bar:  mmio', '3:  mmio'],
    ['module nova', 'mdl nova'],
    ['probe(dev)', 'probe(3)'],
    ['struct timer_dev {', 'struct null {'],
    ['use driver_core, pci, misc', 'use 3'],
    ['process app ', 'process 3 '],
  ]) {
    const found = messages(changed(from, to));
    assert.ok(found.length === 1 || found.length === 2, `${to}: ${found.join(' | ')}`);
    assert.deepEqual(
      found.filter((m) => /nothing here|has no|is declared in|none is called/.test(m)),
      [],
      to,
    );
  }
});

test('a missing library is one message, and so is each name that nothing has', () => {
  assert.deepEqual(messages(changed('misc\n', 'misk\n')), ['no library is called `misk`: did you mean `misc`?']);
  assert.deepEqual(messages(changed(', misc\n', '\n')), ['`miscdevice` is declared in the library `misc`, which this file does not use']);
  assert.deepEqual(messages(changed('bar:  mmio', 'map:  mmio')), ['`timer_dev` has no field `bar`']);
});

test('before a syntax error, and in other functions, mistakes are still said', () => {
  const text = changed('let t = new timer_dev', 'let t = nwe timer_dev').replace('iounmap(t.bar)', 'iounmapp(t.bar)');
  assert.deepEqual(
    messages(text).filter((m) => m.includes('iounmap')),
    ['nothing here is called `iounmapp`: did you mean `iounmap`?'],
  );
});
