// Delays and wake-ups. In a scenario without a clock a delay takes a step, and may take for ever as little as any other. `wait until` looks at its
// condition by itself, so that waking somebody who waits for nothing that became true changes nothing.
import { codes } from '../base/codes.ts';
import { durationOf, MS, NS, SECOND, US } from './durations.ts';
import { operation } from './operation.ts';
import type { Emit, PrimitiveRoom, Value } from './emit.ts';
import type { Statement } from '../system/system.ts';

const source = 'kernel/time/sleep_timeout.c';

const sleeping = (name: string) => (emit: Emit): void => emit.step({ body: emit.mayNotSleep(name) });

/** Begins, and has ended when the time is over, or any time later. */
function delay(emit: Emit, name: string, time: Value, unit: number, first: readonly Statement[]): void {
  const { clock } = emit;
  if (clock === null) {
    emit.step({ body: first });
    return;
  }
  const { ns, most, checks } = durationOf(emit, time, 0, unit);
  emit.step({ guard: clock.idle, wait: clock.wait, body: [...first, ...checks, ...clock.takes(ns, ns, most)] });
  emit.step({ text: `${name}: done`, guard: clock.idle, wait: { ...clock.wait, what: `the end of ${name}(${emit.textOf(0)})` } });
}

/** At least the first of the two. */
function between(emit: Emit, least: Value, most: Value | undefined): void {
  const from = durationOf(emit, least, 0, US).ns;
  const to = most === undefined ? from : durationOf(emit, most, 1, US).ns;
  if (from.op === 'constant' && to.op === 'constant' && to.value < from.value) emit.refuse(codes.badDuration, 1, `\`${emit.textOf(1)}\` is less than \`${emit.textOf(0)}\`: the shorter time comes first`);
  delay(emit, 'usleep_range', least, US, emit.mayNotSleep('usleep_range'));
}

const sleeps: ReadonlyArray<readonly [string, number]> = [['msleep', MS], ['ssleep', SECOND], ['fsleep', US]];
const spins: ReadonlyArray<readonly [string, number]> = [['udelay', US], ['ndelay', NS], ['mdelay', MS]];

export const sleep: PrimitiveRoom = {
  types: [{ name: 'wait_queue', doc: { summary: 'wait_queue_head_t: who waits, for `wait until`.', source: 'kernel/sched/wait.c' }, fields: [{ name: 'unused', max: 0 }] }],
  operations: [
    ...sleeps.map(([name, unit]) => operation(`${name}(time: u64)`, { summary: 'Sleeps for a time, at least.', contexts: 'Process context that may sleep.', source }, (emit, [time]) => delay(emit, name, time, unit, emit.mayNotSleep(name)))),
    operation('usleep_range(least: u64, most?: u64)', { summary: 'Sleeps for a time, at least.', contexts: 'Process context that may sleep.', source }, (emit, [least, most]) => between(emit, least, most)),
    ...spins.map(([name, unit]) => operation(`${name}(time: u64)`, { summary: 'Spins for a time, at least.', contexts: 'Any.', source: 'include/linux/delay.h' }, (emit, [time]) => delay(emit, name, time, unit, []))),
    operation('cond_resched()', { summary: 'Lets others run.', contexts: 'Process context that may sleep.', source: 'kernel/sched/core.c' }, sleeping('cond_resched')),
    operation('might_sleep()', { summary: 'Says that what follows may sleep.', source: 'include/linux/kernel.h' }, sleeping('might_sleep')),
    ...['wake_up', 'wake_up_all', 'wake_up_interruptible', 'wake_up_interruptible_all'].map((name) => operation(`${name}(wq: ref wait_queue)`, { summary: 'Has those who wait look at their condition again.', contexts: 'Any.', source: 'kernel/sched/wait.c' }, (emit, [wq]) => emit.step({ uses: [emit.target(wq)], event: 'wake' }))),
  ],
};
