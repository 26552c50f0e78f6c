// Questions to the model itself, in scenarios: no access, no step.
import { and, binary, choose, constant, equal, load, zero } from '../system/expression.ts';
import type { Expression } from '../system/system.ts';
import { goneOf } from './device.ts';
import type { Emit, PrimitiveRoom, Value } from './emit.ts';
import { bool, operation } from './operation.ts';

const source = 'the model';

function loaded(emit: Pick<Emit, 'model'>, [m]: readonly Value[]): Expression {
  let result: Expression = zero;
  emit.model.modules.forEach((_, i) => {
    const state = load(emit.model.moduleState + i);
    result = choose(equal(m.expression, constant(i + 1)), and(binary('>=', state, constant(1)), binary('<=', state, constant(3))), result);
  });
  return result;
}

export const model: PrimitiveRoom = {
  types: [{ name: 'process', handle: true, doc: { summary: 'A process of the scenario, for kill().', source: 'kernel/signal.c' }, fields: [] }],
  operations: [
    operation('gone(dev: any) -> bool', { summary: 'Has the device been surprise-removed?', source }, (emit, [dev]) => bool(goneOf(emit, dev)), { where: 'model', pure: (emit, [dev]) => goneOf(emit, dev) }),
    operation('bound(dev: any) -> bool', { summary: 'Is a driver bound to the device?', source }, (emit, [dev]) => bool(boundOf(emit, dev)), { where: 'model', pure: (emit, [dev]) => boundOf(emit, dev) }),
    operation('loaded(m: module) -> bool', { summary: 'Is the text of the module there?', source }, (emit, args) => bool(loaded(emit, args)), { where: 'model', pure: loaded }),
    operation('kill(target: ref process) -> int', { summary: 'kill(2) with SIGKILL: ends interruptible and killable waits of the process, which then exits instead of returning. Nothing ends its other waits.', source: 'kernel/signal.c' }, (emit, [target]) => {
      emit.step({ body: emit.killFlag(target.expression) });
      return { expression: zero, type: { kind: 'int', name: 'int', min: -2147483648n, max: 2147483647n } };
    }, { where: 'process' }),
    operation('alive(object: any) -> bool', { summary: 'Is the object allocated, and not freed?', source }, (emit, [object]) => bool(aliveOf(emit, object)), { where: 'model', pure: (emit, [object]) => aliveOf(emit, object) }),
  ],
};

function boundOf(emit: Pick<Emit, 'model'>, dev: Value): Expression {
  let result: Expression = zero;
  emit.model.devices.forEach((d) => {
    const driver = emit.model.driverSlot(d.place);
    if (driver !== null) result = choose(equal(dev.expression, constant(d.place)), binary('!=', load(driver), zero), result);
  });
  return result;
}

function aliveOf(emit: Pick<Emit, 'model'>, object: Value): Expression {
  let result: Expression = binary('!=', object.expression, zero);
  for (const [place, life] of emit.model.lives()) result = choose(equal(object.expression, constant(place)), equal(load(life), constant(1)), result);
  return result;
}
