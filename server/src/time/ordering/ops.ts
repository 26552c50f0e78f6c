// All operations that an ordering may use: those of timers and works, and here memory, locks, flags and interrupts.
import { type At, done, type Effect, more, type Op, waits } from './op.ts';
import { timerOps } from './timerOps.ts';
import { runs } from './world.ts';
import { workOps } from './workOps.ts';

const memory = [['memory']] as const;
const lock = [['lock']] as const;
const flag = [['flag']] as const;
const irq = [['irq']] as const;

function kfree({ world, state, args }: At): Effect {
  const m = args[0]!;
  if (state.freed[m] === true) return { kind: 'error', verdict: 'double-free' };
  state.freed[m] = true;
  // What debugobjects would say; the kernel goes on, and so does the exploration.
  const armed = Object.entries(world.things).find(
    ([name, t]) =>
      'in' in t &&
      t.in === m &&
      ((t.type === 'timer' && state.timers[name]!.armed) ||
        (t.type === 'hrtimer' && state.hrtimers[name] === true) ||
        ((t.type === 'work' || t.type === 'delayed_work') && (state.works[name]!.queued || state.works[name]!.delayed))),
  );
  return done(null, armed === undefined ? undefined : `kfree(${m}): ${armed[0]} is still pending`);
}

/** Unlinks the handler, waits for it, and with DEBUG_SHIRQ calls a shared one once more, from here. */
function freeIrq({ world, state, context, args }: At): Effect {
  const name = args[0]!;
  const t = world.things[name]!;
  if (context.phase === 0) {
    state.irqs[name]!.requested = false;
    return more;
  }
  if (runs(state, name)) return waits(name);
  if (context.phase === 1 && t.type === 'irq' && t.shared && t.debugShirq) {
    state.contexts[name]!.pc = 0;
    return more;
  }
  return done(null);
}

function disableIrq({ state, context, args }: At): Effect {
  if (context.phase === 0) {
    state.irqs[args[0]!]!.disabled++;
    return more;
  }
  return runs(state, args[0]!) ? waits(args[0]!) : done(null);
}

const setFlag =
  (value: boolean) =>
  ({ state, args }: At): Effect => {
    state.flags[args[0]!] = value;
    return done(null);
  };

const setMask =
  (value: boolean) =>
  ({ state, args }: At): Effect => {
    state.irqs[args[0]!]!.masked = value;
    return done(null);
  };

const leaveIf =
  (value: boolean) =>
  ({ state, args }: At): Effect =>
    state.flags[args[0]!] === value ? { kind: 'leaves', restart: false } : done(null);

/** A step of its own before what it guards: without a lock, the flag may change in between. */
const guard =
  (value: boolean) =>
  ({ state, args }: At): Effect =>
    state.flags[args[0]!] === value ? done(null) : { kind: 'done', answer: null, skip: true };

export const ops: Readonly<Record<string, Op>> = {
  ...timerOps,
  ...workOps,
  kfree: { on: memory, free: true, about: 'frees it with everything in it', run: kfree },
  touch: { on: memory, about: 'reads or writes it', run: () => done(null) },
  lock: {
    on: lock,
    about: 'a spinlock or mutex; waits for its holder',
    run: ({ state, self, args }) => {
      const holder = state.locks[args[0]!];
      if (holder !== null) return waits(holder ?? null);
      state.locks[args[0]!] = self;
      return done(null);
    },
  },
  unlock: {
    on: lock,
    about: 'lets the lock go',
    run: ({ state, args }) => {
      state.locks[args[0]!] = null;
      return done(null);
    },
  },
  set: { on: flag, about: 'sets a flag', run: setFlag(true) },
  clear: { on: flag, about: 'clears a flag', run: setFlag(false) },
  return_if: { on: flag, about: 'leaves the callback, or ends the agent, if the flag is set', run: leaveIf(true) },
  return_unless: { on: flag, about: 'leaves if the flag is clear', run: leaveIf(false) },
  if: { on: flag, guard: true, about: 'does it only if the flag is set', run: guard(true) },
  unless: { on: flag, guard: true, about: 'does it only if the flag is clear', run: guard(false) },
  request_irq: {
    on: irq,
    about: 'the handler may run from here on',
    run: ({ state, args }) => {
      state.irqs[args[0]!]!.requested = true;
      return done(0);
    },
  },
  free_irq: { on: irq, about: 'unlinks the handler and waits for it', run: freeIrq },
  synchronize_irq: {
    on: irq,
    about: 'waits for the handler',
    run: ({ state, args }) => (runs(state, args[0]!) ? waits(args[0]!) : done(null)),
  },
  disable_irq: { on: irq, about: 'stops the handler and waits for it', run: disableIrq },
  disable_irq_nosync: {
    on: irq,
    about: 'stops the handler, does not wait',
    run: ({ state, args }) => {
      state.irqs[args[0]!]!.disabled++;
      return done(null);
    },
  },
  enable_irq: {
    on: irq,
    about: 'takes one disable back',
    run: ({ state, args }) => {
      const i = state.irqs[args[0]!]!;
      if (i.disabled > 0) i.disabled--;
      return done(null);
    },
  },
  mask: { on: irq, about: 'tells the device to raise it no more', run: setMask(true) },
  unmask: { on: irq, about: 'lets the device raise it', run: setMask(false) },
  /** Only makes sense under "initially", to start in the middle of a callback. */
  enter: {
    on: [['timer', 'hrtimer', 'work', 'delayed_work', 'irq']],
    about: 'its callback is now running, at its first operation',
    run: ({ state, args }) => {
      const name = args[0]!;
      state.contexts[name] = { pc: 0, phase: 0, kept: false, barrier: null };
      if (state.timers[name] !== undefined) state.timers[name].armed = false;
      if (state.hrtimers[name] !== undefined) state.hrtimers[name] = false;
      if (state.works[name] !== undefined) state.works[name].queued = state.works[name].delayed = false;
      return done(null);
    },
  },
};
