// list_head: the order in which places are linked. `for x in list` walks one (see lowering/lists.ts).
import { and, binary, constant, element, equal, load, minus, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { Emit, ListStorage, PrimitiveRoom, Value } from './emit.ts';
import { bool, operation } from './operation.ts';

const source = 'include/linux/list.h';

const count = (l: ListStorage): Expression => element(l.counts, l.owners, l.owner);
const at = (l: ListStorage, i: number): Expression => plus(l.owners === 1 ? zero : binary('*', l.owner, constant(l.capacity)), constant(i));
const item = (l: ListStorage, i: number): Expression => element(l.items, l.owners * l.capacity, at(l, i));

function setItem(l: ListStorage, i: number, value: Expression): Statement {
  const index = at(l, i);
  return index.op === 'constant' ? { op: 'set', slot: l.items + index.value, value } : { op: 'setElement', slot: l.items, length: l.owners * l.capacity, index, value };
}

function setCount(l: ListStorage, value: Expression): Statement {
  return l.owners === 1 ? { op: 'set', slot: l.counts, value } : { op: 'setElement', slot: l.counts, length: l.owners, index: l.owner, value };
}

function listOf(value: Value): ListStorage {
  if (value.list === undefined) throw new Error('primitives: an argument is no list');
  return value.list;
}

function add(emit: Emit, entry: Value, head: Value, tail: boolean): void {
  const l = listOf(head);
  const linked = Array.from({ length: l.capacity }, (_, i) => and(binary('<', constant(i), count(l)), equal(item(l, i), entry.expression)));
  const body: Statement[] = linked.map((c): Statement => ({ op: 'if', condition: c, then: [emit.fail('assertion', `list_add corruption: \`${emit.textOf(0)}\` is linked already`, entry.expression)], else: [] }));
  if (tail) {
    for (let i = l.capacity - 1; i >= 0; i--) body.push({ op: 'if', condition: equal(count(l), constant(i)), then: [setItem(l, i, entry.expression)], else: [] });
  } else {
    for (let i = l.capacity - 1; i > 0; i--) body.push(setItem(l, i, item(l, i - 1)));
    body.push(setItem(l, 0, entry.expression));
  }
  const beside = tail ? Array.from({ length: l.capacity }, (_, i) => ({ at: i, when: equal(count(l), constant(i + 1)) })) : [{ at: 0, when: binary('>', count(l), zero) }];
  emit.step({ uses: [emit.target(entry)], body: [...l.checks, ...neighbours(emit, l, beside), ...body, setCount(l, plus(count(l), constant(1)))] });
}

/** Sets `result` to the first entry for which `wanted` holds; leaves it alone where there is none. */
export function findFirst(head: Value, wanted: (entry: Expression) => Expression, result: number): Statement[] {
  const l = listOf(head);
  let body: Statement[] = [];
  for (let i = l.capacity - 1; i >= 0; i--) {
    body = [{ op: 'if', condition: and(binary('<', constant(i), count(l)), wanted(item(l, i))), then: [{ op: 'set', slot: result, value: item(l, i) }], else: body }];
  }
  return [...l.checks, ...body];
}

/** Linking and unlinking writes to what is linked beside: that must not be freed. */
function neighbours(emit: Emit, l: ListStorage, beside: ReadonlyArray<{ readonly at: number; readonly when: Expression }>): Statement[] {
  return beside.flatMap(({ at: i, when }): Statement[] => {
    if (i < 0 || i >= l.capacity) return [];
    const then = emit.checksOf({ place: item(l, i), struct: l.of }, `what is linked beside \`${emit.textOf(0)}\``);
    return then.length === 0 ? [] : [{ op: 'if', condition: when, then, else: [] }];
  });
}

/** Takes an entry out of one list, if it is there. */
function remove(emit: Emit, l: ListStorage, entry: Expression, otherwise: Statement[]): Statement[] {
  let body = otherwise;
  for (let i = l.capacity - 1; i >= 0; i--) {
    const shift: Statement[] = [];
    for (let j = i; j + 1 < l.capacity; j++) shift.push(setItem(l, j, item(l, j + 1)));
    const beside = [{ at: i - 1, when: constant(1) }, { at: i + 1, when: binary('<', constant(i + 1), count(l)) }];
    shift.push({ ...setItem(l, l.capacity - 1, zero) });
    body = [{ op: 'if', condition: and(binary('<', constant(i), count(l)), equal(item(l, i), entry)), then: [...neighbours(emit, l, beside), ...shift, setCount(l, minus(count(l), constant(1)))], else: body }];
  }
  return body;
}

export const list: PrimitiveRoom = {
  operations: [
    operation('list_add(entry: ref T, head: list T)', { summary: 'Links the entry in front.', source }, (emit, [entry, head]) => add(emit, entry, head, false)),
    operation('list_add_tail(entry: ref T, head: list T)', { summary: 'Links the entry at the end.', source }, (emit, [entry, head]) => add(emit, entry, head, true)),
    operation('list_del(entry: ref T, head?: list T)', { summary: 'Takes the entry out of the list that it is in.', source }, (emit, [entry, head]) => {
      const target = emit.target(entry);
      const missing: Statement[] = [emit.fail('assertion', `list_del corruption: \`${emit.textOf(0)}\` is not linked`, entry.expression)];
      const lists = head === undefined ? emit.listsOf(target.struct) : [listOf(head)];
      let body = missing;
      for (const l of lists) body = remove(emit, l, entry.expression, body);
      emit.step({ uses: [target], body: [...(head === undefined ? [] : listOf(head).checks), ...body] });
    }),
    operation('list_empty(head: list T) -> bool', { summary: 'Is nothing linked?', source }, (emit, [head]) => {
      const l = listOf(head);
      const result = emit.temporary(1);
      emit.step({ body: [...l.checks, { op: 'set', slot: result, value: equal(count(l), zero) }] });
      return bool(load(result));
    }, { pure: (_emit, [head]) => equal(count(listOf(head)), zero) }),
    operation('list_first(head: list T) -> ref T', { summary: 'The first entry, null where there is none.', source }, (emit, [head]) => {
      const l = listOf(head);
      const type = { kind: 'ref' as const, to: l.of };
      const result = emit.temporaryFor(type);
      emit.step({ body: [...l.checks, { op: 'if', condition: equal(count(l), zero), then: [], else: [{ op: 'set', slot: result, value: item(l, 0) }] }] });
      return { expression: load(result), type };
    }),
  ],
};
