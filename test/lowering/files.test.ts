// Files, modules, devices: what an FD pins, when release runs, what unbinding and unloading wait for.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkText, finds } from './check.ts';

const misc = (owner: string, ops: string, rest: string): string => `
use misc
module m {
  let dev: miscdevice
  ops fops: file_operations { ${owner}; ${ops} }
  init { misc_register(dev, "m", fops)? }
  exit { misc_deregister(dev) }
}
${rest}
`;

suite('files', () => {
  finds('C37: no owner', misc('', 'read(file) { return 0 }', 'process app { let fd = open("/dev/m")?; read(fd); close(fd) }\nprocess admin { rmmod(m) }'), ['use-after-unload in fops.read by admin', 'use-after-unload in app by admin']);
  finds('C37 fixed', misc('owner = m', 'read(file) { return 0 }', 'process app { let fd = open("/dev/m")?; read(fd); close(fd) }\nprocess admin { rmmod(m) }'), ['unload-refused in admin by app']);
  finds('close() drops the last reference before it returns, without a call in flight', misc('owner = m', '', 'process app { let fd = open("/dev/m")?; close(fd); rmmod(m) }'), []);
  finds('a call in flight keeps the file', misc('owner = m', 'read(file) { msleep(1) }', 'process app { let fd = open("/dev/m")?; thread t { read(fd) }; close(fd); rmmod(m) }'), ['unload-refused in app by app']);
  finds('a second FD keeps the file', misc('owner = m', '', 'process app { let fd = open("/dev/m")?; let two = dup(fd); close(fd); rmmod(m) }'), ['unload-refused in app by app']);
  finds('so does a mapping', misc('owner = m', 'mmap(file, vma) { }', 'process app { let fd = open("/dev/m")?; let map = mmap(fd)?; close(fd); munmap(map); rmmod(m) }'), []);
  finds('an open that gives neither 0 nor an errno is -EINVAL, and keeps nothing', misc('owner = m', 'open(file) { return 1 }', 'process app { let fd = open("/dev/m"); assert fd == -EINVAL; rmmod(m) }'), []);
  finds('a module init that gives neither is fine', 'module a { init { return 1 } }\nprocess p { rmmod(a) }', []);
  finds('exit closes everything', misc('owner = m', 'release(file) { return 0 }', 'process app { open("/dev/m") }\nprocess admin { rmmod_wait(m) }'), ['unload-blocked in admin by app']);
  finds('it waits for its own FD', misc('owner = m', '', 'process app { let fd = open("/dev/m")?; rmmod_wait(m) }'), ['deadlock in app']);
  finds('a thread may still close it', misc('owner = m', '', 'process app { let fd = open("/dev/m")?; thread t { close(fd) }; rmmod_wait(m) }'), ['unload-blocked in app by app']);
  finds('an FD that nobody has', misc('owner = m', 'read(file) { return 0 }', 'process app { let r = read(5); assert r == -EBADF; close(7) }'), []);
  finds('a message holds the file', misc('owner = m', '', 'process app { let fd = open("/dev/m")?; send_fd(fd); close(fd); rmmod(m) }'), ['unload-refused in app by app']);
  finds('release runs once, after the calls in flight', misc('owner = m', 'open(file) { atomic_set(busy, 0) }; read(file) { atomic_inc(busy); msleep(1); atomic_dec(busy) }; release(file) { assert atomic_read(busy) == 0, "alone"; atomic_inc(closed); assert atomic_read(closed) == 1 }', 'let busy: atomic\nlet closed: atomic\nprocess app { let fd = open("/dev/m")?; thread t { read(fd) }; close(fd) }'), []);
  finds('release that frees what another file uses', misc('owner = m', 'open(file) { file.private = shared }; read(file) { let c = file.private as ctx; return c.n }; release(file) { let c = file.private as ctx; if c != null { shared = null; free c } }', 'struct ctx { n: int }\nlet shared: ref ctx\nfn prepare() { shared = new ctx }\nprocess main { prepare(); let a = open("/dev/m")?; let b = open("/dev/m")?; close(a); read(b) }'), ['use-after-free in fops.read by main']);
  finds('C10: a reference on a file whose release is pending', misc('owner = m', 'open(file) { f = file }; release(file) { with mutex_lock(fl) { f = null } }', `
let f: ref file
let fl: mutex
fn event() { with mutex_lock(fl) { if f != null { refcount_inc(f.count); fput(f) } } }
process app { let fd = open("/dev/m")?; close(fd) }
process q { event() }`), ['refcount-resurrect in event', 'data-race in event by app']);
});

suite('modules', () => {
  finds('a symbol that another module uses', 'module a { fn f() { } }\nmodule b { init { f() } }\nprocess p { rmmod(a) }', ['unload-refused in p by b']);
  finds('users first', 'module a { fn f() { } }\nmodule b { init { f() } }\nprocess p { rmmod(b); rmmod(a) }', []);
  finds('a reference that init keeps', 'module a { init { __module_get(a) } }\nprocess p { rmmod(a) }', ['unload-refused in p by init']);
  finds('a reference on what is going, without one', 'module a { init { } exit { __module_get(a) } }\nprocess p { rmmod(a) }', ['refcount-resurrect in a.exit']);
  finds('with one it is sound', 'module a { init { __module_get(a) } }\nfn f() { __module_get(a); module_put(a); module_put(a) }\nprocess p { f() }\nprocess q { rmmod_wait(a) }', ['unload-blocked in q by p']);
  finds('an underflow', 'module a { init { __module_get(a) } }\nfn f() { module_put(a); module_put(a) }\nprocess p { f(); rmmod(a) }', ['refcount-underflow in f']);
  finds('a pointer to a module that is gone', 'module a { }\nlet m: module\nfn prepare() { m = a }\nfn late() { if try_module_get(m) { module_put(m) } }\nprocess p { prepare(); rmmod(a); late() }', ['use-after-unload in late by p']);
  finds('while it is going the answer is no', 'module a { exit { let got = try_module_get(a); assert !got } }\nprocess p { rmmod(a) }', []);
  finds('init that fails at the start', 'module a { init { return -ENOMEM } }\nprocess p { }', ['assertion in boot']);
  finds('loaded by hand', 'module a unloaded { let n: int; init { n = 1 } ; exit { assert n == 1 } }\nprocess p { assert !loaded(a); insmod(a); assert loaded(a); rmmod(a); assert !loaded(a) }', []);
  finds('loaded twice', 'module a unloaded { }\nprocess p { let r = insmod(a); assert r == 0; r = insmod(a); assert r == -EEXIST }', []);
  finds('insmod that fails unloads what it made', 'module a unloaded { let t: timer_list; fn tick(t: ref timer_list) { } ; init { timer_setup(t, tick); mod_timer(t); return -ENODEV } }\nprocess p { insmod(a) }', ['use-after-unload in t softirq by p', 'use-after-unload in tick by p']);
  finds('static data of what is gone', 'struct s { n: int }\nmodule a { let x: s; init { p0 = x } ; exit { } }\nlet p0: ref s\nfn f() { let p = p0; let n = p.n }\nprocess p { rmmod(a); f() }', ['use-after-unload in f by p']);
});

suite('devices', () => {
  for (const [name, second, wanted] of [['the driver goes', 'rmmod(m)', []], ['another driver comes', 'insmod(n)', []]] as const) {
    finds(`bind while ${name}`, `use driver_core, pci
module m { driver d: pci_driver { probe(dev) { } remove(dev) { } } init { pci_register_driver(d) } exit { pci_unregister_driver(d) } }
module n unloaded { driver d: pci_driver { probe(dev) { } remove(dev) { } } init { pci_register_driver(d) } exit { pci_unregister_driver(d) } }
device gpu: pci_dev binds n.d, m.d unbound
process p { bind(gpu) }
process q { ${second} }`, wanted);
  }
  const driver = (fields: string, probe: string, remove: string, rest: string, more = ''): string => `
use driver_core, pci, misc, devres
module m {
  struct t { misc: miscdevice; ${fields} }
  ${more}
  driver drv: pci_driver {
    probe(dev) { ${probe} }
    remove(dev) { let t = dev.drvdata as t; ${remove} }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device gpu: pci_dev binds m.drv
${rest}
`;
  const make = 'let t = new t; dev.drvdata = t';
  finds('bound, unbound, bound again', driver('', make, 'free t', 'process p { assert bound(gpu); let r = unbind(gpu); assert r == 0; assert !bound(gpu); r = unbind(gpu); assert r == -ENODEV; r = bind(gpu); assert r == 0; r = bind(gpu); assert r == -EBUSY }'), []);
  finds('remove that frees nothing', driver('', make, '', 'process p { unbind(gpu) }'), ['leak in drv.probe']);
  finds('a mapping that stays', driver('bar: mmio', `${make}; t.bar = pci_iomap(dev, 0)?`, 'free t', 'process p { unbind(gpu) }'), ['leak in drv.probe']);
  finds('unmapped twice', driver('bar: mmio', `${make}; t.bar = pcim_iomap(dev, 0)?`, 'iounmap(t.bar); free t', 'process p { unbind(gpu) }'), ['double-free in p by p']);
  finds('C20: managed and by hand', driver('', 'let t = devm_kzalloc(dev, new t) as t; dev.drvdata = t', 'free t', 'process p { unbind(gpu) }'), ['double-free in p by p']);
  const messages = (text: string): string[] => checkText(text).runs.flatMap((run) => run.violations.filter((v) => v.severity === 'error').map((v) => v.message));
  test('what devres frees a second time is told as the object, with who does it', () => {
    const managed = driver('', 'let t = devm_kzalloc(dev, new t) as t; dev.drvdata = t', 'free t', 'process p { unbind(gpu) }');
    assert.deepEqual(messages(managed), ['`t` was already freed by p in `drv.remove`, and is freed again in `devres_release_all`']);
    const mapped = driver('bar: mmio', `${make}; t.bar = pcim_iomap(dev, 0)?`, 'iounmap(t.bar); free t', 'process p { unbind(gpu) }');
    assert.deepEqual(messages(mapped), ['`mmio` was already freed by p in `drv.remove`, and is freed again in `devres_release_all`']);
  });
  test('what a library uses is told as the object, not by a name of the library', () => {
    const found = checkText(`scenario t "t"
use cdev
module m {
  struct chr { cdev: cdev }
  let c: ref chr
  ops f: file_operations { owner = m }
  init { c = new chr; cdev_init(c.cdev, f); cdev_add(c.cdev, "chr")? }
  exit { let old = c; c = null; cdev_del(old.cdev); free old }
}
process app { open("/dev/chr")? }
process admin { rmmod(m) }`).runs.flatMap((run) => run.violations);
    const used = found.filter((v) => v.kind === 'use-after-free').map((v) => v.message);
    assert.deepEqual(used, ['`chr` was freed by admin in `m.exit` while app was inside `chrdev_open`']);
  });
  finds('C19: used behind what frees it', driver('k: kref', make, 'kref_put(t.k, gone); t.n = 1', 'process p { unbind(gpu) }', 'fn gone(k: ref kref) { free k as t }').replace('k: kref', 'k: kref; n: int'), ['use-after-free in drv.remove by p']);
  finds('a probe that fails is undone', driver('bar: mmio', 'let t = new t; t.bar = pci_iomap(dev, 0)?; return -ENODEV; dev.drvdata = t', '', 'process p { }'), ['assertion in boot']);
  finds('undo sections', driver('bar: mmio', `
    let t = new t
    t.bar = pci_iomap(dev, 0)? goto undo_t
    refuses()? goto undo_bar
    dev.drvdata = t
    return 0
    undo undo_bar: iounmap(t.bar)
    undo undo_t: free t
  `, 'iounmap(t.bar); free t', 'let no: bool\nfn refuses() -> int { if READ_ONCE(no) { return -EBUSY }; return 0 }\nfn say_no() { WRITE_ONCE(no, true) }\nprocess p { unbind(gpu); say_no(); let r = bind(gpu); assert r == -EBUSY; assert !bound(gpu) }'), []);
  finds('all ones from what is unplugged', driver('bar: mmio', `${make}; t.bar = pci_iomap(dev, 0)?`, 'if gone_now(t.bar) { atomic_inc(seen) }; iounmap(t.bar); free t', 'let seen: atomic\nfn gone_now(bar: mmio) -> bool { return readl(bar, 0) == 0xffffffff }\nprocess p { unbind(gpu) }\nhardware { unplug(gpu) }'), []);
  finds('polling a device that is gone', driver('bar: mmio', `${make}; t.bar = pci_iomap(dev, 0)?`, 'while (readl(t.bar, 4) & 1) != 0 { cond_resched() }; iounmap(t.bar); free t', 'process p { unbind(gpu) }\nhardware { unplug(gpu) }'), ['livelock in drv.remove']);
  finds('remove waits for an open file', driver('users: refcount; none: completion', `${make}; misc_register(t.misc, "m", fops)?`, 'misc_deregister(t.misc); put(t); wait_for_completion(t.none); free t', 'process app { let fd = open("/dev/m")?; close(fd) }\nprocess admin { unbind(gpu) }', `
  fn put(t: ref t) { if refcount_dec_and_test(t.users) { complete(t.none) } }
  ops fops: file_operations { owner = m; open(file) { let t = file.private as t; refcount_inc(t.users) }; release(file) { put(file.private as t) } }`), ['unbind-blocked in drv.remove by app']);
  finds('the lock that remove holds', driver('', make, 'free t', 'fn store() { with device_lock(gpu) { } }\nprocess p { unbind(gpu) }\nprocess q { store() }'), []);
  finds('C49: unbinding from inside a call that remove waits for', driver('', make, 'device_release_driver(dev); free t', 'process p { unbind(gpu) }'), ['self-deadlock in drv.remove']);
});
