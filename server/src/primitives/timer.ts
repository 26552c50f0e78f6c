// timer_list: a timer that is armed may fire at any moment from then on, or, in a scenario with a clock, once its bucket of the wheel has come. Deleting
// does not wait for the callback, _sync does, and only shutting down keeps it from being armed again.
import { and, binary, choose, constant, equal, load, not, or, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { ContextRoom, Emit, PrimitiveRoom, Target, Value } from './emit.ts';
import { bool, int, operation } from './operation.ts';
import { disarmed, expiresIn, type Expiry, isDue } from './expiry.ts';
import { type Runs, runner, runs, setRuns } from './running.ts';
import { inBucket } from './wheel.ts';

const source = 'kernel/time/timer.c';

const pending = (emit: Emit, t: Target): Expression => emit.read(emit.hidden(t, 'pending'));

const inCallback: Runs = { type: 'timer_list', name: 'timers that run' };

const fires: Expiry = { type: 'timer_list', name: 'timers fire in', what: 'fires', setBy: ['mod_timer', 'timer_reduce'] };

/** `sooner`: an instant that is later than that for which it is armed changes nothing. */
function arm(emit: Emit, value: Value, delay: Value | undefined, sooner = false): Value {
  const t = emit.target(value);
  const was = emit.temporary(1);
  const state = emit.read(emit.hidden(t, 'state'));
  emit.step({
    uses: [t], event: 'wake',
    body: [
      { op: 'if', condition: equal(state, zero), then: [emit.fail('uninitialised', `\`${emit.textOf(0)}\` is armed before timer_setup`, t.place)], else: [] },
      { op: 'set', slot: was, value: pending(emit, t) },
      {
        op: 'if', condition: equal(state, constant(2)),
        then: [emit.report('timer-after-shutdown', `\`${emit.textOf(0)}\` is armed after its shutdown: it will never fire`, t.place)],
        else: [...starts(emit, t, delay, sooner), emit.write(emit.hidden(t, 'pending'), constant(1))],
      },
    ],
  });
  return bool(load(was));
}

function starts(emit: Emit, t: Target, delay: Value | undefined, sooner: boolean): Statement[] {
  const at = expiresIn(emit, fires, t.place);
  if (at === null) return [];
  const { ns, most, checks } = inBucket(emit, delay, 1);
  const later = and(pending(emit, t), binary('<', emit.read(at), ns));
  emit.clock?.longest(at.slot, most);
  return [...checks, emit.write(at, sooner ? choose(later, emit.read(at), ns) : ns)];
}

/** debug_assert_init(): whoever takes a timer off that was never set up is told. */
function mustBeSetUp(emit: Emit, t: Target): Statement {
  return { op: 'if', condition: equal(emit.read(emit.hidden(t, 'state')), zero), then: [emit.fail('uninitialised', `\`${emit.textOf(0)}\` is deleted before timer_setup`, t.place)], else: [] };
}

function remove(emit: Emit, value: Value, name: string, sync: boolean, shutdown: boolean): Value {
  const t = emit.target(value);
  const was = emit.temporary(1);
  const me = emit.runsPlace;
  const self: Statement[] = !sync || me === null ? [] : [{ op: 'if', condition: equal(t.place, constant(me)), then: [emit.fail('self-deadlock', `{agent} waits for \`${emit.textOf(0)}\` to finish inside its own callback`, t.place)], else: [] }];
  const end: Statement[] = [emit.write(emit.hidden(t, 'pending'), zero), ...disarmed(emit, fires, t.place), ...(shutdown ? [emit.write(emit.hidden(t, 'state'), constant(2))] : [])];
  if (!sync) {
    emit.step({ uses: [t], body: [mustBeSetUp(emit, t), { op: 'set', slot: was, value: pending(emit, t) }, ...end] });
    return bool(load(was));
  }
  // While the callback runs it may arm the timer again; it comes off once the callback has returned.
  const waits = emit.temporary(1);
  emit.step({
    uses: [t], event: 'block',
    body: [
      mustBeSetUp(emit, t), ...self, { op: 'set', slot: was, value: pending(emit, t) }, { op: 'set', slot: waits, value: runs(emit, inCallback, t.place) },
      { op: 'if', condition: load(waits), then: [], else: end },
    ],
  });
  emit.step({
    text: `${name}: done`, uses: [t], guard: or(not(load(waits)), not(runs(emit, inCallback, t.place))), event: 'wake', wait: { kind: 'event', what: `the callback of \`${emit.textOf(0)}\``, holder: runner(emit, 'timer_list', t.place) },
    body: [{ op: 'if', condition: load(waits), then: [{ op: 'set', slot: was, value: or(load(was), pending(emit, t)) }, ...end], else: [] }],
  });
  return bool(load(was));
}

const removers: ReadonlyArray<readonly [string, boolean, boolean, string]> = [
  ['timer_delete', false, false, 'Disarms the timer; a callback that runs goes on.'],
  ['del_timer', false, false, 'Old name of timer_delete.'],
  ['timer_delete_sync', true, false, 'Disarms the timer and waits for its callback; anybody may arm it again.'],
  ['del_timer_sync', true, false, 'Old name of timer_delete_sync.'],
  ['timer_shutdown', false, true, 'Disarms the timer for good: arming it later does nothing.'],
  ['timer_shutdown_sync', true, true, 'Disarms the timer for good and waits for its callback.'],
];

export const timer: PrimitiveRoom = {
  types: [{ name: 'timer_list', doc: { summary: 'A kernel timer; its callback runs in softirq context.', source }, runs: 'timer', fields: [{ name: 'pending', max: 1, outlives: true }, { name: 'func', max: 'function' }, { name: 'state', max: 2 }] }],
  operations: [
    operation('timer_setup(timer: ref timer_list, func: fn(ref timer_list), flags?: int)', { summary: 'Makes the timer ready.', source }, (emit, [t, fn]) => {
      const target = emit.target(t);
      emit.step({ uses: [target], body: [emit.write(emit.hidden(target, 'func'), fn.expression), emit.write(emit.hidden(target, 'state'), constant(1))] });
    }, { keeps: { 1: 'timer_list.func' } }),
    operation('mod_timer(timer: ref timer_list, delay?: u64) -> bool', { summary: 'Arms the timer, or moves it. In a scenario with a clock it fires in its bucket of the wheel: never early, and late by up to one granule of the bucket.', contexts: 'Any.', source }, (emit, [t, delay]) => arm(emit, t, delay)),
    operation('add_timer(timer: ref timer_list)', { summary: 'Arms the timer.', contexts: 'Any.', source }, (emit, [t]) => { arm(emit, t, undefined); }),
    operation('timer_reduce(timer: ref timer_list, delay?: u64) -> bool', { summary: 'Arms the timer, or moves it to an earlier instant; never to a later one.', contexts: 'Any.', source }, (emit, [t, delay]) => arm(emit, t, delay, true)),
    ...removers.map(([name, sync, shutdown, summary]) => operation(`${name}(timer: ref timer_list) -> bool`, {
      summary, source, ...(sync ? { blocksOn: 'The callback, spinning.', contexts: 'Not from the callback itself, nor with a lock that it takes.' } : {}),
    }, (emit, [t]) => remove(emit, t, name, sync, shutdown))),
    ...['timer_delete_sync_try', 'try_to_del_timer_sync'].map((name) => operation(`${name}(timer: ref timer_list) -> int`, {
      summary: 'Disarms the timer unless its callback runs now: 1 it was armed, 0 it was not, -1 the callback runs.', contexts: 'Any.', source,
    }, (emit, [value]) => {
      const t = emit.target(value);
      const result = emit.temporary(1, 'int', -1);
      emit.step({
        uses: [t],
        body: [mustBeSetUp(emit, t), {
          op: 'if', condition: runs(emit, inCallback, t.place), then: [{ op: 'set', slot: result, value: constant(-1) }],
          else: [{ op: 'set', slot: result, value: pending(emit, t) }, emit.write(emit.hidden(t, 'pending'), zero), ...disarmed(emit, fires, t.place)],
        }],
      });
      return int(load(result));
    })),
    operation('timer_pending(timer: ref timer_list) -> bool', { summary: 'Is it armed?', source }, (emit, [t]) => {
      const target = emit.target(t);
      const result = emit.temporary(1);
      emit.step({ uses: [target], body: [{ op: 'set', slot: result, value: pending(emit, target) }] });
      return bool(load(result));
    }, { pure: (emit, [t]) => emit.read(emit.hidden(emit.target(t), 'pending')) }),
  ],
};

export const timerContext: ContextRoom = {
  type: 'timer_list', context: 'timer', field: 'timer_list.func', startedBy: ['mod_timer', 'add_timer', 'timer_reduce'],
  title: (object) => `${object} softirq`,
  ready: (emit, t) => and(pending(emit, t), isDue(emit, fires, t.place)),
  take: (emit, t) => [
    ...emit.checksOf(t, 'the armed timer'), emit.write(emit.hidden(t, 'pending'), zero),
    ...setRuns(emit, inCallback, t.place, 1),
  ],
  run: (emit, t) => { emit.callFunction(emit.read(emit.hidden(t, 'func')), 'timer_list.func', [{ expression: t.place, type: { kind: 'ref', to: t.struct } }]); },
  done: (emit, t) => setRuns(emit, inCallback, t.place, 0),
};
