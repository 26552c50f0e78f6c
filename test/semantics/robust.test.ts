import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fenced, nakedMisc } from './examples.ts';
import { resolve } from './world.ts';

/** Uses most constructs once. */
const kitchen = `scenario all
use driver_core, pci, misc, drm
param p in {a, b}
const N = 2
enum e { X, Y }
module m {
  struct s[N] { st: e, f: fn(ref file) -> int, l: list s, n: 0..N, w: work }
  ops o: file_operations { if p == a { owner = m } else { ioctl(f, c) { return c } } }
  let v: ref s = null
  fn go(x: ref s) {
    let y = x.w as s
    for z in y.l { z.n += 1; v = z }
    with mutex_lock_interruptible(null)? { atomic { assert x.st == Y, "y" } }
    while x.n > 1 { either { break } or { continue } }
    wait until x.n == 0 killable timeout 2s? goto out
    if !x.f(null) { return -ENODEV } else if x { free x }
  undo out:
    x.n = 0
  }
  init { let k = new s; go(k)? }
}
device d: pci_dev
process q x2 { thread t { loop { ioctl(1) } }; fork { close(1) } }
hardware { unplug(d) }
expect no leak of m.s when p == b
assume q closes
`;

test('the file that uses everything resolves', () => {
  const program = resolve(kitchen);
  assert.deepEqual(
    [...program.diagnostics].map(([path, found]) => [path, found.map((d) => d.message)]),
    [],
  );
});

for (const [name, text] of [
  ['naked_misc', nakedMisc],
  ['fenced', fenced],
  ['all', kitchen],
]) {
  test(`${name}: any line deleted, or cut anywhere, still resolves to a program`, () => {
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i++) assert.ok(resolve(lines.filter((_, j) => j !== i).join('\n')).units.length > 0);
    for (let cut = 0; cut < text.length; cut += 5) assert.ok(resolve(text.slice(0, cut)).units.length > 0);
  });

  test(`${name}: any word renamed or dropped still resolves to a program`, () => {
    for (const word of text.matchAll(/\w+/g)) {
      for (const other of ['', 'zz', 'null', '0', 'm', '(']) {
        const changed = text.slice(0, word.index) + other + text.slice(word.index + word[0].length);
        assert.ok(resolve(changed).units.length > 0);
      }
    }
  });
}
