// Interrupts: a handler stays on its line from request_irq to free_irq, which waits for it and its thread. `interrupt(dev)` of the hardware raises
// the line.
import { and, binary, choose, constant, equal, isConstant, load, minus, not, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import { deviceIndex } from './device.ts';
import type { ContextRoom, Emit, PrimitiveRoom, PureEmit, Slot, Target, Value } from './emit.ts';
import { activeThread, freeThread, isThreadOf, threadActive, wakeThread } from './irqThread.ts';
import { int, operation } from './operation.ts';
import { type Runs, runs, setRuns } from './running.ts';

const source = 'kernel/irq/manage.c';
const WAKE_THREAD = 2;
const SHARED = 0x80;
const ONESHOT = 0x2000;
const DISABLED_MAX = 3;

const actions = (emit: Emit): { base: number; count: number } => emit.model.placesOf('irqaction');

const inHandler: Runs = { type: 'irqaction', name: 'irq handlers that run' };

function actionTarget(emit: Emit, i: number): Target {
  return { place: constant(actions(emit).base + i), struct: emit.struct('irqaction') };
}

/** Handlers of `dev` with this data. */
function matches(emit: Emit, i: number, dev: Value, data: Value | undefined): Expression {
  const target = actionTarget(emit, i);
  return and(
    emit.read(emit.hidden(target, 'requested')), equal(emit.read(emit.hidden(target, 'device')), deviceIndex(emit, dev.expression)),
    data === undefined ? constant(1) : equal(emit.read(emit.hidden(target, 'data')), data.expression));
}

/** The device raises its line: every handler of it is to run. */
export function raise(emit: PureEmit, device: number): Statement[] {
  const struct = emit.struct('irqaction');
  const { base, count } = emit.model.placesOf('irqaction');
  return Array.from({ length: count }, (_, i): Statement => {
    const target = { place: constant(base + i), struct };
    const on = and(emit.read(emit.hidden(target, 'requested')), equal(emit.read(emit.hidden(target, 'device')), constant(device + 1)));
    return { op: 'if', condition: on, then: [emit.write(emit.hidden(target, 'pending'), constant(1))], else: [] };
  });
}

/** The check of a wait that the handler, or unless `hard` its thread, makes for itself: it would never end. */
function waitsForItself(emit: Emit, dev: Value, hard: boolean): Statement[] {
  const own = emit.runsPlace;
  if (own === null) return [];
  const itself = Array.from({ length: actions(emit).count }, (_, i) => {
    const action = actionTarget(emit, i);
    const runsHere = own === actions(emit).base + i ? constant(1) : hard ? zero : isThreadOf(emit, action, own);
    return and(equal(emit.read(emit.hidden(action, 'device')), deviceIndex(emit, dev.expression)), runsHere);
  });
  const condition = or(...itself);
  if (isConstant(condition, 0)) return [];
  return [{ op: 'if', condition, then: [emit.fail('self-deadlock', '{agent} waits for its own interrupt handler to finish')], else: [] }];
}

/** For the handlers of the line, and unless `hard` their threads; not at all where `unless` holds. */
function wait(emit: Emit, dev: Value, name: string, hard: boolean, unless: Expression = zero): void {
  let busy: Expression = zero;
  let who: Expression = zero;
  for (let i = 0; i < actions(emit).count; i++) {
    const action = actionTarget(emit, i);
    const agent = emit.model.agentOf(actions(emit).base + i);
    const own = equal(emit.read(emit.hidden(action, 'device')), deviceIndex(emit, dev.expression));
    const here = and(own, runs(emit, inHandler, action.place));
    busy = or(busy, here, hard ? zero : and(own, threadActive(emit, action)));
    if (agent !== null) who = plus(who, choose(here, constant(2 ** agent), zero));
    if (!hard) who = plus(who, choose(own, activeThread(emit, action), zero));
  }
  emit.step({ text: `${name}: done`, guard: or(unless, not(busy)), event: 'wake', wait: { kind: 'event', what: `the interrupt handler of \`${emit.textOf(0)}\``, holder: { kind: 'agentMask', value: who } } });
}

/** Allocates the handler's action and puts it on the line; `more` are further fields of it. */
function put(emit: Emit, [dev, fn, data]: readonly Value[], flags: Value | undefined, more: (action: Target) => readonly Statement[] = () => []): Value {
  const into = emit.temporary(emit.model.placeMax, 'place');
  emit.allocate('irqaction', into, (place) => {
    const target = { place, struct: emit.struct('irqaction') };
    return [
      emit.write(emit.hidden(target, 'requested'), constant(1)), emit.write(emit.hidden(target, 'func'), fn.expression),
      emit.write(emit.hidden(target, 'data'), data.expression), emit.write(emit.hidden(target, 'device'), deviceIndex(emit, dev.expression)),
      ...(debugShirq(emit) ? [emit.write(emit.hidden(target, 'shared'), has(flags, SHARED))] : []), ...more(target),
    ];
  });
  return int(zero);
}

/** A flag of a request. */
const has = (flags: Value | undefined, flag: number): Expression => (flags === undefined ? zero : binary('!=', binary('&', flags.expression, constant(flag)), zero));

const disables = (emit: Emit): boolean => emit.uses('disable_irq') || emit.uses('disable_irq_nosync');

/** Of each device, how often its line is disabled. */
function lines(emit: Emit, device: Expression): ReadonlyArray<{ readonly own: Expression; readonly slot: number }> {
  if (!disables(emit)) return [];
  const { slot } = emit.shared('irq line disabled', DISABLED_MAX, { each: 'devices' });
  return emit.model.devices.map((_, i) => ({ own: equal(device, constant(i + 1)), slot: slot + i }));
}

function disable(emit: Emit, dev: Value, event?: 'block', checks: readonly Statement[] = []): void {
  const body = lines(emit, deviceIndex(emit, dev.expression)).map(({ own, slot }): Statement => {
    const full = emit.fail('bound-reached', `a line is disabled more than ${DISABLED_MAX} times`);
    const more: Statement = { op: 'set', slot, value: plus(load(slot), constant(1)) };
    return { op: 'if', condition: own, then: [{ op: 'if', condition: binary('>=', load(slot), constant(DISABLED_MAX)), then: [full], else: [more] }], else: [] };
  });
  emit.step({ body: [...checks, ...body], ...(event === undefined ? {} : { event }) });
}

function enable(emit: Emit, dev: Value): void {
  const body = lines(emit, deviceIndex(emit, dev.expression)).map(({ own, slot }): Statement => {
    const less: Statement = { op: 'set', slot, value: minus(load(slot), constant(1)) };
    return { op: 'if', condition: and(own, load(slot)), then: [less], else: [] };
  });
  emit.step({ event: 'wake', body });
}

export const irq: PrimitiveRoom = {
  types: [{
    name: 'irqaction', doc: { summary: 'A handler on an interrupt line.', source }, runs: 'irq', pooled: { view: 'internal', leak: 'handler' },
    fields: [{ name: 'requested', max: 1 }, { name: 'pending', max: 1 }, { name: 'func', max: 'function' }, { name: 'data', max: 'place' }, { name: 'device', max: 'device' }, { name: 'thread', max: 'place' }, { name: 'oneshot', max: 1 }, { name: 'shared', max: 1 }],
  }],
  operations: [
    operation('request_irq(dev: any, handler: fn(any), data: any, flags?: int) -> int', { summary: 'Puts a handler on the interrupt line of the device; it may run before this returns. Nothing runs beside boot: for that, let a process `bind` the device.', source }, (emit, [dev, fn, data, flags]) => put(emit, [dev, fn, data], flags), { keeps: { 1: 'irqaction.func' }, allocates: ['irqaction'] }),
    operation('request_threaded_irq(dev: any, handler: fn(any) -> int, thread: fn(any), data: any, flags?: int) -> int', {
      summary: 'Puts a handler and its thread on the interrupt line: the thread runs when the handler has returned IRQ_WAKE_THREAD, and may sleep. Without a handler every interrupt wakes it. With IRQF_ONESHOT the line stays masked until it has run.', source,
    }, (emit, [dev, fn, threadFn, data, flags]) => {
      const into = emit.temporary(emit.model.placeMax, 'place');
      emit.allocate('irq_thread', into, (place) => {
        const t = { place, struct: emit.struct('irq_thread') };
        return [emit.write(emit.hidden(t, 'func'), threadFn.expression), emit.write(emit.hidden(t, 'data'), data.expression)];
      });
      return put(emit, [dev, fn, data], flags, (action) => [emit.write(emit.hidden(action, 'thread'), load(into)), emit.write(emit.hidden(action, 'oneshot'), has(flags, ONESHOT))]);
    }, { keeps: { 1: 'irqaction.func', 2: 'irq_thread.func' }, allocates: ['irq_thread', 'irqaction'] }),
    operation('free_irq(dev: any, data: any)', { summary: 'Takes the handler off the line and waits for it and its thread. With `config { DEBUG_SHIRQ = y }` it then calls the handler of a shared line (IRQF_SHARED) once more.', guarantees: 'Neither the handler nor its thread runs, and neither will.', blocksOn: 'The handler and its thread.', contexts: 'Process context; not from the handler or its thread, nor with a lock that it takes.', source }, (emit, [dev, data]) => {
      const body: Statement[] = [];
      const own = emit.runsPlace;
      const found = emit.temporary(1);
      for (let i = 0; i < actions(emit).count; i++) {
        const target = actionTarget(emit, i);
        const itself = own === null ? zero : or(constant(own === actions(emit).base + i ? 1 : 0), isThreadOf(emit, target, own));
        const self: Statement[] = isConstant(itself, 0) ? [] : [{ op: 'if', condition: itself, then: [emit.fail('self-deadlock', '{agent} frees its own interrupt and waits for itself')], else: [] }];
        body.push({ op: 'if', condition: matches(emit, i, dev, data), then: [...self, { op: 'set', slot: found, value: constant(1) }, emit.write(emit.hidden(target, 'requested'), zero), emit.write(emit.hidden(target, 'pending'), zero)], else: [] });
      }
      emit.step({ body: [...emit.mayNotSleep('free_irq'), ...body], event: 'block' });
      // Of a handler that is off the line already the kernel only warns.
      wait(emit, dev, 'free_irq', false, not(load(found)));
      for (let i = 0; i < actions(emit).count; i++) {
        const target = actionTarget(emit, i);
        const idle = and(load(found), not(emit.read(emit.hidden(target, 'requested'))), equal(emit.read(emit.hidden(target, 'device')), deviceIndex(emit, dev.expression)), equal(emit.read(emit.hidden(target, 'data')), data.expression));
        if (debugShirq(emit)) {
          // As an interrupt of another device on the line would: the driver has to stand it.
          emit.branch(and(idle, emit.read(emit.hidden(target, 'shared')), not(equal(emit.read(emit.hidden(target, 'func')), zero))), () => { callHandler(emit, target); });
        }
        emit.compute([{ op: 'if', condition: idle, then: [...freeThread(emit, target), ...emit.freeing(target, 'the handler')], else: [] }]);
      }
    }),
    operation('synchronize_irq(dev: any)', { summary: 'Waits for a handler in progress, and for its thread.', blocksOn: 'The handler and its thread.', contexts: 'Not from the handler or its thread.', source }, (emit, [dev]) => {
      emit.step({ body: [...emit.mayNotSleep('synchronize_irq'), ...waitsForItself(emit, dev, false)], event: 'block' });
      wait(emit, dev, 'synchronize_irq', false);
    }),
    operation('synchronize_hardirq(dev: any)', { summary: 'Waits for a handler in progress, spinning; not for its thread.', blocksOn: 'The handler.', contexts: 'Not from the handler.', source }, (emit, [dev]) => {
      emit.step({ body: waitsForItself(emit, dev, true), event: 'block' });
      wait(emit, dev, 'synchronize_hardirq', true);
    }),
    operation('disable_irq(dev: any)', { summary: 'Masks the line and waits for a handler in progress, and for its thread.', guarantees: 'Neither runs until enable_irq; what the device raises meanwhile comes then.', blocksOn: 'The handler and its thread.', contexts: 'Not from the handler or its thread.', source }, (emit, [dev]) => {
      disable(emit, dev, 'block', [...emit.mayNotSleep('disable_irq'), ...waitsForItself(emit, dev, false)]);
      wait(emit, dev, 'disable_irq', false);
    }),
    operation('disable_irq_nosync(dev: any)', { summary: 'Masks the line; does not wait for a handler in progress.', contexts: 'Any.', source }, (emit, [dev]) => disable(emit, dev)),
    operation('enable_irq(dev: any)', { summary: 'Undoes one disable_irq.', contexts: 'Any.', source }, (emit, [dev]) => enable(emit, dev)),
    operation('interrupt(dev: any)', { summary: 'The device raises its interrupt line, whenever it likes.', source: 'the hardware' }, (emit, [dev]) => {
      for (let i = 0; i < actions(emit).count; i++) emit.compute([{ op: 'if', condition: matches(emit, i, dev, undefined), then: [emit.write(emit.hidden(actionTarget(emit, i), 'pending'), constant(1))], else: [] }]);
    }, { where: 'hardware' }),
    operation('unplug(dev: any)', { summary: 'The device is pulled: reads are all ones from now on, and `remove` runs in a hot-plug context.', source: 'drivers/pci/hotplug/pciehp_ctrl.c' }, () => undefined, { where: 'hardware' }),
  ],
};

const debugShirq = (emit: Emit): boolean => emit.model.config.get('DEBUG_SHIRQ') === 1;

function callHandler(emit: Emit, action: Target): Value {
  return emit.callFunction(emit.read(emit.hidden(action, 'func')), 'irqaction.func', [{ expression: emit.read(emit.hidden(action, 'data')), type: { kind: 'ref', to: null } }]);
}

export const irqContext: ContextRoom = {
  type: 'irqaction', context: 'irq', field: 'irqaction.func', startedBy: ['request_irq', 'request_threaded_irq'],
  title: (object) => `irq ${object.replace('irqaction', '').replace('#', '') || '0'}`,
  ready: (emit, a) => and(
    emit.read(emit.hidden(a, 'pending')),
    not(or(...lines(emit, emit.read(emit.hidden(a, 'device'))).map(({ own, slot }) => and(own, load(slot))))),
    threaded(emit) ? not(and(emit.read(emit.hidden(a, 'oneshot')), threadActive(emit, a))) : constant(1),
  ),
  take: (emit, a) => [emit.write(emit.hidden(a, 'pending'), zero), ...setRuns(emit, inHandler, a.place, 1)],
  run: (emit, a) => {
    const func = emit.read(emit.hidden(a, 'func'));
    const call = (): Value => callHandler(emit, a);
    if (!threaded(emit)) {
      call();
      return;
    }
    emit.branch(
      equal(func, zero),
      () => emit.compute([emit.write(wakes(emit, a), constant(1))]),
      () => {
        const returned = call();
        emit.compute([emit.write(wakes(emit, a), equal(returned.expression, constant(WAKE_THREAD)))]);
      },
    );
  },
  done: (emit, a) => [
    ...(threaded(emit) ? [{ op: 'if' as const, condition: emit.read(wakes(emit, a)), then: [...wakeThread(emit, a), emit.write(wakes(emit, a), zero)], else: [] }] : []),
    ...setRuns(emit, inHandler, a.place, 0),
  ],
};

const threaded = (emit: Emit): boolean => emit.uses('request_threaded_irq');

/** The handler that runs has returned IRQ_WAKE_THREAD. */
function wakes(emit: Emit, action: Target): Slot {
  const { base, count } = actions(emit);
  const { slot } = emit.shared('irq handlers that wake their thread', 1, { length: Math.max(1, count) });
  return { slot, length: Math.max(1, count), index: minus(action.place, constant(base)) };
}
