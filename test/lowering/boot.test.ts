// What goes wrong while modules are loaded and devices probed, and where it is shown.
import { suite } from 'node:test';
import { shown } from './check.ts';

suite('boot', () => {
  const poll = 'module m {\n  let ready: bool\n  fn poll() {\n    let n = 0\n    while !READ_ONCE(ready) { cond_resched() }\n  }\n  init { ready = true; ready = false; poll() }\n}\nprocess p { }';
  shown('a loop that never ends is shown where it is', poll, ['livelock at 6: while !READ_ONCE(ready) { cond_resched() }']);
  shown('a lock that init keeps', 'module m {\n  let lock: mutex\n  init { mutex_lock(lock) }\n}', ['lock-imbalance at 4: init']);
  shown('a read section that init does not end', 'module m {\n  init { rcu_read_lock() }\n}', ['lock-imbalance at 3: init']);
  shown('a lock that probe keeps', 'use driver_core, pci\nmodule m {\n  let lock: mutex\n  driver d: pci_driver { probe(dev) { mutex_lock(lock) }; remove(dev) { } }\n  init { pci_register_driver(d) }\n}\ndevice gpu: pci_dev binds m.d', ['lock-imbalance at 6: init']);
  shown('one that is given back', 'module m {\n  let lock: mutex\n  init { with mutex_lock(lock) { } }\n}', []);
});
