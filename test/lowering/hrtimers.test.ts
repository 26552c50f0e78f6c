// hrtimers: the callback says whether it is queued again, cancelling waits for it, and nothing forbids another start.
import { suite } from 'node:test';
import { finds } from './check.ts';

suite('hrtimers', () => {
  const hrtimer = (callback: string, exit: string, more = ''): string => `
module m {
  struct ctx { t: hrtimer; n: int; lock: spinlock }
  let c: ref ctx
  fn tick(t: ref hrtimer) -> int { let c = t as ctx; ${callback} }
  ${more}
  init { c = new ctx; hrtimer_setup(c.t, tick); hrtimer_start(c.t) }
  exit { ${exit} }
}
process admin { rmmod(m) }
`;
  const once = 'let n = c.n; return HRTIMER_NORESTART';
  const periodic = 'let n = c.n; hrtimer_forward_now(t, 1ms); return HRTIMER_RESTART';

  finds('hrtimer_cancel waits for the callback', hrtimer(once, 'hrtimer_cancel(c.t); free c'), []);
  finds('hrtimer_cancel ends a periodic one', hrtimer(periodic, 'hrtimer_cancel(c.t); free c'), []);
  finds('hrtimer_try_to_cancel does not wait', hrtimer(once, 'hrtimer_try_to_cancel(c.t); free c'), ['use-after-free in tick by admin', 'use-after-unload in tick by admin', 'use-after-unload in ctx#0.t hrtimer by admin']);
  finds('a callback that is freed under, and restarts', hrtimer('return HRTIMER_RESTART', 'hrtimer_try_to_cancel(c.t); free c'), ['use-after-free in ctx#0.t hrtimer by admin', 'use-after-unload in ctx#0.t hrtimer by admin', 'use-after-unload in tick by admin']);
  finds('nobody cancels it in its own callback', hrtimer('hrtimer_cancel(t); return HRTIMER_NORESTART', 'hrtimer_cancel(c.t); free c'), ['self-deadlock in tick']);
  finds('trying to in its own callback is always told that it runs', hrtimer('let got = hrtimer_try_to_cancel(t); assert got == -1; return HRTIMER_NORESTART', 'hrtimer_cancel(c.t); free c'), []);
  finds('no sleeping in the callback', hrtimer('msleep(1); return HRTIMER_NORESTART', 'hrtimer_cancel(c.t); free c'), ['sleep-in-atomic in tick']);
  finds('a lock that the callback takes', hrtimer('with spin_lock(c.lock) { } ; return HRTIMER_NORESTART', 'with spin_lock_irq(c.lock) { hrtimer_cancel(c.t) } ; free c'), ['deadlock in m.exit by ctx#0.t hrtimer']);
  finds('started again by its own callback, not by what it returns', hrtimer('hrtimer_start(t); return HRTIMER_NORESTART', 'hrtimer_cancel(c.t); free c'), []);
  finds('it has no shutdown: a work starts it again', `
struct ctx { t: hrtimer; job: work }
fn tick(t: ref hrtimer) -> int { return HRTIMER_NORESTART }
fn run(job: ref work) { let c = job as ctx; hrtimer_start(c.t) }
fn go() { let c = new ctx; hrtimer_setup(c.t, tick); INIT_WORK(c.job, run); schedule_work(c.job); hrtimer_cancel(c.t); cancel_work_sync(c.job); free c }
process p { go() }
`, ['use-after-free in ctx#0.t hrtimer by p']);
  finds('no hrtimer_setup', 'let t: hrtimer\nfn go() { hrtimer_start(t) }\nprocess p { go() }', ['uninitialised in go']);

  const freesItself = (returns: string): string => `
struct ctx { t: hrtimer }
fn tick(t: ref hrtimer) -> int { free t as ctx; return ${returns} }
fn go() { let c = new ctx; hrtimer_setup(c.t, tick); hrtimer_start(c.t) }
process p { go() }
`;
  finds('a callback may free its timer', freesItself('HRTIMER_NORESTART'), []);
  finds('and then not restart it', freesItself('HRTIMER_RESTART'), ['use-after-free in ctx#0.t hrtimer by ctx#0.t hrtimer']);

  const returned = (returns: string, check: string): string => `
let t: hrtimer
fn tick(t: ref hrtimer) -> int { return ${returns} }
fn go() { hrtimer_setup(t, tick); hrtimer_start(t); ${check} }
process p { go() }
`;
  finds('one that restarts is queued when hrtimer_cancel has it', returned('HRTIMER_RESTART', 'let was = hrtimer_cancel(t); assert was && !hrtimer_active(t)'), []);
  finds('one that does not may have run before', returned('HRTIMER_NORESTART', 'let was = hrtimer_cancel(t); assert was'), ['assertion in go']);
  finds('hrtimer_try_to_cancel may come while the callback runs', returned('HRTIMER_RESTART', 'let was = hrtimer_try_to_cancel(t); assert was == 1'), ['assertion in go']);
  finds('in the callback it is not queued, and runs', `
let t: hrtimer
fn tick(t: ref hrtimer) -> int { assert !hrtimer_is_queued(t); assert hrtimer_callback_running(t); return HRTIMER_NORESTART }
fn go() { hrtimer_setup(t, tick); hrtimer_start(t) }
process p { go() }
`, []);
});
