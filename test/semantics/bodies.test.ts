// What may stand where: guards, undo sections, loops, processes, hardware, ops.
import { test } from 'node:test';
import { check } from './check.ts';

test('`with` wants something that is released, and says what happens when it fails', () => {
  check(`scenario s
use drm
module m {
  let lock: mutex
  fn f(d: ref drm_device) -> int {
    with mutex_lock(lock) { }
    with mutex_lock_interruptible(lock)? { }
    with mutex_lock_interruptible(lock) { } else { return -ENODEV }
    with mutex_lock_interruptible(lock) { }
//       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error: \`mutex_lock_interruptible(lock)\` can fail: write \`?\` before the \`{\`, or an \`else\`
    with drm_dev_enter(d)? { return 0 }
    with drm_dev_enter(d) { }
//       ^^^^^^^^^^^^^^^^ error: \`drm_dev_enter(d)\` can fail: write \`?\` before the \`{\`, or an \`else\`
    with mutex_unlock(lock) { }
//       ^^^^^^^^^^^^^^^^^^ error: nothing releases what \`mutex_unlock\` does: it cannot stand behind \`with\`
    with drm_dev_exit(d) { }
//       ^^^^^^^^^^^^^^^ error: no \`guard drm_dev_exit, ...\` says what releases what \`drm_dev_exit\` takes
    with lock { }
//       ^^^^ error: \`with\` wants a call that takes something, such as \`mutex_lock(m)\`
    return 1
  }
}
`);
});

test('`? goto` names an `undo` section of its function', () => {
  check(`scenario s
use misc
module m {
  struct dev { misc: miscdevice, bar: mmio }
  ops fops: file_operations { }
  fn probe(dev: ref dev) {
    dev.bar = pci_iomap(dev, 0)?
    misc_register(dev.misc, "x", fops)? goto unmap
    misc_register(dev.misc, "y", fops)? goto unregister
//                                           ^^^^^^^^^^ error: no \`undo unregister:\` in this function: its sections are \`unmap\`
    wait until dev.bar timeout 2s ? goto unmap
  undo unmap:
    iounmap(dev.bar)
  }
  fn other(dev: ref dev) {
    misc_register(dev.misc, "x", fops)? goto unmap
//                                           ^^^^^ error: no \`undo unmap:\` in this function: it has no \`undo\` section
    probe(dev.misc.lock)?
//        ^^^^^^^^^^^^^ error: argument \`dev\` of \`probe\`: expected \`ref dev\`, found \`mutex\`
    let s = fops?
    let t = m?
//          ^ error: \`?\` wants what can fail: a number (negative errno), a reference (null) or a boolean, not \`module\`
  }
}
`);
});

test('loops, waits and atomic blocks', () => {
  check(`scenario s
module m {
  let n = 0
  fn f() {
    break
//  ^^^^^ error: \`break\` outside of a loop
    loop { either { break } or { continue } }
    atomic {
      n += 1
      wait until n == 3
//    ^^^^^^^^^^^^^^^^^ error: nothing can wait inside \`atomic { }\`: \`wait until\` is a step of its own
    }
    wait until n == 2 interruptible timeout 10ms
    assert n == 2, "two"
    free n
//       ^ error: \`free\` wants a reference, found \`int\`
    thread t { n = 1 }
//  ^^^^^^ error: \`thread\` belongs in a process
  }
}
`);
});

test('a process makes system calls, and nothing else', () => {
  check(
    `scenario s
use driver_core, pci
struct dev { n: int; next: ref dev }
fn my_call(fd: int) -> int { return fd }
module nova {
  let count = 0
  let first: ref dev
  let lock: mutex
  fn helper() { }
  fn kernel() {
    open("/dev/x")
//  ^^^^ error: \`open\` is a system call: only a process can make it
    if bound(null) { }
//     ^^^^^ error: \`bound\` asks the model, which a module cannot do
    my_call(1)
    my_call(app)
//          ^^^ error: kernel code knows no processes: \`app\` is one
  }
}
device gpu: pci_dev binds
process app x2 {
  let fd = open("/dev/x")?
  my_call(fd)
  if fd > 0 { loop { ioctl(fd, 3); break } }
  thread reader { ioctl(fd) }
  fork { close(fd) }
  helper()
//^^^^^^ error: \`helper\` is a function of module \`nova\`: a process can only make system calls
  mutex_lock(nova.lock)
//^^^^^^^^^^ error: \`mutex_lock\` is no system call: only kernel code can call it
  ioctl(nova.count)
//           ^^^^^ error: a process cannot read kernel memory: \`count\` is a variable of the kernel
  ioctl(nova.first.next.n)
//           ^^^^^ error: a process cannot read kernel memory: \`first\` is a variable of the kernel
  assert nova.count == 0, "nothing happened"
  wait until gone(gpu)
  kill(app)
  let me = app
//         ^^^ error: a process can be named in a call, as in \`kill(app)\`, and is no value to keep
  assert app || app == app, "alive"
//       ^^^ error: a condition is a number, a boolean or a reference, not \`process\`
//              ^^^^^^^^^^ error: \`process\` and \`process\` cannot be compared
  unbind(app)
//       ^^^ error: argument \`dev\` of \`unbind\`: expected \`any\`, found \`process\`
  rmmod(nova)
  unplug(gpu)
//^^^^^^ error: \`unplug\` is an event of the hardware: it belongs in \`hardware { }\`
  let d = new dev
//        ^^^^^^^ error: only kernel code can use \`new\`
  free d
//^^^^ error: \`free\` is for kernel code: a process makes system calls
  return 0
//^^^^^^ error: a process ends at the end of its block: \`return\` is for functions
}
hardware {
  unplug(gpu)
  unplug(null)
//       ^^^^ error: an event happens to a device: write the name of one that this file declares
  rmmod(nova)
//^^^^^ error: \`rmmod\` is no event of the hardware
  let x = 3
//^^^^^^^^^ error: only events stand in \`hardware { }\`, each of which may come at any moment: \`unplug(dev)\`, \`interrupt(dev)\`
}
`.replace(' binds\n', '\n'),
  );
});

test('ops and drivers fill in the fields of their type', () => {
  check(`scenario s
use driver_core, pci
module m {
  let seen = 0
  fn wrong(d: ref device, x: int) -> int { return 0 }
  ops fops: file_operations {
    owner = m
    owner = null
//  ^^^^^ error: \`owner\` is given twice
    ioctl(file, cmd) { return cmd }
    open(file, what) { return 0 }
//             ^^^^ error: \`open\` is called with one argument here
    relase(file) { }
//  ^^^^^^ error: \`file_operations\` has no \`relase\`: did you mean \`release\`?
  }
  driver drv: pci_driver {
    probe = wrong
//          ^^^^^ error: \`probe\` of \`pci_driver\`: expected \`fn(ref device) -> int\`, found \`fn(ref device, int) -> int\`
    owner() { }
//  ^^^^^ error: \`owner\` of \`pci_driver\` is no function: write \`owner = ...\`
  }
  ops more: file_operations { open = seen, release(f: ref device) { } }
//                                   ^^^^ error: \`open\` of \`file_operations\`: expected \`fn(ref file) -> int\`, found \`int\`
//                                   ^^^^ error: \`seen\` is a variable: its value is not known before code runs
//                                                    ^^^^^^^^^^ error: \`f\` is \`ref file\` here, not \`ref device\`
  ops none: nothing { ioctl(file) { return file.x } }
//          ^^^^^^^ error: nothing here is called \`nothing\`
}
device gpu: pci_dev binds m.drv, m.fops, m.other
//                               ^^^^^^ error: \`fops\` is no driver: it is declared with \`ops\`
//                                         ^^^^^ error: module \`m\` has no \`other\`
`);
});
