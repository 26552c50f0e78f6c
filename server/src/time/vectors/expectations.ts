// What a vector may expect. Every field is optional, and only what is given is compared.
import type { Outcome } from './outcome.ts';
import { checked, count, dictionary, either, flag, integer, list, mapped, nullable, object, oneOf, type Shape, text } from './shape.ts';

const ns = (what: string) => integer(0n, (1n << 64n) - 1n, what);
const signed = (what: string) => integer(-(1n << 64n), (1n << 64n) - 1n, what);
const counted = (what: string) => count(0, 1_000_000_000, what);
const sorted = <T extends string>(shape: Shape<readonly T[]>): Shape<readonly T[]> => mapped(shape, (l) => [...l].sort());

const routineExpect = object(
  {},
  {
    end: oneOf(['returned', 'livelock', 'incomplete'], 'returned; proved never to return; undecided within the limit'),
    errno: nullable(oneOf(['ETIMEDOUT', 'EBUSY', 'ENXIO', 'NV_ERR_TIMEOUT', 'NV_ERR_GPU_IS_LOST'], 'null is success')),
    cause: nullable(oneOf(['deadline', 'stall', 'attempts', 'revoked', 'lost'], 'why a wait gave up')),
    value: signed('what a read or a piece of arithmetic gives'),
    values: list(signed('one value'), 'the values of calls in a row, or of a register script'),
    samples: list(ns('one value'), 'what the first register reads gave, in order, as many as you list; 256 are kept'),
    lastTime: ns('the last time that a wait looked at, ns'),
    deadline: signed('the instant that a wait compares with, ns'),
    reads: counted('reads of the time'),
    condReads: counted('reads by the condition'),
    writes: counted('register writes'),
    conds: counted('tests of the condition'),
    clocks: counted('looks at the CPU clock'),
    retries: counted('times that a two-word read began again'),
    readsPerPass: counted('reads of each pass of a loop that never ends'),
    time: ns('the true counter at the end, with the bits that reads do not show, ns'),
    elapsed: ns('host time from entry to return, ns'),
    registers: dictionary(/^(0x[0-9a-fA-F]+|[0-9]+)$/, ns('the value'), 'registers at the end, by offset'),
    tickKHz: text('ticks of 32 ns each ms: "31250" where the counter shows ns; "a/b" if it is no whole number'),
    line: flag('the interrupt line at the end'),
    countdownInterrupts: counted('countdowns that interrupted through the virtual function tree'),
    stored: ns('what the alarm or countdown register kept'),
    fires: either(
      Array.isArray,
      list(nullable(ns('jiffy')), 'timer_wheel: the jiffy at which each timer fired last; null: never'),
      nullable(ns('counter time of the first match or expiry, ns; null: never')),
    ),
    delay: nullable(ns('host time from arming to it, ns')),
    lateness: nullable(signed('counter time from the instant meant, ns; negative is early')),
    warned: nullable(flag('the driver warned that it armed too late')),
    ran: list(text('name'), 'nouveau_isr: the alarms whose callbacks ran, earliest first'),
    unknown: ns('nouveau_isr: the bits reported as an unknown interrupt'),
    buckets: list(nullable(counted('index over all levels')), 'timer_wheel: the bucket that each timer was last put in'),
    returns: list(nullable(count(-1, 1, 'answer')), 'timer_wheel: what each operation returned; null: nothing'),
    warnings: list(text('one warning'), 'what the kernel would warn about'),
    bites: nullable(ns('watchdog: when the hardware resets the machine, ns')),
    pings: counted('watchdog: pings that reached the hardware'),
    active: flag('watchdog: WDOG_ACTIVE at the end'),
    running: flag('watchdog: the hardware runs at the end'),
    verdicts: sorted(
      list(
        oneOf(['torn-read', 'time-backwards', 'missed-deadline', 'livelock', 'assertion', 'timer-after-shutdown'], 'one verdict'),
        'exactly these; none is []',
      ),
    ),
  },
  'what the run must give; only the fields given are compared',
);

const answers = list(
  either((v) => typeof v === 'boolean', flag('work functions'), nullable(count(-1, 1, 'timer functions'))),
  'every value that some order gives',
);
const names = sorted(list(text('name'), 'names'));

const orderingExpect = object(
  {},
  {
    end: oneOf(['complete', 'incomplete', 'impossible'], 'every order was seen; the limit came first; the given order cannot be followed'),
    verdicts: sorted(
      list(
        oneOf(['use-after-free', 'double-free', 'timer-after-shutdown', 'deadlock', 'self-deadlock'], 'one verdict'),
        'those that some order has; none is []',
      ),
    ),
    where: dictionary(
      /^(use-after-free|double-free|timer-after-shutdown|deadlock|self-deadlock)$/,
      sorted(list(text('such as "t: expiry" or "cpu0: kfree(dev)"'), 'the steps that have it')),
      'by verdict',
    ),
    returns: dictionary(/^[A-Za-z_]\w*$/, mapped(answers, sortAnswers), 'by result name'),
    runs: dictionary(/^[\w-]+$/, flag('whether some order starts it'), 'by callback'),
    expiries: dictionary(/^[\w-]+$/, sorted(list(text('expiry as armed'), 'those with which it fires')), 'by timer'),
    final: dictionary(/^[\w-]+$/, names, 'the statuses that each object can have when nothing more happens'),
    warnings: sorted(list(text('such as "add_timer(t): already pending"'), 'what the kernel would warn about in some order')),
    states: counted('distinct states'),
  },
  'what the exploration must give; only the fields given are compared',
);

function some<T extends object>(shape: Shape<T>): Shape<T> {
  const full = checked(shape, (e) => (Object.keys(e).length > 0 ? null : 'expects nothing: give at least one field'));
  return { ...full, schema: { ...shape.schema, minProperties: 1 } };
}

export const routineExpectation: Shape<Outcome> = some(routineExpect);
export const orderingExpectation: Shape<Outcome> = some(orderingExpect);

/** One order for sets of answers, whatever the order of discovery. */
export function sortAnswers<T extends number | boolean | null>(answers: readonly T[]): readonly T[] {
  return [...answers].sort((a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0));
}
