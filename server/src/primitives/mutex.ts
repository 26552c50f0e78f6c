// struct mutex: one owner, sleeps, not recursive.
import { constant, equal, load, or, zero } from '../system/expression.ts';
import type { Expression, Statement, Wait } from '../system/system.ts';
import type { Emit, PrimitiveRoom, Slot, Target } from './emit.ts';
import { bool, int, operation } from './operation.ts';

const source = 'kernel/locking/mutex.c';
const doc = { guarantees: 'Mutual exclusion; only the owner unlocks.', blocksOn: 'The owner.', contexts: 'Process context that may sleep.', source };

interface Locking {
  readonly lock: Target;
  readonly owner: Slot;
  readonly guard: Expression;
  readonly body: Statement[];
  readonly wait: Wait;
}

/** The step that takes a sleeping lock with one owner. */
function locking(emit: Emit, lock: Target): Locking {
  const owner = emit.hidden(lock, 'owner');
  const held = emit.read(owner);
  const sleeps = emit.badSleep('mutex_lock');
  return {
    lock, owner,
    guard: or(equal(held, zero), equal(held, emit.me), ...sleeps.map((s) => s.bad)),
    body: [
      ...emit.mayNotSleep('mutex_lock'),
      { op: 'if', condition: equal(held, emit.me), then: [emit.fail('self-deadlock', `{agent} locks \`${emit.textOf(0)}\`, which it already holds`, lock.place)], else: [] },
      emit.write(owner, emit.me),
    ],
    wait: { kind: 'lock', what: `\`${emit.textOf(0)}\``, holder: { kind: 'agent', value: held } },
  };
}

function unlock(emit: Emit, lock: Target): void {
  const owner = emit.hidden(lock, 'owner');
  emit.step({
    uses: [lock], event: 'release',
    body: [
      { op: 'if', condition: equal(emit.read(owner), emit.me), then: [], else: [emit.fail('lock-imbalance', `{agent} unlocks \`${emit.textOf(0)}\`, which it does not hold`, lock.place)] },
      emit.write(owner, zero),
    ],
  });
}

function interruptible(name: string): ReturnType<typeof operation> {
  return operation(`${name}(lock: ref mutex) -> int`, { summary: 'Takes the mutex, or returns -ERESTARTSYS when a signal comes first.', ...doc }, (emit, [lock]) => {
    const l = locking(emit, emit.target(lock));
    const result = emit.temporary(0, 'int', -512);
    const killed = emit.killed();
    const interrupted = (): void => emit.compute([{ op: 'set', slot: result, value: constant(-512) }]);
    emit.alternatives([
      { uses: [l.lock], guard: l.guard, body: l.body, wait: l.wait, event: 'acquire', then: () => {} },
      ...(killed.op === 'constant' ? [] : [{ text: 'a fatal signal ends the wait', guard: killed, environment: false, then: interrupted }]),
      ...(name.includes('killable') ? [] : [{ text: 'a signal ends the wait', environment: true, then: interrupted }]),
    ]);
    return int(load(result));
  }, { release: 'mutex_unlock', fails: 'errno' });
}

export const mutex: PrimitiveRoom = {
  types: [{ name: 'mutex', doc: { summary: 'A sleeping lock with one owner.', source }, fields: [{ name: 'owner', max: 'agents' }] }],
  operations: [
    operation('mutex_lock(lock: ref mutex)', { summary: 'Takes the mutex; sleeps until it is free. No signal ends the wait.', ...doc }, (emit, [lock]) => {
      const l = locking(emit, emit.target(lock));
      emit.step({ uses: [l.lock], guard: l.guard, body: l.body, wait: l.wait, event: 'acquire' });
    }, { release: 'mutex_unlock' }),
    interruptible('mutex_lock_interruptible'),
    interruptible('mutex_lock_killable'),
    operation('mutex_trylock(lock: ref mutex) -> bool', { summary: 'Takes the mutex if it is free now; says whether it did.', source }, (emit, [lock]) => {
      const target = emit.target(lock);
      const owner = emit.hidden(target, 'owner');
      const got = emit.temporary(1);
      emit.step({ uses: [target], event: 'acquire', body: [{ op: 'if', condition: equal(emit.read(owner), zero), then: [emit.write(owner, emit.me), { op: 'set', slot: got, value: constant(1) }], else: [] }] });
      return bool(load(got));
    }, { release: 'mutex_unlock', fails: 'false' }),
    operation('mutex_unlock(lock: ref mutex)', { summary: 'Releases the mutex, which the caller holds.', source }, (emit, [lock]) => unlock(emit, emit.target(lock))),
  ],
};
