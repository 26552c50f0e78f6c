// Devices and bindings: who is probing what, and what that binding made. Probe, remove and the locks around them are Lifeline, in
// driver_core.lifeline.
import { and, binary, choose, constant, equal, load, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, PrimitiveRoom, Value } from './emit.ts';
import { findFirst } from './list.ts';
import { actsFor } from './module.ts';
import { bool, operation } from './operation.ts';

const source = 'drivers/base/dd.c';

/** 1 + index of the device that a reference is to; 0: none. */
export function deviceIndex(emit: Pick<Emit, 'model'>, device: Expression): Expression {
  let index: Expression = zero;
  emit.model.devices.forEach((d, i) => { index = choose(equal(device, constant(d.place)), constant(i + 1), index); });
  return index;
}

export const device: PrimitiveRoom = {
  operations: [
    operation('binding_begin(dev: any)', { summary: 'From here on what this context allocates belongs to the binding of `dev`.', source }, (emit, [dev]) => {
      const index = deviceIndex(emit, dev.expression);
      const files = emit.model.placesOf('file');
      emit.compute([
        emit.setProbing(index),
        { op: 'set', slot: actsFor(emit), value: choose(equal(index, zero), zero, plus(index, constant(emit.agents + files.count))) },
      ]);
    }),
    operation('binding_made()', { summary: 'Probe has returned.', source }, (emit) => emit.compute([emit.setProbing(zero), { op: 'set', slot: actsFor(emit), value: zero }])),
    operation('binding_end(dev: any)', { summary: 'Remove has returned: what the binding made is used late from now on.', source }, (emit, [dev]) => {
      const index = deviceIndex(emit, dev.expression);
      const devices = emit.model.devices.length;
      const body: Statement[] = [];
      for (const origin of emit.model.origins) {
        for (let k = 0; k < origin.length; k++) {
          const slot = origin.slot + k;
          body.push({ op: 'if', condition: and(equal(load(slot), index), binary('!=', load(slot), zero)), then: [{ op: 'set', slot, value: plus(load(slot), constant(devices)) }], else: [] });
        }
      }
      emit.step({ text: 'the binding has ended', body });
    }),
    operation('match_device(drv: any, previous: any) -> any', { summary: 'The next device, in the order of the file, whose `binds` names the driver.', source }, (emit, [drv, previous]) => {
      const result = emit.temporary(emit.model.placeMax, 'place');
      const body: Statement[] = [{ op: 'set', slot: result, value: zero }];
      const matches = (i: number): Expression => emit.model.devices[i].drivers.reduce<Expression>((e, d) => binary('||', e, equal(drv.expression, constant(d))), zero);
      const before = (i: number): Expression => emit.model.devices.slice(0, i).reduce<Expression>((e, d) => binary('||', e, equal(previous.expression, constant(d.place))), equal(previous.expression, zero));
      for (let i = emit.model.devices.length - 1; i >= 0; i--) {
        body.push({ op: 'if', condition: and(matches(i), before(i)), then: [{ op: 'set', slot: result, value: constant(emit.model.devices[i].place) }], else: [] });
      }
      emit.compute(body);
      return { expression: load(result), type: { kind: 'ref', to: null } };
    }),
    operation('driver_for(dev: any, drivers: list T) -> ref T', { summary: 'The first of the drivers that the device names in its `binds`, null where there is none.', source }, (emit, [dev, drivers]) => {
      const type = { kind: 'ref' as const, to: drivers.list?.of ?? null };
      const result = emit.temporaryFor(type);
      const matches = (drv: Expression): Expression => emit.model.devices.reduce<Expression>((e, d) => binary('||', e, and(equal(dev.expression, constant(d.place)), d.drivers.reduce<Expression>((m, p) => binary('||', m, equal(drv, constant(p))), zero))), zero);
      emit.step({ body: [{ op: 'set', slot: result, value: zero }, ...findFirst(drivers, matches, result)] });
      return { expression: load(result), type };
    }),
    operation('starts_unbound(dev: any) -> bool', { summary: 'Was the device declared `unbound`?', source }, (emit, [dev]) => bool(
      emit.model.devices.reduce<Expression>((e, d) => (d.unbound ? binary('||', e, equal(dev.expression, constant(d.place))) : e), zero))),
    operation('devres_used() -> bool', { summary: 'Does anything in the scenario leave work to devres? No step.', source: 'drivers/base/devres.c' }, (emit) => bool(constant(emit.model.placesOf('devres').count > 0 ? 1 : 0))),
    operation('booting() -> bool', { summary: 'Is this the start of the run?', source }, (emit) => bool(constant(emit.model.agentNames[emit.agentIndex] === 'boot' ? 1 : 0))),
    operation('device_gone(dev: any) -> bool', { summary: 'Has the device been surprise-removed? The answer may be stale at once.', source: 'drivers/pci/pci.c' }, (emit, [dev]) => {
      const result = emit.temporary(1);
      emit.step({ body: [{ op: 'set', slot: result, value: goneOf(emit, dev) }] });
      return bool(load(result));
    }, { pure: (emit, [dev]) => goneOf(emit, dev) }),
  ],
};


export function goneOf(emit: Pick<Emit, 'model'>, dev: Value): Expression {
  let result: Expression = zero;
  emit.model.devices.forEach((d, i) => { result = choose(equal(dev.expression, constant(d.place)), load(emit.model.gone + i), result); });
  return result;
}
