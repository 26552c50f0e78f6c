// kref, refcount_t and atomic_t. A counter of references starts at 1, as kref_init() and REFCOUNT_INIT(1) leave it; an atomic at 0.
import { binary, constant, equal, load, minus, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, Operation, PrimitiveRoom, Slot, Target, Value } from './emit.ts';
import { bool, int, operation } from './operation.ts';

const source = 'include/linux/kref.h, lib/refcount.c';
const COUNT_MAX = 15;

function counter(emit: Emit, value: Value): { target: Target; slot: Slot; count: Expression } {
  const target = emit.target(value);
  const slot = emit.hidden(target, 'count');
  return { target, slot, count: emit.read(slot) };
}

/** Statements that add a reference; from 0 it is a resurrection. */
function increment(emit: Emit, slot: Slot, target: Target, checked: boolean): Statement[] {
  const count = emit.read(slot);
  return [
    ...(checked ? [{ op: 'if' as const, condition: equal(count, zero), then: [emit.fail('refcount-resurrect', `{agent} takes a reference on \`${emit.textOf(0)}\`, which has none left`, target.place)], else: [] }] : []),
    { op: 'if', condition: binary('>=', count, constant(COUNT_MAX)), then: [emit.fail('bound-reached', `more than ${COUNT_MAX} references on \`${emit.textOf(0)}\``)], else: [] },
    emit.write(slot, plus(count, constant(1))),
  ];
}

function decrement(emit: Emit, slot: Slot, target: Target): Statement[] {
  const count = emit.read(slot);
  return [
    { op: 'if', condition: equal(count, zero), then: [emit.fail('refcount-underflow', `{agent} puts a reference on \`${emit.textOf(0)}\` that nobody holds`, target.place)], else: [] },
    emit.write(slot, minus(count, constant(1))),
  ];
}

/** Puts a reference; `last` runs where it was the last one. Returns whether it was. */
function put(emit: Emit, value: Value, last: () => void): Value {
  const { target, slot } = counter(emit, value);
  const wasLast = emit.temporary(1);
  emit.step({ uses: [target], event: 'release', body: [...decrement(emit, slot, target), { op: 'set', slot: wasLast, value: equal(emit.read(slot), zero) }] });
  emit.branch(load(wasLast), last);
  return int(load(wasLast));
}

function getUnlessZero(emit: Emit, value: Value): Value {
  const { target, slot, count } = counter(emit, value);
  const got = emit.temporary(1);
  emit.step({ uses: [target], event: 'acquire', body: [{ op: 'if', condition: equal(count, zero), then: [], else: [...increment(emit, slot, target, false), { op: 'set', slot: got, value: constant(1) }] }] });
  return bool(load(got));
}

function get(emit: Emit, value: Value): void {
  const { target, slot } = counter(emit, value);
  emit.step({ uses: [target], event: 'acquire', body: increment(emit, slot, target, true) });
}

function set(emit: Emit, value: Value, to: Expression): void {
  const { target, slot } = counter(emit, value);
  emit.step({ uses: [target], body: [emit.write(slot, to)] });
}

function read(emit: Emit, value: Value): Value {
  const { target, count } = counter(emit, value);
  const result = emit.temporary(COUNT_MAX, 'int', -COUNT_MAX);
  emit.step({ uses: [target], body: [{ op: 'set', slot: result, value: count }] });
  return int(load(result));
}

const pureRead: Operation['pure'] = (emit, [value]) => emit.read(emit.hidden(emit.target(value), 'count'));

export const refcount: PrimitiveRoom = {
  types: [
    { name: 'kref', doc: { summary: 'A reference count with a release function.', source }, fields: [{ name: 'count', max: COUNT_MAX, initial: 1 }] },
    { name: 'refcount', doc: { summary: 'refcount_t: a reference count that refuses to come back from zero.', source }, fields: [{ name: 'count', max: COUNT_MAX, initial: 1 }] },
    { name: 'atomic', doc: { summary: 'atomic_t: an integer with atomic operations.', source: 'include/linux/atomic.h' }, fields: [{ name: 'count', min: -COUNT_MAX, max: COUNT_MAX }] },
  ],
  operations: [
    operation('kref_init(ref: ref kref)', { summary: 'Starts with one reference.', source }, (emit, [k]) => set(emit, k, constant(1))),
    operation('kref_get(ref: ref kref)', { summary: 'Takes a reference; the caller must already hold one, or a lock that keeps the last one from going.', source }, (emit, [k]) => get(emit, k)),
    operation('kref_get_unless_zero(ref: ref kref) -> bool', { summary: 'Takes a reference unless the last one is gone. The memory of the counter must be protected by something else.', source }, (emit, [k]) => getUnlessZero(emit, k)),
    operation('kref_put(ref: ref kref, release: fn(ref kref)) -> int', { summary: 'Drops a reference; the last one runs `release` here and now.', contexts: 'Whatever `release` may run in.', source },
      (emit, [k, release]) => put(emit, k, () => { emit.callFunction(release.expression, 'kref.release', [k]); }), { keeps: { 1: 'kref.release' } }),
    operation('kref_put_mutex(ref: ref kref, release: fn(ref kref), lock: ref mutex) -> int', { summary: 'Drops a reference; the last one is dropped with the mutex held, and `release` unlocks it.', source: 'include/linux/kref.h' }, (emit, [k, release, lock]) => {
      const { target, slot, count } = counter(emit, k);
      const mutex = emit.target(lock, 2);
      const owner = emit.hidden(mutex, 'owner');
      const last = emit.temporary(1);
      const held = equal(emit.read(owner), emit.me);
      const sleeps = emit.badSleep('kref_put_mutex');
      emit.step({
        uses: [target, mutex], event: 'release',
        guard: or(binary('!=', count, constant(1)), equal(emit.read(owner), zero), held, ...sleeps.map((s) => s.bad)),
        wait: { kind: 'lock', what: `\`${emit.textOf(2)}\``, holder: { kind: 'agent', value: emit.read(owner) } },
        body: [...emit.mayNotSleep('kref_put_mutex'), { op: 'if', condition: equal(count, constant(1)), then: [
          { op: 'if', condition: held, then: [emit.fail('self-deadlock', `{agent} locks \`${emit.textOf(2)}\`, which it already holds`, mutex.place)], else: [] }, emit.write(owner, emit.me), { op: 'set', slot: last, value: constant(1) }], else: [] }, ...decrement(emit, slot, target)],
      });
      emit.branch(load(last), () => { emit.callFunction(release.expression, 'kref.release', [k]); });
      return int(load(last));
    }, { keeps: { 1: 'kref.release' } }),
    operation('kref_read(ref: ref kref) -> int', { summary: 'The number of references.', source }, (emit, [k]) => read(emit, k), { pure: pureRead }),
    operation('refcount_set(r: ref refcount, n: int)', { summary: 'Starts with n references.', source }, (emit, [r, n]) => set(emit, r, n.expression)),
    operation('refcount_inc(r: ref refcount)', { summary: 'Takes a reference; from zero it is a bug.', source }, (emit, [r]) => get(emit, r)),
    operation('refcount_inc_not_zero(r: ref refcount) -> bool', { summary: 'Takes a reference unless there is none left.', source }, (emit, [r]) => getUnlessZero(emit, r)),
    operation('refcount_dec(r: ref refcount)', { summary: 'Drops a reference that is not the last; the last one is `decrement hit 0; leaking memory`.', source }, (emit, [r]) => {
      const { target, slot, count } = counter(emit, r);
      const last: Statement = { op: 'if', condition: equal(count, constant(1)), then: [emit.fail('refcount-underflow', `{agent} drops the last reference on \`${emit.textOf(0)}\` with refcount_dec(), which is for others`, target.place)], else: [] };
      emit.step({ uses: [target], event: 'release', body: [last, ...decrement(emit, slot, target)] });
    }),
    operation('refcount_dec_and_test(r: ref refcount) -> bool', { summary: 'Drops a reference; true where it was the last.', source }, (emit, [r]) => bool(put(emit, r, () => {}).expression)),
    operation('refcount_read(r: ref refcount) -> int', { summary: 'The number of references.', source }, (emit, [r]) => read(emit, r), { pure: pureRead }),
    operation('atomic_set(v: ref atomic, n: int)', { summary: 'Sets it.', source: 'include/linux/atomic.h' }, (emit, [v, n]) => set(emit, v, n.expression)),
    operation('atomic_inc(v: ref atomic)', { summary: 'Adds one.', source: 'include/linux/atomic.h' }, (emit, [v]) => {
      const { target, slot } = counter(emit, v);
      emit.step({ uses: [target], body: increment(emit, slot, target, false) });
    }),
    operation('atomic_dec(v: ref atomic)', { summary: 'Subtracts one.', source: 'include/linux/atomic.h' }, (emit, [v]) => {
      const { target, slot, count } = counter(emit, v);
      emit.step({ uses: [target], body: [{ op: 'if', condition: binary('<=', count, constant(-COUNT_MAX)), then: [emit.fail('bound-reached', 'an atomic leaves its range')], else: [] }, emit.write(slot, minus(count, constant(1)))] });
    }),
    operation('atomic_dec_and_test(v: ref atomic) -> bool', { summary: 'Subtracts one; true where it becomes zero.', source: 'include/linux/atomic.h' }, (emit, [v]) => {
      const { target, slot, count } = counter(emit, v);
      const is = emit.temporary(1);
      emit.step({ uses: [target], body: [{ op: 'if', condition: binary('<=', count, constant(-COUNT_MAX)), then: [emit.fail('bound-reached', 'an atomic leaves its range')], else: [] }, emit.write(slot, minus(count, constant(1))), { op: 'set', slot: is, value: equal(emit.read(slot), zero) }] });
      return bool(load(is));
    }),
    operation('atomic_read(v: ref atomic) -> int', { summary: 'Its value.', source: 'include/linux/atomic.h' }, (emit, [v]) => read(emit, v), { pure: pureRead }),
  ],
};
