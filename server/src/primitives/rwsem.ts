// struct rw_semaphore: many readers or one writer; a waiting writer keeps new readers out.
import { and, binary, constant, equal, hasBit, load, minus, not, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, PrimitiveRoom, Target, Value } from './emit.ts';
import { bool, operation } from './operation.ts';

const source = 'kernel/locking/rwsem.c';

function readersOf(emit: Emit, sem: Target, agent: number): Expression {
  return emit.read(emit.hidden(sem, 'readers', constant(agent)));
}

function readerMask(emit: Emit, sem: Target): Expression {
  let mask: Expression = zero;
  for (let a = 0; a < emit.agents; a++) mask = plus(mask, binary('*', binary('>', readersOf(emit, sem, a), zero), constant(2 ** a)));
  return mask;
}

function downRead(emit: Emit, [value]: readonly Value[]): void {
  const sem = emit.target(value);
  const owner = emit.read(emit.hidden(sem, 'owner'));
  const waiting = emit.read(emit.hidden(sem, 'waiting'));
  const mine = emit.hidden(sem, 'readers', constant(emit.agentIndex));
  const sleeps = emit.badSleep('down_read');
  emit.step({
    uses: [sem], event: 'acquire', guard: or(and(equal(owner, zero), equal(waiting, zero)), equal(owner, emit.me), ...sleeps.map((s) => s.bad)),
    body: [
      ...emit.mayNotSleep('down_read'),
      { op: 'if', condition: equal(owner, emit.me), then: [emit.fail('self-deadlock', `{agent} reads \`${emit.textOf(0)}\` while it holds it for writing`, sem.place)], else: [] },
      { op: 'if', condition: binary('>=', emit.read(mine), constant(3)), then: [emit.fail('bound-reached', 'a semaphore is read-locked more than three deep')], else: [] },
      emit.write(mine, plus(emit.read(mine), constant(1))),
    ],
    wait: { kind: 'lock', what: `\`${emit.textOf(0)}\` for reading`, holder: { kind: 'agentMask', value: plus(waiting, ownerMask(emit, owner)) } },
  });
}

function ownerMask(emit: Emit, owner: Expression): Expression {
  let mask: Expression = zero;
  for (let a = 0; a < emit.agents; a++) mask = plus(mask, binary('*', equal(owner, constant(a + 1)), constant(2 ** a)));
  return mask;
}

function downWrite(emit: Emit, [value]: readonly Value[]): void {
  const sem = emit.target(value);
  const owner = emit.hidden(sem, 'owner');
  const waiting = emit.hidden(sem, 'waiting');
  const held = emit.read(owner);
  const bit = 2 ** emit.agentIndex;
  const free = and(equal(held, zero), ...Array.from({ length: emit.agents }, (_, a) => equal(readersOf(emit, sem, a), zero)));
  const sleeps = emit.badSleep('down_write');
  const own = or(equal(held, emit.me), binary('>', readersOf(emit, sem, emit.agentIndex), zero), ...sleeps.map((s) => s.bad));
  const refuse: Statement[] = [
    ...emit.mayNotSleep('down_write'),
    { op: 'if', condition: or(equal(held, emit.me), binary('>', readersOf(emit, sem, emit.agentIndex), zero)), then: [emit.fail('self-deadlock', `{agent} write-locks \`${emit.textOf(0)}\`, which it already holds`, sem.place)], else: [] },
  ];
  const wait = { kind: 'lock' as const, what: `\`${emit.textOf(0)}\` for writing`, holder: { kind: 'agentMask' as const, value: plus(readerMask(emit, sem), ownerMask(emit, held)) } };
  emit.alternatives([
    { uses: [sem], event: 'acquire', guard: or(own, free), body: [...refuse, emit.write(owner, emit.me)], wait, then: () => {} },
    {
      text: `${emit.textOf(0)}: a writer waits, new readers too`, guard: not(or(own, free)), event: 'block', body: [emit.write(waiting, binary('|', emit.read(waiting), constant(bit)))],
      then: () => emit.step({
        uses: [sem], event: 'acquire', guard: free, wait,
        body: [emit.write(owner, emit.me), { op: 'if', condition: hasBit(emit.read(waiting), emit.agentIndex), then: [emit.write(waiting, minus(emit.read(waiting), constant(bit)))], else: [] }],
      }),
    },
  ]);
}

export const rwsem: PrimitiveRoom = {
  types: [{
    name: 'rwsem', doc: { summary: 'Many readers or one writer.', source },
    fields: [{ name: 'owner', max: 'agents' }, { name: 'readers', max: 3, each: 'agents' }, { name: 'waiting', max: 'mask' }],
  }],
  operations: [
    operation('down_read(sem: ref rwsem)', { summary: 'Takes the semaphore for reading.', guarantees: 'No writer until up_read.', blocksOn: 'A writer, or a writer that waits: taking it twice deadlocks with a writer in between.', contexts: 'Process context that may sleep.', source }, downRead, { release: 'up_read' }),
    operation('up_read(sem: ref rwsem)', { summary: 'Ends reading.', source }, (emit, [value]) => {
      const sem = emit.target(value);
      const mine = emit.hidden(sem, 'readers', constant(emit.agentIndex));
      emit.step({
        uses: [sem], event: 'release',
        body: [{ op: 'if', condition: equal(emit.read(mine), zero), then: [emit.fail('lock-imbalance', `{agent} ends reading \`${emit.textOf(0)}\`, which it does not read`, sem.place)], else: [] }, emit.write(mine, minus(emit.read(mine), constant(1)))],
      });
    }),
    operation('down_read_trylock(sem: ref rwsem) -> bool', { summary: 'Takes it for reading if that is possible now.', source }, (emit, [value]) => {
      const sem = emit.target(value);
      const mine = emit.hidden(sem, 'readers', constant(emit.agentIndex));
      const got = emit.temporary(1);
      const free = and(equal(emit.read(emit.hidden(sem, 'owner')), zero), equal(emit.read(emit.hidden(sem, 'waiting')), zero), binary('<', emit.read(mine), constant(3)));
      emit.step({ uses: [sem], event: 'acquire', body: [{ op: 'if', condition: free, then: [emit.write(mine, plus(emit.read(mine), constant(1))), { op: 'set', slot: got, value: constant(1) }], else: [] }] });
      return bool(load(got));
    }, { release: 'up_read', fails: 'false' }),
    operation('down_write(sem: ref rwsem)', { summary: 'Takes the semaphore for writing; from now on new readers wait.', guarantees: 'No reader and no other writer until up_write.', blocksOn: 'Readers and writers that hold it.', contexts: 'Process context that may sleep.', source }, downWrite, { release: 'up_write' }),
    operation('up_write(sem: ref rwsem)', { summary: 'Ends writing.', source }, (emit, [value]) => {
      const sem = emit.target(value);
      const owner = emit.hidden(sem, 'owner');
      emit.step({
        uses: [sem], event: 'release',
        body: [{ op: 'if', condition: equal(emit.read(owner), emit.me), then: [], else: [emit.fail('lock-imbalance', `{agent} ends writing \`${emit.textOf(0)}\`, which it does not hold`, sem.place)] }, emit.write(owner, zero)],
      });
    }),
  ],
};
