// Delays and wake-ups. Time is no quantity here: a delay takes a step and may take for ever as little as any other; `wait until` looks at its
// condition by itself, so that waking somebody who waits for nothing that became true changes nothing.
import { operation } from './operation.ts';
import type { Emit, PrimitiveRoom } from './emit.ts';

const source = 'kernel/time/sleep_timeout.c';

const sleeping = (name: string) => (emit: Emit): void => emit.step({ body: emit.mayNotSleep(name) });

export const sleep: PrimitiveRoom = {
  types: [{ name: 'wait_queue', doc: { summary: 'wait_queue_head_t: who waits, for `wait until`.', source: 'kernel/sched/wait.c' }, fields: [{ name: 'unused', max: 0 }] }],
  operations: [
    ...['msleep', 'ssleep', 'fsleep', 'usleep_range'].map((name) => operation(`${name}(time: u64, more?: u64)`, { summary: 'Sleeps for a time.', contexts: 'Process context that may sleep.', source }, sleeping(name))),
    ...['udelay', 'ndelay', 'mdelay'].map((name) => operation(`${name}(time: u64)`, { summary: 'Spins for a time.', contexts: 'Any.', source: 'include/linux/delay.h' }, (emit) => emit.step({}))),
    operation('cond_resched()', { summary: 'Lets others run.', contexts: 'Process context that may sleep.', source: 'kernel/sched/core.c' }, sleeping('cond_resched')),
    operation('might_sleep()', { summary: 'Says that what follows may sleep.', source: 'include/linux/kernel.h' }, sleeping('might_sleep')),
    ...['wake_up', 'wake_up_all', 'wake_up_interruptible', 'wake_up_interruptible_all'].map((name) => operation(`${name}(wq: ref wait_queue)`, { summary: 'Has those who wait look at their condition again.', contexts: 'Any.', source: 'kernel/sched/wait.c' }, (emit, [wq]) => emit.step({ uses: [emit.target(wq)], event: 'wake' }))),
  ],
};
