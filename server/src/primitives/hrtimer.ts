// struct hrtimer: once started it may expire at any moment, or, in a scenario with a clock, once its time has come. Its callback says whether it is queued again; cancelling waits for
// the callback, and nothing keeps anybody from starting it afterwards: an hrtimer has no shutdown.
import { and, binary, choose, constant, equal, load, minus, not, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { ContextRoom, Emit, PrimitiveRoom, PureEmit, Slot, Target, Value } from './emit.ts';
import { bool, int, operation, u64 } from './operation.ts';
import { durationOf, NS, untilOf } from './durations.ts';
import { disarmed, expiresIn, type Expiry, isDue } from './expiry.ts';
import { type Runs, runner, runs, setRuns } from './running.ts';

const source = 'kernel/time/hrtimer.c';
const RESTART = 1;

const queued = (emit: PureEmit, t: Target): Expression => emit.read(emit.hidden(t, 'queued'));
const inCallback: Runs = { type: 'hrtimer', name: 'hrtimers that run' };

/** What the callback in progress has returned; not in the timer, which it may have freed. */
function restarts(emit: Emit, t: Target): Slot {
  const { base, count } = emit.model.placesOf('hrtimer');
  const { slot } = emit.shared('hrtimers that restart', 1, { length: Math.max(1, count) });
  return { slot, length: Math.max(1, count), index: t.place.op === 'constant' ? constant(t.place.value - base) : zero };
}

const expires: Expiry = { type: 'hrtimer', name: 'hrtimers expire in', what: 'expires', setBy: ['hrtimer_start', 'hrtimer_forward_now'] };
const ABSOLUTE = 0;
const FORWARD = 'hrtimer_forward_now';
/** Longer than any timer is late. */
const NEVER = 2 ** 51;

/**
 * Where timers go on by whole periods, how late they are: ns to the next whole period since the last expiry, and 1 more; 0: there was none. Periods are
 * those of the scenario, or, where somebody looks at how many have passed, so long that none comes.
 */
function sinceExpiry(emit: Emit, place: Expression): { readonly slot: Slot; readonly period: number } | null {
  const { clock } = emit;
  const { base, count } = emit.model.placesOf('hrtimer');
  if (clock === null || count === 0 || !emit.uses(FORWARD)) return null;
  const all = emit.model.given(FORWARD, 1);
  const exact = emit.model.answersCount(FORWARD) || all.some((interval) => interval === null || interval <= 0);
  const common = exact ? NEVER : all.reduce<number>((m, interval) => leastCommonMultiple(m, interval ?? 1), 1);
  const period = Math.min(NEVER, common);
  const { slot } = emit.shared('hrtimers go on in', 2 * NEVER, { length: count });
  // Of one interval there are no parts to count: what is left of it is when the timer expires next.
  const compared = exact || new Set(all).size > 1;
  clock.countdown('hrtimers go on in', { slot, length: count, floor: 1, drives: false, kind: 'expiry', text: (i) => `a period of ${emit.model.placeNames[base + i]} is over`, again: period, stops: period !== NEVER, compared });
  return { slot: { slot, length: count, index: minus(place, constant(base)) }, period };
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** It expires in so many ns, or did so many ns ago. */
function expiresNow(emit: Emit, t: Target, left: Expression, ago: Expression = zero): Statement[] {
  const since = sinceExpiry(emit, t.place);
  if (since === null) return [];
  return [emit.write(since.slot, minus(plus(left, constant(since.period + 1)), binary('%', ago, constant(since.period))))];
}

function forgets(emit: Emit, t: Target): Statement[] {
  const since = sinceExpiry(emit, t.place);
  return since === null ? [] : [emit.write(since.slot, zero)];
}

/** Without a time it is due. */
function sets(emit: Emit, t: Target, time: Value | undefined, mode: Value | undefined): Statement[] {
  const left = expiresIn(emit, expires, t.place);
  if (left === null || emit.clock === null) return [];
  if (time === undefined) return [emit.write(left, zero), ...expiresNow(emit, t, zero)];
  const absolute = mode !== undefined && emit.constantOf(mode) === ABSOLUTE;
  const { ns, most, checks } = absolute ? untilOf(emit, time, 1, emit.clock.look()) : durationOf(emit, time, 1, NS);
  emit.clock.longest(left.slot, most);
  if (!absolute) return [...checks, emit.write(left, ns), ...expiresNow(emit, t, ns)];
  const ahead = choose(binary('>', ns, zero), ns, zero);
  return [...checks, emit.write(left, ahead), ...expiresNow(emit, t, ahead, choose(binary('<', ns, zero), minus(zero, ns), zero))];
}

/** Behind now by whole intervals since the last expiry; how many, and 0 where it has not come or is queued. */
function forward(emit: Emit, value: Value, interval: Value): Value {
  const t = emit.target(value);
  const left = expiresIn(emit, expires, t.place);
  const since = sinceExpiry(emit, t.place);
  if (left === null || since === null) {
    emit.step({ uses: [t] });
    return u64(constant(1));
  }
  const overruns = emit.temporary(NEVER);
  const { ns, most, checks } = durationOf(emit, interval, 1, NS);
  // At least the resolution, as in the kernel.
  const each = choose(binary('>', ns, zero), ns, constant(1));
  const until = emit.read(since.slot);
  const late = choose(until, minus(constant(since.period + 1), until), zero);
  const next = minus(each, binary('%', late, each));
  emit.clock?.longest(left.slot, most);
  emit.step({
    uses: [t],
    body: [
      ...checks, { op: 'set', slot: overruns, value: zero },
      {
        op: 'if', condition: or(queued(emit, t), binary('>', until, constant(since.period + 1))), then: [],
        else: [{ op: 'set', slot: overruns, value: plus(binary('/', late, each), constant(1)) }, emit.write(left, next), emit.write(since.slot, plus(emit.read(left), constant(since.period + 1)))],
      },
    ],
  });
  return u64(load(overruns));
}

function start(emit: Emit, value: Value, time: Value | undefined, mode: Value | undefined): void {
  const t = emit.target(value);
  emit.step({
    uses: [t], event: 'wake',
    body: [
      { op: 'if', condition: equal(emit.read(emit.hidden(t, 'func')), zero), then: [emit.fail('uninitialised', `\`${emit.textOf(0)}\` is started before hrtimer_setup`, t.place)], else: [] },
      ...sets(emit, t, time, mode), emit.write(emit.hidden(t, 'queued'), constant(1)),
    ],
  });
}

/** A timer that was never set up is on no clock: whoever cancels it looks for that of null. */
function mustBeSetUp(emit: Emit, t: Target): Statement {
  return { op: 'if', condition: equal(emit.read(emit.hidden(t, 'func')), zero), then: [emit.fail('uninitialised', `\`${emit.textOf(0)}\` is cancelled before hrtimer_setup`, t.place)], else: [] };
}

/** Takes it off the queue, unless its callback runs: then -1 in `result`. */
function tryToCancel(emit: Emit, t: Target, result: number): Statement {
  return {
    op: 'if', condition: runs(emit, inCallback, t.place), then: [{ op: 'set', slot: result, value: constant(-1) }],
    else: [{ op: 'set', slot: result, value: queued(emit, t) }, emit.write(emit.hidden(t, 'queued'), zero), ...disarmed(emit, expires, t.place), ...forgets(emit, t)],
  };
}

function cancel(emit: Emit, value: Value): Value {
  const t = emit.target(value);
  const result = emit.temporary(1, 'int', -1);
  const me = emit.runsPlace;
  const self: Statement[] = me === null ? [] : [{ op: 'if', condition: equal(t.place, constant(me)), then: [emit.fail('self-deadlock', `{agent} waits for \`${emit.textOf(0)}\` to finish inside its own callback`, t.place)], else: [] }];
  const waits = equal(load(result), constant(-1));
  emit.step({ uses: [t], event: 'block', body: [mustBeSetUp(emit, t), ...self, tryToCancel(emit, t, result)] });
  emit.step({
    text: 'hrtimer_cancel: done', uses: [t], guard: or(not(waits), not(runs(emit, inCallback, t.place))), event: 'wake',
    wait: { kind: 'event', what: `the callback of \`${emit.textOf(0)}\``, holder: runner(emit, 'hrtimer', t.place) },
    body: [{ op: 'if', condition: waits, then: [tryToCancel(emit, t, result)], else: [] }],
  });
  return bool(load(result));
}

function asks(name: string, summary: string, answer: (emit: PureEmit, t: Target) => Expression): ReturnType<typeof operation> {
  return operation(`${name}(timer: ref hrtimer) -> bool`, { summary, contexts: 'Any.', source }, (emit, [value]) => {
    const t = emit.target(value);
    const result = emit.temporary(1);
    emit.step({ uses: [t], body: [{ op: 'set', slot: result, value: answer(emit, t) }] });
    return bool(load(result));
  }, { pure: (emit, [value]) => answer(emit, emit.target(value)) });
}

export const hrtimer: PrimitiveRoom = {
  types: [{
    name: 'hrtimer', doc: { summary: 'A high-resolution timer; its callback runs in interrupt context and returns HRTIMER_RESTART or HRTIMER_NORESTART.', source }, runs: 'timer',
    fields: [{ name: 'queued', max: 1, outlives: true }, { name: 'func', max: 'function' }],
  }],
  operations: [
    operation('hrtimer_setup(timer: ref hrtimer, func: fn(ref hrtimer) -> int, clock?: int, mode?: int)', { summary: 'Makes the timer ready.', source }, (emit, [value, fn]) => {
      const t = emit.target(value);
      emit.step({ uses: [t], body: [emit.write(emit.hidden(t, 'func'), fn.expression)] });
    }, { keeps: { 1: 'hrtimer.func' } }),
    operation('hrtimer_start(timer: ref hrtimer, time?: u64, mode?: int)', { summary: 'Starts the timer, or moves it; also from its callback, and while that runs.', contexts: 'Any.', source }, (emit, [t, time, mode]) => start(emit, t, time, mode)),
    operation('hrtimer_forward_now(timer: ref hrtimer, interval: u64) -> u64', {
      summary: 'Moves the expiry on by whole intervals, from the last one until it is behind now, and returns how many: in the callback, before HRTIMER_RESTART. Without a clock 1.', contexts: 'In the callback, or while the timer is not queued.', source,
    }, (emit, [value, interval]) => forward(emit, value, interval)),
    operation('hrtimer_try_to_cancel(timer: ref hrtimer) -> int', { summary: 'Takes the timer off the queue unless its callback runs: 1 it was queued, 0 it was not, -1 the callback runs.', contexts: 'Any.', source }, (emit, [value]) => {
      const t = emit.target(value);
      const result = emit.temporary(1, 'int', -1);
      emit.step({ uses: [t], body: [mustBeSetUp(emit, t), tryToCancel(emit, t, result)] });
      return int(load(result));
    }),
    operation('hrtimer_cancel(timer: ref hrtimer) -> bool', { summary: 'Takes the timer off the queue and waits for its callback, a restart included; anybody may start it again.', guarantees: 'Neither queued nor running at return.', blocksOn: 'The callback, spinning.', contexts: 'Not from the callback itself, nor with a lock that it takes.', source }, (emit, [t]) => cancel(emit, t)),
    asks('hrtimer_active', 'Is it queued, or does its callback run?', (emit, t) => or(queued(emit, t), runs(emit, inCallback, t.place))),
    asks('hrtimer_is_queued', 'Is it queued?', queued),
    asks('hrtimer_callback_running', 'Does its callback run?', (emit, t) => runs(emit, inCallback, t.place)),
  ],
};

/** Its callback is done and nobody has started it again: how late it was does not matter any more. */
function isOver(emit: Emit, t: Target): Statement[] {
  const forgotten = forgets(emit, t);
  return forgotten.length === 0 ? [] : [{ op: 'if', condition: queued(emit, t), then: [], else: forgotten }];
}

export const hrtimerContext: ContextRoom = {
  type: 'hrtimer', context: 'timer', field: 'hrtimer.func', startedBy: ['hrtimer_start'],
  title: (object) => `${object} hrtimer`,
  ready: (emit, t) => and(queued(emit, t), isDue(emit, expires, t.place)),
  take: (emit, t) => [...emit.checksOf(t, 'the queued hrtimer'), emit.write(emit.hidden(t, 'queued'), zero), ...setRuns(emit, inCallback, t.place, 1)],
  run: (emit, t) => {
    const returned = emit.callFunction(emit.read(emit.hidden(t, 'func')), 'hrtimer.func', [{ expression: t.place, type: { kind: 'ref', to: t.struct } }]);
    emit.compute([emit.write(restarts(emit, t), equal(returned.expression, constant(RESTART)))]);
  },
  // A callback that is done may have freed its timer; one that restarts it is used once more.
  done: (emit, t) => [
    { op: 'if', condition: emit.read(restarts(emit, t)), then: [...emit.checksOf(t, 'the hrtimer that restarts'), emit.write(emit.hidden(t, 'queued'), constant(1)), emit.write(restarts(emit, t), zero)], else: isOver(emit, t) },
    ...setRuns(emit, inCallback, t.place, 0),
  ],
};
