// Interrupts: a handler stays on its line from request_irq to free_irq, which waits for it. `interrupt(dev)` of the hardware raises the line.
import { and, choose, constant, equal, load, not, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import { deviceIndex } from './device.ts';
import type { ContextRoom, Emit, PrimitiveRoom, Target, Value } from './emit.ts';
import { int, operation } from './operation.ts';

const source = 'kernel/irq/manage.c';

const actions = (emit: Emit): { base: number; count: number } => emit.model.placesOf('irqaction');

function runs(emit: Emit): number {
  return emit.shared('irq handlers that run', 1, { length: Math.max(1, actions(emit).count) }).slot;
}

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

function wait(emit: Emit, dev: Value, data: Value | undefined, name: string): void {
  let busy: Expression = zero;
  let who: Expression = zero;
  for (let i = 0; i < actions(emit).count; i++) {
    const agent = emit.model.agentOf(actions(emit).base + i);
    const here = and(equal(emit.read(emit.hidden(actionTarget(emit, i), 'device')), deviceIndex(emit, dev.expression)), load(runs(emit) + i));
    busy = or(busy, here);
    if (agent !== null) who = plus(who, choose(here, constant(2 ** agent), zero));
  }
  emit.step({ text: `${name}: done`, guard: not(busy), event: 'wake', wait: { kind: 'event', what: `the interrupt handler of \`${emit.textOf(0)}\``, holder: { kind: 'agentMask', value: who } } });
  void data;
}

export const irq: PrimitiveRoom = {
  types: [{
    name: 'irqaction', doc: { summary: 'A handler on an interrupt line.', source }, runs: 'irq', pooled: { view: 'internal', leak: 'handler' },
    fields: [{ name: 'requested', max: 1 }, { name: 'pending', max: 1 }, { name: 'func', max: 'function' }, { name: 'data', max: 'place' }, { name: 'device', max: 'device' }],
  }],
  operations: [
    operation('request_irq(dev: any, handler: fn(any), data: any) -> int', { summary: 'Puts a handler on the interrupt line of the device; it may run before this returns.', source }, (emit, [dev, fn, data]) => {
      const into = emit.temporary(emit.model.placeMax, 'place');
      emit.allocate('irqaction', into, (place) => {
        const target = { place, struct: emit.struct('irqaction') };
        return [
          emit.write(emit.hidden(target, 'requested'), constant(1)), emit.write(emit.hidden(target, 'func'), fn.expression),
          emit.write(emit.hidden(target, 'data'), data.expression), emit.write(emit.hidden(target, 'device'), deviceIndex(emit, dev.expression)),
        ];
      });
      return int(zero);
    }, { keeps: { 1: 'irqaction.func' }, allocates: ['irqaction'] }),
    operation('free_irq(dev: any, data: any)', { summary: 'Takes the handler off the line and waits for it.', guarantees: 'No handler runs, and none will.', blocksOn: 'The handler.', contexts: 'Process context; not from the handler, nor with a lock that it takes.', source }, (emit, [dev, data]) => {
      const body: Statement[] = [];
      const own = emit.runsPlace;
      for (let i = 0; i < actions(emit).count; i++) {
        const target = actionTarget(emit, i);
        const self: Statement[] = own === actions(emit).base + i ? [emit.fail('self-deadlock', '{agent} frees its own interrupt and waits for itself')] : [];
        body.push({ op: 'if', condition: matches(emit, i, dev, data), then: [...self, emit.write(emit.hidden(target, 'requested'), zero), emit.write(emit.hidden(target, 'pending'), zero)], else: [] });
      }
      emit.step({ body: [...emit.mayNotSleep('free_irq'), ...body], event: 'block' });
      wait(emit, dev, data, 'free_irq');
      for (let i = 0; i < actions(emit).count; i++) {
        const target = actionTarget(emit, i);
        const idle = and(not(emit.read(emit.hidden(target, 'requested'))), equal(emit.read(emit.hidden(target, 'device')), deviceIndex(emit, dev.expression)), equal(emit.read(emit.hidden(target, 'data')), data.expression));
        emit.compute([{ op: 'if', condition: idle, then: emit.freeing(target, 'the handler'), else: [] }]);
      }
    }),
    operation('synchronize_irq(dev: any)', { summary: 'Waits for a handler in progress.', blocksOn: 'The handler.', contexts: 'Not from the handler.', source }, (emit, [dev]) => {
      emit.step({ body: emit.mayNotSleep('synchronize_irq'), event: 'block' });
      wait(emit, dev, undefined, 'synchronize_irq');
    }),
    operation('interrupt(dev: any)', { summary: 'The device raises its interrupt line, whenever it likes.', source: 'the hardware' }, (emit, [dev]) => {
      for (let i = 0; i < actions(emit).count; i++) emit.compute([{ op: 'if', condition: matches(emit, i, dev, undefined), then: [emit.write(emit.hidden(actionTarget(emit, i), 'pending'), constant(1))], else: [] }]);
    }, { where: 'hardware' }),
    operation('unplug(dev: any)', { summary: 'The device is pulled: reads are all ones from now on, and `remove` runs in a hot-plug context.', source: 'drivers/pci/hotplug/pciehp_ctrl.c' }, () => undefined, { where: 'hardware' }),
  ],
};

export const irqContext: ContextRoom = {
  type: 'irqaction', context: 'irq', field: 'irqaction.func', startedBy: ['request_irq'],
  title: (object) => `irq ${object.replace('irqaction', '').replace('#', '') || '0'}`,
  ready: (emit, a) => emit.read(emit.hidden(a, 'pending')),
  take: (emit, a) => [emit.write(emit.hidden(a, 'pending'), zero), ...(a.place.op === 'constant' ? [{ op: 'set' as const, slot: runs(emit) + a.place.value - actions(emit).base, value: constant(1) }] : [])],
  run: (emit, a) => { emit.callFunction(emit.read(emit.hidden(a, 'func')), 'irqaction.func', [{ expression: emit.read(emit.hidden(a, 'data')), type: { kind: 'ref', to: null } }]); },
  done: (emit, a) => (a.place.op === 'constant' ? [{ op: 'set', slot: runs(emit) + a.place.value - actions(emit).base, value: zero }] : []),
};
