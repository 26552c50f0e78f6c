// Threaded interrupts: the handler wakes its thread, the thread may sleep, and free_irq waits for both. A line that is disabled holds both back.
import { suite } from 'node:test';
import { finds } from './check.ts';

const irq = (probe: string, remove: string, handler: string, thread: string): string => `
use driver_core, pci, devres
module m {
  struct ctx { n: int; lock: spinlock; mutex: mutex; in_thread: atomic }
  fn handler(data: any) -> int { let c = data as ctx; ${handler} }
  fn thread(data: any) { let c = data as ctx; ${thread} }
  driver drv: pci_driver {
    probe(dev) { let c = new ctx; dev.drvdata = c; ${probe} }
    remove(dev) { let c = dev.drvdata as ctx; ${remove} }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device gpu: pci_dev binds m.drv
process admin { unbind(gpu) }
hardware { interrupt(gpu) }
`;

suite('threaded interrupts', () => {
  const request = 'request_threaded_irq(dev, handler, thread, c)?';
  const wake = 'return IRQ_WAKE_THREAD';
  finds('free_irq waits for the thread', irq(request, 'free_irq(dev, c); free c', wake, 'let n = c.n'), []);
  finds('one that nobody frees', irq(request, 'free c', wake, 'let n = c.n'), ['use-after-free in thread by admin', 'leak in drv.probe']);
  finds('a managed one goes behind remove()', irq('devm_request_threaded_irq(dev, handler, thread, c, 0)?', 'free c', 'return IRQ_WAKE_THREAD', 'let n = c.n'), ['use-after-free in thread by admin']);
  finds('a thread may sleep', irq(request, 'free_irq(dev, c); free c', wake, 'msleep(1)'), []);
  finds('its handler may not', irq(request, 'free_irq(dev, c); free c', 'msleep(1); return IRQ_WAKE_THREAD', ''), ['sleep-in-atomic in handler']);
  finds('only IRQ_WAKE_THREAD wakes it', irq(request, 'free_irq(dev, c); free c', 'return IRQ_HANDLED', 'assert false'), []);
  finds('without a handler every interrupt does', irq('request_threaded_irq(dev, null, thread, c)?', 'free_irq(dev, c); free c', wake, 'assert false'), ['assertion in thread']);
  finds('a mutex that the thread takes', irq(request, 'with mutex_lock(c.mutex) { free_irq(dev, c) } ; free c', wake, 'with mutex_lock(c.mutex) { }'), ['deadlock in drv.remove by irq thread 0']);
  finds('the thread frees its own interrupt', irq(request, 'free_irq(dev, c); free c', wake, 'free_irq(c.dev, c)').replace('process admin { unbind(gpu) }', '').replace('n: int;', 'n: int; dev: ref pci_dev;').replace('dev.drvdata = c;', 'c.dev = dev; dev.drvdata = c;'), ['self-deadlock in thread']);
  const byThread = (thread: string): string => irq(request, 'free_irq(dev, c); free c', wake, thread).replace('process admin { unbind(gpu) }', '').replace('n: int;', 'n: int; dev: ref pci_dev; done: completion;').replace('dev.drvdata = c;', 'c.dev = dev; dev.drvdata = c;');
  finds('the thread waits for its own interrupt', byThread('synchronize_irq(c.dev)'), ['self-deadlock in thread']);
  finds('the thread disables its own interrupt', byThread('disable_irq(c.dev)'), ['self-deadlock in thread']);
  finds('unless it does not wait', byThread('disable_irq_nosync(c.dev)'), []);
  finds('nor does the thread wait for itself when it waits for the handler', byThread('synchronize_hardirq(c.dev)'), []);
  finds('the thread waits for what nobody does', byThread('wait_for_completion(c.done)'), ['deadlock in thread']);
  finds('the thread polls for what nobody sets', byThread('while READ_ONCE(c.n) == 0 { }'), ['livelock in thread']);
  finds('the handler waits for itself', irq(request, 'free_irq(dev, c); free c', 'synchronize_hardirq(c.dev); return IRQ_WAKE_THREAD', '').replace('process admin { unbind(gpu) }', '').replace('n: int;', 'n: int; dev: ref pci_dev;').replace('dev.drvdata = c;', 'c.dev = dev; dev.drvdata = c;'), ['self-deadlock in handler']);
  finds('synchronize_hardirq does not wait for the thread', irq(request, 'disable_irq_nosync(dev); synchronize_hardirq(dev); free c; free_irq(dev, c)', wake, 'let n = c.n'), ['use-after-free in thread by admin']);

  const alone = (flags: string): string => irq(`request_threaded_irq(dev, handler, thread, c${flags})?`, 'free_irq(dev, c); free c', 'assert atomic_read(c.in_thread) == 0; return IRQ_WAKE_THREAD', 'atomic_inc(c.in_thread); atomic_dec(c.in_thread)');
  finds('the handler may run beside its thread', alone(''), ['assertion in handler']);
  finds('with IRQF_ONESHOT the line is masked meanwhile', alone(', IRQF_ONESHOT'), []);
});

suite('an interrupt that is freed twice', () => {
  const request = 'request_threaded_irq(dev, handler, thread, c)?';
  finds('the second time nothing happens', irq(request, 'free_irq(dev, c); free_irq(dev, c); free c', 'return IRQ_WAKE_THREAD', 'let n = c.n'), []);
  finds('who comes second does not wait', irq(request, 'free_irq(dev, c); free c', 'return IRQ_WAKE_THREAD', 'if READ_ONCE(c.n) == 0 { free_irq(c.dev, c) }').replace('n: int;', 'n: int; dev: ref pci_dev;').replace('dev.drvdata = c;', 'c.dev = dev; dev.drvdata = c;'), ['self-deadlock in thread']);
});

suite('lines that are disabled', () => {
  const request = 'request_threaded_irq(dev, handler, thread, c)?';
  const around = (off: string, on: string): string => irq(request, `${off}; c.n = 1; c.n = 0; ${on} free_irq(dev, c); free c`, 'return IRQ_WAKE_THREAD', 'assert READ_ONCE(c.n) == 0');
  finds('disable_irq waits for handler and thread', around('disable_irq(dev)', 'enable_irq(dev);'), []);
  finds('disable_irq_nosync does not', around('disable_irq_nosync(dev)', 'enable_irq(dev);'), ['assertion in thread']);
  finds('free_irq of a disabled line', around('disable_irq(dev)', ''), []);
  finds('what the device raises meanwhile comes then', irq(request, 'disable_irq(dev); enable_irq(dev); c.n = 1; free_irq(dev, c); free c', 'assert READ_ONCE(c.n) == 0; return IRQ_HANDLED', ''), ['assertion in handler']);
  finds('enabled once for each time that it was disabled', irq(request, 'disable_irq(dev); disable_irq(dev); enable_irq(dev); c.n = 1; c.n = 0; free_irq(dev, c); free c', 'assert READ_ONCE(c.n) == 0; return IRQ_HANDLED', ''), []);
});
