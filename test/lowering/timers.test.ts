// Timers, sleeps and waits in scenarios with a clock: when they end, and what is in time for what.
import { suite, test } from 'node:test';
import assert from 'node:assert/strict';
import { place } from '../../server/src/time/wheel.ts';
import { finds, verdicts as verdictsOf } from './check.ts';

suite('sleeps and delays', () => {
  const passes = (call: string, check: string, preempt = 'none'): string => `
time { clock = 1ns; preempt = ${preempt} }
fn go() { let a = ktime_get(); ${call}; let b = ktime_get(); assert ${check} }
process p { go() }
`;
  finds('a sleep takes its time', passes('msleep(20ns)', 'b - a == 21'), []);
  finds('a bare number counts in the unit of the function', passes('msleep(2); udelay(3); ndelay(4)', 'b - a == 2003005'), []);
  finds('at least', passes('msleep(20ns)', 'b - a >= 21', 'any'), []);
  finds('and any time longer', passes('msleep(20ns)', 'b - a < 1s', 'any'), ['assertion in go']);
  finds('one that is computed', passes('let d = a + 5ns; udelay(d)', 'b - a == 6'), []);
  finds('in a timer', `
time { hz = none }
let t: timer_list
fn tick(t: ref timer_list) { msleep(1) }
fn go() { timer_setup(t, tick); mod_timer(t, 1ms) }
process p { go() }
`, ['sleep-in-atomic in tick']);
});

suite('timer_list with a clock', () => {
  const timer = (settings: string, arm: string, check: string): string => `
time { clock = 1ns; ${settings} }
let t: timer_list
let fired: u64
let did: bool
fn tick(t: ref timer_list) { WRITE_ONCE(fired, ktime_get()); WRITE_ONCE(did, true) }
fn go() { timer_setup(t, tick); ${arm}; wait until did; assert ${check} }
process p { go() }
`;
  finds('it fires when its time has come', timer('hz = none; preempt = none', 'mod_timer(t, 30ns)', 'fired == 30'), []);
  finds('never before', timer('hz = none', 'mod_timer(t, 30ns)', 'fired >= 30'), []);
  finds('or later', timer('hz = none', 'mod_timer(t, 30ns)', 'fired == 30'), ['assertion in go']);
  finds('the wheel adds a granule', timer('preempt = none', 'mod_timer(t, 5ms)', 'fired == 6ms'), []);
  finds('rounding up to a jiffy first', timer('preempt = none', 'mod_timer(t, 4500us)', 'fired == 6ms'), []);
  finds('a bare number is jiffies', timer('preempt = none; hz = 100', 'mod_timer(t, 5)', 'fired == 60ms'), []);
  finds('the second level of the wheel has granules of 8 jiffies', timer('preempt = none', 'mod_timer(t, 100)', 'fired == 104ms'), []);
  finds('moved before it fires', timer('hz = none; preempt = none', 'mod_timer(t, 30ns); mod_timer(t, 50ns)', 'fired == 50'), []);
  finds('timer_reduce never moves it to a later instant', timer('hz = none; preempt = none', 'mod_timer(t, 30ns); timer_reduce(t, 50ns)', 'fired == 30'), []);
  finds('but to an earlier one', timer('hz = none; preempt = none', 'mod_timer(t, 30ns); timer_reduce(t, 20ns)', 'fired == 20'), []);
  finds('without a delay it may fire at any moment', timer('hz = none', 'mod_timer(t)', 'fired < 1000'), ['assertion in go']);
  finds('one that is deleted in time does not fire', `
time { hz = none; preempt = none; clock = 1ns }
let t: timer_list
fn tick(t: ref timer_list) { assert false }
fn go() { timer_setup(t, tick); mod_timer(t, 30ns); udelay(29ns); timer_delete(t) }
process p { go() }
`, []);
  finds('which needs that nobody is scheduled out', `
time { hz = none; preempt = 1ns; clock = 1ns }
let t: timer_list
fn tick(t: ref timer_list) { assert false }
fn go() { timer_setup(t, tick); mod_timer(t, 30ns); udelay(29ns); timer_delete(t) }
process p { go() }
`, ['assertion in tick']);
  finds('a periodic timer has an end to its states', `
time { hz = 1000 }
let t: timer_list
fn tick(t: ref timer_list) { mod_timer(t, 10ms) }
fn go() { timer_setup(t, tick); mod_timer(t, 10ms); msleep(35); timer_delete_sync(t) }
process p { go() }
`, []);

  test('the jiffy is that of the emulated wheel', () => {
    for (const delay of [0, 1, 62, 63, 64, 100, 503, 504, 505, 4031, 4032, 40000]) {
      const fires = Number(place(BigInt(delay), 0n, 1000).fires);
      const text = timer('preempt = none', `mod_timer(t, ${delay})`, `fired == ${fires}ms`);
      assert.deepEqual(verdictsOf(text), [], `${delay} jiffies`);
    }
  });
});

suite('what was never set up', () => {
  const never = (body: string): string => `let t: timer_list\nlet h: hrtimer\nlet w: work\nlet d: delayed_work\nfn go() { ${body} }\nprocess p { go() }`;
  for (const [item, names] of [
    ['t', ['timer_delete', 'timer_delete_sync', 'del_timer_sync', 'timer_shutdown', 'timer_shutdown_sync', 'timer_delete_sync_try']],
    ['h', ['hrtimer_cancel', 'hrtimer_try_to_cancel']],
    ['w', ['cancel_work_sync', 'disable_work_sync', 'flush_work']],
    ['d', ['cancel_delayed_work', 'cancel_delayed_work_sync', 'disable_delayed_work', 'disable_delayed_work_sync', 'flush_delayed_work']],
  ] as const) {
    for (const name of names) finds(name, never(`${name}(${item})`), ['uninitialised in go']);
  }
  finds('a work that is only taken off is not looked at', never('cancel_work(w); disable_work(w); enable_work(w)'), []);
  finds('a timer that was shut down was set up', `let t: timer_list\nfn on(t: ref timer_list) { }\nfn go() { timer_setup(t, on); timer_shutdown(t); timer_delete_sync(t) }\nprocess p { go() }`, []);
});

suite('hrtimer with a clock', () => {
  const hrtimer = (settings: string, body: string, check: string): string => `
time { clock = 1ns; ${settings} }
let t: hrtimer
let n: int
let fired: u64
fn tick(t: ref hrtimer) -> int {
  WRITE_ONCE(fired, ktime_get())
  WRITE_ONCE(n, READ_ONCE(n) + 1)
  if READ_ONCE(n) == 3 { return HRTIMER_NORESTART }
  hrtimer_forward_now(t, 10ns)
  return HRTIMER_RESTART
}
fn go() { hrtimer_setup(t, tick); ${body}; wait until n == 3; assert ${check} }
process p { go() }
`;
  finds('restarts by its interval', hrtimer('preempt = none', 'hrtimer_start(t, 10ns, HRTIMER_MODE_REL)', 'fired >= 30 && fired <= 32'), []);
  finds('an instant', hrtimer('preempt = none', 'udelay(5ns); hrtimer_start(t, 40ns, HRTIMER_MODE_ABS)', 'fired >= 60 && fired <= 62'), []);
  const periodic = (late: string, forward: string, body: string, check: string): string => `
time { clock = 1ns; preempt = none }
let t: hrtimer
let n: int
let fired: u64
fn tick(t: ref hrtimer) -> int {
  WRITE_ONCE(fired, ktime_get())
  WRITE_ONCE(n, READ_ONCE(n) + 1)
  if READ_ONCE(n) == 3 { return HRTIMER_NORESTART }
  ${late}
  ${forward}
  return HRTIMER_RESTART
}
fn go() { hrtimer_setup(t, tick); ${body}; wait until n == 3; assert ${check} }
process p { go() }
`;
  const start = 'hrtimer_start(t, 10ns, HRTIMER_MODE_REL)';
  finds('goes on from its last expiry, whenever its callback says so', periodic('udelay(4ns)', 'hrtimer_forward_now(t, 10ns)', start, 'fired == 30'), []);
  finds('by whole intervals, until it is behind now', periodic('udelay(24ns)', 'hrtimer_forward_now(t, 10ns)', start, 'fired == 70'), []);
  finds('by one interval more, exactly at the end of one', periodic('udelay(19ns)', 'hrtimer_forward_now(t, 10ns)', start, 'fired == 70'), []);
  finds('and returns how many', periodic('udelay(24ns)', 'let passed = hrtimer_forward_now(t, 10ns); assert passed == 3', start, 'fired == 70'), []);
  finds('two intervals', periodic('udelay(24ns)', 'if READ_ONCE(n) == 1 { hrtimer_forward_now(t, 10ns) } else { hrtimer_forward_now(t, 7ns) }', start, 'fired == 68'), []);
  finds('an interval that is not constant', periodic('let each = READ_ONCE(n) * 10; udelay(24ns)', 'hrtimer_forward_now(t, each)', start, 'fired == 80'), []);
  finds('an instant that has passed counts, too', periodic('', 'let passed = hrtimer_forward_now(t, 10ns); assert passed == 3 || n == 2', 'udelay(35ns); hrtimer_start(t, 10ns, HRTIMER_MODE_ABS)', 'fired == 50'), []);
  finds('not before it expires', periodic('', 'hrtimer_forward_now(t, 10ns)', `${start}; let passed = hrtimer_forward_now(t, 10ns); assert passed == 0`, 'fired == 30'), []);
  const late = (preempt: string, check: string, forward = '4ns'): string => `
time { clock = 1ns; preempt = ${preempt} }
let t: hrtimer
fn on(t: ref hrtimer) -> int { let passed = hrtimer_forward_now(t, ${forward}); assert ${check}; return HRTIMER_NORESTART }
fn go() { hrtimer_setup(t, on); hrtimer_start(t, 5ns) }
process p { go() }
`;
  finds('of those that pass before the callback begins', late('8ns', 'passed <= 3'), []);
  finds('to the end of what it may be late', late('8ns', 'passed != 3'), ['assertion in on']);
  finds('and no longer', late('7ns', 'passed != 3'), []);
  finds('each time', late('4ns each', 'passed != 2'), ['assertion in on']);
  finds('however many, by leaps', late('any', 'passed != 9; ktime_get()'), ['assertion in on', 'incomplete']);
  const alarm = (preempt: string): string => `
time { preempt = ${preempt} }
let t: hrtimer
fn on(t: ref hrtimer) -> int { alarm_comes(2ns); return HRTIMER_NORESTART }
fn go() { hrtimer_setup(t, on); alarm_due(5ns, 2ns); hrtimer_start(t, 5ns) }
process p { go() }
`;
  finds('an alarm that comes too late, where nobody reads the time', alarm('3ns'), ['missed-deadline in on']);
  finds('and one that just does not', alarm('2ns'), []);
  finds('one that has passed', hrtimer('preempt = none', 'udelay(50ns); hrtimer_start(t, 40ns, HRTIMER_MODE_ABS)', 'fired >= 70 && fired <= 72'), []);
});

suite('waits with a timeout', () => {
  const waits = (wait: string, other: string, settings = 'preempt = none'): string => `
time { clock = 1ns; ${settings} }
let flag: bool
let done: completion
fn go() { ${wait} }
fn other() { ${other} }
process p { go() }
process q { other() }
`;
  const until = 'wait until flag timeout 20ns?';
  const since = (wait: string, check: string): string => `let a = ktime_get(); ${wait}; let b = ktime_get(); assert ${check}`;
  finds('nobody comes: it takes its time', waits(since('let r = wait_for_completion_timeout(done, 20ns)', 'r == 0 && b - a >= 20'), ''), []);
  finds('somebody is in time', waits('let r = wait_for_completion_timeout(done, 20ns); assert r != 0', 'udelay(10ns); complete(done)').replace('process q { other() }', 'process q { other() }'), ['assertion in go']);
  finds('what holds at the end of the time is no timeout', `
time { clock = 1ns; preempt = none }
let flag: bool
fn slow() -> int { ${until}; return 0 }
fn go() { WRITE_ONCE(flag, true); let r = slow(); assert r == 0 }
process p { go() }
`, []);
  finds('what comes too late is one', `
time { clock = 1ns; preempt = none }
let t: hrtimer
let flag: bool
fn tick(t: ref hrtimer) -> int { WRITE_ONCE(flag, true); return HRTIMER_NORESTART }
fn slow() -> int { ${until}; return 0 }
fn go() { hrtimer_setup(t, tick); hrtimer_start(t, 21ns); let r = slow(); assert r == -110 }
process p { go() }
`, []);
  finds('in time', `
time { clock = 1ns; preempt = none }
let t: hrtimer
let flag: bool
fn tick(t: ref hrtimer) -> int { WRITE_ONCE(flag, true); return HRTIMER_NORESTART }
fn slow() -> int { ${until}; return 0 }
fn go() { hrtimer_setup(t, tick); hrtimer_start(t, 19ns); let r = slow(); assert r == 0 }
process p { go() }
`, []);
});

suite('delayed works with a clock', () => {
  const delayed = (body: string, settings = 'hz = none; preempt = none'): string => `
time { clock = 1ns; ${settings} }
let d: delayed_work
let wq: ref workqueue
let ran: u64
let did: bool
fn run(w: ref work) { WRITE_ONCE(ran, ktime_get()); WRITE_ONCE(did, true) }
fn go() { INIT_DELAYED_WORK(d, run); wq = alloc_workqueue("q"); ${body} }
process p { go() }
`;
  finds('runs when the time is over', delayed('queue_delayed_work(wq, d, 30ns); wait until did; assert ran == 30'), []);
  finds('in a bucket of the wheel', delayed('schedule_delayed_work(d, 5); wait until did; assert ran == 6ms', 'preempt = none'), []);
  finds('at once without a delay', delayed('schedule_delayed_work(d, 0); wait until did; assert ran == 0', 'preempt = none'), []);
  finds('moved', delayed('queue_delayed_work(wq, d, 30ns); mod_delayed_work(wq, d, 50ns); wait until did; assert ran == 50'), []);
  finds('queued already: the first time counts', delayed('queue_delayed_work(wq, d, 30ns); queue_delayed_work(wq, d, 50ns); wait until did; assert ran == 30'), []);
  finds('cancelled in time', delayed('queue_delayed_work(wq, d, 30ns); udelay(20ns); cancel_delayed_work_sync(d); msleep(50ns); assert !did'), []);
  finds('too late', delayed('queue_delayed_work(wq, d, 30ns); udelay(31ns); cancel_delayed_work_sync(d); msleep(50ns); assert !did'), ['assertion in go']);
  finds('flush_delayed_work does not wait for the timer', delayed('queue_delayed_work(wq, d, 1s); flush_delayed_work(d); assert did && ran < 5'), []);
});

suite('a wait begins when what was before it is over', () => {
  const after = (wait: string): string => `
use driver_core, pci
device gpu: pci_dev
time { mmio = 10ns; preempt = none }
let bar: mmio
let t: hrtimer
let flag: bool
let done: completion
fn tick(t: ref hrtimer) -> int { WRITE_ONCE(flag, true); complete(done); return HRTIMER_NORESTART }
fn slow() -> int { wait until flag timeout 20ns?; return 0 }
fn go() { bar = pci_iomap(gpu, 0); hrtimer_setup(t, tick); hrtimer_start(t, 25ns); readl(bar, 0); ${wait} }
process p { go() }
`;
  finds('wait until', after('let r = slow(); assert r == 0'), []);
  finds('wait_for_completion_timeout', after('let r = wait_for_completion_timeout(done, 20ns); assert r != 0'), []);
});

suite('between two instants', () => {
  const looks = (check: string, time = 'clock = 1ns'): string => `time { ${time} }\nfn go() { let a = ktime_get(); let b = ktime_get(); assert !(${check}) }\nprocess p { go() }`;
  finds('just before one', looks('a < 10 && b >= 10 && b - a < 4'), ['assertion in go']);
  finds('not with what takes longer', looks('a < 10 && b >= 10 && b - a < 4', 'clock = 4ns'), []);
  finds('at full size', looks('a < 10s && b >= 10s && b - a < 1us', 'clock = 50ns'), ['assertion in go']);
  finds('what cannot be followed is looked at ns by ns', looks('a % 7 == 3 && b % 7 == 5', 'clock = 1ns; preempt = 9ns'), ['assertion in go']);
  finds('a wait that is judged from both sides, on a small timer', `
use driver_core, pci, nova_timer
device gpu: pci_dev
time { mmio = 1ns; clock = 1ns }
ptimer of gpu { counter = 0; grain = 4; rollover = 64; wrap = 256 }
fn go() {
  let bar = pci_iomap(gpu, 0)
  wait_begin(bar, 0x100, 1, 1, 8)
  readl(bar, 0x200)
  let first = readl(bar, PTIMER_TIME_0)
  readl(bar, 0x100)
  let now = readl(bar, PTIMER_TIME_0)
  if now - first >= 8 { wait_end(bar, 0x100, 1, 1, -ETIMEDOUT, 0) }
  iounmap(bar)
}
process p { go() }
`, ['missed-deadline in go']);
  finds('what another agent compares', `
time { clock = 1ns }
let x: u64
let y: u64
fn one() { WRITE_ONCE(x, ktime_get()) }
fn other() { WRITE_ONCE(y, ktime_get()) }
fn third() { let a = READ_ONCE(x); let b = READ_ONCE(y); assert !(a == 17 && b > 29) }
process p { one() }
process q { other() }
process r { third() }
`, ['assertion in third']);
});

suite('loops', () => {
  finds('a look for ever at a deadline that passes', 'time { clock = 10us }\nfn go() { let end = ktime_get() + 1s; while ktime_get() < end { } }\nprocess p { go() }', []);
  finds('with a sleep', 'time { clock = 10us; preempt = 1ms }\nfn go() { let end = ktime_get() + 20ms; while ktime_get() < end { msleep(1) } }\nprocess p { go() }', []);
  finds('that never look at the clock come round', 'let n: int\ntime { }\nfn go() { while READ_ONCE(n) == 0 { udelay(10) } }\nprocess p { go() }', ['livelock in go']);
  const dead = (body: string): string => `
use driver_core, pci, nova_timer
device gpu: pci_dev
time { }
ptimer of gpu { }
fn go(dev: ref pci_dev) { let bar = pci_iomap(dev, 0); ${body}; iounmap(bar) }
process p { wait until gone(gpu); go(gpu) }
hardware { unplug(gpu) }
`;
  finds('on a device that is gone, whose clock stands, at full size', dead('while readl(bar, PTIMER_TIME_0) != 0 { }'), ['livelock in go']);
  finds('with the CPU’s clock it ends', dead('let end = ktime_get() + 20us; while readl(bar, PTIMER_TIME_0) != 0 && ktime_get() < end { }'), []);
  finds('waits for a register of it end with the CPU’s clock', dead('let end = ktime_get() + 50us; while (readl(bar, 0x100) & 1) == 1 && ktime_get() < end { udelay(10) }'), []);
});

suite('what the callback of a timer takes', () => {
  const waits = (callback: string, check: string): string => `
time { clock = 1ns; callback = ${callback}; preempt = none; hz = none }
let h: hrtimer
fn on(h: ref hrtimer) -> int { return HRTIMER_NORESTART }
fn go() {
  hrtimer_setup(h, on); hrtimer_start(h, 10ns); ndelay(10)
  let from = ktime_get()
  let ran = hrtimer_cancel(h)
  let to = ktime_get()
  if !ran { assert ${check} }
}
process p { go() }
`;
  // The callback may begin before or after the first look at 10 ns; the second one waits for its end, or for the cost of the first.
  finds('who cancels it waits for so long', waits('7ns', 'to - from != 7'), ['assertion in go']);
  finds('and not for longer', waits('7ns', 'to - from <= 7'), []);
  finds('any time between the two', waits('3ns..7ns', 'to - from != 5'), ['assertion in go']);
  finds('nothing, if nothing is said', waits('0ns', 'to - from == 1'), []);
});
