// What each slot can ever hold, from what is ever written to it: declared types are wide (an `int` is 32 bits), and states have to be small.
// Keeps small sets of values, bounds beyond that. Of the order of steps it knows no more than which locations lead to which.
import { binary, constant, zero } from '../../system/expression.ts';
import type { Expression, Statement, System } from '../../system/system.ts';
import { type Interval, intervalOf, slotRanges } from '../plain/range.ts';
import { visitExpression } from './visit.ts';

/** Sets larger than this become bounds. */
const SET = 16;
/** Bounds that grow more often than this become the declared ones. */
const GROWTH = 6;

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

/**
 * By slot: all values where they are few, and bounds. Only what can happen counts: steps at locations that their agent comes to, under
 * conditions that some values meet.
 */
export function heldBy(system: System, initials: ReadonlyArray<readonly number[]>): ReadonlyArray<Readonly<Held>> {
  const declared = slotRanges(system);
  const starts = initials.length > 0 ? initials : [system.initial];
  const held = declared.map((_, slot): Held => {
    const values = new Set(starts.map((s) => s[slot]));
    return { values, range: hull(values), growth: 0 };
  });
  const ranges = held.map((h) => h.range);
  const agentAt = new Map(system.agents.map((a, agent) => [a.slot, agent]));
  const entered = system.agents.map((a) => new Uint8Array(a.locations.length));
  const readers: Array<Look[] | undefined> = new Array<Look[] | undefined>(system.slots);
  const queue: Look[] = [];
  for (const agent of system.agents.keys()) enter(agent);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    next.queued = false;
    next.look();
  }
  return held;

  /** Goes through the steps of every location that an agent can have come to since the last time. */
  function enter(agent: number): void {
    const { slot, locations } = system.agents[agent];
    const { values, range } = held[slot];
    for (let l = Math.max(0, range.low); l <= range.high && l < locations.length; l++) {
      if (entered[agent][l] === 1 || values?.has(l) === false) continue;
      entered[agent][l] = 1;
      for (const s of locations[l].steps) {
        if (s.guard === null) run(s.body, slot);
        else when(s.guard, true, () => run(s.body, slot));
      }
    }
  }

  function run(body: readonly Statement[], location: number): void {
    for (const s of body) {
      switch (s.op) {
        case 'goto':
          put(location, 1, only(s.location));
          break;
        case 'set':
          write(s.slot, 1, zero, s.value);
          break;
        case 'setElement':
          write(s.slot, s.length, s.index, s.value);
          break;
        case 'if':
          when(s.condition, true, () => run(s.then, location));
          when(s.condition, false, () => run(s.else, location));
          break;
        case 'report':
          break;
        case 'fail':
        case 'disable':
          return;
      }
    }
  }

  function write(slot: number, length: number, index: Expression, value: Expression): void {
    watch([index, value], () => {
      const what = valuesOf(system, held, value) ?? intervalOf(system, ranges, value);
      const at = length === 1 ? only(0) : valuesOf(system, held, index);
      if (at === null) put(slot, length, what);
      else for (const i of at) if (i >= 0 && i < length) put(slot + i, 1, what);
    });
  }

  /** Once a condition can be met, or can fail. */
  function when(condition: Expression, met: boolean, what: () => void): void {
    let done = false;
    watch([condition], () => {
      if (done || !canBe(system, held, condition, met)) return;
      done = true;
      what();
    });
  }

  /** Looks now, and again whenever a slot that is read can hold more. */
  function watch(what: readonly Expression[], look: () => void): void {
    const own: Look = { look, queued: true };
    const note = (e: Expression): void => {
      if (e.op !== 'load' && e.op !== 'element') return;
      for (let slot = e.slot; slot < e.slot + (e.op === 'load' ? 1 : e.length); slot++) {
        const known = readers[slot];
        if (known === undefined) readers[slot] = [own];
        else if (known[known.length - 1] !== own) known.push(own);
      }
    };
    for (const e of what) visitExpression(e, note);
    queue.push(own);
  }

  function put(slot: number, length: number, what: ReadonlySet<number> | Interval): void {
    for (let s = slot; s < slot + length; s++) {
      if (!add(held[s], what, declared[s])) continue;
      ranges[s] = held[s].range;
      for (const reader of readers[s] ?? []) {
        if (!reader.queued) queue.push(reader);
        reader.queued = true;
      }
      const agent = agentAt.get(s);
      if (agent !== undefined) enter(agent);
    }
  }
}

/** What is looked at again when a slot that it reads can hold more. */
interface Look {
  readonly look: () => void;
  queued: boolean;
}

function only(value: number): ReadonlySet<number> {
  return new Set([value]);
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

/** Whether a condition can be met (or can fail, for `met` false) as far as these sets tell. */
function canBe(system: System, held: readonly Held[], e: Expression, met: boolean): boolean {
  if (e.op === 'not') return canBe(system, held, e.operand, !met);
  if (e.op === 'binary') {
    const { operator, left, right } = e;
    const all = operator === '&&' ? met : operator === '||' ? !met : null;
    if (all !== null)
      return all
        ? canBe(system, held, left, met) && canBe(system, held, right, met)
        : canBe(system, held, left, met) || canBe(system, held, right, met);
    if ((operator === '==' || operator === '!=') && left.op === 'load' && right.op === 'constant') {
      const { values, range } = held[left.slot];
      const same = (operator === '==') === met;
      if (values !== null) return same ? values.has(right.value) : values.size > 1 || !values.has(right.value);
      return same ? range.low <= right.value && right.value <= range.high : true;
    }
  }
  const values = valuesOf(system, held, e);
  return values === null || (met ? values.size > 1 || !values.has(0) : values.has(0));
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
