// What each slot can ever hold, from what is ever written to it: declared types are wide (an `int` is 32 bits), and states have to be small.
// Keeps small sets of values, bounds beyond that. Never looks at the order of steps, so every reachable state is inside.
import { binary, constant } from '../../system/expression.ts';
import type { Expression, Statement, System } from '../../system/system.ts';
import { type Interval, intervalOf, slotRanges } from '../plain/range.ts';
import { visitExpression, visitSystem } from './visit.ts';

/** Sets larger than this become bounds. */
const SET = 16;
/** Bounds that grow more often than this become the declared ones. */
const GROWTH = 6;

interface Write {
  readonly slot: number;
  readonly length: number;
  readonly value: Expression;
}

export interface Held {
  /** Null: anything within the bounds. */
  values: ReadonlySet<number> | null;
  range: Interval;
  growth: number;
}

/** By slot; one that only ever holds its first value has equal bounds. */
export function rangesOf(held: ReadonlyArray<Readonly<Held>>): readonly Interval[] {
  return held.map((h) => h.range);
}

/** By slot: all values where they are few, and bounds. */
export function heldBy(system: System, initials: ReadonlyArray<readonly number[]>): ReadonlyArray<Readonly<Held>> {
  const declared = slotRanges(system);
  const starts = initials.length > 0 ? initials : [system.initial];
  const held = declared.map((_, slot): Held => {
    const values = new Set(starts.map((s) => s[slot]));
    return { values, range: hull(values), growth: 0 };
  });
  const ranges = held.map((h) => h.range);
  const writes: Write[] = [];
  const readers = new Map<number, number[]>();
  visitSystem(system, {
    expression: () => {},
    statement: (s: Statement, agent) => {
      if (s.op === 'goto') addValue(system.agents[agent].slot, 1, s.location);
      else if (s.op === 'set' || s.op === 'setElement') {
        const length = s.op === 'set' ? 1 : s.length;
        if (s.value.op === 'constant') addValue(s.slot, length, s.value.value);
        else writes.push({ slot: s.slot, length, value: s.value });
      }
    },
  });
  let index = 0;
  const note = (e: Expression): void => {
    if (e.op !== 'load' && e.op !== 'element') return;
    for (let slot = e.slot; slot < e.slot + (e.op === 'load' ? 1 : e.length); slot++) {
      const known = readers.get(slot);
      if (known === undefined) readers.set(slot, [index]);
      else if (known[known.length - 1] !== index) known.push(index);
    }
  };
  for (; index < writes.length; index++) visitExpression(writes[index].value, note);
  const queue = [...writes.keys()];
  const queued = new Uint8Array(writes.length).fill(1);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    queued[next] = 0;
    const { slot, length, value } = writes[next];
    for (const changed of addAll(slot, length, valuesOf(system, held, value) ?? intervalOf(system, ranges, value))) {
      for (const reader of readers.get(changed) ?? []) {
        if (queued[reader] === 0) queue.push(reader);
        queued[reader] = 1;
      }
    }
  }
  return held;

  /** Most of what is written is a constant, and has been written before. */
  function addValue(slot: number, length: number, value: number): void {
    for (let s = slot; s < slot + length; s++) if (held[s].values?.has(value) !== true) addAll(s, 1, new Set([value]));
  }

  /** The slots that can hold more than before. */
  function addAll(slot: number, length: number, what: ReadonlySet<number> | Interval): readonly number[] {
    const changed: number[] = [];
    for (let s = slot; s < slot + length; s++) {
      if (!add(held[s], what, declared[s])) continue;
      ranges[s] = held[s].range;
      changed.push(s);
    }
    return changed;
  }
}

function add(h: Held, what: ReadonlySet<number> | Interval, declared: Interval): boolean {
  if (what instanceof Set) {
    const inside = [...what].filter((v) => v >= declared.low && v <= declared.high);
    if (h.values !== null) {
      const { values } = h;
      if (inside.every((v) => values.has(v))) return false;
      const all = new Set([...values, ...inside]);
      h.values = all.size > SET ? null : all;
      h.range = hull(all);
      return true;
    }
    return inside.length > 0 && widen(h, hull(new Set(inside)), declared);
  }
  const range = what as Interval;
  const had = h.values !== null;
  h.values = null;
  return widen(h, range, declared) || had;
}

function widen(h: Held, to: Interval, declared: Interval): boolean {
  const low = Math.max(declared.low, Math.min(h.range.low, to.low));
  const high = Math.min(declared.high, Math.max(h.range.high, to.high));
  if (low === h.range.low && high === h.range.high) return false;
  h.growth++;
  h.range = h.growth > GROWTH ? declared : { low, high };
  return true;
}

function hull(values: ReadonlySet<number>): Interval {
  return { low: Math.min(...values), high: Math.max(...values) };
}

/** Every value that an expression can have; null where they are not few. */
export function valuesOf(system: System, held: readonly Held[], e: Expression): ReadonlySet<number> | null {
  switch (e.op) {
    case 'constant':
      return new Set([e.value]);
    case 'load':
      return held[e.slot].values;
    case 'element': {
      const index = valuesOf(system, held, e.index);
      const all = new Set<number>();
      for (let i = 0; i < e.length; i++) {
        if (index !== null && !index.has(i)) continue;
        const { values } = held[e.slot + i];
        if (values === null) return null;
        for (const v of values) all.add(v);
      }
      return few(all);
    }
    case 'table': {
      const index = valuesOf(system, held, e.index);
      const table = system.tables[e.table];
      return few(new Set(index === null ? table : [...index].flatMap((i) => (i >= 0 && i < table.length ? [table[i]] : []))));
    }
    case 'not':
    case 'negate':
    case 'complement': {
      const operand = valuesOf(system, held, e.operand);
      if (operand === null) return e.op === 'not' ? new Set([0, 1]) : null;
      return new Set([...operand].map((v) => (e.op === 'not' ? Number(v === 0) : e.op === 'negate' ? 0 - v : -1 - v)));
    }
    case 'choose': {
      const condition = valuesOf(system, held, e.condition);
      const all = new Set<number>();
      for (const [part, taken] of [
        [e.then, condition === null || [...condition].some((v) => v !== 0)],
        [e.else, condition === null || condition.has(0)],
      ] as const) {
        if (!taken) continue;
        const values = valuesOf(system, held, part);
        if (values === null) return null;
        for (const v of values) all.add(v);
      }
      return few(all);
    }
    case 'binary': {
      const left = valuesOf(system, held, e.left);
      const right = valuesOf(system, held, e.right);
      if (left === null || right === null) return isTruth(e.operator) ? new Set([0, 1]) : null;
      const all = new Set<number>();
      for (const a of left) {
        for (const b of right) {
          if ((e.operator === '<<' || e.operator === '>>') && !(b >= 0 && b < 64)) continue;
          const folded = binary(e.operator, constant(a), constant(b));
          if (folded.op !== 'constant' || !Number.isSafeInteger(folded.value)) return null;
          all.add(folded.value + 0);
          if (all.size > SET) return null;
        }
      }
      return all;
    }
  }
}

function isTruth(operator: string): boolean {
  return ['==', '!=', '<', '<=', '>', '>=', '&&', '||'].includes(operator);
}

function few(values: ReadonlySet<number>): ReadonlySet<number> | null {
  return values.size > SET ? null : values;
}
