// The thread behind a threaded interrupt handler: it runs its function each time the handler has returned IRQ_WAKE_THREAD.
import { and, choose, constant, equal, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { ContextRoom, Emit, PrimitiveRoom, Target } from './emit.ts';
import { type Runs, runs, setRuns } from './running.ts';

const inThread: Runs = { type: 'irq_thread', name: 'irq threads that run' };
const woken = (emit: Emit, t: Target): Expression => emit.read(emit.hidden(t, 'woken'));
const ofAction = (emit: Emit, action: Target): Expression => emit.read(emit.hidden(action, 'thread'));

/** None in a scenario without threaded handlers. */
function threads(emit: Emit): Target[] {
  if (!emit.uses('request_threaded_irq')) return [];
  const { base, count } = emit.model.placesOf('irq_thread');
  return Array.from({ length: count }, (_, i) => ({ place: constant(base + i), struct: emit.struct('irq_thread') }));
}

function active(emit: Emit, action: Target, t: Target): Expression {
  return and(equal(ofAction(emit, action), t.place), or(woken(emit, t), runs(emit, inThread, t.place)));
}

/** Is the thread of the handler woken, or does it run? */
export function threadActive(emit: Emit, action: Target): Expression {
  return or(...threads(emit).map((t) => active(emit, action, t)));
}

/** Its agent, as a mask, while it is active. */
export function activeThread(emit: Emit, action: Target): Expression {
  return threads(emit).reduce<Expression>((mask, t) => plus(mask, choose(active(emit, action, t), agentMask(emit, t), zero)), zero);
}

function agentMask(emit: Emit, t: Target): Expression {
  const agent = t.place.op === 'constant' ? emit.model.agentOf(t.place.value) : null;
  return constant(agent === null ? 0 : 2 ** agent);
}

export function wakeThread(emit: Emit, action: Target): Statement[] {
  return threads(emit).map((t) => ({ op: 'if', condition: equal(ofAction(emit, action), t.place), then: [emit.write(emit.hidden(t, 'woken'), constant(1))], else: [] }));
}

export function freeThread(emit: Emit, action: Target): Statement[] {
  return threads(emit).length === 0 ? [] : emit.freeing({ place: ofAction(emit, action), struct: emit.struct('irq_thread') }, 'the thread of the handler');
}

/** Is `place` the thread of the action? */
export function isThreadOf(emit: Emit, action: Target, place: number): Expression {
  return threads(emit).length === 0 ? zero : equal(ofAction(emit, action), constant(place));
}

export const irqThread: PrimitiveRoom = {
  types: [{
    name: 'irq_thread', handle: true, doc: { summary: 'The thread of a handler on an interrupt line.', source: 'kernel/irq/manage.c' }, runs: 'kthread', pooled: { view: 'internal', leak: null },
    fields: [{ name: 'woken', max: 1, outlives: true }, { name: 'func', max: 'function' }, { name: 'data', max: 'place' }],
  }],
  operations: [],
};

export const irqThreadContext: ContextRoom = {
  type: 'irq_thread', context: 'kthread', field: 'irq_thread.func', startedBy: ['request_threaded_irq'],
  title: (object) => `irq thread ${object.split('#')[1] ?? '0'}`,
  ready: woken,
  take: (emit, t) => [emit.write(emit.hidden(t, 'woken'), zero), ...setRuns(emit, inThread, t.place, 1)],
  run: (emit, t) => { emit.callFunction(emit.read(emit.hidden(t, 'func')), 'irq_thread.func', [{ expression: emit.read(emit.hidden(t, 'data')), type: { kind: 'ref', to: null } }]); },
  done: (emit, t) => setRuns(emit, inThread, t.place, 0),
};
