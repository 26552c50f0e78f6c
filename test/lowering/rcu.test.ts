// RCU and SRCU: who is waited for, and who is not.
import { suite } from 'node:test';
import { finds } from './check.ts';

const head = 'struct obj { n: int; head: rcu_head }\nlet p: ref obj\nfn prepare() { let o = new obj; rcu_assign_pointer(p, o) }\n';
const reader = 'fn reader() { with rcu_read_lock() { let o = rcu_dereference(p); if o != null { let n = o.n } } }\n';

suite('RCU', () => {
  const free = (how: string): string => `${head}${reader}
fn remove() { let o = p; rcu_assign_pointer(p, null); ${how} }
process main { prepare(); thread other { reader() }; remove() }
`;
  finds('freed behind a grace period', free('synchronize_rcu(); free o'), []);
  finds('freed at once', free('free o'), ['use-after-free in reader by main']);
  finds('kfree_rcu', free('kfree_rcu(o, o.head)'), []);
  finds('call_rcu', 'fn gone(h: ref rcu_head) { free h as obj }\n' + free('call_rcu(o.head, gone)'), []);
  finds('freed twice', free('kfree_rcu(o, o.head); kfree_rcu(o, o.head)'), ['double-free in remove', 'use-after-free in remove by rcu callback of obj#0.head', 'use-after-free in rcu callback of obj#0.head by rcu callback of obj#0.head']);
  finds('the pointer leaves the section', `${head}
fn reader() { let o: ref obj = null; with rcu_read_lock() { o = rcu_dereference(p) }; if o != null { let n = o.n } }
fn remove() { let o = p; rcu_assign_pointer(p, null); synchronize_rcu(); free o }
process main { prepare(); thread other { reader() }; remove() }
`, ['use-after-free in reader by main']);
  finds('no grace period inside a section', 'fn f() { with rcu_read_lock() { synchronize_rcu() } }\nprocess p { f() }', ['self-deadlock in f']);
  finds('no sleeping inside a section', 'fn f() { with rcu_read_lock() { msleep(1) } }\nprocess p { f() }', ['sleep-in-atomic in f']);
  finds('no wait_for inside a section', 'let c: completion\nfn f() { with rcu_read_lock() { wait_for_completion(c) } }\nprocess p { f() }', ['sleep-in-atomic in f']);
  finds('a section that is not left', 'fn f() { rcu_read_lock() }\nprocess p { f() }', ['lock-imbalance in p']);
  finds('a section that is left twice', 'fn f() { rcu_read_lock(); rcu_read_unlock(); rcu_read_unlock() }\nprocess p { f() }', ['lock-imbalance in f']);
  finds('a plain store that readers see', `${head}${reader}
fn remove() { let o = p; p = null; synchronize_rcu(); free o }
process main { prepare(); thread other { reader() }; remove() }
`, []);
  const exit = (how: string): string => `
module m {
  struct obj { head: rcu_head }
  fn gone(h: ref rcu_head) { free h as obj }
  init { let o = new obj; call_rcu(o.head, gone) }
  exit { ${how} }
}
process admin { rmmod(m) }
`;
  finds('C38: callbacks behind exit()', exit('synchronize_rcu()'), ['use-after-unload in gone by admin', 'use-after-unload in rcu callback of obj#0.head by admin']);
  finds('C38 fixed: rcu_barrier', exit('rcu_barrier()'), []);
  finds('C79: a reader by RCU, another by nothing', `${head}${reader}
fn ioctl_path() { let o = READ_ONCE(p); if o != null { let n = o.n } }
fn remove() { let o = p; rcu_assign_pointer(p, null); synchronize_rcu(); free o }
process main { prepare(); thread other { reader() }; thread third { ioctl_path() }; remove() }
`, ['use-after-free in ioctl_path by main']);
});

suite('SRCU', () => {
  finds('a sleeping reader is waited for', `
struct obj { n: int }
let p: ref obj
let s: srcu
fn prepare() { let o = new obj; rcu_assign_pointer(p, o) }
fn reader() { with srcu_read_lock(s) { let o = srcu_dereference(p, s); msleep(1); if o != null { let n = o.n } } }
fn remove() { let o = p; rcu_assign_pointer(p, null); synchronize_srcu(s); free o }
process main { prepare(); thread other { reader() }; remove() }
`, []);
  finds('another domain waits for nobody', `
struct obj { n: int }
let p: ref obj
let s: srcu
let other: srcu
fn prepare() { let o = new obj; rcu_assign_pointer(p, o) }
fn reader() { with srcu_read_lock(other) { let o = READ_ONCE(p); if o != null { let n = o.n } } }
fn remove() { let o = p; rcu_assign_pointer(p, null); synchronize_srcu(s); free o }
process main { prepare(); thread other { reader() }; remove() }
`, ['use-after-free in reader by main']);
  finds('no grace period inside a section of the domain', 'let s: srcu\nfn f() { with srcu_read_lock(s) { synchronize_srcu(s) } }\nprocess p { f() }', ['self-deadlock in f']);
  finds('inside a section of another domain it may', 'let s: srcu\nlet t: srcu\nfn f() { with srcu_read_lock(s) { synchronize_srcu(t) } }\nprocess p { f() }', []);
  finds('two domains, each waited for inside the other', 'let s: srcu\nlet t: srcu\nfn f() { with srcu_read_lock(s) { synchronize_srcu(t) } }\nfn g() { with srcu_read_lock(t) { synchronize_srcu(s) } }\nprocess p { f() }\nprocess q { g() }', ['deadlock in f by q']);
  finds('the wrong index: nobody is there', 'let s: srcu\nfn f() { let i = srcu_read_lock(s); srcu_read_unlock(s, 1 - i) }\nprocess p { f() }', ['lock-imbalance in f']);
  finds('a section that is left twice', 'let s: srcu\nfn f() { let i = srcu_read_lock(s); srcu_read_unlock(s, i); srcu_read_unlock(s, i) }\nprocess p { f() }', ['lock-imbalance in f']);
  finds('a reader that is never left', 'let s: srcu\nfn f() { srcu_read_lock(s) }\nfn g() { synchronize_srcu(s) }\nprocess p { f(); g() }', ['lock-imbalance in p']);
  finds('a reader that sleeps until the updater is done', `
let s: srcu
let done: completion
fn reader() { with srcu_read_lock(s) { wait_for_completion(done) } }
fn updater() { synchronize_srcu(s); complete(done) }
process p { reader() }
process q { updater() }
`, ['deadlock in reader']);
});
