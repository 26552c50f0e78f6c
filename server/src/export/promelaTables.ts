// Tables of numbers in a Promela model. An array of SPIN's would be part of every state, so a table is a macro instead that tells apart its few
// values: `#define table_2(i) (i == 8 || i >= 17 -> 17 : 0)`.
import { binary, choose as chosen, constant } from '../system/expression.ts';
import type { Expression, System } from '../system/system.ts';

/** An expression that depends on one index and nothing else, as the values that it has; undefined where the index never is. */
export interface Tabulated {
  readonly index: Expression;
  readonly values: ReadonlyArray<number | undefined>;
}

/** Null: it is no lookup, and none is all that it depends on. */
export type Tabulate = (e: Expression) => Tabulated | null;

/** Remembers what it has seen: the same parts are in many conditions. */
export function tabulator(system: System): Tabulate {
  const known = new WeakMap<Expression, Tabulated | null>();
  const tabulate: Tabulate = (e) => {
    const before = known.get(e);
    if (before !== undefined) return before;
    const found = tabulated(e);
    known.set(e, found);
    return found;
  };
  const tabulated = (e: Expression): Tabulated | null => {
    switch (e.op) {
      case 'constant':
      case 'load':
      case 'element':
        return null;
      case 'table': {
        const values = system.tables[e.table];
        const inner = tabulate(e.index);
        return inner === null
          ? { index: e.index, values }
          : { index: inner.index, values: inner.values.map((v) => (v === undefined ? v : values[v])) };
      }
      case 'not':
        return mapped([e.operand], ([v]) => constant(Number(v.op === 'constant' && v.value === 0)));
      case 'negate':
        return mapped([e.operand], ([v]) => binary('-', constant(0), v));
      case 'complement':
        return mapped([e.operand], ([v]) => binary('-', constant(-1), v));
      case 'binary':
        return mapped([e.left, e.right], ([left, right]) => binary(e.operator, left, right));
      case 'choose':
        return mapped([e.condition, e.then, e.else], ([condition, then, otherwise]) => chosen(condition, then, otherwise));
    }
  };
  /** From the values of the operands, which are constants and lookups with one index. */
  const mapped = (operands: readonly Expression[], value: (operands: readonly Expression[]) => Expression): Tabulated | null => {
    const tables = operands.map((o) => (o.op === 'constant' ? null : tabulate(o)));
    const first = tables.find((t) => t !== null);
    if (first === undefined) return null;
    if (operands.some((o, i) => o.op !== 'constant' && (tables[i] === null || !isSame(tables[i].index, first.index)))) return null;
    const values = first.values.map((_, i): number | undefined => {
      const all = operands.map((o, n) => (o.op === 'constant' ? o.value : tables[n]?.values[i]));
      if (all.some((v) => v === undefined)) return undefined;
      const of = value(all.map((v) => constant(v ?? 0)));
      return of.op === 'constant' ? of.value : undefined;
    });
    return { index: first.index, values };
  };
  return tabulate;
}

function isSame(a: Expression, b: Expression): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The value at `i`; `number` and `choose` write a number and a choice. */
export function tableText(
  values: ReadonlyArray<number | undefined>,
  i: string,
  number: (value: number) => string,
  choose: (condition: string, then: string, otherwise: string) => string,
): string {
  const runs = runsOf(values);
  const count = (value: number): number => runs.filter((r) => r.value === value).length;
  const all = [...new Set(runs.map((r) => r.value))].sort((a, b) => count(a) - count(b));
  const common = all.pop() ?? 0;
  const isAt = (value: number): string =>
    runs
      .filter((r) => r.value === value)
      .map((r) => {
        if (r.from === r.to) return `${i} == ${r.from}`;
        if (r.from === 0) return `${i} <= ${r.to}`;
        return r.to === values.length - 1 ? `${i} >= ${r.from}` : `${i} >= ${r.from} && ${i} <= ${r.to}`;
      })
      .join(' || ');
  if (all.length === 1 && common === 0 && all[0] === 1) return `(${isAt(1)})`;
  if (all.length === 1 && common === 1 && all[0] === 0) return `!(${isAt(0)})`;
  return all.reduceRight((rest, value) => choose(isAt(value), number(value), rest), number(common));
}

/** Neighbours with one value, over those that are undefined. */
function runsOf(
  values: ReadonlyArray<number | undefined>,
): ReadonlyArray<{ readonly from: number; readonly to: number; readonly value: number }> {
  const runs: Array<{ from: number; to: number; value: number }> = [];
  values.forEach((value, i) => {
    if (value === undefined) return;
    const last = runs[runs.length - 1];
    if (last !== undefined && last.value === value) last.to = i;
    else runs.push({ from: i, to: i, value });
  });
  return runs;
}
