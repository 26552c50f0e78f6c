// What the kernel comes to by itself, after it was freed: shown where it was freed.
import { suite } from 'node:test';
import { shown } from './check.ts';

suite('freed while the kernel still has it', () => {
  const driver = (field: string, setUp: string): string => `use driver_core, pci
module m {
  struct state {
    item: ${field}
  }
  fn on(item) { }
  driver d: pci_driver {
    probe(dev) {
      let s = new state
      ${setUp}
      dev.drvdata = s
    }
    remove(dev) {
      let s = dev.drvdata as state
      free s
    }
  }
  init { pci_register_driver(d) }
}
device gpu: pci_dev binds m.d
process admin { unbind(gpu) }`;
  const where = ['use-after-free at 16: free s'];
  shown('an armed timer', driver('timer_list', 'timer_setup(s.item, on); mod_timer(s.item, 10)'), where);
  shown('a queued work', driver('work', 'INIT_WORK(s.item, on); schedule_work(s.item)'), where);
  shown('a delayed work, whose work is declared in a library', driver('delayed_work', 'INIT_DELAYED_WORK(s.item, on); schedule_delayed_work(s.item, 10)'), where);
});
