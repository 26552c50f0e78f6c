// Scenarios with a clock: what takes time, who may be scheduled out, and the registers of a PTIMER at each instant.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkText, finds } from './check.ts';

suite('the CPU clock', () => {
  const looks = (settings: string, check: string): string => `
time { ${settings} }
fn go() { let a = ktime_get(); let b = ktime_get(); ${check} }
process p { go() }
`;
  finds('it begins with 0', 'time { preempt = none }\nfn go() { let a = ktime_get(); assert a == 0 }\nprocess p { go() }', []);
  finds('a look takes what it costs', looks('clock = 5ns; preempt = none', 'assert b - a == 5'), []);
  finds('nobody is scheduled out for longer than that', looks('clock = 5ns; preempt = 3ns', 'assert b - a >= 5 && b - a <= 8'), []);
  finds('but for any part of it', looks('clock = 5ns; preempt = 3ns', 'assert b - a != 7'), ['assertion in go']);
  finds('at the end of it', looks('clock = 5ns; preempt = 3ns', 'assert b - a != 8'), ['assertion in go']);
  const beside = (preempt: string): string => `
time { clock = 2ns; preempt = ${preempt} }
fn one() { let a = ktime_get(); let b = ktime_get(); assert b - a == 2 }
fn other() { ktime_get(); ktime_get(); ktime_get() }
process p { one() }
process q { other() }
`;
  finds('nobody is scheduled out because another is busy', beside('none'), []);
  finds('unless for a time', beside('1ns'), ['assertion in one']);
});

suite('durations that cannot be counted', () => {
  const go = (body: string): string => `time { }\nlet t: timer_list\nlet h: hrtimer\nlet n: u64\nfn on(t: ref timer_list) { }\nfn late(h: ref hrtimer) -> int { return 0 }\nfn go() { ${body} }\nprocess p { go() }`;
  const far = (text: string, s: string): string => `error 8: \`${text}\` is ${s} s, and the longest that is counted is 13 days: scale the scenario down`;
  finds('a sleep', go('msleep(2_000_000_000)').replace('time { }\n', 'time { }\n\n'), [far('2_000_000_000', '2,000,000')]);
  finds('a timer, in jiffies', go('timer_setup(t, on); mod_timer(t, 0xffff_ffff_ffff)').replace('time { }\n', 'time { }\n\n'), [far('0xffff_ffff_ffff', '281,474,976,710')]);
  finds('one that is computed', go('n = 2 * 1_000_000_000_000_000; let far = n; msleep(far)'), ['bound-reached in go']);
  finds('one that is computed, of an hrtimer', go('n = 2 * 1_000_000_000_000_000; let far = n; hrtimer_setup(h, late); hrtimer_start(h, far)'), ['bound-reached in go']);
  finds('a sleep that ends before it begins', go('usleep_range(20us, 10)').replace('time { }\n', 'time { }\n\n'), ['error 8: `10` is less than `20us`: the shorter time comes first']);
  finds('a sleep with two numbers, one in us', go('usleep_range(10us, 20)'), []);
  finds("a library's, at the argument", 'time { }\nuse watchdog\nlet w: watchdog_hw\nconst SO = -1\nfn go() {\n  watchdog_hw_load(w,\n    SO)\n}\nprocess p { go() }', ['error 7: `SO` is no duration: it is less than 0']);
  finds('the longest', go('msleep(1_000_000_000)'), []);
});

suite('operations that take from how many to how many ns', () => {
  const looks = (settings: string, check: string): string => `
time { ${settings} }
fn go() { let a = ktime_get(); let b = ktime_get(); ${check} }
process p { go() }
`;
  const between = 'clock = 2ns..5ns; preempt = none';
  finds('not less, not more', looks(between, 'assert b - a >= 2 && b - a <= 5'), []);
  for (const n of [2, 3, 5]) finds(`${n} of 2 to 5`, looks(between, `assert b - a != ${n}`), ['assertion in go']);
  finds('what is over may still be scheduled out', looks('clock = 2ns..5ns; preempt = 2ns', 'assert b - a <= 7'), []);
  finds('from its end on', looks('clock = 2ns..5ns; preempt = 2ns', 'assert b - a != 7'), ['assertion in go']);
  finds('for any time', looks('clock = 2ns..5ns', 'assert b - a != 9'), ['assertion in go']);
  finds('one may end sooner than the other', `
time { clock = 2ns..5ns; preempt = none }
let first: int
fn one() { ktime_get(); ktime_get(); if first == 0 { first = 1 } }
fn other() { ktime_get(); ktime_get(); assert first == 0 }
process p { one() }
process q { other() }
`, ['assertion in other']);
  finds('by leaps, too', looks('clock = 20us..50us; preempt = none', 'assert b - a <= 50us && b - a >= 20us'), []);
  finds('up to both ends', looks('clock = 20us..50us; preempt = none', 'assert b - a != 20us; assert b - a != 50us'), ['assertion in go']);
  finds('and to what is asked', looks('clock = 20us..50us; preempt = none', 'assert b - a != 30us'), ['assertion in go']);
});

suite('each time', () => {
  const looks = (preempt: string, check: string): string => `
time { clock = 2ns; preempt = ${preempt} }
fn go() { let a = ktime_get(); let b = ktime_get(); let c = ktime_get(); ${check} }
process p { go() }
`;
  finds('altogether it is once', looks('3ns', 'assert c - a <= 7'), []);
  finds('each time it is again', looks('3ns each', 'assert b - a <= 5 && c - b <= 5 && c - a <= 10'), []);
  finds('both', looks('3ns each', 'assert c - a != 10'), ['assertion in go']);
  finds('each of them', `
time { clock = 2ns; preempt = 3ns each }
let n: int
fn one() { let a = ktime_get(); let b = ktime_get(); if b - a == 5 { WRITE_ONCE(n, 1) } }
fn other() { let a = ktime_get(); let b = ktime_get(); if b - a == 5 { assert READ_ONCE(n) == 0 } }
process p { one() }
process q { other() }
`, ['assertion in other']);
  const far = (check: string): string => looks('30us each', check).replace('2ns', '20us');
  finds('by leaps, too', far('assert b - a <= 50us && c - a <= 100us'), []);
  finds('as far as it may be', far('assert c - a != 100us'), ['assertion in go']);
  finds('not for longer because the other one is', `
time { clock = 2ns; preempt = 3ns each }
fn one() { let a = ktime_get(); let b = ktime_get(); assert b - a <= 5 }
process p { one() }
process q { one() }
`, []);
});

const device = (settings: string, body: string, more = '', time = 'mmio = 1ns; preempt = none'): string => `
use driver_core, pci, nova_timer
device gpu: pci_dev
time { ${time} }
ptimer of gpu { ${settings} }
${more}
fn go(dev: ref pci_dev) { let bar = pci_iomap(dev, 0); ${body}; iounmap(bar) }
process p { go(gpu) }
`;
const small = 'grain = 2; rollover = 16; wrap = 64';

suite('TIME_0 and TIME_1', () => {
  const lo = 'let lo = readl(bar, PTIMER_TIME_0)';
  const hi = 'let hi = readl(bar, PTIMER_TIME_1)';
  finds('the low word shows whole grains', device(`counter = 5; ${small}`, `${lo}; assert lo == 4`), []);
  finds('and goes on with time', device(`counter = 5; ${small}`, `ktime_get(); ${lo}; assert lo == 6`, '', 'clock = 2ns; preempt = none'), []);
  finds('the high word goes on when the low one comes round', device(`counter = 15; ${small}`, `ktime_get(); ${lo}; ${hi}; assert lo == 0 && hi == 1`, '', 'clock = 1ns; mmio = 1ns; preempt = none'), []);
  finds('the whole comes round', device(`counter = 63; ${small}`, `ktime_get(); ${lo}; ${hi}; assert lo == 0 && hi == 0`, '', 'clock = 1ns; mmio = 1ns; preempt = none'), []);
  finds('a device of full size', device('counter = 0x1_ffff_ffff', `${lo}; ${hi}; assert lo == 0xffffffe0 && hi == 2`), []);
  finds('all ones of one that is gone', `
use driver_core, pci, nova_timer
device gpu: pci_dev
time { mmio = 1ns; preempt = none }
ptimer of gpu { ${small} }
fn go(dev: ref pci_dev) { let bar = pci_iomap(dev, 0); let lo = readl(bar, PTIMER_TIME_0); assert lo != 0xffffffff; iounmap(bar) }
process p { go(gpu) }
hardware { unplug(gpu) }
`, ['assertion in go']);
  const set = (load: string): string => device(`counter = 20; ${small}; load = ${load}`, `writel(2, bar, PTIMER_TIME_1); ${hi}; writel(7, bar, PTIMER_TIME_0); ${lo}; let hi2 = readl(bar, PTIMER_TIME_1)`);
  finds('TIME_0 loads both', set('trigger').replace('; iounmap', '; assert hi == 1 && lo == 6 && hi2 == 2; iounmap'), []);
  finds('each half at once', set('halves').replace('; iounmap', '; assert hi == 2 && lo == 6 && hi2 == 2; iounmap'), []);
  finds('neither', set('ignored').replace('; iounmap', '; assert hi == 1 && lo == 6 && hi2 == 1; iounmap'), []);
});

suite('messages have the numbers of the run', () => {
  const says = (name: string, text: string, wanted: readonly string[]): void => {
    test(name, () => assert.deepEqual(checkText(text).runs.flatMap((run) => run.violations.map((v) => `${v.kind}: ${v.message}`)).sort(), wanted));
  };
  says('a read that tears', device(`counter = 15; ${small}`, 'let time = read_lo_hi(bar)'), [
    'torn-read: p takes for the time of gpu what its counter never was while p read it: 30 ns, and it went from 15 ns to 16 ns',
  ]);
  says('a time that goes backwards', device(`counter = 60; ${small}`, 'read_hi_lo_hi(bar); read_hi_lo_hi(bar)'), [
    'time-backwards: p reads an earlier time of gpu than was read before: 2 ns, after 60 ns',
  ]);
  const waits = (result: string, more = '', late = ''): string => device(small, `wait_begin(bar, 0x100, 1, 1, 8); udelay(5ns); wait_end(bar, 0x100, 1, 1, ${result}${more})`, '', `mmio = 1ns; preempt = none${late}`);
  says('a time-out that is early', waits('-ETIMEDOUT'), ['missed-deadline: p reports a timeout before the time is over: 3 ns too early']);
  says('that no deadline has caused', waits('-ETIMEDOUT', ', 0, true'), ['missed-deadline: p reports a timeout that no deadline has caused, 3 ns before the time is over']);
  says('that is late', waits('-ETIMEDOUT', '', '; late = 2').replace('udelay(5ns)', 'udelay(15ns)'), ['missed-deadline: p reports a timeout long after the time was over: more than 2 ns later']);
  says('of what has held', waits('-ETIMEDOUT').replace('wait_begin', 'writel(3, bar, 0x100); wait_begin').replace('udelay(5ns)', 'udelay(9ns)'), ['missed-deadline: p reports a timeout although what it waits for has held in time: the register 0x100 has 0x1']);
  says('alarms', device(small, 'alarm_due(8, 2); udelay(5ns); alarm_comes(2)'), ['missed-deadline: p is told of an alarm before it is due: 3 ns too early']);
  says('all ones are no number of ns', device(`counter = 15; ${small}`, 'time_read_begin(bar); time_read_end(bar, ptimer_time(bar, 0xffffffff, 0xffffffff))'), [
    'torn-read: p takes for the time of gpu what its counter never was while p read it: 0xffffffffffffffff, and it went from 15 ns to 15 ns',
  ]);
});

suite('two devices', () => {
  finds('each has a time of its own, and words of its own', `
use driver_core, pci, nova_timer
device one: pci_dev
device two: pci_dev
time { mmio = 1ns; preempt = none }
ptimer of one { counter = 40; grain = 2; rollover = 16; wrap = 64 }
ptimer of two { counter = 40; grain = 4; rollover = 32; wrap = 64 }
fn go(a: ref pci_dev, b: ref pci_dev) {
  let first = pci_iomap(a, 0)
  let second = pci_iomap(b, 0)
  let now = read_hi_lo_hi(first)
  assert now == 40
  let then = read_hi_lo_hi(second)
  let grain = ptimer_grain(second)
  assert then == 44 && grain == 4
  iounmap(first)
  iounmap(second)
}
process p { go(one, two) }
`, []);
});

suite('reads of the time', () => {
  const twice = (read: string): string => device(`counter = 12; ${small}`, `let a = ${read}(bar); let b = ${read}(bar)`, '', 'mmio = 1ns; preempt = 6ns');
  finds('low, high: a roll-over between them', twice('read_lo_hi'), ['torn-read in go', 'time-backwards in go']);
  finds('high, low: likewise', twice('read_hi_lo'), ['torn-read in go', 'time-backwards in go']);
  finds('high, low, high', twice('read_hi_lo_hi'), []);
  finds('nvgpu’s', twice('gk20a_read_ptimer'), []);
  finds('the resource manager’s', twice('tmr_get_time'), []);
  finds('the time is set back between two reads', device(`counter = 40; ${small}`, 'let a = read_hi_lo_hi(bar); set_time(bar, 0, 4); let b = read_hi_lo_hi(bar)'), ['time-backwards in go']);
  finds('and forward', device(`counter = 4; ${small}`, 'let a = read_hi_lo_hi(bar); set_time(bar, 3, 0); let b = read_hi_lo_hi(bar)'), []);
  finds('the whole comes round between two reads', device(`counter = 60; ${small}`, 'let a = read_hi_lo_hi(bar); let b = read_hi_lo_hi(bar)'), ['time-backwards in go']);
  finds('a wrong time that nobody claims is one', device(`counter = 12; ${small}`, 'let lo = readl(bar, PTIMER_TIME_0); let hi = readl(bar, PTIMER_TIME_1); ptimer_time(bar, hi, lo)', '', 'mmio = 1ns; preempt = 6ns'), []);
});

suite('the alarm', () => {
  const alarm = (mode: string, body: string, counter = 4): string => device(`counter = ${counter}; ${small}; alarm = ${mode}`, body, '', 'mmio = 1ns; clock = 1ns; preempt = none');
  const latched = 'let intr = readl(bar, PTIMER_INTR_0)';
  finds('latches when the time comes', alarm('edge', `writel(6, bar, PTIMER_ALARM_0); ktime_get(); ${latched}; assert intr == 1`), []);
  finds('not before', alarm('edge', `writel(8, bar, PTIMER_ALARM_0); ktime_get(); ${latched}; assert intr == 0`), []);
  finds('keeps whole grains', alarm('edge', `writel(7, bar, PTIMER_ALARM_0); let kept = readl(bar, PTIMER_ALARM_0); assert kept == 6`), []);
  finds('an edge is over when it is armed late', alarm('edge', `writel(4, bar, PTIMER_ALARM_0); ${latched}; assert intr == 0`), []);
  finds('a level is not', alarm('level', `writel(4, bar, PTIMER_ALARM_0); ${latched}; assert intr == 1`), []);
  finds('a written 1 acknowledges it', alarm('edge', `writel(6, bar, PTIMER_ALARM_0); ktime_get(); ktime_get(); writel(1, bar, PTIMER_INTR_0); ${latched}; assert intr == 0`), []);
  finds('but not while the level holds', alarm('level', `writel(4, bar, PTIMER_ALARM_0); writel(1, bar, PTIMER_INTR_0); ${latched}; assert intr == 1`, 4).replace('grain = 2', 'grain = 8'), []);
  finds('it comes again after a roll-over', alarm('edge', `writel(2, bar, PTIMER_ALARM_0); ktime_get(); ${latched}; assert intr == 1`).replace('clock = 1ns', 'clock = 14ns'), []);

  const interrupt = (body: string): string => `
use driver_core, pci, nova_timer
module m {
  let came: int
  fn handler(data: any) { WRITE_ONCE(came, 1) }
  driver drv: pci_driver {
    probe(dev) { request_irq(dev, handler, dev)?; let bar = pci_iomap(dev, 0)?; ${body}; let n = READ_ONCE(came); free_irq(dev, dev); iounmap(bar); assert n == 0; assert READ_ONCE(came) == 0 }
    remove(dev) { }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device gpu: pci_dev binds m.drv unbound
time { mmio = 1ns; clock = 3ns; preempt = none }
ptimer of gpu { counter = 4; ${small} }
process admin { bind(gpu) }
`;
  finds('no interrupt while it is masked', interrupt('writel(6, bar, PTIMER_ALARM_0); ktime_get(); readl(bar, 0)'), []);
  finds('one where it is not', interrupt('writel(1, bar, PTIMER_INTR_EN_0); writel(6, bar, PTIMER_ALARM_0); ktime_get(); readl(bar, 0)'), ['assertion in drv.probe']);
  finds('a stale latch interrupts at once', interrupt('writel(6, bar, PTIMER_ALARM_0); ktime_get(); writel(1, bar, PTIMER_INTR_EN_0)'), ['assertion in drv.probe']);
  finds('unless it is acknowledged first', interrupt('writel(6, bar, PTIMER_ALARM_0); ktime_get(); writel(1, bar, PTIMER_INTR_0); writel(1, bar, PTIMER_INTR_EN_0)'), []);
});

suite('waits for a register', () => {
  const wait = (routine: string, events: string, options: { settings?: string; preempt?: string } = {}): string => `
use driver_core, pci, nova_timer
const STATUS = 0x100
module m {
  driver drv: pci_driver {
    probe(dev) {
      let bar = pci_iomap(dev, 0)?
      let r = ${routine}
      iounmap(bar)
      return r
    }
    remove(dev) { }
  }
  init { pci_register_driver(drv) }
  exit { pci_unregister_driver(drv) }
}
device gpu: pci_dev binds m.drv unbound
time { mmio = 1ns; dead_mmio = 1ns; clock = 1ns; preempt = ${options.preempt ?? 'none'} }
ptimer of gpu { counter = 12; ${options.settings ?? 'grain = 2; rollover = 16; wrap = 256'} }
process admin { bind(gpu) }
hardware { ${events} }
`;
  const rfc = (timeout: number, mask = 3): string => `rfc_v1_wait_on(bar, STATUS, ${mask}, 1, ${timeout}, 3)`;
  const util = (timeout: number, mask = 3): string => `util_wait_on(bar, STATUS, ${mask}, 1, ${timeout})`;
  const c = (timeout: number, mask = 3): string => `read_poll_timeout(bar, STATUS, ${mask}, 1, ${timeout})`;

  finds('nobody sets it: a timeout, in time', wait(rfc(20), 'interrupt(gpu)'), []);
  finds('somebody may', wait(rfc(20), 'sets(gpu, STATUS, 1)'), ['missed-deadline in drv.probe']);
  finds('nobody is scheduled out, and the last look is not long ago', wait(c(20), 'sets(gpu, STATUS, 1)'), []);
  finds('the CPU clock does not help', wait(util(8), 'sets(gpu, STATUS, 1)', { preempt: '6ns' }), ['missed-deadline in drv.probe']);
  finds('another look does', wait(c(8), 'sets(gpu, STATUS, 1)', { preempt: '6ns' }), []);
  finds('all ones are no success', wait(util(8, 1), 'unplug(gpu)'), ['assertion in drv.probe']);
  finds('what is set just behind the last look is missed', wait(util(7, 1), 'sets(gpu, STATUS, 1)'), ['missed-deadline in drv.probe']);
  finds('a timer that stands still for a while', wait(rfc(40), 'interrupt(gpu)', { settings: 'grain = 32; rollover = 64; wrap = 256' }), ['missed-deadline in drv.probe']);
  finds('one that seldom moves, and a wait that is slow', wait(rfc(40), 'interrupt(gpu)', { settings: 'grain = 8; rollover = 64; wrap = 256' }), []);
  finds('a deadline behind the end of time', wait('nvkm_wait_old(bar, STATUS, 3, 1, 30)', 'interrupt(gpu)', { settings: 'grain = 2; rollover = 16; wrap = 32' }), ['missed-deadline in drv.probe', 'time-backwards in drv.probe']);
  const jumps = (late: string): string => wait('nvkm_wait_old(bar, STATUS, 3, 1, 8)', 'interrupt(gpu)', { preempt: '6ns' }).replace('preempt = 6ns', `preempt = 6ns; late = ${late}`);
  finds('how late a timeout is reported', jumps('8ns'), ['missed-deadline in drv.probe']);
  finds('does not matter unless the scenario says so', jumps('any'), []);
  finds('one pass, and being scheduled out', jumps('16ns'), []);
  finds('the RFC’s is never reached', wait(rfc(20), 'interrupt(gpu)', { settings: 'grain = 2; rollover = 16; wrap = 32' }), ['livelock in drv.probe', 'time-backwards in drv.probe']);
});
