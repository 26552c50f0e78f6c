// Runs that need somebody to begin at an instant that is a sum of what comes behind it, with agents that may be scheduled out for any time.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkText, finds } from './check.ts';

const one = (body: string): string => `
time { clock = 2ns; preempt = any; hz = none }
let stamp: u64
fn go() {
  ${body}
}
process p { go() }
`;

const assumes = (text: string): boolean => (checkText(text).runs[0].violations[0].trace.clock?.assumed ?? []).some((line) => line.startsWith('agents begin only'));

suite('when agents begin', () => {
  // 19 + 2 - 4 = 17.
  const between = one('let a = ktime_get(); WRITE_ONCE(stamp, ktime_get()); let b = ktime_get(); if b - a < 5 { assert READ_ONCE(stamp) < 19 }');
  finds('before a look that must come late, and soon after it', between, ['assertion in go']);
  finds('through two looks: 30 - 3 - 5 = 22', one('let a = ktime_get(); let b = ktime_get(); let c = ktime_get(); if b - a <= 5 && c - b <= 3 && c >= 30 { assert b != 27 || a != 22 }'), ['assertion in go']);
  finds('where the sum is none', one('let a = ktime_get(); let b = ktime_get(); if b - a <= 5 { assert a != 11 || b != 16 }'), ['assertion in go']);
  finds('but not where costs forbid it', one('let a = ktime_get(); WRITE_ONCE(stamp, ktime_get()); let b = ktime_get(); if b - a < 4 { assert READ_ONCE(stamp) < 19 }'), []);
  finds('because of what another agent does', `${one('let a = ktime_get(); let b = ktime_get(); if b - READ_ONCE(stamp) < 3 && READ_ONCE(stamp) >= a { assert b - a != 4 }')}
fn other() { while ktime_get() < 9 { }; WRITE_ONCE(stamp, ktime_get()) }
process q { other() }
`, ['assertion in go']);
  const device = `
use driver_core, pci, nova_timer
device gpu: pci_dev
time { mmio = 1ns; dead_mmio = 1ns }
ptimer of gpu { grain = 4; rollover = 64; wrap = 256 }
fn go(dev: ref pci_dev) {
  let bar = pci_iomap(dev, 0)
  wait_begin(bar, 0x100, 1, 1, 8)
  readl(bar, 0x200)
  let first = readl(bar, PTIMER_TIME_0)
  readl(bar, 0x100)
  let now = readl(bar, PTIMER_TIME_0)
  if now - first >= 8 { wait_end(bar, 0x100, 1, 1, -ETIMEDOUT) }
  iounmap(bar)
}
process p { go(gpu) }
`;
  finds('a wait one access before a step of the timer', device, ['missed-deadline in go']);
  test('nothing is assumed of it where all is small', () => {
    assert.equal(assumes(between), false);
    assert.equal(assumes(between.replace('19', '2').replace('< 5', '< 5ms')), true);
  });
  test('but where differences of looks are compared, also where nothing is found', () => {
    const assumed = (limit: string): readonly string[] => checkText(one(`let a = ktime_get(); let b = ktime_get(); let c = ktime_get(); assert ${limit}`)).runs[0].assumed ?? [];
    const tells = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith('agents begin only'));
    assert.equal(tells(assumed('b - a < 0 || c > 0')), false);
    assert.equal(tells(assumed('c - b >= b - a || c > 0')), true);
  });
  test('an instant that is computed from a look is no duration: nobody waits for 13 days', () => {
    const [run] = checkText(`
let h: hrtimer
fn on(h: ref hrtimer) -> int { return HRTIMER_NORESTART }
fn go() { hrtimer_setup(h, on); hrtimer_start(h, ktime_get() + 1ms, HRTIMER_MODE_ABS); fsleep(1us); let pending = hrtimer_cancel(h); assert pending }
time { preempt = any }
process app { go() }
`).runs;
    assert.ok(run.complete, 'incomplete');
    assert.deepEqual(run.violations.map((v) => v.kind), ['assertion']);
  });
  test('time leaps where nobody looks at it', () => {
    const [run] = checkText(`
let first: bool
let a: hrtimer
let b: hrtimer
fn on_a(h: ref hrtimer) -> int { WRITE_ONCE(first, true); return HRTIMER_NORESTART }
fn on_b(h: ref hrtimer) -> int { assert READ_ONCE(first); return HRTIMER_NORESTART }
fn go() { hrtimer_setup(a, on_a); hrtimer_setup(b, on_b); hrtimer_start(a, 3us); hrtimer_start(b, 5us) }
time { preempt = any }
process app { go() }
`).runs;
    assert.ok(run.complete && run.stats.states < 1000, `${run.stats.states} states`);
    assert.deepEqual(run.violations.map((v) => v.kind), ['assertion']);
  });
  test('the periods of an hrtimer are instants, and not every ns of them', () => {
    const text = (preempt: string): string => `
let h: hrtimer
fn on(h: ref hrtimer) -> int { hrtimer_forward_now(h, 1ms); return HRTIMER_RESTART }
fn go() { hrtimer_setup(h, on); hrtimer_start(h, 1ms); msleep(5); hrtimer_cancel(h) }
time { preempt = ${preempt} }
process app { go() }
`;
    for (const preempt of ['any', '4us']) {
      const [run] = checkText(text(preempt)).runs;
      assert.ok(run.complete && run.stats.states < 1000, `${run.stats.states} states with ${preempt}`);
    }
  });
});
