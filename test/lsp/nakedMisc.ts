// The scenario that most protocol tests are about: a driver that forgot the fence, and what is expected of it.

export const uri = 'file:///ws/naked_misc.lifeline';

export const text = `/// An FD that is open across unbind, in a driver that forgot the fence.
scenario naked_misc "misc device, BAR unmapped under a running ioctl"

use driver_core, pci, misc

module nova {
  /// What the driver keeps per device.
  struct timer_dev {
    misc: miscdevice
    bar:  mmio
  }

  ops timer_fops: file_operations {
    owner = nova
    ioctl(file) {
      let t = file.private as timer_dev
      return readl(t.bar, 0x9400)
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
  expect unload-refused of nova by app
}

expect use-after-free in timer_fops.ioctl
expect unmapped-mmio  in timer_fops.ioctl
expect no unbind-blocked
`;

/** The same driver, with nobody saying that it is known to be wrong. */
export const unexpected = text.replace(/^expect (use-after-free|unmapped-mmio).*\n/gm, '');
