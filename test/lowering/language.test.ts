// What statements, expressions and design spaces come to; how many steps a line takes.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkText, finds } from './check.ts';

/** `assert false` in `f` is reached first in this many steps, itself included. */
function steps(name: string, body: string, wanted: number, more = ''): void {
  test(name, () => {
    const result = checkText(`struct o { n: int }\nlet a: int\nlet b: int\nlet k: kref\nlet m: mutex\nlet at: atomic\nlet s: srcu\n${more}\nfn f() { ${body}\n assert false }\nprocess p { f() }\n`);
    assert.deepEqual(result.errors.map((e) => e.message), []);
    assert.equal(result.runs[0].violations.find((v) => v.kind === 'assertion')?.steps, wanted + 2, 'entering the call and the assert are one each');
  });
}

suite('one touch is one step', () => {
  steps('nothing', '', 0);
  steps('locals, branches, casts and null checks', 'let x = 1; let y = x + 2; if y > x { x = y }; let z: ref o = null; if z == null { }', 0);
  steps('a load and a store', 'a = b + 1', 2);
  steps('both operands', 'a = a + b', 3);
  steps('+= is a load and a store', 'a += 1', 2);
  steps('new, a store, free', 'let x = new o; x.n = 1; free x', 3);
  steps('atomics, counters and locks', 'atomic_inc(at); kref_get(k); with mutex_lock(m) { }', 4);
  steps('waiting is two', 'synchronize_rcu(); synchronize_srcu(s)', 4);
  steps('a call inside the core is private', 'g(); g()', 2, 'fn g() { a = 1 }');
  steps('each turn of a loop', 'let i = 0; while i < 3 { i += 1 }', 4);
  steps('atomic { } is one', 'atomic { a = a + b; b = 3; a += 1 }', 1);
  steps('assert and wait until are one', 'assert a == b && a + b == 0; wait until a == b', 2);
  steps('&& looks no further than it has to', 'if a == 1 && b == 1 { }', 1);
  steps('the arms of either', 'either { a = 1 } or { }', 0);
  steps('into a module and out of it', 'calls_it()', 5, 'struct ops { run: fn() }\nlet ops: ref ops\nfn calls_it() { let x = ops; x.run() }\nmodule mod { let n: int; ops os: ops { run() { n = 1 } }; init { ops = os } }');
});

suite('statements', () => {
  finds('either arm', 'fn f() -> int { either { return -ENOMEM } or { } ; return 3 }\nprocess p { let r = f(); assert r == 3 || r == -ENOMEM; assert r != 3 }', ['assertion in p']);
  finds('break and continue leave guards', 'let m: mutex\nfn f() { let i = 0; loop { with mutex_lock(m) { i += 1; if i < 3 { continue } ; break } } ; assert i == 3 }\nprocess p x2 { f() }', []);
  finds('? leaves guards', 'let m: mutex\nfn bad() -> int { return -EIO }\nfn f() -> int { with mutex_lock(m) { bad()? } ; return 0 }\nprocess p { let r = f(); assert r == -EIO; r = f() }', []);
  finds('undo sections run downwards, ordinary flow returns before the first', `
let log: int
fn bad() -> int { return -EIO }
fn note(n: int) { log = log * 10 + n }
fn f(fails: bool) -> int {
  note(1)
  if fails { bad()? goto second }
  note(2)
  undo first:
  note(3)
  undo second:
  note(4)
  undo third:
  note(5)
}
fn check(n: int) { assert log == n; log = 0 }
process p { let r = f(false); assert r == 0; check(12); r = f(true); assert r == -EIO; check(145) }
`, []);
  finds('? at the top level ends the process', 'fn bad() -> int { return -EIO }\nfn never() { assert false }\nprocess p { bad()?; never() }', []);
  finds('with ... else', 'let m: mutex\nfn f() -> int { with mutex_lock(m) { with mutex_trylock(m) { return 1 } else { return 2 } } }\nprocess p { let r = f(); assert r == 2 }', []);
  finds('recursion has a limit', 'let n: int\nfn f(i: int) -> int { if i == 0 { return 0 } ; return f(i - 1) }\nfn g() { f(2) }\nfn h() { f(5) }\nprocess p { g(); h() }', ['bound-reached in f']);
  finds('nothing waits inside atomic { }', 'let b: bool\nfn f() { atomic { wait until b } }\nprocess p { f() }', ['error 2: nothing can wait inside `atomic { }`: `wait until` is a step of its own']);
  finds('nor behind a call', 'let m: mutex\nfn f() { atomic { mutex_lock(m); mutex_unlock(m) } }\nfn g() { with mutex_lock(m) { msleep(1) } }\nprocess p { f() }\nprocess q { g() }', ['sleep-in-atomic in f']);
  finds('a loop that never ends', 'struct t { next: ref t }\nlet head: ref t\nfn f() { let a = new t; a.next = a; head = a; let p = head; while p != null { p = p.next } }\nprocess p { f() }', ['livelock in f']);
  finds('a function pointer that is null', 'struct o { f: fn(int) -> int }\nfn f() { let x = new o; x.f(4) }\nprocess p { f() }', ['null-deref in f']);
  finds('an int that leaves its range on return', 'let a: int\nfn inc(x: int) -> int { return x + 1 }\nfn f() { a = 2147483647; a = inc(a) }\nprocess p { f() }', ['bound-reached in inc']);
  finds('parameters are converted', 'fn f(a: u8) -> u8 { a += 250; return a }\nfn h() { let r = f(300); assert r == 38 }\nprocess p { h() }', []);
  finds('a wrong cast in a condition', 'struct s { n: int }\nstruct t { m: int }\nlet g: any\nfn f() { let x = new t; g = x; wait until (g as s).n == 0 }\nprocess p { f() }', ['bad-cast in f']);
});

suite('design spaces', () => {
  finds('a range', 'param n in 5..7\nlet v: int\nfn f() { v = n; assert v < 7 }\nprocess p { f() }', ['n=7: assertion in f']);
  finds('a value that is a type elsewhere', 'param fence in {none, srcu}\nlet s: srcu\nfn f() { if fence == srcu { srcu_read_lock(s) } }\nprocess p { f() }', ['fence=srcu: lock-imbalance in p']);
  finds('a local that hides a const', 'const n = 1\nlet hit: bool\nfn zero() -> int { return 0 }\nfn f() { let n = zero(); if n == 1 { hit = true } ; assert !hit }\nprocess p { f() }', []);
  finds('a parameter that hides a param', 'param fence in 1..2\nfn f(fence: int) { if fence == 7 { assert false } }\nprocess p { f(7) }', ['fence=1: assertion in f', 'fence=2: assertion in f']);
  finds('a local that hides a table of functions', 'struct ops { run: fn() }\nmodule m { ops d: ops { run() { } } ; let p: ref ops ; fn f() { let d = p; if d != null { d.run() } } ; init { f() } }\nprocess q { }', []);
  finds('declarations', 'param big in bool\nif big { fn g() { assert false } } else { fn g() { } }\nfn f() { g() }\nprocess p { f() }', ['big=true: assertion in g']);
  test('an `expect` that an `if` selects speaks of that combination only', () => {
    const result = checkText('param bad in bool\nfn f() { if bad { assert false } }\nprocess p { f() }\nif bad { expect assertion in f } else { expect no assertion }');
    assert.deepEqual(result.errors.map((e) => e.message), []);
    assert.deepEqual(result.expects.map((e) => [e.text, e.met]), [['assertion in f', true], ['no assertion', true]]);
    assert.equal(result.green, true);
  });
});
