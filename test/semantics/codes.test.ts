// Every diagnostic about names and types, each with the shortest file that gives it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codes } from '../../server/src/base/codes.ts';
import { path, resolve } from './world.ts';

/** The shortest file that gives each diagnostic about names and types, and nothing else. */
const shortest: Record<string, string> = {
  'unknown-name': 'fn f() { g() }',
  'unknown-type': 'struct s { t: t }',
  'unknown-field': 'fn f(x: ref file) { x.y = 1 }',
  'unknown-library': 'use nothing',
  'ambiguous-name': 'module a { fn f() { } }\nmodule b { fn f() { } }\nfn g() { f() }',
  'duplicate-name': 'const A = 1\nconst A = 2',
  'not-constant': 'fn f() { }\nconst A = f',
  'cannot-infer': 'fn f(x) { }',
  'type-mismatch': 'fn f(x: ref file) -> int { return x }',
  'wrong-argument-count': 'fn f() { f(1) }',
  'not-callable': 'fn f(x: int) { x() }',
  'not-a-value': 'fn f() { let x = mutex_lock }',
  'not-assignable': 'const A = 1\nfn f() { A = 2 }',
  'wrong-context': 'fn f() { open("x") }',
  'wait-in-atomic': 'fn f() { atomic { wait until true } }',
  'impossible-cast': 'struct s { }\nfn f(x: ref file) { let y = x as s }',
  'unknown-label': 'fn f() -> int { f()? goto out; return 0 }',
  'not-a-guard': 'fn f(m: ref mutex) { with mutex_unlock(m) { } }',
  'unhandled-failure': 'fn f(m: ref mutex) { with mutex_lock_interruptible(m) { } }',
  'outside-loop': 'fn f() { break }',
  'unknown-verdict': 'expect no problem',
  'unknown-param-value': 'param p in {a, b}\nexpect leak when p == c',
  'bad-assumption': 'process p { }\nassume p opens',
  'bad-range': 'struct s { n: 2..1 }',
  'too-many-values': 'param p in 0..1000',
  'positive-errno': 'fn f() -> int { return ENODEV }',
  recursive: 'const A = A',
};

test('every diagnostic about names and types has a shortest file', () => {
  const all = Object.values(codes).map((c) => c.code as string);
  assert.deepEqual(Object.keys(shortest), all.slice(all.indexOf('unknown-name'), all.indexOf('recursive') + 1));
  for (const [code, text] of Object.entries(shortest)) {
    const found = resolve(`scenario s\n${text}\n`).diagnostics.get(path) ?? [];
    assert.deepEqual(
      found.map((d) => d.code),
      [code],
      text,
    );
  }
});
