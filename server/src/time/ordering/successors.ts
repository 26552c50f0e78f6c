// Every step that is possible in a state: of each agent and running callback, and every timer, work and interrupt that may start.
import type { Answer, Effect } from './op.ts';
import { ops } from './ops.ts';
import { type Call, callsOf, gone, isCallback, runs, type State, type World } from './world.ts';
import { enqueue, passBarriers, queueOf } from './workOps.ts';

export interface Step {
  readonly who: string;
  /** `t: expiry`, `cpu0: kfree(dev)` */
  readonly text: string;
  /** The state after it; null if an error ended the run. */
  readonly next: State | null;
  readonly verdict: 'use-after-free' | 'double-free' | 'timer-after-shutdown' | null;
  readonly warning: string | null;
  readonly result: { readonly name: string; readonly answer: Answer } | null;
  /** The callback that it started. */
  readonly started: string | null;
  /** The expiry with which a timer fired. */
  readonly expires: string | null;
}

export interface Waiting {
  readonly who: string;
  readonly text: string;
  readonly on: string | null;
}

/** All steps, and who has to wait for what. */
export function successors(w: World, s: State): { readonly steps: readonly Step[]; readonly waiting: readonly Waiting[] } {
  const steps: Step[] = [];
  const waiting: Waiting[] = [];
  for (const [who, context] of Object.entries(s.contexts)) {
    if (context.pc === null) {
      const step = start(w, s, who);
      if (step !== null) steps.push(step);
    } else {
      const call = callsOf(w, who)[context.pc];
      if (call !== undefined) {
        const r = perform(w, s, who, call);
        if ('on' in r) waiting.push(r);
        else steps.push(r);
      } else if (isCallback(w, who)) steps.push(finish(w, s, who));
    }
    const timer = delayedTimer(w, s, who);
    if (timer !== null) steps.push(timer);
  }
  return { steps, waiting };
}

/** One operation of `who`. */
export function perform(w: World, s: State, who: string, call: Call): Step | Waiting {
  const text = `${who}: ${call.text}`;
  const op = ops[call.op]!;
  if (op.free !== true && call.args.slice(0, op.on.length).some((a) => gone(w, s, a)))
    return step(who, text, null, { verdict: 'use-after-free' });
  const state = copy(s);
  const context = state.contexts[who]!;
  const e: Effect = op.run({ world: w, state, self: who, context, args: call.args });
  switch (e.kind) {
    case 'waits':
      return { who, text, on: e.on };
    case 'error':
      return step(who, text, null, { verdict: e.verdict });
    case 'more':
      context.phase++;
      return step(who, text, state, {});
    case 'leaves':
      leave(w, state, who, e.restart);
      return step(who, text, state, {});
    case 'done':
      context.pc = (context.pc ?? 0) + (e.skip === true ? 2 : 1);
      context.phase = 0;
      return step(who, text, state, {
        verdict: e.verdict ?? null,
        warning: e.warning ?? null,
        result: call.result === null ? null : { name: call.result, answer: e.answer },
      });
  }
}

function finish(w: World, s: State, who: string): Step {
  const state = copy(s);
  leave(w, state, who, false);
  return step(who, `${who}: return`, state, {});
}

function leave(w: World, s: State, who: string, restart: boolean): void {
  const context = s.contexts[who]!;
  context.phase = 0;
  context.pc = isCallback(w, who) ? null : callsOf(w, who).length;
  if (restart && s.hrtimers[who] !== undefined) s.hrtimers[who] = true;
  if (s.works[who] !== undefined) passBarriers(s, who, 'running', null);
}

/** The step that starts a callback, if it may start now. */
function start(w: World, s: State, who: string): Step | null {
  const how = mayStart(w, s, who);
  if (how === null) return null;
  if (gone(w, s, who)) return step(who, `${who}: ${how}`, null, { verdict: 'use-after-free' });
  const state = copy(s);
  state.contexts[who]!.pc = 0;
  if (state.timers[who] !== undefined) state.timers[who].armed = false;
  if (state.hrtimers[who] !== undefined) state.hrtimers[who] = false;
  if (state.irqs[who] !== undefined) state.irqs[who].raises--;
  if (state.works[who] !== undefined) {
    state.works[who].queued = false;
    passBarriers(state, who, 'queued', 'running');
  }
  return step(who, `${who}: ${how}`, state, { started: who, expires: s.timers[who]?.expires ?? null });
}

/** What starting it is called, or null if it may not start. */
function mayStart(w: World, s: State, who: string): string | null {
  switch (w.things[who]!.type) {
    case 'timer':
      return s.timers[who]!.armed ? 'expiry' : null;
    case 'hrtimer':
      return s.hrtimers[who] === true ? 'expiry' : null;
    case 'work':
    case 'delayed_work':
      return s.works[who]!.queued && !waitsForOrder(w, s, who) ? 'work starts' : null;
    case 'irq': {
      const i = s.irqs[who]!;
      return i.requested && !i.masked && i.disabled === 0 && i.raises > 0 ? 'interrupt' : null;
    }
    default:
      return null;
  }
}

function waitsForOrder(w: World, s: State, who: string): boolean {
  const q = queueOf(w, who);
  const queue = q === null ? undefined : w.things[q];
  if (queue?.type !== 'workqueue' || !queue.ordered) return false;
  return Object.keys(w.things).some((other) => queueOf(w, other) === q && runs(s, other));
}

/** The timer inside a delayed work, whose name in orders is `w.timer`. */
function delayedTimer(w: World, s: State, who: string): Step | null {
  if (s.works[who]?.delayed !== true) return null;
  const text = `${who}.timer: expiry`;
  if (gone(w, s, who)) return step(`${who}.timer`, text, null, { verdict: 'use-after-free' });
  const state = copy(s);
  state.works[who]!.delayed = false;
  const e = enqueue(w, state, who, `${who}.timer`);
  if (e.kind === 'error') return step(`${who}.timer`, text, null, { verdict: e.verdict });
  return step(`${who}.timer`, text, state, { warning: e.kind === 'done' ? (e.warning ?? null) : null });
}

function step(who: string, text: string, next: State | null, more: Partial<Omit<Step, 'who' | 'text' | 'next'>>): Step {
  return { who, text, next, verdict: null, warning: null, result: null, started: null, expires: null, ...more };
}

function copy(s: State): State {
  const each = <T extends object>(of: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(of).map(([k, v]) => [k, { ...v }]));
  return {
    freed: { ...s.freed },
    timers: each(s.timers),
    hrtimers: { ...s.hrtimers },
    works: each(s.works),
    queues: { ...s.queues },
    locks: { ...s.locks },
    flags: { ...s.flags },
    irqs: each(s.irqs),
    // A barrier is replaced as a whole, never changed.
    contexts: each(s.contexts),
  };
}
