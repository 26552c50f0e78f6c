// What each slot can ever hold, from what is ever written to it: declared types are wide (an `int` is 32 bits), and states have to be small.
// Keeps small sets of values, bounds beyond that. Of the order of steps it knows no more than which locations lead to which.
import { zero } from '../../system/expression.ts';
import type { Expression, Location, Statement, System } from '../../system/system.ts';
import { type Interval, intervalOf, slotRanges } from '../plain/range.ts';
import { makeTerms, type Terms } from './terms.ts';
import { finished, LOCATIONS_AT_ONCE } from '../slices.ts';
import { canComeOut, type Held, SET } from './values.ts';

/** Bounds that grow more often than this become declared ones: the next of any variable, as values are mostly copied. */
const GROWTH = 6;

/** Steps of looking at expressions again between two yields. */
const LOOKS_AT_ONCE = 1000;

/** By slot; one that only ever holds its first value has equal bounds. */
export function rangesOf(held: ReadonlyArray<Readonly<Held>>): readonly Interval[] {
  return held.map((h) => h.range);
}

/** What can happen as far as values tell. */
export interface Narrow {
  /** By slot: all values where they are few, and bounds. */
  readonly held: ReadonlyArray<Readonly<Held>>;
  /** Every expression with the values that it can have. */
  readonly terms: Terms;
  readonly comesTo: (agent: number, location: number) => boolean;
}

/** By slot: all values where they are few, and bounds. */
export function heldBy(system: System, initials: ReadonlyArray<readonly number[]>): Narrow['held'] {
  return finished(narrowing(system, initials)).held;
}

/**
 * Only what can happen counts: steps at locations that their agent comes to, under conditions that some values meet. Yields every few
 * milliseconds.
 */
export function* narrowing(system: System, initials: ReadonlyArray<readonly number[]>): Generator<void, Narrow> {
  const declared = slotRanges(system);
  const starts = initials.length > 0 ? initials : [system.initial];
  const held = declared.map((_, slot): Held => {
    const values = starts.map((s) => s[slot]);
    return values.length === 1
      ? { values: one(values[0]), range: { low: values[0], high: values[0] }, growth: 0 }
      : { values: new Set(values), range: hull(values), growth: 0 };
  });
  const ranges = held.map((h) => h.range);
  const bounds = boundsOf(declared);
  const terms = makeTerms(system, held);
  /** By slot: the agent that stands where it says. */
  const standing = new Map(system.agents.map((a, agent) => [a.slot, agent]));
  const entered = system.agents.map((a) => new Uint8Array(a.locations.length));
  const open: Location[] = [];
  const openAt: number[] = [];
  system.agents.forEach((a, agent) => arrive(agent, held[a.slot].values ?? held[a.slot].range));
  for (let done = 1; ; done++) {
    if (done % LOCATIONS_AT_ONCE === 0) yield;
    const location = open.pop();
    const slot = openAt.pop();
    if (location === undefined || slot === undefined) {
      while (!terms.settle(LOOKS_AT_ONCE)) yield;
      if (open.length === 0) return { held, terms, comesTo: (agent, l) => entered[agent][l] === 1 };
      continue;
    }
    for (const s of location.steps) {
      if (s.guard === null) run(s.body, slot);
      else branch(s.guard, s.body, [], slot);
    }
  }

  /** An agent can come to some locations: those that it could not come to before are gone through. */
  function arrive(agent: number, where: ReadonlySet<number> | Interval): void {
    const { slot, locations } = system.agents[agent];
    const at = (l: number): void => {
      if (!(l >= 0 && l < locations.length) || entered[agent][l] === 1) return;
      entered[agent][l] = 1;
      open.push(locations[l]);
      openAt.push(slot);
    };
    if (where instanceof Set) for (const l of where) at(l);
    else for (let l = (where as Interval).low; l <= (where as Interval).high; l++) at(l);
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
      if (held[slot].values?.has(value.value) !== true) put(slot, 1, one(value.value));
      return;
    }
    const from = terms.of(index);
    const what = terms.of(value);
    terms.watch([from, what], () => {
      const values = what.values ?? intervalOf(system, ranges, value);
      const at = length === 1 ? one(0) : from.values;
      if (at === null) put(slot, length, values);
      else for (const i of at) if (i >= 0 && i < length) put(slot + i, 1, values);
    });
  }

  /** Each side once the condition can come out that way. */
  function branch(condition: Expression, then: readonly Statement[], otherwise: readonly Statement[], location: number): void {
    let met = then.length === 0;
    let failed = otherwise.length === 0;
    const truth = terms.of(condition);
    terms.watch([truth], () => {
      if (!met && canComeOut(truth.values, true)) {
        met = true;
        run(then, location);
      }
      if (!failed && canComeOut(truth.values, false)) {
        failed = true;
        run(otherwise, location);
      }
    });
  }

  function put(slot: number, length: number, what: ReadonlySet<number> | Interval): void {
    for (let s = slot; s < slot + length; s++) {
      const agent = standing.get(s);
      if (agent !== undefined) arrive(agent, what);
      if (!add(held[s], what, declared[s], bounds)) continue;
      ranges[s] = held[s].range;
      terms.grown(s);
    }
  }
}

/** Sets of one small number, which are most. */
const singles = Array.from({ length: 64 }, (_, value): ReadonlySet<number> => new Set([value]));

function one(value: number): ReadonlySet<number> {
  return singles[value] ?? new Set([value]);
}

function add(h: Held, what: ReadonlySet<number> | Interval, declared: Interval, all: Bounds): boolean {
  if (!(what instanceof Set)) {
    const had = h.values !== null;
    h.values = null;
    return widen(h, what as Interval, declared, all) || had;
  }
  if (h.values !== null && isWithin(what as ReadonlySet<number>, h.values)) return false;
  const news: number[] = [];
  for (const v of what as ReadonlySet<number>) {
    if (h.values?.has(v) !== true && v >= declared.low && v <= declared.high) news.push(v);
  }
  if (news.length === 0) return false;
  if (h.values === null) return widen(h, hull(news), declared, all);
  const values = [...h.values, ...news];
  h.values = values.length > SET ? null : new Set(values);
  h.range = hull(values);
  return true;
}

function isWithin(some: ReadonlySet<number>, all: ReadonlySet<number>): boolean {
  for (const v of some) if (!all.has(v)) return false;
  return true;
}

function widen(h: Held, to: Interval, declared: Interval, all: Bounds): boolean {
  let low = Math.max(declared.low, Math.min(h.range.low, to.low));
  let high = Math.min(declared.high, Math.max(h.range.high, to.high));
  if (low === h.range.low && high === h.range.high) return false;
  if (++h.growth > GROWTH) {
    if (low < h.range.low) low = Math.max(declared.low, all.lows.find((l) => l <= low) ?? declared.low);
    if (high > h.range.high) high = Math.min(declared.high, all.highs.find((l) => l >= high) ?? declared.high);
  }
  h.range = { low, high };
  return true;
}

/** The bounds that any variable is declared with, from the inside to the outside. */
interface Bounds {
  readonly lows: readonly number[];
  readonly highs: readonly number[];
}

function boundsOf(declared: readonly Interval[]): Bounds {
  return {
    lows: [...new Set(declared.map((d) => d.low))].sort((a, b) => b - a),
    highs: [...new Set(declared.map((d) => d.high))].sort((a, b) => a - b),
  };
}

function hull(values: readonly number[]): Interval {
  return { low: Math.min(...values), high: Math.max(...values) };
}
