// Works, timers, kernel threads, interrupts, RCU callbacks: who may still run, and who waits for whom.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkText, finds } from './check.ts';

suite('works', () => {
  const work = (body: string, exit: string, more = ''): string => `
module m {
  struct ctx { job: work; n: int }
  let c: ref ctx
  ${more}
  fn run(job: ref work) { let c = job as ctx; ${body} }
  init { c = new ctx; INIT_WORK(c.job, run); schedule_work(c.job) }
  exit { ${exit} }
}
process admin { rmmod(m) }
`;
  finds('a work that is waited for does not run on what is freed', work('c.n = 1', 'cancel_work_sync(c.job); free c'), []);
  finds('a work that nobody waits for does', work('WRITE_ONCE(c.n, 1)', 'let x = c; free x'), ['use-after-free in run by admin', 'use-after-free in ctx#0.job worker by admin', 'use-after-unload in ctx#0.job worker by admin', 'use-after-unload in run by admin']);
  finds('cancelling takes it off the queue, and does not wait', work('READ_ONCE(c.n)', 'cancel_work(c.job); free c'), ['use-after-unload in ctx#0.job worker by admin', 'use-after-free in run by admin', 'use-after-unload in run by admin']);
  finds('cancel_work_sync defeats a work that queues itself again', work('schedule_work(job)', 'cancel_work_sync(c.job); free c'), []);
  finds('flush_work of a work that queues itself again: what it saw has run, and the next run is loose', work('schedule_work(job)', 'flush_work(c.job); free c'), ['use-after-unload in ctx#0.job worker by admin', 'use-after-free in ctx#0.job worker by admin', 'use-after-free in run by admin', 'use-after-unload in run by admin']);
  finds('nobody flushes the work that it is in', work('flush_work(job)', 'cancel_work_sync(c.job); free c'), ['self-deadlock in run']);
  finds('a lock that the work wants', `
module m {
  let lock: mutex
  let job: work
  fn run(job: ref work) { with mutex_lock(lock) { } }
  init { INIT_WORK(job, run); schedule_work(job) }
  exit { with mutex_lock(lock) { flush_work(job) } }
}
process admin { rmmod(m) }
`, ['deadlock in m.exit by job worker']);
  finds('a workqueue waits for its own works only', `
let wq: ref workqueue
let other: work
let gate: completion
fn run(w: ref work) { wait_for_completion(gate) }
fn go() { wq = alloc_workqueue("a"); INIT_WORK(other, run); schedule_work(other); destroy_workqueue(wq); complete(gate) }
process p { go() }
`, []);
  finds('an item that moved to the system queue is no longer the workqueue’s', `
let a: work
let gate: completion
fn run(w: ref work) { wait_for_completion(gate) }
fn go() {
  let wq = alloc_workqueue("a")
  INIT_WORK(a, run)
  complete(gate)
  queue_work(wq, a)
  flush_workqueue(wq)
  schedule_work(a)
  destroy_workqueue(wq)
  complete(gate)
}
process p { go() }
`, []);
  finds('destroy_workqueue waits for a work that has freed its item', `
module m {
  struct item { w: work }
  let wq: workqueue
  fn run(w: ref work) { free w as item }
  init { wq = alloc_workqueue("a"); let it = new item; INIT_WORK(it.w, run); queue_work(wq, it.w) }
  exit { destroy_workqueue(wq) }
}
process admin { rmmod(m) }
`, []);
  finds('queueing on a workqueue that is gone', `
let a: work
fn run(w: ref work) { }
fn go() { let wq = alloc_workqueue("a"); INIT_WORK(a, run); destroy_workqueue(wq); queue_work(wq, a) }
process p { go() }
`, ['use-after-free in go by p']);
  finds('a disabled work cannot be queued', `
let a: work
let runs: atomic
fn run(w: ref work) { atomic_inc(runs) }
fn go() { INIT_WORK(a, run); disable_work_sync(a); schedule_work(a); assert atomic_read(runs) == 0; enable_work(a); schedule_work(a); flush_work(a); assert atomic_read(runs) == 1 }
process p { go() }
`, []);
  finds('disable_work does not wait', work('c.n = 1', 'disable_work(c.job); free c'), ['use-after-free in run by admin', 'use-after-unload in ctx#0.job worker by admin', 'use-after-unload in run by admin']);
  finds('disabled and not waited for: it cannot be queued either', `
let a: work
fn run(w: ref work) { assert false }
fn go() { INIT_WORK(a, run); disable_work(a); schedule_work(a) }
process p { go() }
`, []);
  finds('mod_delayed_work tells whether it was queued', `
let d: delayed_work
fn run(w: ref work) { }
fn go() {
  let wq = alloc_workqueue("a")
  INIT_DELAYED_WORK(d, run)
  let first = mod_delayed_work(wq, d, 1s)
  assert !first
  let second = mod_delayed_work(wq, d, 1s)
  assert !second, "it is still queued"
  destroy_workqueue(wq)
}
process p { go() }
`, ['assertion in go']);
  finds('no INIT_WORK', 'let a: work\nfn go() { schedule_work(a) }\nprocess p { go() }', ['uninitialised in go']);
  finds('C23: out of cancel', `
module m {
  struct ctx { job: work; n: int }
  let c: ref ctx
  let t: timer_list
  fn run(job: ref work) { let c = job as ctx; let n = c.n }
  fn tick(t: ref timer_list) { let x = READ_ONCE(c); if x != null { schedule_work(x.job) } }
  init { c = new ctx; INIT_WORK(c.job, run); timer_setup(t, tick); mod_timer(t) }
  exit { cancel_work_sync(c.job); timer_shutdown_sync(t); free c }
}
process admin { rmmod(m) }
`, ['use-after-unload in ctx#0.job worker by admin', 'use-after-free in ctx#0.job worker by admin', 'use-after-free in run by admin', 'use-after-unload in run by admin']);
  finds('C23 fixed: disabled, not cancelled', `
module m {
  struct ctx { job: work; n: int }
  let c: ref ctx
  let t: timer_list
  fn run(job: ref work) { let c = job as ctx; let n = c.n }
  fn tick(t: ref timer_list) { let x = READ_ONCE(c); if x != null { schedule_work(x.job) } }
  init { c = new ctx; INIT_WORK(c.job, run); timer_setup(t, tick); mod_timer(t) }
  exit { disable_work_sync(c.job); timer_shutdown_sync(t); free c }
}
process admin { rmmod(m) }
`, []);
  finds('C44: cancelling the work under the mutex that it takes', `
let lock: mutex
let a: work
fn run(w: ref work) { with mutex_lock(lock) { } }
fn prepare() { INIT_WORK(a, run); schedule_work(a) }
fn connect() { with mutex_lock(lock) { cancel_work_sync(a) } }
process p { prepare(); connect() }
`, ['deadlock in connect by a worker']);
});

suite('flushing and cancelling at once', () => {
  const two = (one: string, other: string, run = ''): string => `
let a: work
let runs: atomic
fn run(w: ref work) { ${run} }
fn prepare() { INIT_WORK(a, run); schedule_work(a) }
fn one() { ${one} }
fn other() { ${other} }
process main { prepare(); thread t { other() }; one() }
`;
  finds('what is flushed is cancelled', two('flush_work(a)', 'cancel_work(a)'), []);
  finds('what is flushed is cancelled, with a wait', two('flush_work(a)', 'cancel_work_sync(a)'), []);
  finds('two flush', two('flush_work(a)', 'flush_work(a)'), []);
  finds('two cancel', two('cancel_work_sync(a); schedule_work(a)', 'cancel_work_sync(a)'), []);
  finds('one flushes what the other queues for ever', two('flush_work(a)', 'loop { schedule_work(a); cond_resched() }'), ['livelock in other']);
  finds('flushed, then idle until somebody queues it', two('flush_work(a); assert atomic_read(runs) == 1', '', 'atomic_inc(runs)'), []);
});

suite('timers', () => {
  const timer = (body: string, exit: string): string => `
module m {
  struct ctx { t: timer_list; n: int }
  let c: ref ctx
  fn tick(t: ref timer_list) { let c = t as ctx; ${body} }
  init { c = new ctx; timer_setup(c.t, tick); mod_timer(c.t) }
  exit { ${exit} }
}
process admin { rmmod(m) }
`;
  finds('timer_delete_sync of a timer that fires once', timer('let n = c.n', 'timer_delete_sync(c.t); free c'), []);
  finds('timer_delete does not wait', timer('let n = c.n', 'timer_delete(c.t); free c'), ['use-after-free in tick by admin', 'use-after-unload in tick by admin', 'use-after-unload in ctx#0.t softirq by admin']);
  finds('timer_delete_sync takes a timer that re-arms itself off again', timer('mod_timer(t)', 'timer_delete_sync(c.t); free c'), []);
  finds('timer_shutdown_sync of a timer that re-arms itself', timer('mod_timer(t)', 'timer_shutdown_sync(c.t); free c'), []);
  finds('no timer is waited for in its own callback', timer('timer_delete_sync(t)', 'timer_delete_sync(c.t); free c'), ['self-deadlock in tick']);
  finds('no sleeping in a timer', timer('msleep(1)', 'timer_delete_sync(c.t); free c'), ['sleep-in-atomic in tick']);
  finds('timer_delete_sync_try tells that the callback runs', timer('', 'let was = timer_delete_sync_try(c.t); assert was != -1; timer_delete_sync(c.t); free c'), ['assertion in m.exit']);
  finds('where it does not, the timer is off', timer('', 'let was = timer_delete_sync_try(c.t); if was >= 0 { free c } else { timer_delete_sync(c.t); free c }'), []);
  finds('timer_reduce arms like mod_timer', timer('let n = c.n', 'timer_reduce(c.t); timer_delete(c.t); free c'), ['use-after-free in tick by admin', 'use-after-unload in tick by admin', 'use-after-unload in ctx#0.t softirq by admin']);
  finds('no timer_setup', 'let t: timer_list\nfn go() { mod_timer(t) }\nprocess p { go() }', ['uninitialised in go']);
  finds('arming after shutdown', 'let t: timer_list\nfn f(t: ref timer_list) { }\nfn go() { timer_setup(t, f); timer_shutdown_sync(t); mod_timer(t) }\nprocess p { go() }', ['timer-after-shutdown in go']);
  finds('C41: a spinlock that the callback takes', `
let lock: spinlock
let t: timer_list
fn tick(t: ref timer_list) { with spin_lock(lock) { } }
fn go() { timer_setup(t, tick); mod_timer(t); with spin_lock_irq(lock) { timer_delete_sync(t) } }
process p { go() }
`, ['deadlock in go by t softirq']);
  const aica = (close: string): string => `
struct chan { t: timer_list; job: work; n: int }
let c: ref chan
fn run(w: ref work) { let c = w as chan; let n = c.n; mod_timer(c.t) }
fn tick(t: ref timer_list) { let c = t as chan; schedule_work(c.job) }
fn prepare() { let x = new chan; timer_setup(x.t, tick); INIT_WORK(x.job, run); c = x; schedule_work(x.job) }
fn stop() { let x = c; ${close}; c = null; free x }
process p { prepare(); stop() }
`;
  finds('C08: work and timer start each other', aica('flush_work(x.job); timer_delete(x.t)'), ['use-after-free in chan#0.job worker by p', 'use-after-free in run by p', 'use-after-free in tick by p', 'use-after-free in chan#0.t softirq by p']);
  finds('C08 half fixed: the running callback queues the work again', aica('cancel_work_sync(x.job); timer_delete_sync(x.t)'), ['use-after-free in chan#0.t softirq by p', 'use-after-free in tick by p', 'use-after-free in chan#0.job worker by p', 'use-after-free in run by p']);
  finds('C08 fixed: shut the timer down, then cancel the work', aica('timer_shutdown_sync(x.t); cancel_work_sync(x.job)'), ['timer-after-shutdown in run']);
});

suite('kernel threads', () => {
  finds('C34: a thread that nobody stops', `
module m {
  fn main(data: any) -> int { while !kthread_should_stop() { msleep(1) } ; return 0 }
  init { kthread_run(main, null) }
  exit { }
}
process admin { rmmod(m) }
`, ['use-after-unload in main by admin', 'use-after-unload in kthread 0 by admin']);
  test('text that is gone is entered by who calls it: `in` names either, and the position is the call', () => {
    const found = checkText(`scenario t "t"
module m {
  struct o { w: work }
  struct table { run: fn() }
  ops tab: table { run() { } }
  fn job(w: ref work) { free w as o }
  init { the_ops = tab; let x = new o; INIT_WORK(x.w, job); schedule_work(x.w) }
  exit { }
}
let the_ops: ref m.table
fn call() { let ops = the_ops; ops.run() }
process p { call() }
process admin { rmmod(m) }
expect use-after-unload in tab.run by admin
expect use-after-unload in call by admin
expect use-after-unload in job by admin
`);
    assert.deepEqual(found.errors.map((e) => e.message), []);
    assert.deepEqual(found.expects.map((e) => e.met), [true, true, true]);
    assert.ok(found.runs[0].violations.every((v) => v.expected));
    assert.equal(found.runs[0].violations.find((v) => v.message === 'calls tab.run(), whose text admin unloaded')?.function, 'call');
  });
  finds('C34 fixed: kthread_stop', `
module m {
  let t: ref task
  fn main(data: any) -> int { while !kthread_should_stop() { msleep(1) } ; return 0 }
  init { t = kthread_run(main, null) }
  exit { kthread_stop(t) }
}
process admin { rmmod(m) }
`, []);
  finds('a thread that never looks', `
let t: ref task
let never: completion
fn main(data: any) -> int { wait_for_completion(never); return 0 }
fn go() { t = kthread_run(main, null); kthread_stop(t) }
process p { go() }
`, ['deadlock in go']);
  finds('a thread that stops itself', `
let t: ref task
fn main(data: any) -> int { kthread_stop(t); return 0 }
fn go() { t = kthread_run(main, null) }
process p { go() }
`, ['self-deadlock in main', 'null-deref in main', 'data-race in main by p']);
});

suite('threads that end', () => {
  const ends = (main: string, exit: string): string => `
module m {
  let t: ref task
  let n: int
  fn main(data: any) -> int { ${main}; return 0 }
  init { t = kthread_run(main, null); ${exit.includes('put_task') ? 'get_task_struct(t)' : ''} }
  exit { ${exit} }
}
process admin { rmmod(m) }
`;
  finds('kthread_stop of a thread that may have returned by itself', ends('msleep(1)', 'kthread_stop(t)'), ['use-after-free in m.exit by kthread 0']);
  finds('with a reference', ends('msleep(1)', 'kthread_stop(t); put_task_struct(t)'), []);
  finds('one put too many', ends('msleep(1)', 'put_task_struct(t); kthread_stop(t); put_task_struct(t)'), ['use-after-free in m.exit by admin,kthread 0', 'use-after-free in m.exit by admin']);
  finds('a thread that never began does not call its function', `
module m {
  let t: ref task
  let began: bool
  fn main(data: any) -> int { WRITE_ONCE(began, true); while !kthread_should_stop() { msleep(1) } ; return 0 }
  init { t = kthread_run(main, null) }
  exit { kthread_stop(t); assert began }
}
process admin { rmmod(m) }
`, ['assertion in m.exit']);
  finds('a work that frees its own item', 'struct c { w: work }\nfn run(w: ref work) { free w as c }\nfn f() { let x = new c; INIT_WORK(x.w, run); schedule_work(x.w) }\nprocess p { f() }', []);
  finds('a handler that runs before request_irq() returns', `
use driver_core, pci
module m {
  struct part { n: int }
  struct ctx { part: ref part }
  fn handler(data: any) { let c = data as ctx; let p = READ_ONCE(c.part); let n = p.n }
  driver drv: pci_driver {
    probe(dev) { let c = new ctx; dev.drvdata = c; request_irq(dev, handler, c)?; WRITE_ONCE(c.part, new part) }
    remove(dev) { let c = dev.drvdata as ctx; free_irq(dev, c); free c.part; free c }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device gpu: pci_dev binds m.drv unbound
process admin { bind(gpu) }
hardware { interrupt(gpu) }
`, ['null-deref in handler']);
});

suite('interrupts', () => {
  const irq = (probe: string, remove: string, handler = 'let n = c.n'): string => `
use driver_core, pci, devres
module m {
  struct ctx { n: int; lock: spinlock }
  fn handler(data: any) { let c = data as ctx; ${handler} }
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
  finds('free_irq waits for the handler', irq('request_irq(dev, handler, c)?', 'free_irq(dev, c); free c'), []);
  finds('a handler that stays on its line', irq('request_irq(dev, handler, c)?', 'free c'), ['use-after-free in handler by admin', 'leak in drv.probe']);
  finds('C22: a managed interrupt goes behind remove()', irq('devm_request_irq(dev, handler, c)?', 'free c'), ['use-after-free in handler by admin']);
  finds('C22 fixed: managed memory is older', irq('devm_add_action(dev, kfree, c); devm_request_irq(dev, handler, c)?', ''), []);
  const managed = (flags: string): string => `${irq(`devm_request_threaded_irq(dev, handler, null, c, ${flags})?`, 'free c', 'let n = c.n; return IRQ_HANDLED').replace('hardware { interrupt(gpu) }', '').replace('data: any)', 'data: any) -> int')}config { DEBUG_SHIRQ = y }\n`;
  finds('a managed interrupt on a shared line', managed('IRQF_SHARED'), ['use-after-free in handler by admin']);
  finds('on a line of its own that the device never raises', managed('0'), []);
  finds('a lock that the handler takes', irq('request_irq(dev, handler, c)?', 'with spin_lock_irq(c.lock) { synchronize_irq(dev) }; free_irq(dev, c); free c', 'with spin_lock(c.lock) { }'), ['sleep-in-atomic in drv.remove']);
  finds('a handler does not sleep', irq('request_irq(dev, handler, c)?', 'free_irq(dev, c); free c', 'msleep(1)'), ['sleep-in-atomic in handler']);
  const quiet = (request: string, remove: string, handler?: string): string => irq(request, remove, handler).replace('hardware { interrupt(gpu) }', '');
  const shared = 'request_irq(dev, handler, c, IRQF_SHARED)?';
  const early = quiet(shared, 'free c; free_irq(dev, c)');
  finds('S11: with DEBUG_SHIRQ free_irq calls the handler of a shared line once more', `config { DEBUG_SHIRQ = y }\n${early}`, ['use-after-free in handler by admin']);
  finds('without, it does not', early, []);
  finds('nor where it says so', `config { DEBUG_SHIRQ = n }\n${early}`, []);
  finds('nor the handler of a line of its own', `config { DEBUG_SHIRQ = y }\n${quiet('request_irq(dev, handler, c, 0)?', 'free c; free_irq(dev, c)')}`, []);
  finds('it is called before free_irq returns, and not again', `config { DEBUG_SHIRQ = y }\n${quiet(shared, 'free_irq(dev, c); assert c.n == 1; free c', 'c.n = c.n + 1')}`, []);
  finds('a line whose handler is only a thread', `config { DEBUG_SHIRQ = y }\n${quiet('request_threaded_irq(dev, null, work, c, IRQF_SHARED)?', 'free c; free_irq(dev, c)').replace('driver drv', 'fn work(data: any) { assert false }\n  driver drv')}`, []);
  finds('the handler without data is freed too', irq('request_irq(dev, handler, null)?', 'free_irq(dev, null); free c', ''), []);
});
