// What follows from one look at the clock: the code is followed from there on, step by step, with the time as a symbol; what cannot be followed makes
// every nanosecond a critical instant.
import type { Expression, Location, Statement, Step } from '../system/system.ts';
import { and, binary, choose, constant, load, plus, table, zero } from '../system/expression.ts';
import type { Clock, Countdown } from './clock.ts';
import { contains } from './search.ts';
import type { TimeSlots } from './timeSlots.ts';
import { combine, dependsOnTime, either, expressionOf, later, lost, opaque, plain, theTime, turns, unknown, within, type TimeValue } from './timeValue.ts';

/** Steps that are followed from one look at the clock; beyond them, every nanosecond is critical. */
const MOST_STEPS = 400;
/** How often one step is followed with the same values of the clock, and others of everything else. */
const MOST_VISITS = 4;

/** A countdown that somebody may compare with a number: what is left, not only that it is over. Null: none. */
export function countdownOf(clock: Clock, slot: number): Countdown | null {
  for (const c of clock.countdowns.values()) if (isCompared(c) && slot >= c.slot && slot < c.slot + c.length) return c;
  return null;
}

/** The slots of all that there are. */
export function countedSlots(clock: Clock): number[] {
  return [...clock.countdowns.values()].filter(isCompared).flatMap((c) => Array.from({ length: c.length }, (_, i) => c.slot + i));
}

const isCompared = (c: Countdown): boolean => !c.drives && c.compared;

type Values = ReadonlyMap<number, TimeValue>;

interface Outcome {
  readonly values: Map<number, TimeValue>;
  /** Null: the run goes on behind this statement. */
  readonly goto: number | null;
}

/** What follows from one look at the clock, or at a slot that somebody has left in it what the clock showed: `symbol`. */
export class Walk {
  /** The instants at which something turns. */
  instants: Expression[] = [];
  /** How far the next step of a PTIMER is ahead. */
  lefts: Expression[] = [];
  fails = false;
  /** What was seen is held against what a later look has seen. */
  meetsLater = false;
  /** Shared slots that what was seen is stored in. */
  readonly escapes = new Set<number>();
  private steps = 0;
  private readonly visits = new Map<string, Set<string>>();
  /** In the step of the look itself: the clock is the symbol; later it is another look. */
  private first = true;
  private readonly clock: Clock;
  private readonly symbol: number;
  private readonly locations: readonly Location[];
  private readonly tables: ReadonlyArray<readonly number[]>;
  private readonly isPrivate: (slot: number) => boolean;
  private readonly times: TimeSlots;

  constructor(clock: Clock, symbol: number, locations: readonly Location[], tables: ReadonlyArray<readonly number[]>, isPrivate: (slot: number) => boolean, times: TimeSlots) {
    this.clock = clock;
    this.symbol = symbol;
    this.locations = locations;
    this.tables = tables;
    this.isPrivate = isPrivate;
    this.times = times;
  }

  joins(other: Walk): void {
    this.lefts.push(...other.lefts);
    this.instants.push(...other.instants);
    this.fails = this.fails || other.fails;
    this.meetsLater ||= other.meetsLater;
    for (const slot of other.escapes) this.escapes.add(slot);
  }

  from(step: Step): void {
    const waiting = this.follow(step, new Map());
    this.first = false;
    for (let next = waiting.pop(); next !== undefined && !this.fails; next = waiting.pop()) {
      const { values, goto } = next;
      if (goto === null || ![...values.values()].some(dependsOnTime) || !this.isNew(goto, values)) continue;
      for (const later of this.locations[goto].steps) {
        if (++this.steps > MOST_STEPS) this.fails = true;
        else waiting.push(...this.follow(later, values));
      }
    }
  }

  private isNew(at: number, values: Values): boolean {
    const entries = [...values].sort(([a], [b]) => a - b);
    const seen = `${at} ${JSON.stringify(entries.filter(([, v]) => dependsOnTime(v)))}`;
    const visits = this.visits.get(seen) ?? new Set();
    this.visits.set(seen, visits);
    const all = JSON.stringify(entries);
    if (visits.has(all) || visits.size >= MOST_VISITS) return false;
    visits.add(all);
    return true;
  }

  private follow(step: Step, values: Values): Outcome[] {
    if (step.guard !== null) this.asks(this.valueOf(step.guard, values));
    return this.run(step.body, { values: new Map(values), goto: null });
  }

  private run(body: readonly Statement[], from: Outcome): Outcome[] {
    let outcomes = [from];
    for (const s of body) outcomes = outcomes.flatMap((o) => (o.goto === null ? this.statement(s, o) : [o]));
    return outcomes;
  }

  private statement(s: Statement, o: Outcome): Outcome[] {
    switch (s.op) {
      case 'goto': return [{ values: o.values, goto: s.location }];
      case 'fail': case 'disable': return [];
      case 'report': return [o];
      case 'set': {
        const v = this.valueOf(s.value, o.values);
        o.values.set(s.slot, v);
        if (dependsOnTime(v) && !this.isPrivate(s.slot)) this.escapes.add(s.slot);
        return [o];
      }
      case 'setElement': {
        const v = this.valueOf(s.value, o.values);
        const at = expressionOf(this.valueOf(s.index, o.values));
        for (let i = 0; i < s.length; i++) {
          const slot = s.slot + i;
          if (at?.op === 'constant' ? at.value === i : true) {
            o.values.set(slot, at?.op === 'constant' ? v : either(v, o.values.get(slot) ?? plain(load(slot))));
            if (dependsOnTime(v) && !this.isPrivate(slot)) this.escapes.add(slot);
          }
        }
        return [o];
      }
      case 'if': {
        const condition = this.valueOf(s.condition, o.values);
        this.asks(condition);
        const then = this.run(s.then, { values: new Map(o.values), goto: null });
        const otherwise = this.run(s.else, { values: new Map(o.values), goto: null });
        const here = [...then, ...otherwise].filter((x) => x.goto === null);
        const gone = [...then, ...otherwise].filter((x) => x.goto !== null);
        return here.length < 2 ? [...gone, ...here] : [...gone, here.reduce((a, b) => this.joined(expressionOf(condition), a, b))];
      }
    }
  }

  private joined(condition: Expression | null, a: Outcome, b: Outcome): Outcome {
    const values = new Map<number, TimeValue>();
    for (const slot of new Set([...a.values.keys(), ...b.values.keys()])) {
      const x = a.values.get(slot) ?? plain(load(slot));
      const y = b.values.get(slot) ?? plain(load(slot));
      const [then, otherwise] = [expressionOf(x), expressionOf(y)];
      values.set(slot, condition !== null && then !== null && otherwise !== null ? plain(choose(condition, then, otherwise)) : either(x, y));
    }
    return { values, goto: null };
  }

  /** Somebody decides by it. */
  private asks(v: TimeValue): void {
    if (dependsOnTime(v)) this.compares('!=', v, plain(zero));
  }

  private compares(operator: Parameters<typeof turns>[0], a: TimeValue, b: TimeValue): void {
    this.meet(a, b);
    const instants = turns(operator, a, b);
    if (instants === null) this.fails = true;
    else this.instants.push(...instants.filter((e) => e.op !== 'constant' || e.value > 0));
  }

  /** A time is held against another one, which may be later. */
  private meet(a: TimeValue, b: TimeValue): void {
    if (!dependsOnTime(a) && !dependsOnTime(b)) return;
    const mayBeLater = (e: Expression): boolean => e.op === 'load' && this.times.holds(e.slot) && (this.symbol !== this.clock.time || !this.isPrivate(e.slot));
    this.meetsLater ||= [a, b].some((v) => v.kind === 'later' || (v.kind === 'forms' && v.forms.some((f) => contains(f.rest, mayBeLater))));
  }

  private valueOf(e: Expression, values: Values): TimeValue {
    const stepwise = this.clock.stepwise.get(e);
    if (stepwise !== undefined) {
      if (!this.first || this.symbol !== this.clock.time) return later;
      this.lefts.push(choose(stepwise.unless, zero, stepwise.left));
      return unknown;
    }
    switch (e.op) {
      case 'constant': return plain(e);
      case 'load': return values.get(e.slot) ?? this.loaded(e.slot);
      case 'element': return this.elementOf(e, values);
      case 'table': {
        const index = expressionOf(this.valueOf(e.index, values));
        if (index === null) return this.lost([e.index], values);
        const { length } = this.tables[e.table];
        return plain(table(e.table, this.tables[e.table], choose(and(binary('>=', index, zero), binary('<', index, constant(length))), index, zero)));
      }
      case 'not': {
        const v = this.valueOf(e.operand, values);
        this.asks(v);
        const known = expressionOf(v);
        return known === null ? unknown : plain({ op: 'not', operand: known });
      }
      case 'negate': return combine('-', plain(zero), this.valueOf(e.operand, values));
      case 'complement': return combine('-', plain(constant(-1)), this.valueOf(e.operand, values));
      case 'choose': {
        const condition = this.valueOf(e.condition, values);
        this.asks(condition);
        const known = expressionOf(condition);
        const [then, otherwise] = [this.valueOf(e.then, values), this.valueOf(e.else, values)];
        const [a, b] = [expressionOf(then), expressionOf(otherwise)];
        return known !== null && a !== null && b !== null ? plain(choose(known, a, b)) : either(then, otherwise);
      }
      case 'binary': {
        const a = this.valueOf(e.left, values);
        const b = this.valueOf(e.right, values);
        switch (e.operator) {
          case '==': case '!=': case '<': case '<=': case '>': case '>=': {
            if (dependsOnTime(a) || dependsOnTime(b)) {
              this.compares(e.operator, a, b);
              return unknown;
            }
            return combine(e.operator, a, b);
          }
          case '&&': case '||':
            this.asks(a);
            this.asks(b);
            return dependsOnTime(a) || dependsOnTime(b) ? unknown : combine(e.operator, a, b);
          default:
            if (a.kind === 'later' || b.kind === 'later') this.meet(a, b);
            return combine(e.operator, a, b);
        }
      }
    }
  }

  private loaded(slot: number): TimeValue {
    if (slot === this.symbol) return this.first ? theTime(1, zero) : slot === this.clock.time ? later : plain(load(slot));
    if (slot === this.clock.time) return later;
    if (countdownOf(this.clock, slot) !== null) return this.first ? theTime(-1, plus(load(slot), load(this.clock.time))) : later;
    return plain(load(slot));
  }

  private elementOf(e: Extract<Expression, { op: 'element' }>, values: Values): TimeValue {
    const index = expressionOf(this.valueOf(e.index, values));
    const changed = Array.from({ length: e.length }, (_, i) => values.get(e.slot + i)).filter((v) => v !== undefined);
    const counts = countdownOf(this.clock, e.slot) !== null;
    if (index === null) return changed.some(dependsOnTime) || counts ? opaque : this.lost([e.index], values);
    if (index.op === 'constant' && index.value >= 0 && index.value < e.length) return values.get(e.slot + index.value) ?? this.loaded(e.slot + index.value);
    const unchanged = within(e.slot, e.length, index);
    const isSymbol = this.symbol >= e.slot && this.symbol < e.slot + e.length;
    const before: TimeValue = counts ? opaque : isSymbol && this.first ? either(theTime(1, zero), plain(unchanged)) : plain(unchanged);
    return changed.reduce((a, b) => either(a, b), before);
  }

  /** It depends on what is not known by an expression; on the instant, where one of its parts does. */
  private lost(parts: readonly Expression[], values: Values): TimeValue {
    return parts.some((p) => dependsOnTime(this.valueOf(p, values))) ? opaque : lost;
  }
}
