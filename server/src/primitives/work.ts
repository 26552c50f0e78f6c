// Work items and the kworker that runs each; a delayed one, in a scenario with a clock, once its timer has fired. Cancelling waits for a run in progress, and keeps nobody else from queueing again; disabling does.
import { and, binary, constant, equal, hasBit, load, minus, not, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { ContextRoom, Emit, Operation, PrimitiveRoom, Slot, Target, Value } from './emit.ts';
import { disarmed, expiresIn, type Expiry, isDue } from './expiry.ts';
import { bool, operation } from './operation.ts';
import { inBucket } from './wheel.ts';
import { type Runs, runner, runs, setRuns } from './running.ts';

const source = 'kernel/workqueue.c';

function pending(emit: Emit, work: Target): Expression {
  return emit.read(emit.hidden(work, 'pending'));
}

const inWorker: Runs = { type: 'work', name: 'works that run' };

/** Who flushes a work: those that wait for it to be taken off the queue first, and those that wait for the run in progress. */
function flushers(emit: Emit, which: 'queued' | 'running', place: Expression): Slot | null {
  if (!['flush_work', 'flush_delayed_work', 'flush_workqueue'].some((name) => emit.uses(name))) return null;
  const works = emit.model.placesOf('work');
  const length = Math.max(1, works.count);
  const { slot } = emit.shared(`who flushes the ${which} work`, 'mask', { length });
  return { slot, length, index: minus(place, constant(works.base)) };
}

/** What is queued is no longer: flushers of it wait for the run in progress, if there is one (`starts`: there is). */
function leavesQueue(emit: Emit, place: Expression, starts: boolean): Statement[] {
  const queued = flushers(emit, 'queued', place);
  const now = flushers(emit, 'running', place);
  if (queued === null || now === null) return [];
  const move = emit.write(now, binary('|', emit.read(now), emit.read(queued)));
  return [...(starts ? [move] : [{ op: 'if' as const, condition: runs(emit, inWorker, place), then: [move], else: [] }]), emit.write(queued, zero)];
}

/** The caller waits for the queueing that it sees, or else for the run. */
function flushes(emit: Emit, work: Target): Statement[] {
  const queued = flushers(emit, 'queued', work.place);
  const now = flushers(emit, 'running', work.place);
  if (queued === null || now === null) return [];
  const join = (slot: Slot): Statement => emit.write(slot, binary('|', emit.read(slot), constant(2 ** emit.agentIndex)));
  return [{ op: 'if', condition: pending(emit, work), then: [join(queued)], else: [{ op: 'if', condition: runs(emit, inWorker, work.place), then: [join(now)], else: [] }] }];
}

/** What the caller flushes has run. */
function flushed(emit: Emit, place: Expression): Expression {
  const queued = flushers(emit, 'queued', place);
  const now = flushers(emit, 'running', place);
  if (queued === null || now === null) return constant(1);
  return and(not(hasBit(emit.read(queued), emit.agentIndex)), not(hasBit(emit.read(now), emit.agentIndex)));
}

const DELAYED: readonly string[] = ['schedule_delayed_work', 'queue_delayed_work', 'mod_delayed_work'];
const begins: Expiry = { type: 'work', name: 'delayed works are queued in', what: 'is queued', setBy: DELAYED };

/** Of a delayed work: what is queued, how long the timer before it runs, and which argument says so; `moves`: also where it runs already. */
interface Delay {
  readonly time: Value;
  readonly argument: number;
  readonly moves: boolean;
}

function sets(emit: Emit, work: Target, delay: Delay | null): Statement[] {
  const left = expiresIn(emit, begins, work.place);
  if (left === null) return [];
  // Without a delay there is no timer before it.
  if (delay === null || emit.constantOf(delay.time) === 0) return [emit.write(left, zero)];
  const { ns, most, checks } = inBucket(emit, delay.time, delay.argument);
  emit.clock?.longest(left.slot, most);
  return [...checks, emit.write(left, ns)];
}

function queue(emit: Emit, work: Target, wq: Value | null, delay: Delay | null = null): Value {
  const on = wq === null || !emit.uses('alloc_workqueue') ? null : emit.target(wq);
  const queued = emit.temporary(1);
  const disabled = emit.read(emit.hidden(work, 'disabled'));
  emit.step({
    uses: on === null ? [work] : [work, on], event: 'wake',
    body: [
      { op: 'if', condition: equal(emit.read(emit.hidden(work, 'func')), zero), then: [emit.fail('uninitialised', `\`${emit.textOf(work.argument ?? 0)}\` is queued before INIT_WORK`, work.place)], else: [] },
      {
        op: 'if', condition: and(equal(pending(emit, work), zero), equal(disabled, zero)),
        then: [...sets(emit, work, delay), emit.write(emit.hidden(work, 'pending'), constant(1)), ...(emit.uses('alloc_workqueue') ? [emit.write(emit.hidden(work, 'queue'), on === null ? zero : on.place)] : []), { op: 'set', slot: queued, value: constant(1) }],
        else: delay?.moves === true ? [{ op: 'if', condition: equal(disabled, zero), then: sets(emit, work, delay), else: [] }] : [],
      },
    ],
  });
  return bool(load(queued));
}

/** __flush_work() warns of a work without a function. The timer before a delayed work is told of by what deletes it. */
function mustBeSetUp(emit: Emit, work: Target, what: string): Statement {
  const says = what.includes('delayed') ? 'INIT_DELAYED_WORK' : 'INIT_WORK';
  return { op: 'if', condition: equal(emit.read(emit.hidden(work, 'func')), zero), then: [emit.fail('uninitialised', `${what} of \`${emit.textOf(0)}\` before ${says}`, work.place)], else: [] };
}

/** Begins (takes the item off the queue, where it cancels), then waits. */
function drain(emit: Emit, work: Target, what: string, begin: (work: Target) => Statement[], idle: (work: Target) => Expression, end: (work: Target) => Statement[] = () => []): Value {
  const was = emit.temporary(1);
  const me = emit.runsPlace;
  const self: Statement[] = me === null ? [] : [{ op: 'if', condition: equal(work.place, constant(me)), then: [emit.fail('self-deadlock', `{agent} waits for \`${emit.textOf(0)}\` to finish inside its own run`, work.place)], else: [] }];
  emit.step({ uses: [work], body: [...emit.mayNotSleep(what), mustBeSetUp(emit, work, what), ...self, { op: 'set', slot: was, value: pending(emit, work) }, ...begin(work)], event: 'block' });
  emit.step({
    text: `${what}: done`, ...(what.startsWith('flush') ? {} : { uses: [work] }), guard: idle(work), event: 'wake', body: end(work),
    wait: { kind: 'event', what: `the run of \`${emit.textOf(0)}\``, holder: runner(emit, 'work', work.place) },
  });
  return bool(load(was));
}

/** The workqueue that a work was queued on when its run began; kept by the pool, for the item may be gone. Null where there are no workqueues. */
function queueOfRun(emit: Emit, place: Expression): Slot | null {
  if (!emit.uses('alloc_workqueue')) return null;
  const works = emit.model.placesOf('work');
  const length = Math.max(1, works.count);
  const { slot } = emit.shared('workqueues of the works that run', emit.model.placeMax, { length, holds: 'place' });
  return { slot, length, index: minus(place, constant(works.base)) };
}

/** Waits until no work that was queued on the workqueue is left; flushing, only for those that are on it now. */
function drainQueue(emit: Emit, value: Value, what: string): void {
  const wq = emit.target(value);
  const works = emit.model.placesOf('work');
  const flush = what === 'flush_workqueue';
  const begin: Statement[] = [];
  let busy: Expression = zero;
  for (let i = 0; i < works.count; i++) {
    const w: Target = { place: constant(works.base + i), struct: emit.struct('work') };
    const run = queueOfRun(emit, w.place);
    const here = or(and(equal(emit.read(emit.hidden(w, 'queue')), wq.place), pending(emit, w)), run === null ? zero : equal(emit.read(run), wq.place));
    begin.push({ op: 'if', condition: here, then: flushes(emit, w), else: [] });
    busy = or(busy, flush ? not(flushed(emit, w.place)) : here);
  }
  emit.step({ uses: [wq], event: 'block', body: [...emit.mayNotSleep(what), ...(flush ? begin : [])] });
  emit.step({ text: `${what}: done`, uses: [wq], guard: not(busy), event: 'wake', wait: { kind: 'event', what: `the works of \`${emit.textOf(0)}\``, holder: null } });
}

const unqueue = (emit: Emit) => (work: Target): Statement[] => [emit.write(emit.hidden(work, 'pending'), zero), ...disarmed(emit, begins, work.place), ...leavesQueue(emit, work.place, false)];
const disable = (emit: Emit) => (work: Target): Statement[] => {
  const slot = emit.hidden(work, 'disabled');
  return [
    { op: 'if', condition: binary('>=', emit.read(slot), constant(3)), then: [emit.fail('bound-reached', 'a work is disabled more than 3 times')], else: [] },
    ...unqueue(emit)(work), emit.write(slot, plus(emit.read(slot), constant(1))),
  ];
};
const enable = (emit: Emit) => (work: Target): Statement[] => {
  const slot = emit.hidden(work, 'disabled');
  return [{ op: 'if', condition: binary('>', emit.read(slot), zero), then: [emit.write(slot, minus(emit.read(slot), constant(1)))], else: [] }];
};

const syncContexts = 'Process context that may sleep; not from the work itself, nor with a lock that it takes.';

/** What takes an item off its queue, of a `work` and of a `delayed_work` alike. */
function removers(type: 'work' | 'delayed_work', of: (emit: Emit, value: Value) => Target): Operation[] {
  const item = type === 'work' ? 'work: ref work' : 'dwork: ref delayed_work';
  const running = (emit: Emit) => (t: Target): Expression => not(runs(emit, inWorker, t.place));
  const atOnce = (name: string, doc: Operation['doc'], off: (emit: Emit) => (work: Target) => Statement[]): Operation => operation(`${name}(${item}) -> bool`, doc, (emit, [w]) => {
    const target = of(emit, w);
    const was = emit.temporary(1);
    // Deleting the timer before a delayed work asks for its set-up; an item without one is taken off as it is.
    const setUp = type === 'work' ? [] : [mustBeSetUp(emit, target, name)];
    emit.step({ uses: [target], body: [...setUp, { op: 'set', slot: was, value: pending(emit, target) }, ...off(emit)(target)] });
    return bool(load(was));
  });
  return [
    operation(`cancel_${type}_sync(${item}) -> bool`, { summary: 'Takes the item off the queue and waits for a run in progress, which cannot queue it again meanwhile. Anybody may afterwards.', guarantees: 'Neither queued nor running at return.', blocksOn: 'The run.', contexts: syncContexts, source }, (emit, [w]) => drain(emit, of(emit, w), `cancel_${type}_sync`, disable(emit), running(emit), enable(emit))),
    atOnce(`cancel_${type}`, { summary: 'Takes the item off the queue; does not wait for a run.', source }, unqueue),
    operation(`disable_${type}_sync(${item}) -> bool`, { summary: `Cancels, waits, and keeps everybody from queueing it again until enable_${type}.`, guarantees: 'Neither queued nor running, and not queued again.', blocksOn: 'The run.', contexts: syncContexts, source }, (emit, [w]) => drain(emit, of(emit, w), `disable_${type}_sync`, disable(emit), running(emit))),
    atOnce(`disable_${type}`, { summary: `Takes the item off the queue and keeps everybody from queueing it until enable_${type}; does not wait for a run.`, contexts: 'Any.', source }, disable),
    operation(`enable_${type}(${item}) -> bool`, { summary: `Undoes one disable_${type}_sync.`, source }, (emit, [w]) => {
      const target = of(emit, w);
      const slot = emit.hidden(target, 'disabled');
      emit.step({ uses: [target], body: enable(emit)(target) });
      return bool(equal(emit.read(slot), zero));
    }),
  ];
}

export const work: PrimitiveRoom = {
  types: [
    { name: 'work', doc: { summary: 'struct work_struct: a function to run in a kworker.', source }, runs: 'work', fields: [{ name: 'pending', max: 1, outlives: true }, { name: 'func', max: 'function' }, { name: 'disabled', max: 3 }, { name: 'queue', max: 'place' }] },
    { name: 'workqueue', handle: true, doc: { summary: 'struct workqueue_struct *.', source }, pooled: { view: 'internal', leak: 'workqueue' }, fields: [{ name: 'unused', max: 0 }] },
  ],
  operations: [
    operation('INIT_WORK(work: ref work, func: fn(ref work))', { summary: 'Makes the item ready.', source }, (emit, [w, fn]) => {
      const target = emit.target(w);
      emit.step({ uses: [target], body: [emit.write(emit.hidden(target, 'func'), fn.expression)] });
    }, { keeps: { 1: 'work.func' } }),
    operation('schedule_work(work: ref work) -> bool', { summary: 'Queues the item on the system workqueue; false where it was queued already.', contexts: 'Any.', source }, (emit, [w]) => queue(emit, emit.target(w), null)),
    operation('queue_work(wq: ref workqueue, work: ref work) -> bool', { summary: 'Queues the item; false where it was queued already.', contexts: 'Any.', source }, (emit, [wq, w]) => queue(emit, emit.target(w, 1), wq)),
    operation('schedule_delayed_work(dwork: ref delayed_work, delay: u64) -> bool', { summary: 'Queues the item on the system workqueue when the time is over; false where it was queued already.', contexts: 'Any.', source }, (emit, [d, time]) => queue(emit, emit.embedded(emit.target(d), 'work'), null, { time, argument: 1, moves: false })),
    operation('queue_delayed_work(wq: ref workqueue, dwork: ref delayed_work, delay: u64) -> bool', { summary: 'Queues the item when the time is over; false where it was queued already.', contexts: 'Any.', source }, (emit, [wq, d, time]) => queue(emit, emit.embedded(emit.target(d, 1), 'work'), wq, { time, argument: 2, moves: false })),
    operation('mod_delayed_work(wq: ref workqueue, dwork: ref delayed_work, delay: u64) -> bool', { summary: 'Queues the item when the time is over, or moves that instant; true where it was queued already.', contexts: 'Any.', source }, (emit, [wq, d, time]) => bool(not(queue(emit, emit.embedded(emit.target(d, 1), 'work'), wq, { time, argument: 2, moves: true }).expression))),
    operation('flush_delayed_work(dwork: ref delayed_work) -> bool', { summary: 'Ends the timer before the item at once, and waits until it has run.', blocksOn: 'The run.', contexts: syncContexts, source }, (emit, [d]) => drain(emit, emit.embedded(emit.target(d), 'work'), 'flush_delayed_work', (t) => [...disarmed(emit, begins, t.place), ...flushes(emit, t)], (t) => flushed(emit, t.place))),
    operation('flush_work(work: ref work) -> bool', { summary: 'Waits until the last queueing that it sees has run.', guarantees: 'Idle at return, unless somebody queued it again.', blocksOn: 'The run.', contexts: syncContexts, source }, (emit, [w]) => drain(emit, emit.target(w), 'flush_work', (t) => flushes(emit, t), (t) => flushed(emit, t.place))),
    ...removers('work', (emit, w) => emit.target(w)),
    ...removers('delayed_work', (emit, d) => emit.embedded(emit.target(d), 'work')),
    operation('alloc_workqueue(name?: string) -> ref workqueue', { summary: 'Makes a workqueue.', source }, (emit) => {
      const into = emit.temporary(emit.model.placeMax, 'place');
      emit.allocate('workqueue', into);
      return emit.value(load(into), 'workqueue');
    }, { allocates: ['workqueue'] }),
    operation('flush_workqueue(wq: ref workqueue)', { summary: 'Waits until what is queued on it has run.', blocksOn: 'The works.', contexts: 'Process context that may sleep; not from a work on it.', source }, (emit, [wq]) => drainQueue(emit, wq, 'flush_workqueue')),
    operation('drain_workqueue(wq: ref workqueue)', { summary: 'Waits until nothing is queued on it, works that works queue included.', blocksOn: 'The works.', source }, (emit, [wq]) => drainQueue(emit, wq, 'drain_workqueue')),
    operation('destroy_workqueue(wq: ref workqueue)', { summary: 'Drains the workqueue and frees it. Whoever else queues on it must have been stopped.', blocksOn: 'The works.', contexts: 'Process context that may sleep.', source }, (emit, [wq]) => {
      drainQueue(emit, wq, 'destroy_workqueue');
      emit.release(emit.target(wq), `\`${emit.textOf(0)}\``);
    }),
    operation('work_pending(work: ref work) -> bool', { summary: 'Is it queued?', source }, (emit, [w]) => {
      const target = emit.target(w);
      const result = emit.temporary(1);
      emit.step({ uses: [target], body: [{ op: 'set', slot: result, value: pending(emit, target) }] });
      return bool(load(result));
    }, { pure: (emit, [w]) => emit.read(emit.hidden(emit.target(w), 'pending')) }),
  ],
};

export const workContext: ContextRoom = {
  type: 'work', context: 'work', field: 'work.func', startedBy: ['schedule_work', 'queue_work', ...DELAYED],
  title: (object) => `${object} worker`,
  ready: (emit, w) => and(pending(emit, w), isDue(emit, begins, w.place)),
  take: (emit, w) => {
    const run = queueOfRun(emit, w.place);
    return [
      ...emit.checksOf(w, 'the queued work'), emit.write(emit.hidden(w, 'pending'), zero), ...leavesQueue(emit, w.place, true),
      ...setRuns(emit, inWorker, w.place, 1), ...(run === null ? [] : [emit.write(run, emit.read(emit.hidden(w, 'queue')))]),
    ];
  },
  run: (emit, w) => { emit.callFunction(emit.read(emit.hidden(w, 'func')), 'work.func', [{ expression: w.place, type: { kind: 'ref', to: w.struct } }]); },
  done: (emit, w) => {
    const now = flushers(emit, 'running', w.place);
    const run = queueOfRun(emit, w.place);
    return [...setRuns(emit, inWorker, w.place, 0), ...(run === null ? [] : [emit.write(run, zero)]), ...(now === null ? [] : [emit.write(now, zero)])];
  },
};
