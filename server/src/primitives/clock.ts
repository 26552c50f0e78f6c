// The clock of the CPU, what operations cost, and how long an agent may be scheduled out: `time { }`.
import { constant, load } from '../system/expression.ts';
import type { SettingsKind } from '../semantics/prelude.ts';
import type { PrimitiveRoom } from './emit.ts';
import { SECOND } from './durations.ts';
import { operation, u64 } from './operation.ts';

/** `preempt = any`. */
export const ANY = -1;
const LONGEST = 2 ** 40;

const cost = (name: string, doc: string, standard: number) => ({ name, doc, names: null, numbers: true, standard, min: 1, max: LONGEST, interval: true });

export const timeSettings: SettingsKind = {
  keyword: 'time',
  settings: [
    cost('mmio', 'What a register access takes, in ns, or from how many to how many (`300ns..1us`): so much passes before the same agent does the next thing that takes time.', 1000),
    cost('dead_mmio', 'What a register access takes once the device is gone.', 10_000),
    cost('clock', 'What a look at the CPU clock takes.', 50),
    { ...cost('callback', 'What the callback of a timer or hrtimer takes besides, before it returns.', 0), min: 0 },
    { name: 'preempt', doc: 'How long agents may be scheduled out, in ns, altogether, or each of them each time (`4us each`): `any`, `none`, or so many.', names: { any: ANY, none: 0 }, numbers: true, standard: ANY, min: 0, max: LONGEST, each: true },
    { name: 'late', doc: 'How late a time-out may be reported, in ns, before that is a `missed-deadline`: `any`, or so many.', names: { any: ANY }, numbers: true, standard: ANY, min: 0, max: 2 ** 31 },
    { name: 'hz', doc: 'Jiffies in a second, of which the timer wheel is made: `none` makes timers as exact as hrtimers.', names: { none: 0 }, numbers: true, standard: 1000, min: 0, max: 1000 },
  ],
  wrong(values) {
    const hz = values.get('hz') ?? 0;
    return hz === 0 || SECOND % hz === 0 ? null : { setting: 'hz', message: `a jiffy is a whole number of ns: \`hz\` divides ${SECOND}` };
  },
};

const LATEST = 2 ** 53 - 1;

/** What looks at the CPU's clock. */
export const LOOKS: readonly string[] = ['ktime_get', 'ktime_get_ns'];

export const clock: PrimitiveRoom = {
  operations: [
    ...LOOKS.map((name) => operation(`${name}() -> u64`, { summary: 'The time of the CPU in ns (CLOCK_MONOTONIC), from 0 when the scenario begins.', contexts: 'Any.', source: 'kernel/time/timekeeping.c' }, (emit) => {
      const view = emit.clock;
      if (view === null) throw new Error('lowering: a scenario that reads the time has a clock');
      const { look } = view.costs;
      const result = emit.temporary(LATEST);
      const now = view.look();
      emit.step({ guard: view.idle, wait: view.wait, sample: { what: name, value: now, shown: now, base: 10 }, body: [{ op: 'set', slot: result, value: now }, ...view.takes(constant(look.least), constant(look.most), look.most)] });
      return u64(load(result));
    })),
  ],
};
