// What each slot can ever hold, from what is ever written to it: declared types are wide (an `int` is 32 bits), and states have to be small.
// Keeps small sets of values, bounds beyond that. Of the order of steps it knows no more than which locations lead to which.
import { load, zero } from '../../system/expression.ts';
import type { Expression, Statement, System } from '../../system/system.ts';
import { type Interval, intervalOf, slotRanges } from '../plain/range.ts';
import { canBe, type Held, SET, valuesOf } from './values.ts';
import { visitExpression } from './visit.ts';

/** Bounds that grow more often than this become the declared ones. */
const GROWTH = 6;

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
    const values = starts.map((s) => s[slot]);
    return { values: new Set(values), range: hull(values), growth: 0 };
  });
  const ranges = held.map((h) => h.range);
  const entered = system.agents.map((a) => new Uint8Array(a.locations.length));
  const readers: Array<Look[] | undefined> = new Array<Look[] | undefined>(system.slots);
  const queue: Look[] = [];
  system.agents.forEach((a, agent) => watch([load(a.slot)], () => enter(agent)));
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
        else branch(s.guard, s.body, [], slot);
      }
    }
  }

  function run(body: readonly Statement[], location: number): void {
    for (const s of body) {
      switch (s.op) {
        case 'goto':
          put(location, 1, one(s.location));
          break;
        case 'set':
          write(s.slot, 1, zero, s.value);
          break;
        case 'setElement':
          write(s.slot, s.length, s.index, s.value);
          break;
        case 'if':
          branch(s.condition, s.then, s.else, location);
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
    if (length === 1 && value.op === 'constant') {
      put(slot, 1, one(value.value));
      return;
    }
    watch([index, value], () => {
      const what = valuesOf(system, held, value) ?? intervalOf(system, ranges, value);
      const at = length === 1 ? one(0) : valuesOf(system, held, index);
      if (at === null) put(slot, length, what);
      else for (const i of at) if (i >= 0 && i < length) put(slot + i, 1, what);
    });
  }

  /** Each side once the condition can come out that way. */
  function branch(condition: Expression, then: readonly Statement[], otherwise: readonly Statement[], location: number): void {
    let met = then.length === 0;
    let failed = otherwise.length === 0;
    watch([condition], () => {
      if (!met && canBe(system, held, condition, true)) {
        met = true;
        run(then, location);
      }
      if (!failed && canBe(system, held, condition, false)) {
        failed = true;
        run(otherwise, location);
      }
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
    }
  }
}

/** What is looked at again when a slot that it reads can hold more. */
interface Look {
  readonly look: () => void;
  queued: boolean;
}

function one(value: number): ReadonlySet<number> {
  return new Set([value]);
}

function add(h: Held, what: ReadonlySet<number> | Interval, declared: Interval): boolean {
  if (!(what instanceof Set)) {
    const had = h.values !== null;
    h.values = null;
    return widen(h, what as Interval, declared) || had;
  }
  const news: number[] = [];
  for (const v of what as ReadonlySet<number>) {
    if (h.values?.has(v) !== true && v >= declared.low && v <= declared.high) news.push(v);
  }
  if (news.length === 0) return false;
  if (h.values === null) return widen(h, hull(news), declared);
  const all = [...h.values, ...news];
  h.values = all.length > SET ? null : new Set(all);
  h.range = hull(all);
  return true;
}

function widen(h: Held, to: Interval, declared: Interval): boolean {
  const low = Math.max(declared.low, Math.min(h.range.low, to.low));
  const high = Math.min(declared.high, Math.max(h.range.high, to.high));
  if (low === h.range.low && high === h.range.high) return false;
  h.growth++;
  h.range = h.growth > GROWTH ? declared : { low, high };
  return true;
}

function hull(values: readonly number[]): Interval {
  return { low: Math.min(...values), high: Math.max(...values) };
}
