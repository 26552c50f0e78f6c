// The leaping clock against unit ticks: a few random programs, and the timed scenarios that ship and are small; hundreds of programs are the soak's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareScaled, compareTicks, newTicksTally, toldTicks } from './ticks.ts';
import { timedProgram } from './timed.ts';

const SEED = Number(process.env['LIFELINE_SEED'] ?? '5');
const RUNS = Number(process.env['LIFELINE_RUNS'] ?? '25');

test('random programs with a clock find by leaps what they find ns by ns', (t) => {
  const tally = newTicksTally();
  fc.assert(
    fc.property(timedProgram, (text) => compareTicks(text, 2500, tally)),
    { seed: SEED, numRuns: RUNS },
  );
  t.diagnostic(toldTicks(tally));
  assert.ok(tally.tooLarge * 2 < tally.programs, 'most programs are small enough');
});

for (const file of ['torn_read', 'self_test']) {
  test(`${file} is the same by leaps as ns by ns`, () => {
    const tally = newTicksTally();
    compareScaled(readFileSync(`scenarios/timer/${file}.lifeline`, 'utf8'), 100_000, tally);
    assert.equal(tally.tooLarge, 0);
  });
}

for (const preempt of ['none', '4ns', '12ns']) {
  test(`a periodic hrtimer that nobody counts is the same by leaps as ns by ns (preempt = ${preempt})`, () => {
    const tally = newTicksTally();
    compareScaled(
      `scenario s
time { clock = 1ns; preempt = ${preempt} }
let t: hrtimer
let n: int
let at: u64
fn tick(t: ref hrtimer) -> int {
  n += 1
  udelay(2ns)
  if n == 3 { return HRTIMER_NORESTART }
  hrtimer_forward_now(t, 5ns)
  return HRTIMER_RESTART
}
fn go() {
  hrtimer_setup(t, tick)
  hrtimer_start(t, 5ns, HRTIMER_MODE_REL)
  wait until n == 3
  let now = ktime_get()
  assert now != 16
  assert now < 19
}
process p { go() }
`,
      100_000,
      tally,
    );
    assert.equal(tally.tooLarge, 0);
  });
}

for (const preempt of ['none', '12ns']) {
  test(`a periodic hrtimer whose callback is late is the same by leaps as ns by ns (preempt = ${preempt})`, () => {
    const tally = newTicksTally();
    const text = `scenario s
time { clock = 2ns; preempt = ${preempt} }
let t: hrtimer
let n: int
fn tick(t: ref hrtimer) -> int {
  n += 1
  udelay(7ns)
  if n == 3 { return HRTIMER_NORESTART }
  let passed = hrtimer_forward_now(t, 5ns)
  assert passed < 4
  return HRTIMER_RESTART
}
fn go() {
  hrtimer_setup(t, tick)
  hrtimer_start(t, 5ns, HRTIMER_MODE_REL)
  wait until n == 3
  let now = ktime_get()
  assert now < 31
}
process p { go() }
`;
    compareScaled(text, 100_000, tally);
    assert.equal(tally.tooLarge, 0);
  });
}
