// What each slot can ever hold, from what is ever written to it: declared types are wide (an `int` is 32 bits), and states have to be small.
// Keeps small sets of values, bounds beyond that. Of the order of steps it knows no more than which locations lead to which.
import { zero } from '../../system/expression.ts';
import type { Expression, Location, Statement, System } from '../../system/system.ts';
import { type Interval, intervalOf, slotRanges } from '../plain/range.ts';
import { type Look, type Term, Terms } from './terms.ts';
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
  comesTo(agent: number, location: number): boolean;
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
  const n = new Narrowing(system, initials.length > 0 ? initials : [system.initial]);
  for (let done = 1; ; done++) {
    if (done % LOCATIONS_AT_ONCE === 0) yield;
    if (n.goThroughNext()) continue;
    while (!n.terms.settle(LOOKS_AT_ONCE)) yield;
    if (!n.isOpen) return n;
  }
}

class Narrowing implements Narrow {
  readonly system: System;
  readonly held: readonly Held[];
  readonly ranges: Interval[];
  readonly terms: Terms;
  private readonly declared: readonly Interval[];
  private readonly bounds: Bounds;
  /** By slot: the agent that stands where it says. */
  private readonly standing: ReadonlyMap<number, number>;
  private readonly entered: readonly Uint8Array[];
  private readonly open: Location[] = [];
  private readonly openAt: number[] = [];

  constructor(system: System, starts: ReadonlyArray<readonly number[]>) {
    this.system = system;
    this.declared = slotRanges(system);
    this.held = this.declared.map((_, slot): Held => {
      const values = starts.map((s) => s[slot]);
      return values.length === 1
        ? { values: one(values[0]), range: { low: values[0], high: values[0] }, growth: 0 }
        : { values: new Set(values), range: hull(values), growth: 0 };
    });
    this.ranges = this.held.map((h) => h.range);
    this.bounds = boundsOf(this.declared);
    this.terms = new Terms(system, this.held);
    this.standing = new Map(system.agents.map((a, agent) => [a.slot, agent]));
    this.entered = system.agents.map((a) => new Uint8Array(a.locations.length));
    system.agents.forEach((a, agent) => this.arrive(agent, this.held[a.slot].values ?? this.held[a.slot].range));
  }

  comesTo(agent: number, location: number): boolean {
    return this.entered[agent][location] === 1;
  }

  get isOpen(): boolean {
    return this.open.length > 0;
  }

  /** Goes through the steps of a location that an agent can come to; false where all are done. */
  goThroughNext(): boolean {
    const location = this.open.pop();
    const slot = this.openAt.pop();
    if (location === undefined || slot === undefined) return false;
    for (const s of location.steps) {
      if (s.guard === null) this.run(s.body, slot);
      else this.branch(s.guard, s.body, [], slot);
    }
    return true;
  }

  /** An agent can come to some locations: those that it could not come to before are gone through. */
  private arrive(agent: number, where: ReadonlySet<number> | Interval): void {
    if (where instanceof Set) for (const l of where) this.arriveAt(agent, l);
    else for (let l = (where as Interval).low; l <= (where as Interval).high; l++) this.arriveAt(agent, l);
  }

  private arriveAt(agent: number, l: number): void {
    const { slot, locations } = this.system.agents[agent];
    if (!(l >= 0 && l < locations.length) || this.entered[agent][l] === 1) return;
    this.entered[agent][l] = 1;
    this.open.push(locations[l]);
    this.openAt.push(slot);
  }

  run(body: readonly Statement[], location: number): void {
    for (const s of body) {
      switch (s.op) {
        case 'goto':
          this.put(location, 1, one(s.location));
          break;
        case 'set':
          this.write(s.slot, 1, zero, s.value);
          break;
        case 'setElement':
          this.write(s.slot, s.length, s.index, s.value);
          break;
        case 'if':
          this.branch(s.condition, s.then, s.else, location);
          break;
        case 'report':
          break;
        case 'fail':
        case 'disable':
          return;
      }
    }
  }

  private write(slot: number, length: number, index: Expression, value: Expression): void {
    if (length === 1 && value.op === 'constant') {
      if (this.held[slot].values?.has(value.value) !== true) this.put(slot, 1, one(value.value));
      return;
    }
    const from = this.terms.of(index);
    const what = this.terms.of(value);
    this.terms.watch([from, what], new Written(this, slot, length, value, from, what));
  }

  private branch(condition: Expression, then: readonly Statement[], otherwise: readonly Statement[], location: number): void {
    const truth = this.terms.of(condition);
    this.terms.watch([truth], new Branch(this, truth, then, otherwise, location));
  }

  put(slot: number, length: number, what: ReadonlySet<number> | Interval): void {
    for (let s = slot; s < slot + length; s++) {
      const agent = this.standing.get(s);
      if (agent !== undefined) this.arrive(agent, what);
      if (!add(this.held[s], what, this.declared[s], this.bounds)) continue;
      this.ranges[s] = this.held[s].range;
      this.terms.grown(s);
    }
  }
}

/** What is written can be whatever its expression can come to. */
class Written implements Look {
  isDue = false;
  private readonly n: Narrowing;
  private readonly slot: number;
  private readonly length: number;
  private readonly value: Expression;
  private readonly index: Term;
  private readonly what: Term;

  constructor(n: Narrowing, slot: number, length: number, value: Expression, index: Term, what: Term) {
    this.n = n;
    this.slot = slot;
    this.length = length;
    this.value = value;
    this.index = index;
    this.what = what;
  }

  look(): void {
    const { n, slot, length } = this;
    const values = this.what.values ?? intervalOf(n.system, n.ranges, this.value);
    const at = length === 1 ? one(0) : this.index.values;
    if (at === null) n.put(slot, length, values);
    else for (const i of at) if (i >= 0 && i < length) n.put(slot + i, 1, values);
  }
}

/** Each side runs once the condition can come out that way. */
class Branch implements Look {
  isDue = false;
  private readonly n: Narrowing;
  private readonly truth: Term;
  private then: readonly Statement[];
  private otherwise: readonly Statement[];
  private readonly location: number;

  constructor(n: Narrowing, truth: Term, then: readonly Statement[], otherwise: readonly Statement[], location: number) {
    this.n = n;
    this.truth = truth;
    this.then = then;
    this.otherwise = otherwise;
    this.location = location;
  }

  look(): void {
    const { n, truth, then, otherwise, location } = this;
    if (then.length > 0 && canComeOut(truth.values, true)) {
      this.then = [];
      n.run(then, location);
    }
    if (otherwise.length > 0 && canComeOut(truth.values, false)) {
      this.otherwise = [];
      n.run(otherwise, location);
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
