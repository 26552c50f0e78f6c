// Who waits for whom: blocked by the environment, deadlocked, or only behind somebody else; and what is left at the end.
import { suite } from 'node:test';
import { finds } from './check.ts';

const driver = (fields: string, ops: string, remove: string, rest: string, more = ''): string => `
use driver_core, pci, misc
module m {
  struct t { misc: miscdevice; ${fields} }
  ${more}
  ops fops: file_operations { owner = m; ${ops} }
  driver drv: pci_driver {
    probe(dev) { let t = new t; dev.drvdata = t; misc_register(t.misc, "t", fops)? }
    remove(dev) { let t = dev.drvdata as t; misc_deregister(t.misc); ${remove} }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device gpu: pci_dev binds m.drv
${rest}
`;

suite('blocked', () => {
  const reader = 'read(file) { let t = file.private as t; with mutex_lock(t.lock) { wait until t.data interruptible? } }';
  finds('a reader that sleeps under the lock that remove takes', driver('lock: mutex; data: bool', reader, 'with mutex_lock(t.lock) { }', 'process app { let fd = open("/dev/t")?; read(fd) }\nprocess admin { unbind(gpu) }'), ['unbind-blocked in drv.remove by app', 'leak in drv.probe']);
  finds('remove that wakes the reader first', driver('lock: mutex; data: bool', reader, 'WRITE_ONCE(t.data, true); with mutex_lock(t.lock) { }', 'process app { let fd = open("/dev/t")?; read(fd) }\nprocess admin { unbind(gpu) }'), ['leak in drv.probe']);
  finds('a reader that no signal wakes', driver('lock: mutex; data: bool', reader.replace('interruptible?', ''), 'with mutex_lock(t.lock) { }', 'process app { let fd = open("/dev/t")?; read(fd) }\nprocess admin { unbind(gpu) }'), ['deadlock in fops.read', 'leak in drv.probe']);
  finds('the hot-plug context waits too', driver('users: refcount; none: completion', 'open(file) { let t = file.private as t; refcount_inc(t.users) }; release(file) { let t = file.private as t; if refcount_dec_and_test(t.users) { complete(t.none) } }', 'if refcount_dec_and_test(t.users) { complete(t.none) }; wait_for_completion(t.none); free t', 'process app { let fd = open("/dev/t")?; close(fd) }\nhardware { unplug(gpu) }'), ['unbind-blocked in drv.remove by app']);
  finds('a second unbind only waits behind the first', driver('users: refcount; none: completion', 'open(file) { let t = file.private as t; refcount_inc(t.users) }; release(file) { let t = file.private as t; if refcount_dec_and_test(t.users) { complete(t.none) } }', 'if refcount_dec_and_test(t.users) { complete(t.none) }; wait_for_completion(t.none); free t', 'process app { let fd = open("/dev/t")?; close(fd) }\nprocess admin { unbind(gpu) }\nprocess other { unbind(gpu) }'), ['unbind-blocked in drv.remove by app']);
  finds('release that waits for another process', driver('', 'release(file) { wait until told }; ioctl(file) { WRITE_ONCE(told, true) }', 'free t', 'process app { let fd = open("/dev/t")?; close(fd) }\nprocess other { let fd = open("/dev/t")?; ioctl(fd) }', 'let told: bool'), ['close-blocked in fops.release by other']);
  finds('release that waits for itself', driver('', 'release(file) { wait until told }', 'free t', 'process app { let fd = open("/dev/t")?; close(fd) }', 'let told: bool'), ['deadlock in fops.release']);
  finds('unbind that waits for an FD of its own process', driver('users: refcount; none: completion', 'open(file) { let t = file.private as t; refcount_inc(t.users) }; release(file) { let t = file.private as t; if refcount_dec_and_test(t.users) { complete(t.none) } }', 'if refcount_dec_and_test(t.users) { complete(t.none) }; wait_for_completion(t.none); free t', 'process app { let fd = open("/dev/t")?; unbind(gpu); close(fd) }'), ['deadlock in drv.remove']);
  finds('a lost wake-up that a signal still ends is no verdict', driver('data: bool', 'read(file) { let t = file.private as t; wait until t.data interruptible? }', 'free t', 'process app { let fd = open("/dev/t")?; read(fd) }'), []);
});

suite('what is left', () => {
  finds('a handler', 'use driver_core, pci\nmodule m { fn h(data: any) { }\n driver d: pci_driver { probe(dev) { request_irq(dev, h, dev)? }; remove(dev) { } }\n init { pci_register_driver(d) }; exit { pci_unregister_driver(d) } }\ndevice gpu: pci_dev binds m.d\nprocess p { unbind(gpu) }', ['leak in d.probe']);
  finds('a workqueue', 'module m { init { alloc_workqueue("w") }; exit { } }\nprocess p { rmmod(m) }', ['leak in m.init']);
  finds('a workqueue of a module that is still there', 'module m { let wq: ref workqueue; init { wq = alloc_workqueue("w") }; exit { destroy_workqueue(wq) } }\nprocess p { }', []);
  finds('an object that another one leads to', 'struct b { n: int }\nstruct a { b: ref b }\nmodule m { let x: ref a; init { x = new a; x.b = new b }; exit { free x } }\nprocess p { rmmod(m) }', ['leak in m.init']);
  finds('two that lead to each other only', 'struct a { other: ref a }\nfn f() { let x = new a; let y = new a; x.other = y; y.other = x }\nprocess p { f() }', ['leak in f']);
});
