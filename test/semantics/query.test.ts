// What an editor asks of a resolved program: definitions, references, hover, names in scope.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hoverOf, signatureOf } from '../../server/src/semantics/hover.ts';
import { membersOf, namesInScope } from '../../server/src/semantics/inScope.ts';
import type { Symbol } from '../../server/src/semantics/program.ts';
import { definitionOf, referencesTo, symbolAt } from '../../server/src/semantics/query.ts';
import { libraries, path, prelude, resolve } from './world.ts';

const text = `scenario s
use driver_core, pci, misc
param fence in {none, srcu}
const LIMIT = 3 /* files */
module nova {
  /// One timer.
  struct timer_dev { misc: miscdevice, bar: mmio }
  let count = 0
  ops fops: file_operations {
    ioctl(file, cmd) {
      let t = file.private as timer_dev
      if fence == srcu { count += LIMIT }
      misc_deregister(t.misc)? goto out
      return readl(t.bar, cmd)
    undo out:
      count = 0
    }
  }
  driver drv: pci_driver { probe(dev) { return 0 } }
  init { pci_register_driver(drv) }
}
device gpu: pci_dev binds nova.drv
process app { let fd = open("/dev/x")?; thread reader { ioctl(fd) } }
expect no leak in nova.init by reader
`;
const program = resolve(text);

/** The symbol at the n-th occurrence of a word. */
function at(word: string, nth = 1): Symbol {
  const places = [...text.matchAll(new RegExp(`\\b${word}\\b`, 'g'))];
  const found = symbolAt(program, path, places[nth - 1].index);
  assert.ok(found, `a symbol at ${word}`);
  return found.symbol;
}

test('nothing is wrong with the text that is asked about', () => {
  assert.deepEqual([...program.diagnostics], []);
});

test('from a name to its declaration, in this file and in libraries', () => {
  const declaredAt = (symbol: Symbol): string => {
    const place = definitionOf(program, symbol);
    if (place === null) return 'built in';
    const source = place.file === path ? text : libraries(/(\w+)\.lifeline$/.exec(place.file)?.[1] ?? '')?.text;
    const before = (source ?? '').slice(0, place.span.start).split('\n');
    return `${place.file}:${before.length} ${source?.slice(place.span.start, place.span.end)}`;
  };
  assert.deepEqual(
    [
      at('misc_deregister'),
      at('timer_dev', 2),
      at('misc', 3),
      at('file_operations'),
      at('private'),
      at('t', 2),
      at('srcu', 2),
      at('LIMIT', 2),
      at('out', 1),
      at('drv', 2),
      at('readl'),
      at('fd', 2),
      at('reader', 2),
      at('init', 2),
      at('pci_dev'),
      at('count', 3),
    ].map(declaredAt),
    [
      'lifeline:/library/misc.lifeline:13 misc_deregister',
      'test.lifeline:7 timer_dev',
      'test.lifeline:7 misc',
      'lifeline:/library/vfs.lifeline:6 file_operations',
      'lifeline:/library/vfs.lifeline:4 private',
      'test.lifeline:11 t',
      'test.lifeline:3 srcu',
      'test.lifeline:4 LIMIT',
      'test.lifeline:15 out',
      'test.lifeline:19 drv',
      'built in',
      'test.lifeline:23 fd',
      'test.lifeline:23 reader',
      'test.lifeline:20 init',
      'lifeline:/library/driver_core.lifeline:4 device',
      'test.lifeline:8 count',
    ],
  );
});

test('every use of a symbol, across files', () => {
  const uses = (symbol: Symbol): string[] =>
    referencesTo(program, symbol).map((p) => `${p.file.replace('lifeline:/library/', '')}:${p.span.start}`);
  assert.equal(uses(at('count')).length, 3);
  assert.equal(uses(at('timer_dev')).length, 2);
  assert.equal(uses(at('fd')).length, 2);
  assert.equal(uses(at('srcu', 1)).length, 2);
  assert.ok(uses(at('miscdevice')).some((u) => u.startsWith('misc.lifeline')));
  assert.equal(uses(at('app')).length, 1);
});

test('hover shows the declaration, and what its author says', () => {
  assert.equal(hoverOf(prelude, at('timer_dev', 2)), '```lifeline\nstruct timer_dev\n```\n\nOne timer.');
  assert.equal(
    hoverOf(prelude, at('pci_register_driver')),
    '```lifeline\nfn pci_register_driver(driver: ref pci_driver) -> int\n```\n\nMakes a driver known.',
  );
  assert.equal(
    hoverOf(prelude, at('readl')),
    '```lifeline\nfn readl(map: mmio, offset: u32) -> u32\n```\n\nDoes readl.\n\n**Models:** `test`',
  );
  assert.equal(hoverOf(prelude, at('t', 2)), '```lifeline\nt: ref timer_dev\n```');
  assert.equal(hoverOf(prelude, at('fence', 2)), '```lifeline\nparam fence in {none, srcu}\n```');
  assert.equal(hoverOf(prelude, at('mmio')), '```lifeline\ntype mmio\n```\n\nA mapping.\n\n**Models:** `test`');
  assert.equal(hoverOf(prelude, at('gpu')), '```lifeline\ndevice gpu: device binds nova.drv\n```');
});

test('signatures have the ranges of their parameters', () => {
  const signature = signatureOf(prelude, at('ioctl', 2));
  assert.deepEqual(signature && [signature.label, signature.parameters.map((p) => signature.label.slice(p.start, p.end))], [
    'ioctl(fd: int, cmd?: int) -> int',
    ['fd: int', 'cmd?: int'],
  ]);
  const method = signatureOf(prelude, at('ioctl', 1));
  assert.equal(method?.label, 'fops.ioctl(file: ref file, cmd: u32) -> int');
  assert.equal(signatureOf(prelude, at('gpu')), null);
});

test('names in scope: what can be written where', () => {
  const names = (before: string): Map<string, string> =>
    new Map(namesInScope(program, prelude, path, text.indexOf(before)).map((n) => [n.name, n.symbol.kind]));
  const kernel = names('misc_deregister(t.misc)');
  for (const [name, kind] of Object.entries({
    t: 'local',
    file: 'struct',
    cmd: 'local',
    count: 'variable',
    LIMIT: 'constant',
    ENODEV: 'constant',
    misc_register: 'function',
    readl: 'primitive',
    fence: 'param',
    nova: 'module',
    mutex: 'struct',
    timer_dev: 'struct',
    pci_dev: 'struct',
  })) {
    assert.equal(kernel.get(name), kind, name);
  }
  for (const name of ['fd', 'open', 'gpu', 'app', 'bound', 'unplug']) assert.equal(kernel.has(name), false, name);
  const process = names('ioctl(fd)');
  for (const [name, kind] of Object.entries({
    fd: 'local',
    open: 'primitive',
    gpu: 'device',
    app: 'process',
    pci_register_driver: 'function',
    bound: 'primitive',
  })) {
    assert.equal(process.get(name), kind, name);
  }
  for (const name of ['t', 'readl', 'misc_register', 'unplug']) assert.equal(process.has(name), false, name);
  assert.equal(names('file.private').has('t'), false, 'not before its `let`');
});

test('members of a type are its fields, also behind a reference and an embedded struct', () => {
  const timerDev = program.structs.find((s) => s.name === 'timer_dev');
  assert.ok(timerDev);
  assert.deepEqual(
    membersOf({ kind: 'ref', to: timerDev }).map((f) => f.name),
    ['misc', 'bar'],
  );
  assert.deepEqual(
    membersOf(timerDev.fields[0].type).map((f) => f.name),
    ['fops', 'lock'],
  );
  assert.deepEqual(membersOf({ kind: 'ref', to: null }), []);
});

test('a struct and its other name are one symbol under two spellings', () => {
  const aliased = 'scenario s\nstruct a { n: int }\nstruct b = a\nfn f(x: ref a, y: ref b) { x.n = y.n }\n';
  const resolved = resolve(aliased);
  const symbol = symbolAt(resolved, path, aliased.indexOf('a {'))?.symbol;
  assert.ok(symbol);
  const spellings = (spelt: string | null): string =>
    referencesTo(resolved, symbol, spelt)
      .map((p) => aliased.slice(p.span.start, p.span.end))
      .join('');
  assert.deepEqual([spellings(null), spellings('a'), spellings('b')], ['abaab', 'aaa', 'bb']);
});
