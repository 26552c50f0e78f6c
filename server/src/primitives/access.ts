// Marked accesses: single loads and stores that are no data race. They order nothing here: the model is sequentially consistent.
import { load } from '../system/expression.ts';
import type { Emit, Operation, PrimitiveRoom, Value } from './emit.ts';
import { operation } from './operation.ts';

const source = 'include/linux/compiler.h, include/linux/rcupdate.h';

function read(emit: Emit, [from]: readonly Value[]): Value {
  const { lvalue } = from;
  if (lvalue === undefined) return from;
  const slot = emit.temporaryFor(from.type);
  emit.step({ body: [...lvalue.checks, { op: 'set', slot, value: lvalue.read }] });
  return { expression: load(slot), type: from.type };
}

function write(emit: Emit, [to, value]: readonly Value[]): void {
  const { lvalue } = to;
  if (lvalue === undefined) return;
  emit.step({ body: [...lvalue.checks, lvalue.write(value.expression)] });
}

const pure: Operation['pure'] = (_emit, [from]) => from.lvalue?.read ?? from.expression;

export const access: PrimitiveRoom = {
  operations: [
    operation('READ_ONCE(x: lvalue T) -> T', { summary: 'A marked load.', source }, read, { pure }),
    operation('smp_load_acquire(x: lvalue T) -> T', { summary: 'A marked load.', source }, read, { pure }),
    operation('rcu_dereference(p: lvalue T) -> T', { summary: 'Loads a pointer that RCU protects, inside a read section.', source }, read, { pure }),
    operation('rcu_access_pointer(p: lvalue T) -> T', { summary: 'Loads a pointer that RCU protects, to look at it only.', source }, read, { pure }),
    operation('rcu_dereference_protected(p: lvalue T) -> T', { summary: 'Loads a pointer that RCU protects, where a lock keeps it.', source }, read, { pure }),
    operation('srcu_dereference(p: lvalue T, s: ref srcu) -> T', { summary: 'Loads a pointer that SRCU protects, inside a read section of `s`.', source }, read, { pure }),
    operation('WRITE_ONCE(x: lvalue T, value: T)', { summary: 'A marked store.', source }, write, { assigns: true }),
    operation('smp_store_release(x: lvalue T, value: T)', { summary: 'A marked store.', source }, write, { assigns: true }),
    operation('rcu_assign_pointer(p: lvalue T, value: T)', { summary: 'Publishes a pointer to readers.', source }, write, { assigns: true }),
    operation('xchg(x: lvalue T, value: T) -> T', { summary: 'Stores, and returns what was there before, in one step.', source: 'include/linux/atomic.h' }, (emit, [x, value]) => {
      const { lvalue } = x;
      if (lvalue === undefined) return x;
      const slot = emit.temporaryFor(x.type);
      emit.step({ body: [...lvalue.checks, { op: 'set', slot, value: lvalue.read }, lvalue.write(value.expression)] });
      return { expression: load(slot), type: x.type };
    }, { assigns: true }),
  ],
};
