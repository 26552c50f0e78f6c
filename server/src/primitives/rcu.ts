// RCU: readers that may not sleep, grace periods, and callbacks that run after one in a softirq context of their own.
import { binary, choose, constant, equal, hasBit, load, minus, not, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { ContextRoom, Emit, PrimitiveRoom, Value } from './emit.ts';
import { operation } from './operation.ts';

const source = 'kernel/rcu/tree.c';

const nests = (emit: Emit): number => emit.shared('rcu nesting', 3, { each: 'agents' }).slot;
const waits = (emit: Emit): number => emit.shared('rcu waits', 'mask', { each: 'agents' }).slot;
const barriers = (emit: Emit): number => emit.shared('rcu_barrier waits', 2 ** 30, { each: 'agents' }).slot;

function readers(emit: Emit): Expression {
  let mask: Expression = zero;
  for (let a = 0; a < emit.agents; a++) mask = plus(mask, choose(binary('>', load(nests(emit) + a), zero), constant(2 ** a), zero));
  return mask;
}

/** Every slot that waits for readers: synchronizing agents and queued callbacks. */
function waiting(emit: Emit): number[] {
  const heads = emit.model.placesOf('rcu_head');
  const slots = Array.from({ length: emit.agents }, (_, w) => waits(emit) + w);
  for (let i = 0; i < heads.count; i++) {
    const slot = emit.headSlot('rcu_head', 'readers', heads.base + i);
    if (slot !== null) slots.push(slot);
  }
  return slots;
}

function readLock(emit: Emit): void {
  const nest = nests(emit) + emit.agentIndex;
  emit.step({
    event: 'acquire',
    body: [
      { op: 'if', condition: binary('>=', load(nest), constant(3)), then: [emit.fail('bound-reached', 'RCU read sections nest more than 3 deep')], else: [] },
      { op: 'set', slot: nest, value: plus(load(nest), constant(1)) }, ...emit.enterAtomic(),
    ],
  });
}

function readUnlock(emit: Emit): void {
  const nest = nests(emit) + emit.agentIndex;
  const bit = constant(2 ** emit.agentIndex);
  emit.step({
    event: 'release',
    body: [
      { op: 'if', condition: equal(load(nest), zero), then: [emit.fail('lock-imbalance', '{agent} ends an RCU read section that it is not in')], else: [] },
      { op: 'set', slot: nest, value: minus(load(nest), constant(1)) }, ...emit.leaveAtomic(),
      {
        op: 'if', condition: equal(load(nest), zero), else: [],
        then: waiting(emit).map((slot): Statement => ({ op: 'if', condition: hasBit(load(slot), emit.agentIndex), then: [{ op: 'set', slot, value: minus(load(slot), bit) }], else: [] })),
      },
    ],
  });
}

function synchronize(emit: Emit): void {
  const slot = waits(emit) + emit.agentIndex;
  emit.step({
    text: 'synchronize_rcu(): begins', event: 'block',
    body: [
      { op: 'if', condition: binary('>', load(nests(emit) + emit.agentIndex), zero), then: [emit.fail('self-deadlock', '{agent} waits for RCU readers inside a read section of its own')], else: [] },
      ...emit.mayNotSleep('synchronize_rcu'),
      { op: 'set', slot, value: readers(emit) },
    ],
  });
  emit.step({
    text: 'synchronize_rcu(): ends', event: 'wake', guard: equal(load(slot), zero),
    wait: { kind: 'event', what: 'RCU readers', holder: { kind: 'agentMask', value: load(slot) } },
  });
}

function queue(emit: Emit, head: Value, fn: Expression): void {
  const target = emit.target(head);
  const pending = emit.hidden(target, 'pending');
  emit.step({
    uses: [target],
    body: [
      { op: 'if', condition: emit.read(pending), then: [emit.fail('double-free', `\`${emit.textOf(0)}\` is queued a second time`, target.place)], else: [] },
      emit.write(pending, constant(1)), emit.write(emit.hidden(target, 'func'), fn), emit.write(emit.hidden(target, 'readers'), readers(emit)),
    ],
  });
}

export const rcu: PrimitiveRoom = {
  types: [{
    name: 'rcu_head', doc: { summary: 'What call_rcu queues.', source }, runs: 'rcu',
    fields: [{ name: 'pending', max: 1, outlives: true }, { name: 'func', max: 'function' }, { name: 'readers', max: 'mask', outlives: true }],
  }],
  operations: [
    operation('rcu_read_lock()', { summary: 'Begins an RCU read section.', guarantees: 'What was published before and is unpublished later is not freed before rcu_read_unlock.', contexts: 'Any; nothing in the section may sleep.', source }, (emit) => readLock(emit), { release: 'rcu_read_unlock', entersAtomic: true }),
    operation('rcu_read_unlock()', { summary: 'Ends the read section.', source }, (emit) => readUnlock(emit), { entersAtomic: true }),
    operation('synchronize_rcu()', { summary: 'Waits for all readers that began before. Does not wait for call_rcu callbacks.', guarantees: 'Read sections that began before have ended.', blocksOn: 'Those readers.', contexts: 'Process context that may sleep, outside a read section.', source }, (emit) => synchronize(emit)),
    operation('call_rcu(head: ref rcu_head, func: fn(ref rcu_head))', { summary: 'Runs `func` after a grace period, in softirq context. Does not pin the text of `func`.', contexts: 'Any.', source }, (emit, [head, fn]) => queue(emit, head, fn.expression), { keeps: { 1: 'rcu_head.func' } }),
    operation('kfree_rcu(object: any, head: ref rcu_head)', { summary: 'Frees the object after a grace period; no module text is involved.', contexts: 'Any.', source }, (emit, [, head]) => queue(emit, head, zero)),
    operation('rcu_barrier()', { summary: 'Waits until every callback that is queued already has run.', guarantees: 'No call_rcu callback that was queued before is left.', blocksOn: 'Those callbacks.', contexts: 'Process context that may sleep; not from a callback.', source }, (emit) => {
      const heads = emit.model.placesOf('rcu_head');
      const slot = barriers(emit) + emit.agentIndex;
      let mask: Expression = zero;
      for (let i = 0; i < heads.count; i++) {
        const pending = emit.headSlot('rcu_head', 'pending', heads.base + i);
        if (pending === null) continue;
        mask = plus(mask, choose(binary('||', load(pending), load(running(emit, heads.count) + i)), constant(2 ** i), zero));
      }
      emit.step({ text: 'rcu_barrier(): begins', event: 'block', body: [...emit.mayNotSleep('rcu_barrier'), { op: 'set', slot, value: mask }] });
      emit.step({ text: 'rcu_barrier(): ends', event: 'wake', guard: equal(load(slot), zero), wait: { kind: 'event', what: 'RCU callbacks that were queued before', holder: null } });
    }),
  ],
};

const running = (emit: Emit, heads: number): number => emit.shared('rcu callback runs', 1, { length: Math.max(1, heads) }).slot;

export const rcuContext: ContextRoom = {
  type: 'rcu_head', context: 'rcu', field: 'rcu_head.func', startedBy: ['call_rcu', 'kfree_rcu'],
  title: (object) => `rcu callback of ${object}`,
  ready: (emit, head) => binary('&&', emit.read(emit.hidden(head, 'pending')), equal(emit.read(emit.hidden(head, 'readers')), zero)),
  take: (emit, head) => {
    const heads = emit.model.placesOf('rcu_head');
    const index = minus(head.place, constant(heads.base));
    return [
      ...emit.checksOf(head, 'the rcu_head'),
      emit.write(emit.hidden(head, 'pending'), zero),
      ...(index.op === 'constant' ? [{ op: 'set' as const, slot: running(emit, heads.count) + index.value, value: constant(1) }] : []),
    ];
  },
  run: (emit, head) => {
    const fn = emit.temporary(emit.functionCount, 'function');
    emit.compute([{ op: 'set', slot: fn, value: emit.read(emit.hidden(head, 'func')) }, emit.write(emit.hidden(head, 'func'), zero)]);
    emit.branch(not(equal(load(fn), zero)),
      () => { emit.callFunction(load(fn), 'rcu_head.func', [{ expression: head.place, type: { kind: 'ref', to: head.struct } }]); },
      () => emit.freeRoot(head.place));
  },
  done: (emit, head) => {
    const heads = emit.model.placesOf('rcu_head');
    if (head.place.op !== 'constant') return [];
    const i = head.place.value - heads.base;
    return [
      { op: 'set', slot: running(emit, heads.count) + i, value: zero },
      ...Array.from({ length: emit.agents }, (_, w): Statement => {
        const slot = barriers(emit) + w;
        return { op: 'if', condition: hasBit(load(slot), i), then: [{ op: 'set', slot, value: minus(load(slot), constant(2 ** i)) }], else: [] };
      }),
    ];
  },
};
