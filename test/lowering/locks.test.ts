// Mutexes, spinlocks, semaphores, completions, waits: cycles, lost wake-ups, imbalance, sleeping where nobody may.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkText, finds } from './check.ts';

suite('locks', () => {
  finds('a mutex is not recursive', 'let a: mutex\nfn f() { with mutex_lock(a) { mutex_lock(a) } }\nprocess p { f() }', ['self-deadlock in f']);
  finds('A then B, B then A', 'let a: mutex\nlet b: mutex\nfn f() { with mutex_lock(a) { with mutex_lock(b) { } } }\nfn g() { with mutex_lock(b) { with mutex_lock(a) { } } }\nprocess p { f() }\nprocess q { g() }', ['deadlock in f by q']);
  finds('the same order twice', 'let a: mutex\nlet b: mutex\nfn f() { with mutex_lock(a) { with mutex_lock(b) { } } }\nprocess p x2 { f(); f() }', []);
  finds('unlocking what another holds', 'let a: mutex\nfn f() { mutex_unlock(a) }\nprocess p { f() }', ['lock-imbalance in f']);
  finds('a lock that is kept', 'let a: mutex\nfn f() { mutex_lock(a) }\nprocess p { f() }', ['lock-imbalance in p']);
  finds('a semaphore that is kept', 'let a: rwsem\nfn f() { down_read(a) }\nprocess p { f() }', ['lock-imbalance in p']);
  finds('a read lock that is kept', 'let a: rwlock\nfn f() { read_lock(a) }\nprocess p { f() }', ['lock-imbalance in p']);
  finds('a work that keeps a lock', 'let a: mutex\nlet w: work\nfn run(w: ref work) { mutex_lock(a) }\nfn f() { INIT_WORK(w, run); schedule_work(w) }\nprocess p { f() }', ['lock-imbalance in w worker']);
  finds('a mutex under a spinlock', 'let a: mutex\nlet s: spinlock\nfn f() { with spin_lock(s) { with mutex_lock(a) { } } }\nprocess p { f() }', ['sleep-in-atomic in f']);
  finds('a trylock under a spinlock', 'let a: mutex\nlet s: spinlock\nfn f() { with spin_lock(s) { with mutex_trylock(a) { } else { return -EBUSY } } }\nprocess p { f() }', []);
  finds('a semaphore under a spinlock', 'let a: rwsem\nlet s: spinlock\nfn f() { with spin_lock(s) { with down_read(a) { } } }\nprocess p { f() }', ['sleep-in-atomic in f']);
  finds('kref_put_mutex under a spinlock', 'let a: mutex\nlet s: spinlock\nlet k: kref\nfn gone(k: ref kref) { mutex_unlock(a) }\nfn f() { with spin_lock(s) { kref_put_mutex(k, gone, a) } }\nprocess p { f() }', ['sleep-in-atomic in f']);
  finds('kref_put_mutex with the mutex held', 'let a: mutex\nlet k: kref\nfn gone(k: ref kref) { mutex_unlock(a) }\nfn f() { with mutex_lock(a) { kref_put_mutex(k, gone, a) } }\nprocess p { f() }', ['self-deadlock in f']);
  finds('a spinlock is not recursive', 'let s: spinlock\nfn f() { with spin_lock(s) { spin_lock(s) } }\nprocess p { f() }', ['self-deadlock in f']);
  finds('reading twice, alone', 'let s: rwsem\nfn f() { with down_read(s) { with down_read(s) { } } }\nprocess p x2 { f() }', []);
  finds('reading twice, with a writer in between', 'let s: rwsem\nfn f() { with down_read(s) { with down_read(s) { } } }\nfn g() { with down_write(s) { } }\nprocess p { f() }\nprocess q { g() }', ['deadlock in f by q']);
  finds('reading what one writes', 'let s: rwsem\nfn f() { with down_write(s) { down_read(s) } }\nprocess p { f() }', ['self-deadlock in f']);
  finds('writing what one reads', 'let s: rwsem\nfn f() { with down_read(s) { down_write(s) } }\nprocess p { f() }', ['self-deadlock in f']);
  finds('readers and writers that come in turn', 'let s: rwsem\nlet n: int\nfn f() { with down_read(s) { let x = n } }\nfn g() { with down_write(s) { n = 1 } }\nprocess p x2 { f() }\nprocess q { g(); g() }', []);
  finds('the lock is in what is freed', `
struct obj { lock: mutex }
let p: ref obj
fn prepare() { p = new obj }
fn user() { let o = p; with mutex_lock(o.lock) { } }
fn remove() { let o = p; with mutex_lock(o.lock) { }; free o }
process main { prepare(); thread t { user() }; remove() }
`, ['use-after-free in user by main']);
  finds('interruptible: the caller is told', `
let a: mutex
let never: completion
fn f() { with mutex_lock_interruptible(a)? { wait_for_completion_interruptible(never)? } }
process p { f() }
process q { f() }
`, []);
});

suite('waits', () => {
  finds('nobody completes it', 'let c: completion\nfn f() { wait_for_completion(c) }\nprocess p { f() }', ['deadlock in f']);
  finds('exit only waits behind the thread that is stuck', 'let c: completion\nfn f() { wait_for_completion(c) }\nfn g() { }\nprocess p { thread t { f() } ; g() }', ['deadlock in f']);
  finds('another process may: no verdict for a call that is no unbind', 'let c: completion\nfn f() { wait_for_completion(c) }\nfn g() { complete(c) }\nprocess p { f() }\nprocess q { g() }', []);
  finds('one complete() for two waiters', 'let c: completion\nfn f() { wait_for_completion(c) }\nfn g() { complete(c) }\nprocess p x2 { f() }\nprocess q { g() }', ['deadlock in f']);
  finds('complete_all() for two waiters', 'let c: completion\nfn f() { wait_for_completion(c) }\nfn g() { complete_all(c) }\nprocess p x2 { f() }\nprocess q { g() }', []);
  finds('the completion is forgotten', 'let c: completion\nfn f() { reinit_completion(c); wait_for_completion(c) }\nfn g() { complete(c) }\nprocess p { f() }\nprocess q { g() }', ['deadlock in f']);
  finds('with a timeout', 'let c: completion\nfn f() { let r = wait_for_completion_timeout(c, 5); assert r == 0 }\nprocess p { f() }', []);
  finds('a condition that nobody makes true', 'let done: bool\nfn f() { wait until done }\nprocess p { f() }', ['deadlock in f']);
  finds('an interruptible wait', 'let done: bool\nfn f() { wait until done interruptible? ; assert done }\nprocess p { f() }', []);
  finds('an interrupted wait that goes on as if', 'let done: bool\nfn f() { wait until done interruptible; assert done }\nfn g() { atomic { done = true } }\nprocess p { f() }\nprocess q { g() }', ['assertion in f']);
  finds('killable, and nobody kills', 'let done: bool\nfn f() { wait until done killable? }\nprocess p { f() }', ['deadlock in f']);
  finds('killable, and somebody kills', 'let done: bool\nfn f() { wait until done killable? }\nfn after() { assert false }\nprocess p { f(); after() }\nprocess q { kill(p) }', []);
  finds('killed in a wait that no signal ends', 'let done: bool\nfn f() { wait until done }\nprocess p { f() }\nprocess q { kill(p) }', ['deadlock in f']);
  finds('killed between two calls: it exits by itself', 'let done: bool\nlet n: int\nfn f() { wait until done }\nfn g() -> int { return 0 }\nprocess p { loop { let r = g(); assert r == 0 } }\nprocess q { kill(p) }', []);
  finds('a process that serves for ever', 'let n: atomic\nlet m: int\nfn serve() { atomic_set(n, 1) }\nfn f() { wait until atomic_read(n) == 1 }\nprocess p { f() }\nprocess q { loop { serve() } }', []);
  finds('a call that polls for ever', 'let stop: bool\nfn f() { while !READ_ONCE(stop) { cond_resched() } }\nprocess p { f() }', ['livelock in f']);
  finds('a call that polls for what another call does', 'let stop: bool\nfn f() { while !READ_ONCE(stop) { cond_resched() } }\nfn g() { WRITE_ONCE(stop, true) }\nprocess p { f() }\nprocess q { g() }', ['livelock in f by q']);
  finds('waiting under a spinlock', 'let done: bool\nlet s: spinlock\nfn f() { with spin_lock(s) { wait until done } }\nprocess p { f() }', ['sleep-in-atomic in f']);
});

suite('what is kept is told, with where it was taken', () => {
  const tells = (body: string, wanted: readonly string[]): void => void test(body, () => {
    const found = checkText(`let a: mutex\nlet b: mutex\nlet s: spinlock\nlet sem: rwsem\nlet rw: rwlock\nlet d: srcu\nfn f() { ${body} }\nprocess p { f() }`).runs.flatMap((run) => run.violations);
    assert.deepEqual(found.map((v) => v.kind), ['lock-imbalance']);
    const { message, keys } = found[0].trace.verdict;
    assert.equal(message, `p returns to user space with a lock held, or inside a read section: nothing undoes ${wanted.map((w) => `\`${w}\` in \`f\``).join(' and ')}`);
    assert.deepEqual(wanted.filter((w) => !keys.some((k) => found[0].trace.steps[k.step].text === w)), []);
  });
  tells('mutex_lock(a)', ['mutex_lock(a)']);
  tells('with mutex_lock(b) { mutex_lock(a) }', ['mutex_lock(a)']);
  tells('mutex_lock(a); mutex_lock(b); mutex_unlock(a)', ['mutex_lock(b)']);
  tells('mutex_lock(a); with spin_lock(s) { }; srcu_read_lock(d)', ['mutex_lock(a)', 'srcu_read_lock(d)']);
  tells('spin_lock_irqsave(s)', ['spin_lock_irqsave(s)']);
  tells('rcu_read_lock(); rcu_read_lock(); rcu_read_unlock()', ['rcu_read_lock()']);
  tells('down_read(sem)', ['down_read(sem)']);
  tells('down_write(sem)', ['down_write(sem)']);
  tells('read_lock(rw)', ['read_lock(rw)']);
  tells('write_lock(rw)', ['write_lock(rw)']);

  test('an unlock too many keeps nothing', () => {
    const [found] = checkText('let a: mutex\nlet b: mutex\nfn f() { mutex_lock(b); mutex_unlock(a) }\nprocess p { f() }').runs.flatMap((run) => run.violations);
    assert.equal(found.message, 'p unlocks `a`, which it does not hold');
  });
});
