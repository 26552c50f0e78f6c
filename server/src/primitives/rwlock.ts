// rwlock_t: many readers or one writer, spinning; nothing may sleep inside. New readers overtake a writer that waits.
import { and, binary, constant, equal, minus, or, plus, zero } from '../system/expression.ts';
import type { Expression } from '../system/system.ts';
import type { Emit, PrimitiveRoom, Target, Value } from './emit.ts';
import { operation } from './operation.ts';

const source = 'include/linux/rwlock.h';

const readers = (emit: Emit, lock: Target, agent: number): Expression => emit.read(emit.hidden(lock, 'readers', constant(agent)));

function holders(emit: Emit, lock: Target): Expression {
  const owner = emit.read(emit.hidden(lock, 'owner'));
  let mask: Expression = zero;
  for (let a = 0; a < emit.agents; a++) {
    mask = plus(mask, binary('*', or(binary('>', readers(emit, lock, a), zero), equal(owner, constant(a + 1))), constant(2 ** a)));
  }
  return mask;
}

function readLock(emit: Emit, [value]: readonly Value[]): void {
  const lock = emit.target(value);
  const owner = emit.read(emit.hidden(lock, 'owner'));
  const mine = emit.hidden(lock, 'readers', constant(emit.agentIndex));
  emit.step({
    uses: [lock], event: 'acquire', guard: or(equal(owner, zero), equal(owner, emit.me)),
    body: [
      { op: 'if', condition: equal(owner, emit.me), then: [emit.fail('self-deadlock', `{agent} reads \`${emit.textOf(0)}\` while it holds it for writing`, lock.place)], else: [] },
      { op: 'if', condition: binary('>=', emit.read(mine), constant(3)), then: [emit.fail('bound-reached', 'a lock is read-locked more than three deep')], else: [] },
      emit.write(mine, plus(emit.read(mine), constant(1))), ...emit.enterAtomic(),
    ],
    wait: { kind: 'lock', what: `\`${emit.textOf(0)}\` for reading`, holder: { kind: 'agentMask', value: holders(emit, lock) } },
  });
}

function readUnlock(emit: Emit, [value]: readonly Value[]): void {
  const lock = emit.target(value);
  const mine = emit.hidden(lock, 'readers', constant(emit.agentIndex));
  emit.step({
    uses: [lock], event: 'release',
    body: [
      { op: 'if', condition: equal(emit.read(mine), zero), then: [emit.fail('lock-imbalance', `{agent} ends reading \`${emit.textOf(0)}\`, which it does not read`, lock.place)], else: [] },
      emit.write(mine, minus(emit.read(mine), constant(1))), ...emit.leaveAtomic(),
    ],
  });
}

function writeLock(emit: Emit, [value]: readonly Value[]): void {
  const lock = emit.target(value);
  const owner = emit.hidden(lock, 'owner');
  const held = emit.read(owner);
  const own = or(equal(held, emit.me), binary('>', readers(emit, lock, emit.agentIndex), zero));
  const free = and(equal(held, zero), ...Array.from({ length: emit.agents }, (_, a) => equal(readers(emit, lock, a), zero)));
  emit.step({
    uses: [lock], event: 'acquire', guard: or(own, free),
    body: [
      { op: 'if', condition: own, then: [emit.fail('self-deadlock', `{agent} write-locks \`${emit.textOf(0)}\`, which it already holds`, lock.place)], else: [] },
      emit.write(owner, emit.me), ...emit.enterAtomic(),
    ],
    wait: { kind: 'lock', what: `\`${emit.textOf(0)}\` for writing`, holder: { kind: 'agentMask', value: holders(emit, lock) } },
  });
}

function writeUnlock(emit: Emit, [value]: readonly Value[]): void {
  const lock = emit.target(value);
  const owner = emit.hidden(lock, 'owner');
  emit.step({
    uses: [lock], event: 'release',
    body: [
      { op: 'if', condition: equal(emit.read(owner), emit.me), then: [], else: [emit.fail('lock-imbalance', `{agent} ends writing \`${emit.textOf(0)}\`, which it does not hold`, lock.place)] },
      emit.write(owner, zero), ...emit.leaveAtomic(),
    ],
  });
}

const variants: ReadonlyArray<readonly [string, string]> = [['', ''], ['_irq', '_irq'], ['_bh', '_bh'], ['_irqsave', '_irqrestore']];

export const rwlock: PrimitiveRoom = {
  types: [{ name: 'rwlock', doc: { summary: 'Many readers or one writer, without sleeping.', source }, fields: [{ name: 'owner', max: 'agents' }, { name: 'readers', max: 3, each: 'agents' }] }],
  operations: variants.flatMap(([lock, unlock]) => [
    operation(`read_lock${lock}(lock: ref rwlock)`, { summary: 'Takes the lock for reading; spins while a writer has it.', blocksOn: 'A writer, spinning.', contexts: 'Any; nothing in the section may sleep.', source }, readLock, { release: `read_unlock${unlock}`, entersAtomic: true }),
    operation(`read_unlock${unlock}(lock: ref rwlock)`, { summary: 'Ends reading.', source }, readUnlock, { entersAtomic: true }),
    operation(`write_lock${lock}(lock: ref rwlock)`, { summary: 'Takes the lock for writing; spins while anybody has it.', blocksOn: 'Readers and a writer, spinning.', contexts: 'Any; nothing in the section may sleep.', source }, writeLock, { release: `write_unlock${unlock}`, entersAtomic: true }),
    operation(`write_unlock${unlock}(lock: ref rwlock)`, { summary: 'Ends writing.', source }, writeUnlock, { entersAtomic: true }),
  ]),
};
