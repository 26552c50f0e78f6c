// Small random programs with a clock: looks at it, sleeps, spins, comparisons of what it gave, a lock, a register, and asserts that sometimes hold.
import fc from 'fast-check';

const duration = fc.integer({ min: 1, max: 9 });
const compared = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');

/** What is asked: about two looks of one's own, or about what somebody else has left. */
const question = fc.oneof(
  fc.tuple(compared, fc.integer({ min: 0, max: 14 })).map(([o, n]) => `b - a ${o} ${n}`),
  fc.tuple(compared, duration).map(([o, n]) => `b ${o} a + ${n}`),
  fc.tuple(compared, fc.integer({ min: 0, max: 24 })).map(([o, n]) => `a ${o} ${n}`),
  fc.tuple(compared, duration).map(([o, n]) => `b - READ_ONCE(stamp) ${o} ${n}`),
  fc.tuple(compared, fc.integer({ min: 0, max: 2 })).map(([o, n]) => `READ_ONCE(n) ${o} ${n}`),
);

const passing = fc.oneof(
  duration.map((d) => `udelay(${d}ns)`),
  duration.map((d) => `msleep(${d}ns)`),
  fc.constant('ktime_get()'),
  fc.constant('WRITE_ONCE(n, 1)'),
  fc.constant('WRITE_ONCE(stamp, ktime_get())'),
  fc.constant('with mutex_lock(m) { udelay(2ns); WRITE_ONCE(n, 2) }'),
);

const early = duration.map((d) => `while ktime_get() < ${d} { }`);

/** What needs the first look. */
const late = fc.oneof(fc.constant('WRITE_ONCE(stamp, a)'), duration.map((d) => `while ktime_get() < a + ${d} { }`));

const asked = fc.oneof(
  question.map((q) => `assert ${q}`),
  fc.tuple(question, question).map(([p, q]) => `if ${p} { assert ${q} }`),
  fc.tuple(question, duration).map(([p, d]) => `if ${p} { udelay(${d}ns); WRITE_ONCE(n, 1) }`),
);

const body = fc
  .tuple(fc.array(fc.oneof(early, passing), { maxLength: 1 }), fc.array(fc.oneof(late, passing), { maxLength: 2 }), fc.array(asked, { minLength: 1, maxLength: 2 }))
  .map(([before, between, questions]) => [...before, 'let a = ktime_get()', ...between, 'let b = ktime_get()', ...questions].map((s) => `  ${s}\n`).join(''));

const settings = fc.record({ clock: fc.integer({ min: 1, max: 4 }), preempt: fc.constantFrom('none', '2ns', '5ns') });

export const timedProgram: fc.Arbitrary<string> = fc.tuple(settings, fc.array(body, { minLength: 1, maxLength: 2 })).map(
  ([s, bodies]) => `scenario random "a clock"

time { clock = ${s.clock}ns; preempt = ${s.preempt} }

let stamp: u64
let n: int
let m: mutex

${bodies.map((b, i) => `fn go${i}() {\n${b}}\n\nprocess p${i} { go${i}() }\n`).join('\n')}`,
);
