// `for x in d.files`: walks a list as list_for_each_entry_safe does, one step for each link followed.
import type * as tree from '../syntax/tree.ts';
import type { ListStorage } from '../primitives/emit.ts';
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, choose, constant, element, equal, load, plus, zero } from '../system/expression.ts';
import type { Context } from './context.ts';
import { lowerExpression } from './expressions.ts';
import { lowerBlock, turns } from './statements.ts';
import { fail, textOf } from './world.ts';

export function lowerFor(cx: Context, s: Extract<tree.Statement, { kind: 'for' }>): void {
  const { b, world } = cx;
  b.scope(() => {
    const { list } = lowerExpression(cx, s.list);
    const symbol = world.program.symbols.get(s.name);
    if (list === undefined || symbol?.kind !== 'local') throw new Error('lowering: for over no list');
    const { local } = symbol;
    const range = world.layout.rangeOf(local.type);
    const x = b.slot(range);
    const next = b.slot(range);
    cx.locals.set(local, { kind: 'slot', slot: x, type: local.type });
    const text = `for ${s.name.text} in ${textOf(cx.unit, s.list)}`;
    b.at(s.list, () => b.touch([{ text, body: [...list.checks, { op: 'set', slot: next, value: itemAt(list, zero) }] }]));
    turns(cx, text, (stop) => {
      b.branch(equal(load(next), zero), () => {
        b.compute([{ op: 'set', slot: x, value: zero }]);
        stop();
      }, () => {
        const unlinked = b.fault('use-after-free', `the walk follows the links of \`${s.name.text}\` after list_del`, { object: list.of.name });
        b.touch([{
          text: `${text}: next link`,
          body: [...b.useChecks(load(next), list.of, `\`${s.name.text}\``), { op: 'set', slot: x, value: load(next) }, ...follow(list, next, fail(unlinked, load(next)))],
        }]);
        lowerBlock(cx, s.body);
      });
    });
  });
}

/** The `i`-th linked place, 0 behind the last. */
export function itemAt(list: ListStorage, i: Expression): Expression {
  const length = list.owners * list.capacity;
  const at = plus(list.owners === 1 ? zero : binary('*', list.owner, constant(list.capacity)), i);
  return choose(binary('<', i, element(list.counts, list.owners, list.owner)), element(list.items, length, at), zero);
}

/** Sets `slot` to what is linked behind the place in it. */
function follow(list: ListStorage, slot: number, unlinked: Statement): Statement[] {
  let body: Statement[] = [unlinked];
  for (let i = list.capacity - 1; i >= 0; i--) {
    const here = and(binary('<', constant(i), element(list.counts, list.owners, list.owner)), equal(itemAt(list, constant(i)), load(slot)));
    const successor = i + 1 < list.capacity ? itemAt(list, constant(i + 1)) : zero;
    body = [{ op: 'if', condition: here, then: [{ op: 'set', slot, value: successor }], else: body }];
  }
  return body;
}
