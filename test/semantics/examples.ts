// The two whole files that the language reference begins with.
export const nakedMisc = `/// An FD that is open across unbind, in a driver that forgot the fence.
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

export const fenced = `/// Subsystem-owned file_operations with a callback fence, as RDMA does it.
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
