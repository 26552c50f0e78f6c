// Rewrites a system so that variables with few but far apart values (an errno or all ones) hold small codes instead: the number of a value
// among all that the variable can hold. The same states and steps, in fewer bits; the values come back through `decode`.
import { binary, choose, constant, load } from '../../system/expression.ts';
import type { Agent, Expression, Location, Statement, Step, System } from '../../system/system.ts';
import type { Interval } from '../plain/range.ts';
import { finished, LOCATIONS_AT_ONCE } from '../slices.ts';
import { narrowing, rangesOf } from '../wasm/narrow.ts';
import { trimming } from '../wasm/trim.ts';
import { type Held, valuesOf } from '../wasm/values.ts';
import { visitExpression, visitSystem } from '../wasm/visit.ts';

export interface Coded {
  readonly system: System;
  readonly initials: ReadonlyArray<readonly number[]>;
  /** By slot: the values in the order of their codes; null where the slot holds the value itself. */
  readonly values: ReadonlyArray<readonly number[] | null>;
  /** By slot, of the system with codes. */
  readonly ranges: readonly Interval[];
}

/**
 * `isFar`: whether a variable with these bounds is worth it. `trims`: leaves out what never happens; else all stays where it stands, and only
 * what can have one value is replaced by it.
 */
export function withCodes(...given: Parameters<typeof coding>): Coded {
  return finished(coding(...given));
}

/** The same in parts of a few milliseconds. */
export function* coding(
  whole: System,
  initials: ReadonlyArray<readonly number[]>,
  isFar: (held: Readonly<Held>) => boolean,
  trims = true,
): Generator<void, Coded> {
  const narrow = yield* narrowing(whole, initials);
  const { held } = narrow;
  const system = trims ? yield* trimming(whole, narrow) : whole;
  const folds = !trims;
  const ranges = rangesOf(held);
  const isWorth = (h: Readonly<Held>): boolean => h.values !== null && h.values.size > 1 && isFar(h);
  if (!folds && !held.some(isWorth)) return { system, initials, values: held.map(() => null), ranges };
  const names = namesIn(system);
  const indexed = indexedIn(system);
  const values = held.map((h, slot) =>
    h.values !== null && isWorth(h) && indexed[slot] === 0 && names[slot] === 0 ? [...h.values].sort((x, y) => x - y) : null,
  );
  for (const y of system.symmetries)
    y.slots[0]?.forEach((_, k) =>
      codeAlike(
        values,
        y.slots.map((own) => own[k]),
      ),
    );
  const codeRanges = ranges.map((r, slot): Interval => {
    const own = values[slot];
    return own === null ? r : { low: 0, high: own.length - 1 };
  });
  if (!folds && values.every((v) => v === null)) return { system, initials, values, ranges };
  const x = rewriter(system, held, values, names, folds);
  const agents: Agent[] = [];
  for (const a of system.agents) {
    const locations: Location[] = [];
    for (const l of a.locations) {
      locations.push(rewriteLocation(x, l));
      if (locations.length % LOCATIONS_AT_ONCE === 0) yield;
    }
    agents.push({ ...a, locations });
  }
  const coded: System = {
    ...system,
    variables: system.variables.flatMap((v) => {
      if (!values.slice(v.slot, v.slot + v.length).some((c) => c !== null)) return [v];
      return Array.from({ length: v.length }, (_, i) => {
        const codes = values[v.slot + i];
        const name = v.length > 1 ? `${v.name}[${i}]` : v.name;
        return { ...v, name, slot: v.slot + i, length: 1, ...(codes === null ? {} : { min: 0, max: codes.length - 1 }) };
      });
    }),
    agents,
    tables: x.tables,
    initial: encodeState(values, system.initial),
  };
  return { system: coded, initials: initials.map((s) => encodeState(values, s)), values, ranges: codeRanges };
}

/** By slot: what is found by a computed number, or by where an agent stands. */
function indexedIn(system: System): Uint8Array {
  const indexed = new Uint8Array(system.slots);
  visitSystem(system, {
    statement: (s) => {
      if (s.op === 'setElement') indexed.fill(1, s.slot, s.slot + s.length);
    },
    expression: (e) => {
      if (e.op === 'element') indexed.fill(1, e.slot, e.slot + e.length);
    },
  });
  for (const a of system.agents) indexed[a.slot] = 1;
  return indexed;
}

/** By slot: where agents may be exchanged, what names one of them or an object of one. There it must be seen that it does. */
function namesIn(system: System): Uint8Array {
  const names = new Uint8Array(system.slots);
  if (system.symmetries.length === 0) return names;
  for (const v of system.variables) {
    if (v.holds === 'place' || v.holds === 'agent' || v.holds === 'agentMask') names.fill(1, v.slot, v.slot + v.length);
  }
  return names;
}

/** Identical agents have the same codes, or none. */
function codeAlike(values: Array<readonly number[] | null>, slots: readonly number[]): void {
  const own = slots.map((slot) => values[slot]);
  const all = own.includes(null) ? null : [...new Set(own.flatMap((v) => v ?? []))].sort((x, y) => x - y);
  for (const slot of slots) values[slot] = all;
}

export function encodeState(values: Coded['values'], state: ArrayLike<number>): number[] {
  return Array.from(state, (v, slot) => values[slot]?.indexOf(v) ?? v);
}

export function decodeState(values: Coded['values'], state: Int32Array | Float64Array): void {
  for (let slot = 0; slot < state.length; slot++) {
    const own = values[slot];
    if (own !== null) state[slot] = own[state[slot]];
  }
}

interface Reads {
  /** A coded slot that is read; null where none is. */
  readonly slot: number | null;
  /** Whether nothing else is read. */
  readonly alone: boolean;
}

interface Rewriter {
  readonly tables: ReadonlyArray<readonly number[]>;
  readonly isCoded: (slot: number) => boolean;
  readonly expression: (e: Expression) => Expression;
  readonly code: (slot: number, e: Expression) => Expression;
}

function rewriter(
  system: System,
  held: ReadonlyArray<Readonly<Held>>,
  values: Coded['values'],
  names: Uint8Array,
  folds: boolean,
): Rewriter {
  const tables: Array<readonly number[]> = [...system.tables];
  const tableAt = new Map(tables.map((t, i) => [t.join(), i]));
  const tableOf = (entries: readonly number[], index: Expression): Expression => {
    if (entries.every((v, i) => v === i)) return index;
    if (entries.every((v) => v === entries[0])) return constant(entries[0]);
    if (entries.every((v) => v === 0 || v === 1)) {
      const met = entries.filter((v) => v === 1).length;
      if (met === 1) return binary('==', index, constant(entries.indexOf(1)));
      if (met === entries.length - 1) return binary('!=', index, constant(entries.indexOf(0)));
    }
    const key = entries.join();
    const table = tableAt.get(key) ?? tables.push(entries) - 1;
    tableAt.set(key, table);
    return { op: 'table', table, index };
  };

  /** The value of an expression in which nothing is open; null where it is not a number. */
  const fold = (e: Expression, slot: number, value: number): number | null => {
    const f = replaced(e, slot, value, system.tables);
    return f.op === 'constant' ? f.value : null;
  };
  /** The coded slots that an expression reads: none, one, several; and whether it reads anything else. Expressions are shared by steps. */
  const known = new Map<Expression, Reads>();
  const readsOf = (e: Expression): Reads => {
    let reads = known.get(e);
    if (reads !== undefined) return reads;
    let slot: number | null = null;
    let several = false;
    let other = false;
    visitExpression(e, (n) => {
      if (n.op === 'load' && values[n.slot] !== null) {
        several ||= slot !== null && slot !== n.slot;
        slot = n.slot;
      } else if (n.op === 'load' || n.op === 'element') other = true;
    });
    reads = { slot, alone: !several && !other };
    known.set(e, reads);
    return reads;
  };
  const tabulated = (e: Expression, entry: (value: number) => number): Expression | null => {
    const { slot, alone } = readsOf(e);
    if (slot === null || !alone) return null;
    const entries = (values[slot] ?? []).map((v) => fold(e, slot, v));
    const known = entries.filter((v) => v !== null);
    return known.length < entries.length ? null : tableOf(known.map(entry), load(slot));
  };

  const rewritten = new Map<Expression, Expression>();
  const expression = (e: Expression): Expression => {
    const before = rewritten.get(e);
    if (before !== undefined) return before;
    const after = rewrite(e);
    rewritten.set(e, after);
    return after;
  };
  const rewrite = (e: Expression): Expression => {
    if (folds) {
      const all = valuesOf(system, held, e);
      if (all?.size === 1) return constant([...all][0]);
    } else if (readsOf(e).slot === null) return e;
    const whole = tabulated(e, (v) => v);
    if (whole !== null) return whole;
    switch (e.op) {
      case 'constant':
        return e;
      case 'load':
        return values[e.slot] === null ? e : tableOf(values[e.slot] ?? [], load(e.slot));
      case 'element':
      case 'table':
        return { ...e, index: expression(e.index) };
      case 'not':
      case 'negate':
      case 'complement':
        return { ...e, operand: expression(e.operand) };
      case 'binary':
        return binary(e.operator, expression(e.left), expression(e.right));
      case 'choose':
        return choose(expression(e.condition), expression(e.then), expression(e.else));
    }
  };

  const code = (slot: number, e: Expression, splits = 3): Expression => {
    const own = values[slot] ?? [];
    const codeOf = (v: number): number => Math.max(0, own.indexOf(v));
    if (e.op === 'constant') return constant(codeOf(e.value));
    if (e.op === 'choose') return choose(expression(e.condition), code(slot, e.then, splits), code(slot, e.else, splits));
    const whole = tabulated(e, codeOf);
    if (whole !== null) return whole;
    // By the values of something it depends on, so that nothing large is ever computed.
    const leaf = splits === 0 ? null : splitOf(e);
    if (leaf !== null) {
      const [first, ...rest] = leaf.values;
      const branch = (v: number): Expression => code(slot, replacedExpression(e, leaf.e, v, system.tables), splits - 1);
      return rest.reduce<Expression>(
        (otherwise, v) => choose(expression(binary('==', leaf.e, constant(v))), branch(v), otherwise),
        branch(first),
      );
    }
    const value = expression(e);
    return own
      .slice(1)
      .reduce<Expression>((otherwise, v, i) => choose(binary('==', value, constant(v)), constant(i + 1), otherwise), constant(0));
  };
  /** A choice or a variable with few values inside an expression. */
  const splitOf = (e: Expression): { readonly e: Expression; readonly values: readonly number[] } | null => {
    let found: { readonly e: Expression; readonly values: readonly number[] } | null = null;
    visitExpression(e, (n) => {
      if (found !== null || n.op !== 'load' || names[n.slot] === 1) return;
      const all = held[n.slot].values;
      // In order, so that identical agents have the same choices.
      if (all !== null && all.size <= 8) found = { e: n, values: [...all].sort((x, y) => x - y) };
    });
    return found;
  };
  return { tables, isCoded: (slot) => values[slot] !== null, expression, code: (slot, e) => code(slot, e) };
}

/** With a slot's value put in, and folded. */
function replaced(e: Expression, slot: number, value: number, tables: System['tables']): Expression {
  return replacedExpression(e, load(slot), value, tables);
}

function replacedExpression(e: Expression, what: Expression, value: number, tables: System['tables']): Expression {
  const inside = (x: Expression): Expression => replacedExpression(x, what, value, tables);
  switch (e.op) {
    case 'constant':
      return e;
    case 'load':
      return what.op === 'load' && e.slot === what.slot ? constant(value) : e;
    case 'element':
      return { ...e, index: inside(e.index) };
    case 'table': {
      const index = inside(e.index);
      return index.op === 'constant' ? constant(tables[e.table][index.value] ?? 0) : { ...e, index };
    }
    case 'not':
    case 'negate':
    case 'complement': {
      const operand = inside(e.operand);
      if (operand.op !== 'constant') return { ...e, operand };
      const value = e.op === 'not' ? Number(operand.value === 0) : e.op === 'negate' ? 0 - operand.value : -1 - operand.value;
      return Number.isSafeInteger(value) ? constant(value) : { ...e, operand };
    }
    case 'binary':
      return binary(e.operator, inside(e.left), inside(e.right));
    case 'choose':
      return choose(inside(e.condition), inside(e.then), inside(e.else));
  }
}

/** What stays as it is keeps its identity: most of a system does. */
function rewriteLocation(x: Rewriter, l: Location): Location {
  return {
    ...l,
    wait: l.wait?.holder ? { ...l.wait, holder: { ...l.wait.holder, value: x.expression(l.wait.holder.value) } } : l.wait,
    access: l.access?.index ? { ...l.access, index: x.expression(l.access.index) } : l.access,
    steps: l.steps.map((s): Step => {
      const guard = s.guard === null ? null : x.expression(s.guard);
      const body = rewriteBody(x, s.body);
      return guard === s.guard && body === s.body ? s : { ...s, guard, body };
    }),
  };
}

function rewriteBody(x: Rewriter, body: readonly Statement[]): readonly Statement[] {
  const rewritten = body.map((s) => rewriteStatement(x, s));
  return rewritten.every((s, i) => s === body[i]) ? body : rewritten;
}

function rewriteStatement(x: Rewriter, s: Statement): Statement {
  switch (s.op) {
    case 'set': {
      const value = x.isCoded(s.slot) ? x.code(s.slot, s.value) : x.expression(s.value);
      return value === s.value ? s : { ...s, value };
    }
    case 'setElement': {
      const index = x.expression(s.index);
      const value = x.expression(s.value);
      return index === s.index && value === s.value ? s : { ...s, index, value };
    }
    case 'if': {
      const condition = x.expression(s.condition);
      const then = rewriteBody(x, s.then);
      const otherwise = rewriteBody(x, s.else);
      return condition === s.condition && then === s.then && otherwise === s.else ? s : { ...s, condition, then, else: otherwise };
    }
    case 'fail':
    case 'report': {
      const object = s.object && x.expression(s.object);
      const by = s.by && x.expression(s.by);
      return object === s.object && by === s.by ? s : { ...s, object, by };
    }
    case 'goto':
    case 'disable':
      return s;
  }
}
