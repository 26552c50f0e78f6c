// timer_list and hrtimer in an ordering (kernel/time/timer.c, kernel/time/hrtimer.c): when they may fire is any moment after arming.
import { type At, done, type Effect, type Op, waits } from './op.ts';
import { runs } from './world.ts';

const timer = [['timer']] as const;
const hrtimer = [['hrtimer']] as const;

/** A timer whose function is NULL takes no arming: the call is dropped without a word, and nothing will ever fire. */
const dropped: Effect = { kind: 'done', answer: 0, verdict: 'timer-after-shutdown' };

function arm({ state, args }: At, only: 'any' | 'earlier' | 'idle'): Effect {
  const name = args[0]!;
  const t = state.timers[name]!;
  if (t.shutdown) return dropped;
  const was = t.armed;
  if (only === 'idle' && was) return done(null, `add_timer(${name}): already pending`);
  const later = only === 'earlier' && was && args[1] !== undefined && t.expires !== '' && BigInt(t.expires) <= BigInt(args[1]);
  if (!later) state.timers[name] = { armed: true, shutdown: false, expires: args[1] ?? '' };
  return done(only === 'idle' ? null : was ? 1 : 0);
}

function remove({ state, args }: At, shutdown: boolean): Effect {
  const t = state.timers[args[0]!]!;
  const was = t.armed;
  t.armed = false;
  t.shutdown ||= shutdown;
  return done(was ? 1 : 0);
}

/** Loops until the callback does not run; only then is the timer taken off, so a re-arm by the callback goes with it. */
function removeSync(at: At, shutdown: boolean): Effect {
  const name = at.args[0]!;
  return runs(at.state, name) ? waits(name) : remove(at, shutdown);
}

function hrRemove({ state, args }: At): Effect {
  const name = args[0]!;
  const was = state.hrtimers[name]!;
  state.hrtimers[name] = false;
  return done(was ? 1 : 0);
}

export const timerOps: Readonly<Record<string, Op>> = {
  timer_setup: {
    on: timer,
    about: 'makes it ready again after a shutdown',
    run: ({ state, args }) => {
      const warning = state.timers[args[0]!]!.armed ? `timer_setup(${args[0]}): still armed` : undefined;
      state.timers[args[0]!] = { armed: false, shutdown: false, expires: '' };
      return done(null, warning);
    },
  },
  mod_timer: { on: timer, extra: true, about: '1 if it was pending', run: (at) => arm(at, 'any') },
  add_timer: { on: timer, extra: true, about: 'warns and does nothing if pending', run: (at) => arm(at, 'idle') },
  timer_reduce: { on: timer, extra: true, about: 'only makes it earlier', run: (at) => arm(at, 'earlier') },
  timer_delete: { on: timer, about: '1 if it was pending; a running callback goes on', run: (at) => remove(at, false) },
  timer_delete_sync: { on: timer, about: 'also waits for a running callback', run: (at) => removeSync(at, false) },
  timer_shutdown: { on: timer, about: 'as timer_delete, and never armed again', run: (at) => remove(at, true) },
  timer_shutdown_sync: { on: timer, about: 'as timer_delete_sync, and never armed again', run: (at) => removeSync(at, true) },
  timer_pending: { on: timer, about: '1 if pending', run: ({ state, args }) => done(state.timers[args[0]!]!.armed ? 1 : 0) },
  hrtimer_start: {
    on: hrtimer,
    about: 'queues it, pending or not',
    run: ({ state, args }) => {
      state.hrtimers[args[0]!] = true;
      return done(null);
    },
  },
  hrtimer_try_to_cancel: {
    on: hrtimer,
    about: '1 was queued, 0 was not, -1 the callback runs',
    run: (at) => (runs(at.state, at.args[0]!) ? done(-1) : hrRemove(at)),
  },
  hrtimer_cancel: {
    on: hrtimer,
    about: 'waits for a running callback, then takes it off',
    run: (at) => (runs(at.state, at.args[0]!) ? waits(at.args[0]!) : hrRemove(at)),
  },
  restart: { on: [], about: 'an hrtimer callback returns HRTIMER_RESTART', run: () => ({ kind: 'leaves', restart: true }) },
};
