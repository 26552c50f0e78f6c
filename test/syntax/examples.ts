// Sources that tests share: the two whole files that the language reference begins with, and one that has every construct.

/** A scenario. */
export const SCENARIO = `/// An FD that is open across unbind, in a driver that forgot the fence.
scenario naked_misc "misc device, BAR unmapped under a running ioctl"

use driver_core, pci, misc

module nova {
  struct timer_dev {
    misc: miscdevice
    bar:  mmio
  }

  ops timer_fops: file_operations {
    owner = nova                            // .owner = THIS_MODULE
    ioctl(file) {
      let t = file.private as timer_dev     // container_of(file->private_data, ...)
      return readl(t.bar, 0x9400)           // <- use-after-free here
    }
  }

  driver timer_driver: pci_driver {
    probe(dev) {
      let t = new timer_dev
      t.bar = pci_iomap(dev, 0)?
      misc_register(t.misc, "timer", timer_fops)?
      dev.drvdata = t
    }
    remove(dev) {
      let t = dev.drvdata as timer_dev
      misc_deregister(t.misc)
      iounmap(t.bar)
      free t
    }
  }

  init { pci_register_driver(timer_driver) }
  exit { pci_unregister_driver(timer_driver) }
}

device gpu: pci_dev binds nova.timer_driver

process app   { let fd = open("/dev/timer")?; ioctl(fd); close(fd) }
process admin { unbind(gpu); rmmod(nova) }
hardware      { unplug(gpu) }

claim "an open FD pins the module, whatever happened to the device" {
  cite <20250227142349.GD39591@nvidia.com>
  > misc_dev the driver module would own it, so it is impossible to unload
  > the driver module even if the device driver was hot unplugged/unbound.
  expect unload-refused of nova by app
}

expect use-after-free in timer_fops.ioctl     // t is gone
expect unmapped-mmio  in timer_fops.ioctl     // t is still there, its BAR is not
expect no unbind-blocked
`;

/** A library. */
export const LIBRARY = `/// Subsystem-owned file_operations with a callback fence, as RDMA does it.
library fenced

module fenced_core {
  struct driver_ops { ioctl: fn(ref file) -> int }

  struct fenced_dev {
    ops:  ref driver_ops
    srcu: srcu
  }

  ops fenced_fops: file_operations {
    owner = fenced_core
    ioctl(file) {
      let d = file.private as fenced_dev
      with srcu_read_lock(d.srcu) {
        let ops = srcu_dereference(d.ops, d.srcu)
        if ops == null { return -ENODEV }
        return ops.ioctl(file)
      }
    }
  }

  /// After this returns no driver callback runs, and none will.
  fn fenced_unregister(d: ref fenced_dev) {
    rcu_assign_pointer(d.ops, null)         // a plain store would be a data-race
    synchronize_srcu(d.srcu)
  }
}
`;

/** Every construct of the grammar at least once, formatted. */
export const EVERYTHING = `// SPDX-License-Identifier: GPL-2.0
/// Doc one
/// doc two.
scenario all "everything"

use driver_core, pci,
    "./my_core.lifeline"
cite <20250227142349.GD39591@nvidia.com>

param fence in {none, srcu, rwsem}
param fast in bool
param n in 1..3
const SIZE = 4 + 1
enum state {
  idle, busy,
  gone
}
guard drm_dev_enter, drm_dev_exit

lock: mutex
let count = 0
let head: ref T = null

fn helper(d: ref fenced_dev, n: 0..7) -> int {
  let x: u32 = 0x9400 & 1_000
  d.ops.ioctl(file)?
  let ops = d.ops
  d.n += 1; d.n -= 1; d.f |= 1; d.f &= ~2
  if d.n == 3 && !d.gone { return -ENODEV } else if x > 4 { x = 4 } else { }
  while x < 10 { x = x + 1 }
  loop { if done { break }; continue }
  for f in d.files { poll(f) }
  with mutex_lock(d.lock)? { }
  with srcu_read_lock(d.srcu) {
    foo()
  } else {
    bar()
  }
  wait until d.users == 0
  wait until d.users == 0?
  wait until d.users == 0 interruptible?
  wait until d.users == 0 killable timeout 2s?
  wait until d.users == 0 killable timeout 10ms? goto out
  atomic { d.n = 3; d.n = 4 }
  either { return -ENOMEM } or { } or { foo() }
  assert d.n == 3, "because"
  assert (d.n == 3) == (d.m == 4)
  here:
  free d
  let t = new timer_dev
  let q = (t as ref timer_dev).bar
  d.ready = true; d.gone = false
  misc_register(t.misc,
      "timer",
      timer_fops)? goto unmap
  a = b +
      c
  let s = (x & 1) == 2 || x << 2 > 3
  return 0
undo unmap:
  iounmap(t.bar)
undo none: free t
}

module nova unloaded {
  struct timer_dev[8] {
    /// misc
    misc: miscdevice
    cb:   fn(ref file, int) -> int
    l:    list ref timer_dev
    m:    module; r: 0..SIZE
    in:   u32
    ops:  ref ops
  }
  struct pci = device
  mod: module
  if fence == srcu {
    srcu: srcu
  } else if fence == none {
    x: int
  } else {
    rw: rwsem
  }
  ops fops: file_operations {
    owner = nova
    free(x) { }
    if fence == srcu {
      ioctl(file) -> int { return 0 }
    } else { ioctl = my_ioctl }
  }
  driver d: pci_driver { probe(dev) { } }
  init { }
  exit { }
}
device gpu: pci_dev binds nova.timer_driver, nova.other unbound
process app x3 {
  thread one { close(fd) }
  fork { close(fd) }
}
hardware { unplug(gpu) }
time { mmio = 300ns..1us; preempt = 4us each }
config { DEBUG_SHIRQ = y }
ptimer of gpu {
  counter = 0x40 - 2
  grain = 2; alarm = level
}
claim "x" {
  cite <a@b>
  > it's { "raw
  > > more /* stuff
  expect no use-after-free in a.b of c by d when fence == srcu
  expect leak
}
assume app closes on POLLHUP
assume app closes
interleaving "the race" {
  CPU0             CPU1
  a() {
    b();           c("x)
  }
}
expect late-callback
`;

export const EXAMPLES: Readonly<Record<string, string>> = { scenario: SCENARIO, library: LIBRARY, everything: EVERYTHING };
