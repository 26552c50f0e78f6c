// Works, delayed works and workqueues in an ordering (kernel/workqueue.c).
import { type At, done, type Effect, more, type Op, waits } from './op.ts';
import { runs, type State, type World } from './world.ts';

const anyWork = [['work', 'delayed_work']] as const;
const work = [['work']] as const;
const delayed = [['delayed_work']] as const;
const queue = [['workqueue']] as const;

export const queueOf = (w: World, name: string): string | null => {
  const t = w.things[name];
  return t !== undefined && 'queue' in t ? t.queue : null;
};

const worksOf = (w: World, q: string): string[] => Object.keys(w.things).filter((name) => queueOf(w, name) === q);

/** Puts a work on its queue, as a caller or its own timer does. `by`: the context, for works that queue others while the queue drains. */
export function enqueue(w: World, s: State, name: string, by: string): Effect {
  const q = queueOf(w, name);
  if (q !== null && s.queues[q] === 'destroyed') return { kind: 'error', verdict: 'use-after-free' };
  if (q !== null && s.queues[q] === 'draining' && queueOf(w, by) !== q) return done(false, `queue_work(${name}): ${q} is being drained`);
  s.works[name]!.queued = true;
  return done(true);
}

const refuses = (s: State, name: string): boolean => s.works[name]!.disabled > 0 || s.works[name]!.cancelling > 0;
const pending = (s: State, name: string): boolean => s.works[name]!.queued || s.works[name]!.delayed;

function unqueue(s: State, name: string): boolean {
  const was = pending(s, name);
  const k = s.works[name]!;
  // A flush that waits for the queued instance is told when that is taken away.
  if (k.queued) passBarriers(s, name, 'queued', runs(s, name) ? 'running' : null);
  k.queued = k.delayed = false;
  return was;
}

/** Moves every flush that waits at one stage of this work to the next, or lets it go. */
export function passBarriers(s: State, name: string, from: 'queued' | 'running', to: 'running' | null): void {
  for (const c of Object.values(s.contexts)) {
    if (c.barrier?.on !== name || c.barrier.stage !== from) continue;
    c.barrier = to === null ? null : { on: name, stage: to };
  }
}

function queueWork({ world, state, self, args }: At): Effect {
  const name = args[0]!;
  return refuses(state, name) || pending(state, name) ? done(false) : enqueue(world, state, name, self);
}

function queueDelayed({ state, args }: At, modify: boolean): Effect {
  const name = args[0]!;
  if (refuses(state, name) || (!modify && pending(state, name))) return done(false);
  const was = modify && unqueue(state, name);
  state.works[name]!.delayed = true;
  return done(modify ? was : true);
}

/** Holds PENDING while it waits, so that the work cannot queue itself meanwhile. */
function cancelSync({ state, context, args }: At, disable: boolean): Effect {
  const name = args[0]!;
  const k = state.works[name]!;
  if (context.phase === 0) {
    context.kept = unqueue(state, name);
    k.cancelling++;
    if (disable) k.disabled++;
    return more;
  }
  if (runs(state, name)) return waits(name);
  k.cancelling--;
  return done(context.kept);
}

function cancel({ state, args }: At, disable: boolean): Effect {
  if (disable) state.works[args[0]!]!.disabled++;
  return done(unqueue(state, args[0]!));
}

/** Waits for the last queueing that it saw; what is queued later is none of its business. */
function flush({ world, state, self, context, args }: At): Effect {
  const name = args[0]!;
  const k = state.works[name]!;
  if (context.phase > 0) return context.barrier === null ? done(true) : waits(name);
  if (k.delayed) {
    k.delayed = false;
    const e = enqueue(world, state, name, self);
    if (e.kind === 'error') return e;
  }
  if (!k.queued && !runs(state, name)) return done(false);
  context.barrier = { on: name, stage: k.queued ? 'queued' : 'running' };
  return more;
}

const busy = (w: World, s: State, q: string): string | undefined => worksOf(w, q).find((name) => s.works[name]!.queued || runs(s, name));

function destroy({ world, state, context, args }: At): Effect {
  const q = args[0]!;
  if (context.phase === 0) {
    if (state.queues[q] === 'destroyed') return { kind: 'error', verdict: 'use-after-free' };
    state.queues[q] = 'draining';
    return more;
  }
  const on = busy(world, state, q);
  if (on !== undefined) return waits(on);
  state.queues[q] = 'destroyed';
  return done(null);
}

function flushQueue({ world, state, args }: At): Effect {
  if (state.queues[args[0]!] === 'destroyed') return { kind: 'error', verdict: 'use-after-free' };
  const on = busy(world, state, args[0]!);
  return on === undefined ? done(null) : waits(on);
}

const queueOp: Op = { on: anyWork, queueFirst: true, about: 'false if pending, disabled or being cancelled', run: queueWork };
const delayOp: Op = {
  on: delayed,
  extra: true,
  queueFirst: true,
  about: 'starts its timer; false as queue_work',
  run: (at) => queueDelayed(at, false),
};

export const workOps: Readonly<Record<string, Op>> = {
  queue_work: queueOp,
  schedule_work: { ...queueOp, on: work },
  queue_delayed_work: delayOp,
  schedule_delayed_work: delayOp,
  mod_delayed_work: { ...delayOp, about: 'starts its timer anew; true if it was pending', run: (at) => queueDelayed(at, true) },
  cancel_work: { on: work, about: 'true if it was pending; a running one goes on', run: (at) => cancel(at, false) },
  cancel_delayed_work: { on: delayed, about: 'true if it was pending; a running one goes on', run: (at) => cancel(at, false) },
  cancel_work_sync: { on: work, about: 'also waits for a running one', run: (at) => cancelSync(at, false) },
  cancel_delayed_work_sync: { on: delayed, about: 'also waits for a running one', run: (at) => cancelSync(at, false) },
  disable_work: { on: anyWork, about: 'cancels, and lets nobody queue it', run: (at) => cancel(at, true) },
  disable_work_sync: { on: anyWork, about: 'cancels, waits, and lets nobody queue it', run: (at) => cancelSync(at, true) },
  disable_delayed_work_sync: { on: delayed, about: 'cancels, waits, and lets nobody queue it', run: (at) => cancelSync(at, true) },
  enable_work: {
    on: anyWork,
    about: 'takes one disable back',
    run: ({ state, args }) => {
      const k = state.works[args[0]!]!;
      if (k.disabled > 0) k.disabled--;
      return done(k.disabled === 0);
    },
  },
  flush_work: { on: work, about: 'waits for the last queueing that it saw', run: flush },
  flush_delayed_work: { on: delayed, about: 'queues it now and waits', run: flush },
  flush_workqueue: { on: queue, about: 'waits until nothing of the queue is queued or runs', run: flushQueue },
  destroy_workqueue: { on: queue, about: 'drains, then frees the queue', run: destroy },
};
