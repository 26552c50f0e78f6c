// spinlock_t: one owner, nothing may sleep while it is held.
import { constant, equal, load, or, zero } from '../system/expression.ts';
import type { Emit, PrimitiveRoom, Value } from './emit.ts';
import { bool, operation } from './operation.ts';

const source = 'include/linux/spinlock.h';

function lock(emit: Emit, [value]: readonly Value[]): void {
  const target = emit.target(value);
  const owner = emit.hidden(target, 'owner');
  const held = emit.read(owner);
  emit.step({
    uses: [target], event: 'acquire', guard: or(equal(held, zero), equal(held, emit.me)),
    body: [
      { op: 'if', condition: equal(held, emit.me), then: [emit.fail('self-deadlock', `{agent} spins on \`${emit.textOf(0)}\`, which it already holds`, target.place)], else: [] },
      emit.write(owner, emit.me), ...emit.enterAtomic(),
    ],
    wait: { kind: 'lock', what: `\`${emit.textOf(0)}\``, holder: { kind: 'agent', value: held } },
  });
}

function unlock(emit: Emit, [value]: readonly Value[]): void {
  const target = emit.target(value);
  const owner = emit.hidden(target, 'owner');
  emit.step({
    uses: [target], event: 'release',
    body: [
      { op: 'if', condition: equal(emit.read(owner), emit.me), then: [], else: [emit.fail('lock-imbalance', `{agent} unlocks \`${emit.textOf(0)}\`, which it does not hold`, target.place)] },
      emit.write(owner, zero), ...emit.leaveAtomic(),
    ],
  });
}

const variants = ['', '_irq', '_bh', '_irqsave'];

export const spinlock: PrimitiveRoom = {
  types: [{ name: 'spinlock', doc: { summary: 'A lock that is waited for without sleeping.', source }, fields: [{ name: 'owner', max: 'agents' }] }],
  operations: [
    ...variants.flatMap((variant) => {
      const release = `spin_unlock${variant === '_irqsave' ? '_irqrestore' : variant}`;
      return [
        operation(`spin_lock${variant}(lock: ref spinlock)`, { summary: 'Takes the spinlock; spins until it is free.', guarantees: 'Mutual exclusion; nothing sleeps while it is held.', blocksOn: 'The owner, spinning.', contexts: 'Any.', source }, lock, { release, entersAtomic: true }),
        operation(`${release}(lock: ref spinlock)`, { summary: 'Releases the spinlock, which the caller holds.', source }, unlock, { entersAtomic: true }),
      ];
    }),
    operation('spin_trylock(lock: ref spinlock) -> bool', { summary: 'Takes the spinlock if it is free now.', source }, (emit, [value]) => {
      const target = emit.target(value);
      const owner = emit.hidden(target, 'owner');
      const got = emit.temporary(1);
      emit.step({ uses: [target], event: 'acquire', body: [{ op: 'if', condition: equal(emit.read(owner), zero), then: [emit.write(owner, emit.me), ...emit.enterAtomic(), { op: 'set', slot: got, value: constant(1) }], else: [] }] });
      return bool(load(got));
    }, { release: 'spin_unlock', fails: 'false', entersAtomic: true }),
  ],
};
