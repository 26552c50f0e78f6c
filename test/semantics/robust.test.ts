// No text makes the resolver throw, hang or exhaust the stack.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './check.ts';
import { LIBRARY as fenced, SCENARIO as nakedMisc } from '../syntax/examples.ts';
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

const many = (n: number, line: (i: number) => string): string => Array.from({ length: n }, (_, i) => line(i)).join('\n');

test('definitions that lead through thousands of others are refused, not followed', () => {
  const firstMessage = (text: string): string | undefined => resolve(`scenario s\n${text}`).diagnostics.get('test.lifeline')?.[0]?.message;
  assert.equal(
    firstMessage(`${many(2000, (i) => `const C${i} = C${i + 1}`)}\nconst C2000 = 1\n`),
    'a const is defined through at most 100 others',
  );
  assert.equal(
    firstMessage(`${many(2000, (i) => `struct A${i} = A${i + 1}`)}\nstruct A2000 { }\n`),
    'a type is another name through at most 100 others',
  );
  assert.equal(
    firstMessage(`${many(60, (i) => `struct E${i} { a: E${i + 1}, b: E${i + 1} }`)}\nstruct E60 { }\n`),
    '`E4` contains more than 256 structs',
  );
});

test('types are inferred through chains of calls in either order of the file', () => {
  for (const order of [1, -1]) {
    const chain = Array.from({ length: 100 }, (_, i) => `fn f${i}(x) { return f${i + 1}(x) }`);
    const program = resolve(
      `scenario s\n${(order === 1 ? chain : chain.reverse()).join('\n')}\nfn f100(x) { return x }\nfn start() { f0(true) }\n`,
    );
    assert.deepEqual([...program.diagnostics], []);
    assert.deepEqual(new Set(program.functions.filter((f) => f.name !== 'start').map((f) => f.returns.kind)), new Set(['bool']));
  }
});

test('a result that only comes from itself has to be written', () => {
  check(`scenario s
fn f() { return g() }
// ^ error: nothing says what \`f\` returns: write \`-> TYPE\` behind its parameters
fn g() { return f() }
// ^ error: nothing says what \`g\` returns: write \`-> TYPE\` behind its parameters
`);
});
