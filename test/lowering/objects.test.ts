// Memory, counters, lists, integers: lives and ends.
import { suite } from 'node:test';
import { finds } from './check.ts';

suite('memory', () => {
  finds('freed twice', 'struct t { n: int }\nlet g: ref t\nfn f() { let x = new t; g = x; free x; free g }\nprocess p { f() }', ['double-free in f by p']);
  finds('null is freed for nothing', 'struct t { n: int }\nfn f() { let x: ref t = null; free x; let y = new t; free y }\nprocess p { f() }', []);
  finds('used behind its free', 'struct t { n: int }\nfn f() { let x = new t; free x; x.n = 1 }\nprocess p { f() }', ['use-after-free in f by p']);
  finds('the middle of an object is no allocation', 'struct s { n: int }\nstruct t { m: int; s: s }\nfn f() { let x = new t; free x.s }\nprocess p { f() }', ['error 3: an embedded `s` is not freed by itself: free what contains it']);
  finds('nobody frees it', 'struct t { n: int }\nfn f() { let x = new t; x.n = 1 }\nprocess p { f() }', ['leak in f']);
  finds('a variable of the core leads to it', 'struct t { n: int }\nlet g: ref t\nfn f() { g = new t }\nprocess p { f() }', []);
  finds('null', 'struct t { n: int }\nlet g: ref t\nfn f() { let n = g.n }\nprocess p { f() }', ['null-deref in f']);
  finds('container_of of null is null here too', 'struct s { n: int }\nstruct t { m: int; s: s }\nlet g: ref s\nfn f() { let x = g as t; if x != null { x.m = 1 } }\nprocess p { f() }', []);
  finds('a cast to something else', 'struct s { n: int }\nstruct t { m: int }\nlet g: any\nfn f() { let x = new t; g = x; let y = g as s; y.n = 1 }\nprocess p { f() }', ['bad-cast in f']);
  finds('a cast is no access', 'struct s { n: int }\nstruct t { m: int; s: s }\nfn f() { let x = new t; let y = x.s; free x; let z = y as t }\nprocess p { f() }', []);
  finds('a pool is used again', 'struct t[1] { n: int }\nfn f() { let i = 0; while i < 5 { let x = new t; free x; i += 1 } }\nprocess p { f() }', []);
  finds('a pool that is too small', 'struct t[2] { n: int; next: ref t }\nlet head: ref t\nfn f() { let i = 0; while i < 3 { let x = new t; x.next = head; head = x; i += 1 } }\nprocess p { f() }', ['bound-reached in f']);
  finds('no address is used again under a stale pointer', 'struct t[1] { n: int }\nlet stale: ref t\nfn f() { let x = new t; stale = x; free x; x = null; let y = new t; y.n = 1; let n = stale.n; free y }\nprocess p { f() }', ['bound-reached in f']);
  finds('two plain accesses', 'let n: int\nfn f() { n = 1 }\nfn g() { let x = n }\nprocess p { f() }\nprocess q { g() }', ['data-race in g by p']);
  finds('two reads', 'let n: int\nfn g() { let x = n }\nprocess p x2 { g() }', []);
  finds('marked', 'let n: int\nfn f() { WRITE_ONCE(n, 1) }\nfn g() { let x = READ_ONCE(n) }\nprocess p { f() }\nprocess q { g() }', []);
  finds('a lost update', 'let n: int\nlet done: atomic\nfn f() { n = n + 1; atomic_inc(done); assert atomic_read(done) < 2 || n == 2 }\nprocess p x2 { f() }', ['assertion in f', 'data-race in f by p']);
  finds('in one piece', 'let n: int\nlet done: atomic\nfn f() { atomic { n = n + 1 }; atomic_inc(done); assert atomic_read(done) < 2 || n == 2 }\nprocess p x2 { f() }', []);
});

suite('counters', () => {
  finds('one put too many', 'let k: kref\nfn gone(k: ref kref) { }\nfn f() { kref_put(k, gone); kref_put(k, gone) }\nprocess p { f() }', ['refcount-underflow in f']);
  finds('from zero', 'let k: kref\nfn gone(k: ref kref) { }\nfn f() { kref_put(k, gone); kref_get(k) }\nprocess p { f() }', ['refcount-resurrect in f']);
  const walk = (put: string, gone: string): string => `
struct obj { k: kref }
let lock: mutex
let all: list obj
fn prepare() { let o = new obj; list_add(o, all) }
fn gone(k: ref kref) { let o = k as obj; ${gone} }
fn drop(o: ref obj) { ${put} }
fn put_it() { let o: ref obj = null; with mutex_lock(lock) { o = list_first(all) }; drop(o) }
fn find() {
  let found: ref obj = null
  with mutex_lock(lock) { for o in all { kref_get(o.k); found = o; break } }
  if found != null { drop(found) }
}
process main { prepare(); thread t { find() }; put_it() }
`;
  finds('C04: the list is walked while the last reference goes', walk('kref_put(o.k, gone)', 'with mutex_lock(lock) { list_del(o, all) }; free o'), ['refcount-resurrect in find']);
  finds('C04 fixed: kref_put_mutex', walk('kref_put_mutex(o.k, gone, lock)', 'list_del(o, all); mutex_unlock(lock); free o'), []);
  finds('C47: the last put under the lock that its release takes', 'let lock: mutex\nlet k: kref\nfn gone(k: ref kref) { with mutex_lock(lock) { } }\nfn f() { with mutex_lock(lock) { kref_put(k, gone) } }\nprocess p { f() }', ['self-deadlock in gone']);
  const percpu = (wait: string): string => `
struct q { ref: percpu_ref; n: int; zero: completion }
let q0: ref q
fn zeroed(r: ref percpu_ref) { let q = r as q; complete(q.zero) }
fn prepare() { let q = new q; percpu_ref_init(q.ref, zeroed); q0 = q }
fn submit() { let q = q0; if percpu_ref_tryget_live(q.ref) { let n = q.n; percpu_ref_put(q.ref) } }
fn remove() { let q = q0; percpu_ref_kill(q.ref); ${wait}; free q }
process main { prepare(); thread t { submit() }; remove() }
`;
  finds('C80: the reference at zero is no fence for who looks', percpu('wait_for_completion(q.zero)'), ['use-after-free in submit by main']);
  finds('killing is no fence at all', percpu(''), ['use-after-free in submit by main', 'use-after-free in zeroed by main']);
});

suite('lists', () => {
  const list = (remove: string, walk = 'for o in all { let n = o.n }'): string => `
struct obj { n: int }
let lock: mutex
let all: list obj
let o0: ref obj
fn prepare() { let o = new obj; o0 = o; list_add(o, all) }
fn walk() { ${walk} }
fn remove() { let o = o0; ${remove} }
process main { prepare(); thread t { walk() }; remove() }
`;
  finds('a walk under the lock', list('with mutex_lock(lock) { list_del(o, all) }; free o', 'with mutex_lock(lock) { for o in all { let n = o.n } }'), []);
  finds('a walk without it', list('with mutex_lock(lock) { list_del(o, all) }; free o'), ['use-after-free in walk by main']);
  finds('unlinked twice', list('list_del(o, all); list_del(o, all)', ''), ['assertion in remove']);
  finds('freed while it is linked: the walk meets it', list('free o', 'with mutex_lock(lock) { for o in all { let n = o.n } }'), ['use-after-free in walk by main']);
  finds('freed while it is linked: so does who links beside it', `
struct obj { n: int }
let all: list obj
fn f() { let a = new obj; list_add(a, all); free a; let b = new obj; list_add(b, all) }
process p { f() }
`, ['use-after-free in f by p']);
  finds('freed while it is linked: so does who unlinks beside it', `
struct obj { n: int }
let all: list obj
fn f() { let a = new obj; let b = new obj; list_add(a, all); list_add(b, all); free a; list_del(b, all); free b }
process p { f() }
`, ['use-after-free in f by p']);
  finds('linked twice', 'struct obj { n: int }\nlet a: list obj\nfn f() { let x = new obj; list_add(x, a); list_add(x, a) }\nprocess p { f() }', ['assertion in f']);
  finds('linked in two lists at once', 'struct obj { n: int }\nlet a: list obj\nlet b: list obj\nfn f() { let x = new obj; list_add(x, a); list_add(x, b) }\nprocess p { f() }', []);
  finds('order', 'struct obj[3] { n: int }\nlet l: list obj\nfn f() { let a = new obj; a.n = 1; list_add(a, l); let b = new obj; b.n = 2; list_add(b, l); let c = new obj; c.n = 3; list_add_tail(c, l); let s = 0; for x in l { s = s * 10 + x.n }; assert s == 213 }\nprocess p { f() }', []);
});

suite('integers', () => {
  finds('u8 wraps', 'let a: u8\nfn f() { a = 255; a += 1; assert a == 0; a -= 1; assert a == 255 }\nprocess p { f() }', []);
  finds('u32 wraps', 'let a: u32\nfn f() { a = 0; a = a - 1; assert a == 0xffffffff; a = a + 2; assert a == 1 }\nprocess p { f() }', []);
  finds('u64 wraps', 'let a: u64\nfn f() { a = a - 1; assert a == 0xffffffffffffffff; a = a + 1; assert a == 0 }\nprocess p { f() }', []);
  finds('u16 of a u32', 'let a: u16\nlet b: u32\nfn f() { b = 0x12345; a = b as u16; assert a == 0x2345 }\nprocess p { f() }', []);
  finds('a u32 compares without a sign', 'let a: u32\nfn f() { a = 0 - 1; assert a > 5 }\nprocess p { f() }', []);
  finds('an int that leaves its range', 'let a: int\nfn f() { a = 2147483647; a = a + 1 }\nprocess p { f() }', ['bound-reached in f']);
  finds('signed division', 'let a: int\nfn f() { a = 0 - 7; assert a / 2 == 0 - 3; assert a % 2 == 0 - 1 }\nprocess p { f() }', []);
  finds('division by zero', 'let a: int\nfn f() { let b = 1 / a }\nprocess p { f() }', ['assertion in f']);
  finds('shifts', 'let a: u32\nfn f() { a = 1; a = a << 31; assert a == 0x80000000; a = a << 1; assert a == 0 }\nprocess p { f() }', []);
  finds('-1 is all ones', 'let a: u64\nfn f() { a = -1 as u64; assert a == 0xffffffffffffffff }\nprocess p { f() }', []);
});
