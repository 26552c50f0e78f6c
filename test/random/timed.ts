// Small random programs with a clock: looks at it, sleeps, spins, timers, waits that time out, comparisons of what the clock gave, a lock, and
// asserts that sometimes hold.
import fc from 'fast-check';

const duration = fc.integer({ min: 1, max: 9 });
const compared = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');

/** What is asked: about two looks of one's own, or about what somebody else has left. */
const question = fc.oneof(
  fc.tuple(compared, fc.integer({ min: 0, max: 14 })).map(([o, n]) => `b - a ${o} ${n}`),
  fc.tuple(compared, duration).map(([o, n]) => `b ${o} a + ${n}`),
  fc.tuple(compared, fc.integer({ min: 0, max: 24 })).map(([o, n]) => `a ${o} ${n}`),
  fc.tuple(compared, duration).map(([o, n]) => `b - READ_ONCE(stamp) ${o} ${n}`),
  fc.tuple(compared, fc.integer({ min: 0, max: 20 })).map(([o, n]) => `READ_ONCE(stamp) ${o} ${n}`),
  fc.tuple(compared, fc.integer({ min: 0, max: 3 })).map(([o, n]) => `READ_ONCE(n) ${o} ${n}`),
);

const passing = fc.oneof(
  duration.map((d) => `udelay(${d}ns)`),
  duration.map((d) => `msleep(${d}ns)`),
  fc.constant('ktime_get()'),
  fc.constant('WRITE_ONCE(n, 1)'),
  fc.constant('WRITE_ONCE(stamp, ktime_get())'),
  fc.constant('with mutex_lock(m) { udelay(2ns); WRITE_ONCE(n, 2) }'),
  duration.map((d) => `hrtimer_start(h, ${d}ns)`),
  fc.integer({ min: 1, max: 20 }).map((d) => `hrtimer_start(h, ${d}ns, HRTIMER_MODE_ABS)`),
  fc.constant('hrtimer_cancel(h)'),
  duration.map((d) => `mod_timer(t, ${d}ns)`),
  fc.constantFrom('timer_delete(t)', 'timer_delete_sync(t)'),
  duration.map((d) => `wait_for_completion_timeout(done, ${d}ns)`),
  fc.tuple(fc.integer({ min: 1, max: 3 }), duration).map(([n, d]) => `wait until n >= ${n} timeout ${d}ns`),
  fc.constant('complete(done)'),
);

const asked = fc.oneof(
  question.map((q) => `assert ${q}`),
  fc.tuple(question, question).map(([p, q]) => `if ${p} { assert ${q} }`),
  fc.tuple(question, question, question).map(([p, q, r]) => `if ${p} { if ${q} { assert ${r} } }`),
  fc.tuple(question, duration).map(([p, d]) => `if ${p} { udelay(${d}ns); WRITE_ONCE(n, 1) }`),
);

const early = duration.map((d) => `while ktime_get() < ${d} { }`);

/** What needs the first look. */
const late = fc.oneof(fc.constant('WRITE_ONCE(stamp, a)'), duration.map((d) => `while ktime_get() < a + ${d} { }`));

const body = fc
  .tuple(fc.array(fc.oneof(early, passing, passing, passing), { maxLength: 2 }), fc.array(fc.oneof(late, passing, passing), { maxLength: 1 }), fc.array(asked, { minLength: 1, maxLength: 2 }))
  .map(([before, between, questions]) => [...before, 'let a = ktime_get()', ...between, 'let b = ktime_get()', ...questions].map((s) => `  ${s}\n`).join(''));

const callback = fc.constantFrom('WRITE_ONCE(n, 3)', 'WRITE_ONCE(stamp, ktime_get())', 'complete(done)', 'if READ_ONCE(stamp) == 0 { WRITE_ONCE(n, 1) }');
const cost = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(0, 0, 1, 4)).map(([least, more]) => (more === 0 ? `${least}ns` : `${least}ns..${least + more}ns`));
const settings = fc.record({ clock: cost, preempt: fc.constantFrom('none', '3ns', '9ns', '20ns', '2ns each') });

export const timedProgram: fc.Arbitrary<string> = fc.tuple(settings, fc.array(body, { minLength: 1, maxLength: 2 }), callback, callback).map(
  ([s, bodies, ofTimer, ofHrtimer]) => `scenario random "a clock"

time { clock = ${s.clock}; preempt = ${s.preempt}; hz = none }

let stamp: u64
let n: int
let m: mutex
let done: completion
let t: timer_list
let h: hrtimer

fn fires(t: ref timer_list) { ${ofTimer} }

fn expires(h: ref hrtimer) -> int {
  ${ofHrtimer}
  return HRTIMER_NORESTART
}

module boot { init { timer_setup(t, fires); hrtimer_setup(h, expires) } }

${bodies.map((b, i) => `fn go${i}() {\n${b}}\n\nprocess p${i} { go${i}() }\n`).join('\n')}`,
);
