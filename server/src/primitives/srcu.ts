// Sleepable RCU: each domain waits for its own readers, and only for those that began before. The index that a reader gets tells which of two
// counters it is in; unlocking with another reader's index takes that reader out instead.
import { and, binary, choose, constant, equal, hasBit, load, minus, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, PrimitiveRoom, Target, Value } from './emit.ts';
import { int, operation } from './operation.ts';

const source = 'kernel/rcu/srcutree.c';
const NEST_MAX = 3;
/** What agents do somewhere: nobody else can be in a section, or wait for one. */
const READS = 'srcu_read_lock';
const WAITS = 'synchronize_srcu';

const waits = (emit: Emit, side: 0 | 1): number => emit.shared(`srcu waits ${side}`, 'mask', { each: 'agents' }).slot;
const domains = (emit: Emit): number => emit.shared('srcu waits in', emit.model.placeMax, { each: 'agents', holds: 'place' }).slot;

/** Agent `a` left its section on one side: nobody waits for it there any more. */
function gone(emit: Emit, domain: Target, side: 0 | 1, a: number): Statement[] {
  return emit.doers(WAITS).map((w): Statement => {
    const mask = waits(emit, side) + w;
    return { op: 'if', condition: and(equal(load(domains(emit) + w), domain.place), hasBit(load(mask), a)), then: [{ op: 'set', slot: mask, value: minus(load(mask), constant(2 ** a)) }], else: [] };
  });
}

/** One reader less on `side`: the caller if it is there, else the first other one. */
function leave(emit: Emit, domain: Target, side: 0 | 1): Statement {
  const nobody = emit.fail('lock-imbalance', `{agent} ends a read section of \`${emit.textOf(0)}\` with an index that no reader has`, domain.place);
  return emit.later(() => {
    let body: Statement[] = [nobody];
    for (const a of emit.doers(READS).reverse()) {
      const nest = emit.hidden(domain, `nest${side}`, constant(a));
      const count = emit.read(nest);
      body = [{
        op: 'if', condition: binary('>', count, zero),
        then: [emit.write(nest, minus(count, constant(1))), { op: 'if', condition: equal(emit.read(nest), zero), then: gone(emit, domain, side, a), else: [] }],
        else: body,
      }];
    }
    return body;
  });
}

function readers(emit: Emit, domain: Target, side: 0 | 1): Expression {
  let mask: Expression = zero;
  for (let a = 0; a < emit.agents; a++) {
    const inside = binary('>', emit.read(emit.hidden(domain, `nest${side}`, constant(a))), zero);
    mask = plus(mask, choose(inside, constant(2 ** a), zero));
  }
  return mask;
}

function readLock(emit: Emit, [value]: readonly Value[]): Value {
  const domain = emit.target(value);
  const index = emit.hidden(domain, 'index');
  const got = emit.temporary(1);
  emit.does(READS);
  const enter = (side: 0 | 1): Statement[] => {
    const nest = emit.hidden(domain, `nest${side}`, constant(emit.agentIndex));
    return [
      { op: 'if', condition: binary('>=', emit.read(nest), constant(NEST_MAX)), then: [emit.fail('bound-reached', `SRCU readers nest more than ${NEST_MAX} deep`)], else: [] },
      emit.write(nest, plus(emit.read(nest), constant(1))),
    ];
  };
  emit.step({ uses: [domain], event: 'acquire', body: [{ op: 'set', slot: got, value: emit.read(index) }, { op: 'if', condition: equal(load(got), zero), then: enter(0), else: enter(1) }] });
  return int(load(got));
}

function synchronize(emit: Emit, [value]: readonly Value[]): void {
  const domain = emit.target(value);
  const index = emit.hidden(domain, 'index');
  const inside = binary('||', hasBit(readers(emit, domain, 0), emit.agentIndex), hasBit(readers(emit, domain, 1), emit.agentIndex));
  const me = emit.agentIndex;
  emit.does(WAITS);
  emit.step({
    text: `${emit.textOf(9)}: begins`, uses: [domain], event: 'block',
    body: [
      ...emit.mayNotSleep('synchronize_srcu'),
      { op: 'if', condition: inside, then: [emit.fail('self-deadlock', `{agent} waits for the readers of \`${emit.textOf(0)}\` inside a read section of its own`, domain.place)], else: [] },
      { op: 'set', slot: waits(emit, 0) + me, value: readers(emit, domain, 0) },
      { op: 'set', slot: waits(emit, 1) + me, value: readers(emit, domain, 1) },
      { op: 'set', slot: domains(emit) + me, value: domain.place },
      emit.write(index, minus(constant(1), emit.read(index))),
    ],
  });
  emit.step({
    text: `${emit.textOf(9)}: ends`, event: 'wake',
    guard: and(equal(load(waits(emit, 0) + me), zero), equal(load(waits(emit, 1) + me), zero)),
    body: [{ op: 'set', slot: domains(emit) + me, value: zero }],
    wait: { kind: 'event', what: `the SRCU readers of \`${emit.textOf(0)}\``, holder: { kind: 'agentMask', value: binary('|', load(waits(emit, 0) + me), load(waits(emit, 1) + me)) } },
  });
}

const syncDoc = { guarantees: 'Read sections of this domain that began before the call have ended. Later ones may run.', blocksOn: 'Those readers; they may sleep.', contexts: 'Process context that may sleep, outside a read section of the same domain.', source };

export const srcu: PrimitiveRoom = {
  types: [{
    name: 'srcu', doc: { summary: 'struct srcu_struct: a domain of sleepable read sections.', source },
    fields: [{ name: 'index', max: 1 }, { name: 'nest0', max: NEST_MAX, each: 'agents' }, { name: 'nest1', max: NEST_MAX, each: 'agents' }],
  }],
  operations: [
    operation('srcu_read_lock(s: ref srcu) -> int', { summary: 'Begins a read section of the domain; the index must go to srcu_read_unlock.', guarantees: 'synchronize_srcu(s) that begins later waits for it.', contexts: 'Any; the section may sleep.', source }, readLock, { release: 'srcu_read_unlock' }),
    operation('srcu_read_unlock(s: ref srcu, index: int)', { summary: 'Ends the read section that returned this index.', source }, (emit, [value, index]) => {
      const domain = emit.target(value);
      emit.step({ uses: [domain], event: 'release', body: [{ op: 'if', condition: equal(index.expression, zero), then: [leave(emit, domain, 0)], else: [leave(emit, domain, 1)] }] });
    }),
    operation('synchronize_srcu(s: ref srcu)', { summary: 'Waits for the readers of the domain that began before.', ...syncDoc }, synchronize),
    operation('synchronize_srcu_expedited(s: ref srcu)', { summary: 'Waits for the readers of the domain that began before, sooner.', ...syncDoc }, synchronize),
    operation('init_srcu_struct(s: ref srcu) -> int', { summary: 'Succeeds. The domain is ready without it: leaving it out, or cleanup_srcu_struct, is no finding.', source }, (emit, [value]) => {
      emit.step({ uses: [emit.target(value)] });
      return int(zero);
    }),
    operation('cleanup_srcu_struct(s: ref srcu)', { summary: 'Ends the domain; with readers left it leaks them.', source }, (emit, [value]) => {
      const domain = emit.target(value);
      const left = binary('!=', plus(readers(emit, domain, 0), readers(emit, domain, 1)), zero);
      emit.step({ uses: [domain], body: [{ op: 'if', condition: left, then: [emit.report('leak', `cleanup_srcu_struct(${emit.textOf(0)}) while readers are left`, domain.place)], else: [] }] });
    }),
  ],
};
