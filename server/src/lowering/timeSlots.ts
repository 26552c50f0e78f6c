// Which slots hold a time of the CPU, or something computed from one, and how far a time can be from another one for any comparison of the two to turn.
// What a PTIMER shows is no time here: each of its steps is an instant, whatever is asked of it.
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, constant, equal, load, not, or, plus, zero } from '../system/expression.ts';
import { partsOf } from '../system/parts.ts';
import type { Clock } from './clock.ts';
import type { AgentProgram } from './instants.ts';
import { eachExpression } from './search.ts';
import { FAR } from './timeValue.ts';

/** ns: as many beginnings of each agent are looked at. */
const SMALL = 256;
/** So many rounds of values that grow; what grows longer has no bound. */
const ROUNDS = 8;
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];
/** What gives yes or no: no time any more. */
const ANSWERS: readonly string[] = [...COMPARISONS, '&&', '||'];

export class TimeSlots {
  /** Two times that are farther apart than this, in ns, give the same answers; so does one that is later than this and a number. */
  readonly apart: number;
  /** All of it is so little that time can go ns by ns where it has to. */
  readonly small: boolean;
  /** What has passed between two times is compared with what has passed between two others. */
  readonly comparesDifferences: boolean;
  private readonly held = new Set<number>();
  /** By slot: the largest absolute value that is written to it, or added to a time that is. */
  private readonly most: Map<number, number>;
  private readonly clock: Clock;
  private readonly tables: ReadonlyArray<readonly number[]>;

  constructor(clock: Clock, programs: ReadonlyArray<AgentProgram | undefined>, tables: ReadonlyArray<readonly number[]>, initial: readonly number[]) {
    this.clock = clock;
    this.tables = tables;
    this.most = new Map([...initial.entries()].map(([slot, value]) => [slot, Math.abs(value)]));
    const steps = programs.flatMap((p) => p?.locations.flatMap((l) => l.steps) ?? []);
    const writes = steps.flatMap((s) => writesOf(s.body));
    this.findTimes(writes);
    this.findSizes(writes);
    const differences = this.differencesIn(writes);
    const isDifference = (e: Expression): boolean => mentions(e, (slot) => differences.has(slot));
    let [apart, compares, shows] = [0, false, false];
    const visit = (e: Expression): void => {
      shows ||= clock.stepwise.has(e);
      partsOf(e).forEach(visit);
      if (e.op !== 'binary' || !COMPARISONS.includes(e.operator)) return;
      const times = this.timesIn(e.left) + this.timesIn(e.right);
      if (times > 0) apart = Math.max(apart, this.sizeOf(e.left) + this.sizeOf(e.right));
      if (times > 2 || (times > 1 && isDifference(e))) compares = true;
    };
    for (const step of steps) {
      if (step.guard !== null) visit(step.guard);
      eachExpression(step.body, visit);
    }
    this.apart = apart;
    this.small = Math.max(clock.most, shows ? clock.wrap : 0, apart) <= SMALL;
    this.comparesDifferences = compares;
  }

  holds(slot: number): boolean {
    return this.held.has(slot);
  }

  /** Some instant that is not past yet is so far from the beginning, or from a time that somebody still has, that a comparison of a later look with it can turn. */
  lieAhead(under: Expression): Expression {
    const now = load(this.clock.time);
    const ahead = [...this.held].map((slot) => and(not(equal(load(slot), zero)), binary('<=', now, plus(load(slot), constant(this.apart)))));
    const counting = [...this.clock.countdowns.values()].filter((c) => !c.drives).flatMap((c) => Array.from({ length: c.length }, (_, i) => binary('>', load(c.slot + i), constant(c.floor))));
    return or(under, binary('<=', now, constant(this.apart)), ...ahead, ...counting);
  }

  private findTimes(writes: readonly Write[]): void {
    for (let before = -1; before !== this.held.size; ) {
      before = this.held.size;
      for (const { slots, value } of writes) {
        if (slots[0] !== this.clock.time && this.timesIn(value) > 0) slots.forEach((slot) => this.held.add(slot));
      }
    }
  }

  /** Slots with what has passed between two times. */
  private differencesIn(writes: readonly Write[]): ReadonlySet<number> {
    const differences = new Set<number>();
    for (let before = -1; before !== differences.size; ) {
      before = differences.size;
      for (const { slots, value } of writes) {
        const times = this.timesIn(value);
        if (times > 1 || (times > 0 && mentions(value, (slot) => differences.has(slot)))) slots.forEach((slot) => differences.add(slot));
      }
    }
    return differences;
  }

  private findSizes(writes: readonly Write[]): void {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { slots, value } of writes) {
        const size = this.sizeOf(value);
        if (slots[0] === this.clock.time) continue;
        for (const slot of slots) {
          if (size > (this.most.get(slot) ?? 0)) this.most.set(slot, round === ROUNDS ? Infinity : size);
        }
      }
    }
  }

  /** How many times are in it. */
  private timesIn(e: Expression): number {
    if (this.clock.stepwise.has(e)) return 0;
    switch (e.op) {
      case 'load': return e.slot === this.clock.time || this.held.has(e.slot) ? 1 : 0;
      case 'element': return range(e.slot, e.length).some((slot) => this.held.has(slot)) ? 1 : 0;
      case 'constant': case 'table': case 'not': return 0;
      case 'choose': return Math.max(this.timesIn(e.then), this.timesIn(e.else));
      case 'binary': return ANSWERS.includes(e.operator) ? 0 : this.timesIn(e.left) + this.timesIn(e.right);
      default: return this.timesIn(e.operand);
    }
  }

  /** The largest absolute value of what is not a time in it. */
  private sizeOf(e: Expression): number {
    if (this.clock.stepwise.has(e)) return 0;
    switch (e.op) {
      case 'constant': return Math.abs(e.value) > FAR ? 0 : Math.abs(e.value);
      case 'load': return this.most.get(e.slot) ?? 0;
      case 'element': return Math.max(...range(e.slot, e.length).map((slot) => this.most.get(slot) ?? 0));
      case 'table': return Math.max(...this.tables[e.table].map(Math.abs));
      case 'not': return 1;
      case 'negate': return this.sizeOf(e.operand);
      case 'complement': return this.sizeOf(e.operand) + 1;
      case 'choose': return Math.max(this.sizeOf(e.then), this.sizeOf(e.else));
      case 'binary': {
        if (ANSWERS.includes(e.operator)) return 1;
        const [left, right] = [this.sizeOf(e.left), this.sizeOf(e.right)];
        if (e.operator === '+' || e.operator === '-' || e.operator === '|' || e.operator === '^') return left + right;
        if (e.operator === '%' || e.operator === '&' || e.operator === '/' || e.operator === '>>') return left;
        return left === 0 || right === 0 ? 0 : e.operator === '*' ? left * right : Infinity;
      }
    }
  }
}

interface Write {
  readonly slots: readonly number[];
  readonly value: Expression;
}

function writesOf(body: readonly Statement[]): Write[] {
  return body.flatMap((s): Write[] => {
    if (s.op === 'set') return [{ slots: [s.slot], value: s.value }];
    if (s.op === 'setElement') return [{ slots: range(s.slot, s.length), value: s.value }];
    return s.op === 'if' ? [...writesOf(s.then), ...writesOf(s.else)] : [];
  });
}

const range = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);

function mentions(e: Expression, wanted: (slot: number) => boolean): boolean {
  if (e.op === 'load') return wanted(e.slot);
  return (e.op === 'element' && range(e.slot, e.length).some(wanted)) || partsOf(e).some((part) => mentions(part, wanted));
}
