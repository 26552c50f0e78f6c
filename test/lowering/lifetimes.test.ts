// Bindings, zombies, mappings, versions: an FD or a mapping that outlives what it was opened on.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkText, finds } from './check.ts';

interface Parts {
  readonly fields?: string;
  readonly ops?: string;
  readonly probe?: string;
  readonly remove?: string;
  readonly more?: string;
  readonly rest: string;
  readonly device?: string;
}

const nova = ({ fields = '', ops = '', probe = '', remove = 'misc_deregister(t.misc); iounmap(t.bar); free t', more = '', rest, device = '' }: Parts): string => `
use driver_core, pci, misc
module nova {
  struct dev_t { misc: miscdevice; bar: mmio; ${fields} }
  ${more}
  ops fops: file_operations { owner = nova; ${ops} }
  driver drv: pci_driver {
    probe(dev) { let t = new dev_t; dev.drvdata = t; t.bar = pci_iomap(dev, 0)?; ${probe}; misc_register(t.misc, "t", fops)? }
    remove(dev) { let t = dev.drvdata as dev_t; ${remove} }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device gpu: pci_dev binds nova.drv ${device}
${rest}
`;

suite('lifetimes', () => {
  const ioctl = 'ioctl(file) { let t = file.private as dev_t; return readl(t.bar, 0) }';
  finds('an FD across unbind', nova({ ops: ioctl, rest: 'process app { let fd = open("/dev/t")?; ioctl(fd) }\nprocess admin { unbind(gpu) }' }), ['use-after-free in fops.ioctl by admin', 'unmapped-mmio in fops.ioctl by admin']);
  finds('remove that only hides the node', nova({ ops: ioctl, remove: 'misc_deregister(t.misc)', rest: 'process app { let fd = open("/dev/t")?; ioctl(fd) }\nprocess admin { unbind(gpu) }' }), ['zombie-access in fops.ioctl', 'leak in drv.probe']);
  finds('a managed mapping is unmapped behind remove', nova({ ops: ioctl, remove: 'misc_deregister(t.misc)', rest: 'process app { let fd = open("/dev/t")?; ioctl(fd) }\nprocess admin { unbind(gpu) }' }).replace('use driver_core, pci, misc', 'use driver_core, pci, misc, devres').replace('pci_iomap(dev, 0)', 'pcim_iomap(dev, 0)'), ['unmapped-mmio in fops.ioctl by admin', 'leak in drv.probe']);
  finds('probe registers before it is ready', nova({ ops: 'ioctl(file) { let t = file.private as dev_t; return t.ready.n }', fields: 'ready: ref part', more: 'struct part { n: int }', rest: 'process app { let fd = open("/dev/t")?; ioctl(fd) }\nprocess admin { bind(gpu) }', device: 'unbound' }).replace('misc_register(t.misc, "t", fops)? }', 'misc_register(t.misc, "t", fops)?; t.ready = new part }'), ['null-deref in fops.ioctl', 'data-race in fops.ioctl by admin']);
  finds('unbind, unplug and rmmod at once: remove runs once', nova({ rest: 'process a { unbind(gpu) }\nprocess b { rmmod(nova) }\nhardware { unplug(gpu) }' }), []);
  finds('a device that is gone cannot be bound', nova({ rest: 'process a { unbind(gpu); let was = gone(gpu); let r = bind(gpu); assert !was || r == -ENODEV }\nhardware { unplug(gpu) }' }), []);
  finds('bound again: the old FD still means the old binding', nova({ ops: 'ioctl(file) { let t = file.private as dev_t; return t.n }; release(file) { }', fields: 'n: int', rest: 'process app { let fd = open("/dev/t")?; let first = ioctl(fd) }\nprocess admin { unbind(gpu); bind(gpu) }' }), ['use-after-free in fops.ioctl by admin']);

  const mapped = (remove: string, rest: string): string => nova({ ops: 'mmap(file, vma) { let t = file.private as dev_t; t.file = file; vmf_insert_pfn(vma, t.bar) }', fields: 'file: ref file', remove, rest });
  const app = 'process app { let fd = open("/dev/t")?; let map = mmap(fd)?; load(map) }';
  finds('a page that stays mapped', mapped('misc_deregister(t.misc); iounmap(t.bar)', `${app}\nprocess admin { unbind(gpu) }`).replace('let t = file.private as dev_t; t.file = file;', 'let t = file.private as dev_t;'), ['unmapped-mmio in app by admin', 'leak in drv.probe']);
  finds('a page that is taken back first', mapped('misc_deregister(t.misc); let f = READ_ONCE(t.file); if f != null { unmap_mapping_range(f) }; iounmap(t.bar)', 'process app { let fd = open("/dev/t")?; let map = mmap(fd)?; unbind(gpu); let r = load(map); assert r == -EFAULT; close(fd); munmap(map) }').replace('t.file = file;', 'WRITE_ONCE(t.file, file);'), ['leak in drv.probe']);

  finds('two versions, one after the other', `
use misc
module v1 { let d: miscdevice; ops f: file_operations { owner = v1; read(file) { return 1 } }; init { misc_register(d, "v", f)? }; exit { misc_deregister(d) } }
module v2 unloaded { let d: miscdevice; ops f: file_operations { owner = v2; read(file) { return 2 } }; init { misc_register(d, "v", f)? }; exit { misc_deregister(d) } }
process app { let fd = open("/dev/v")?; let r = read(fd); assert r == 1; close(fd); rmmod(v1); insmod(v2); fd = open("/dev/v")?; r = read(fd); assert r == 2 }
`, []);
  finds('an old file that the new version is handed', `
use misc
struct state { n: int }
let global: ref state
module v1 { let d: miscdevice; ops f: file_operations { open(file) { file.private = global }; read(file) { let s = file.private as state; return s.n }; release(file) { } }; init { global = new state; misc_register(d, "v", f)? }; exit { misc_deregister(d); free global; global = null } }
process app { let fd = open("/dev/v")?; read(fd) }
process admin { rmmod(v1) }
`, ['use-after-unload in app by admin', 'use-after-unload in f.read by admin', 'use-after-free in f.read by admin', 'use-after-unload in f.release by admin']);
  finds('killed with an FD: exit closes it', nova({ ops: 'read(file) { wait until false killable? }; release(file) { atomic_inc(closed) }', more: 'let closed: atomic', remove: 'misc_deregister(t.misc); iounmap(t.bar); free t', rest: 'process app { let fd = open("/dev/t")?; read(fd); open("/dev/t") }\nprocess admin { kill(app); rmmod_wait(nova) }' }), []);
  finds('an FD in two processes', nova({ rest: 'process app { let fd = open("/dev/t")?; fork { close(fd) } ; close(fd) }\nprocess admin { rmmod_wait(nova) }' }), ['unload-blocked in admin by app']);
  finds('a notifier that is left behind', `
use netdev
module m { let nb: notifier; fn gone(nb: ref notifier, dev: ref net_device) { }
  init { nb.unregister = gone; register_netdevice_notifier(nb) }
  exit { } }
module eth { let dev: net_device; ops o: net_device_ops { owner = eth }; init { register_netdev(dev, "eth0", o) }; exit { unregister_netdev(dev) } }
process admin { rmmod(m); rmmod(eth) }
`, ['use-after-unload in eth.exit by admin']);
  finds('llc: a reference that nobody drops (764f4eb6846f)', `
use netdev
module eth { let dev: net_device; ops o: net_device_ops { owner = eth }; init { register_netdev(dev, "eth0", o); dev_hold(dev) }; exit { unregister_netdev(dev) } }
process admin { rmmod(eth) }
`, ['livelock in eth.exit']);
});

suite('a message names the object, whichever argument it is', () => {
  const messages = (text: string, severity = 'error'): string[] => checkText(text).runs.flatMap((run) => run.violations.filter((v) => v.severity === severity && v.kind !== 'leak').map((v) => v.message));
  const after = (access: string): string => nova({ ops: `ioctl(file) { let t = file.private as dev_t; let bar = t.bar; ${access} }`, remove: 'iounmap(t.bar)', rest: 'process app { let fd = open("/dev/t")?; ioctl(fd) }\nprocess admin { unbind(gpu) }' });
  const gone = '`bar` was unmapped by admin in `drv.remove` while app was inside `fops.ioctl`';
  for (const name of ['writel', 'writew', 'writeb', 'iowrite32']) {
    test(name, () => assert.deepEqual(messages(after(`${name}(1, bar, 4)`)), [gone]));
    test(`${name} of a zombie`, () => assert.deepEqual(messages(after(`${name}(1, bar, 4)`).replace('iounmap(t.bar)', ''), 'warning'), ['app uses `bar` after the remove() of the binding that mapped it']));
  }
  for (const name of ['readl', 'readw', 'readb', 'ioread32']) test(name, () => assert.deepEqual(messages(after(`${name}(bar, 4)`)), [gone]));

  const freed = (type: string, use: string): string => nova({ more: `struct part { it: ${type} }`, ops: `ioctl(file) { let wq = alloc_workqueue()?; let part = new part; let it = part.it; free part; ${use} }`, rest: 'process app { let fd = open("/dev/t")?; ioctl(fd) }' });
  for (const [type, use] of [['work', 'queue_work(wq, it)'], ['delayed_work', 'queue_delayed_work(wq, it, 1)'], ['delayed_work', 'mod_delayed_work(wq, it, 1)']]) {
    test(use, () => assert.deepEqual(messages(freed(type, use)), ['`it` was freed by app in `fops.ioctl` while app was inside `fops.ioctl`']));
    test(`${use} before INIT_WORK`, () => assert.deepEqual(messages(freed(type, use).replace('free part; ', '')), ['`it` is queued before INIT_WORK']));
  }
});
