// Real bugs, as small as the model allows: the buggy form is found, the fixed one is quiet (or trades one verdict for another, as upstream did).
import { suite } from 'node:test';
import { finds } from './check.ts';

const both = (name: string, text: (fixed: boolean) => string, bug: readonly string[], fix: readonly string[] = []): void => {
  finds(name, text(false), bug);
  finds(`${name}: fixed`, text(true), fix);
};

suite('bugs of the kernel', () => {
  both('gpiolib frees before it leaves the chain (02f6b0e1ec7e)', (fixed) => `
struct data { n: int }
let chain: rwsem
let listener: ref data
fn prepare() { listener = new data }
fn notify() { with down_read(chain) { let d = READ_ONCE(listener); if d != null { let n = d.n } } }
fn close_it() {
  let d = READ_ONCE(listener)
  ${fixed ? '' : 'free d'}
  with down_write(chain) { WRITE_ONCE(listener, null) }
  ${fixed ? 'free d' : ''}
}
process main { prepare(); thread t { notify() }; close_it() }
`, ['use-after-free in notify by main']);

  both('USB minors: open looks up, disconnect frees (d4ead16f50f9)', (fixed) => `
struct intf { n: int }
let minor_rwsem: rwsem
let minor: ref intf
fn prepare() { minor = new intf }
fn usb_open() {
  ${fixed ? 'down_read(minor_rwsem)' : ''}
  let i = READ_ONCE(minor)
  if i != null { let n = i.n }
  ${fixed ? 'up_read(minor_rwsem)' : ''}
}
fn disconnect() {
  let i = READ_ONCE(minor)
  with down_write(minor_rwsem) { WRITE_ONCE(minor, null) }
  free i
}
process main { prepare(); thread t { usb_open() }; disconnect() }
`, ['use-after-free in usb_open by main']);

  finds('USB minors: the lock of open() held over the deregistration', `
let minor_rwsem: rwsem
let dev_lock: mutex
fn usb_open() { with down_read(minor_rwsem) { with mutex_lock(dev_lock) { } } }
fn disconnect() { with mutex_lock(dev_lock) { with down_write(minor_rwsem) { } } }
process p { usb_open() }
process q { disconnect() }
`, ['deadlock in usb_open by q']);

  both('dvb: disconnect frees under an open file; the fix waits for it (280a8ab)', (fixed) => `
use driver_core, pci, misc
module dvb {
  struct ca { misc: miscdevice; users: int; lock: mutex }
  ops ca_fops: file_operations {
    owner = dvb
    open(file) { let c = file.private as ca; with mutex_lock(c.lock) { c.users += 1 } }
    release(file) { let c = file.private as ca; with mutex_lock(c.lock) { c.users -= 1 } }
  }
  driver drv: pci_driver {
    probe(dev) { let c = new ca; dev.drvdata = c; misc_register(c.misc, "ca", ca_fops)? }
    remove(dev) {
      let c = dev.drvdata as ca
      misc_deregister(c.misc)
      ${fixed ? 'wait until c.users == 0\n      with mutex_lock(c.lock) { }' : ''}
      free c
    }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device usb: pci_dev binds dvb.drv
process app { let fd = open("/dev/ca")?; close(fd) }
process admin { unbind(usb) }
`, ['use-after-free in ca_fops.release by admin'], ['unbind-blocked in drv.remove by app']);

  both('interface attribute and disconnect (80ba43e)', (fixed) => `
let parent: mutex
let active: refcount
let drained: completion
fn store() {
  ${fixed ? '' : 'if !refcount_inc_not_zero(active) { return -ENODEV }'}
  with mutex_lock(parent) { }
  ${fixed ? '' : 'if refcount_dec_and_test(active) { complete(drained) }'}
}
fn disconnect() {
  with mutex_lock(parent) {
    if refcount_dec_and_test(active) { complete(drained) }
    wait_for_completion(drained)
  }
}
process p { store() }
process q { disconnect() }
`, ['deadlock in disconnect']);

  both('an attribute that removes itself (1ae06819c77c)', (fixed) => `
let active: refcount
let drained: completion
fn put() { if refcount_dec_and_test(active) { complete(drained) } }
fn store() {
  refcount_inc(active)
  ${fixed ? 'put()' : ''}
  put()
  wait_for_completion(drained)
}
process p { store() }
`, ['deadlock in store']);

  both('NVMe namespace removal (646017a612e7)', (fixed) => `
let ns_mutex: mutex
let io_done: completion
let fail: work
fn fail_work(w: ref work) { ${fixed ? '' : 'with mutex_lock(ns_mutex) {'} complete_all(io_done) ${fixed ? '' : '}'} }
fn remove_ns() { with mutex_lock(ns_mutex) { wait_for_completion(io_done) } }
fn prepare() { INIT_WORK(fail, fail_work); schedule_work(fail) }
process p { prepare(); remove_ns() }
`, ['deadlock in remove_ns']);

  both('nvme-fc: exit waits in vain (CVE-2024-26846)', (fixed) => `
module nvme_fc {
  let ctrls: int = 1
  let gone: completion
  let del: work
  let failed: bool
  fn delete_work(w: ref work) { ${fixed ? '' : 'if !failed { complete(gone) }'} }
  init { INIT_WORK(del, delete_work); either { failed = true } or { } ; schedule_work(del) }
  exit { ${fixed ? 'flush_work(del)' : 'wait_for_completion(gone); flush_work(del)'} }
}
process admin { rmmod(nvme_fc) }
`, ['deadlock in nvme_fc.exit']);

  both('nouveau: the fan lock around the alarm (61679fe153b2)', (fixed) => `
let fan_lock: spinlock
let alarm_lock: spinlock
let t: timer_list
fn fan_update() { spin_lock(fan_lock); ${fixed ? 'spin_unlock(fan_lock); with spin_lock(alarm_lock) { }' : 'with spin_lock(alarm_lock) { }; spin_unlock(fan_lock)'} }
fn alarm(t: ref timer_list) { with spin_lock(alarm_lock) { with spin_lock(fan_lock) { } } }
fn prepare() { timer_setup(t, alarm); mod_timer(t) }
process p { prepare(); fan_update() }
`, ['deadlock in fan_update by t softirq']);

  both('a reference that open takes and nobody puts (CVE-2021-47403)', (fixed) => `
use misc
module ipoctal {
  let dev: miscdevice
  ops fops: file_operations {
    open(file) { if !try_module_get(ipoctal) { return -EBUSY } }
    release(file) { ${fixed ? 'module_put(ipoctal)' : ''} }
  }
  init { misc_register(dev, "tty", fops)? }
  exit { misc_deregister(dev) }
}
process app { let fd = open("/dev/tty")?; close(fd); rmmod(ipoctal) }
`, ['leak in fops.open', 'unload-refused in app by app']);

  both('aloop: del_timer in close (67a01afaf3d3)', (fixed) => `
struct cable { t: timer_list; n: int }
let c: ref cable
fn tick(t: ref timer_list) { let c = t as cable; let n = c.n }
fn prepare() { let x = new cable; timer_setup(x.t, tick); mod_timer(x.t); c = x }
fn close_it() { let x = c; ${fixed ? 'timer_delete_sync' : 'timer_delete'}(x.t); c = null; free x }
process p { prepare(); close_it() }
`, ['use-after-free in tick by p']);

  both('rbd: looks whether it is queued, then queues (9fc75b71fdd3)', (fixed) => `
struct rbd { dwork: work; n: int }
let r: ref rbd
fn run(w: ref work) { let r = w as rbd; let n = r.n }
fn prepare() { let x = new rbd; INIT_WORK(x.dwork, run); WRITE_ONCE(r, x); schedule_work(x.dwork) }
fn kick() { let x = READ_ONCE(r); if x != null { if work_pending(x.dwork) { schedule_work(x.dwork) } } }
fn unmap() { let x = READ_ONCE(r); ${fixed ? 'disable_work_sync(x.dwork)' : 'cancel_work_sync(x.dwork)'}; assert !work_pending(x.dwork), "nothing is queued behind the cancel" }
process main { prepare(); thread t { kick() }; unmap() }
`, ['assertion in unmap']);

  both('a device reference is no driver reference (01b671170d7f)', (fixed) => `
module drv {
  fn fill(n: int) -> int { return n }
  init { fill_res = ops0 }
  exit { ${fixed ? 'unregister()' : ''} }
  ops ops0: res_ops { fill = fill }
}
struct res_ops { fill: fn(int) -> int }
let fill_res: ref res_ops
let lock: rwsem
fn unregister() { with down_write(lock) { WRITE_ONCE(fill_res, null) } }
fn netlink() { with down_read(lock) { let o = READ_ONCE(fill_res); if o != null { o.fill(1) } } }
process app { netlink() }
process admin { rmmod(drv) }
`, ['use-after-unload in netlink by admin', 'use-after-unload in fill by admin']);

  both('sharing one stored index (revocable)', (fixed) => `
let s: srcu
let stored: int
fn access() { ${fixed ? 'let idx = srcu_read_lock(s); msleep(1); srcu_read_unlock(s, idx)' : 'WRITE_ONCE(stored, srcu_read_lock(s)); msleep(1); srcu_read_unlock(s, READ_ONCE(stored))'} }
fn revoke() { synchronize_srcu(s) }
process p x2 { access() }
process q { revoke() }
`, ['lock-imbalance in access', 'lock-imbalance in p#1']);

  both('sysfs_break_active_protection() keeps a reference (a90bca2228c0)', (fixed) => `
struct node { refs: kref }
let found: bool
fn gone(k: ref kref) { free k as node }
fn break_active() {
  let n = new node
  kref_get(n.refs)
  if !found { ${fixed ? 'kref_put(n.refs, gone)' : ''} }
  kref_put(n.refs, gone)
}
process p { break_active() }
`, ['leak in break_active']);
});
