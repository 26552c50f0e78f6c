// What random programs have found, each made as small as it can be: everything agrees about them now.
import { suite, test } from 'node:test';
import { agree, newTally } from './agree.ts';

suite('found by random programs', () => {
  const found = (name: string, text: string): void => {
    test(name, () => agree(`scenario found "found"\n${text}`, 5000, newTally()));
  };

  found(
    'kfree_rcu() of static data, far from every pool',
    `
use driver_core, pci, vfs, devres, fenced
module m {
  struct item { it_head: rcu_head }
  let one: item
  struct state { bar: mmio }
  driver drv: pci_driver {
    probe(dev) {
      let t = devm_kzalloc(dev, new state) as state
      t.bar = pcim_iomap(dev, 0)?
      kfree_rcu(one, one.it_head)
    }
  }
  init { pci_register_driver(drv) }
}
device gpu: pci_dev binds m.drv
`,
  );
  found(
    'two writers that are the same program: each is told as the one and the other',
    `
let flag: bool
fn go() -> int { flag = !flag }
process p x2 { go(); go() }
`,
  );

  found(
    'small values in a 64-bit variable',
    `
let n: int
let small: u8
let wide: u64
fn go1() -> int { wide = ~wide }
fn go2() -> int {
  n = wide & 1
  if (n | small) >= 2 {
    let v = wide
    wide = v + small
  }
}
process p0 { while go2() != 0 { } }
process p1 { go1() }
`,
  );

  found(
    'the slot of a null place, in an arm that nobody takes',
    `
use driver_core, pci, vfs, devres, uverbs
module m {
  let spin: spinlock
  let sem: rwsem
  struct state {
    uverbs: ref ib_uverbs_device
    bar: mmio
    ticks: int
  }
  ops things: ib_device_ops {
    owner = m
    ioctl(filp) {
      let file = filp.private as ib_uverbs_file
      let dev = file.device
      let t = dev.data as state
      up_write(sem)
    }
    dealloc_ucontext(file) { }
    disassociate_ucontext(file) { }
  }
  driver drv: pci_driver {
    probe(dev) {
      let t = new state
      t.bar = pci_iomap(dev, 0)?
      dev.drvdata = t
      t.uverbs = ib_uverbs_add_one("x", things, t)
      spin_lock(spin)
      spin_unlock(spin)
    }
    remove(dev) {
      let t = dev.drvdata as state
      ib_uverbs_remove_one(t.uverbs)
      iounmap(t.bar)
      with down_read(sem) {
      }
      free t
    }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device gpu: pci_dev binds m.drv
process p0 {
  unbind(gpu)
}
`,
  );

  found(
    'a fork that nobody comes to, behind an endless loop',
    `
use vfs
process p0 {
  let v0 = recv_fd()?
  loop { ioctl(v0) }
  fork {
    let v1 = dup(v0)
    thread t { close(v1) }
  }
}
`,
  );
});
