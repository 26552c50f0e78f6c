// Which slots hold a time of the CPU, or something computed from one, and how far a time can be from another one for any comparison of the two to turn.
// What a PTIMER shows is no time here: each of its steps is an instant, whatever is asked of it.
import type { Expression, Step } from '../system/system.ts';
import { and, binary, constant, equal, load, not, or, plus, zero } from '../system/expression.ts';
import { partsOf } from '../system/parts.ts';
import type { Clock } from './clock.ts';
import type { KnownProgram, Programs, Write } from './reads.ts';
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
  private readonly most: number[];
  private readonly clock: Clock;
  private readonly tables: ReadonlyArray<readonly number[]>;

  constructor(clock: Clock, programs: Programs, tables: ReadonlyArray<readonly number[]>, initial: readonly number[]) {
    this.clock = clock;
    this.tables = tables;
    this.most = initial.map(Math.abs);
    const writes = programs.flatMap((p) => p?.writes ?? []).filter((w) => w.slot !== clock.time);
    const moving = writes.filter((w) => w.value.op !== 'constant');
    this.findTimes(moving);
    this.findSizes(writes, moving);
    const differences = this.differencesIn(moving);
    const isDifference = (e: Expression): boolean => mentions(e, (slot) => differences.has(slot));
    let [apart, compares, shows] = [0, false, false];
    const seen = new Set<Expression>();
    const visit = (e: Expression): void => {
      if (seen.has(e)) return;
      seen.add(e);
      shows ||= clock.stepwise.has(e);
      partsOf(e).forEach(visit);
      if (e.op !== 'binary' || !COMPARISONS.includes(e.operator)) return;
      const times = this.timesIn(e.left) + this.timesIn(e.right);
      if (times > 0) apart = Math.max(apart, this.sizeOf(e.left) + this.sizeOf(e.right));
      if (times > 2 || (times > 1 && isDifference(e))) compares = true;
    };
    for (const program of programs) {
      for (const step of program === undefined ? [] : this.stepsOf(program)) {
        if (step.guard !== null) visit(step.guard);
        eachExpression(step.body, visit);
      }
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

  /** The steps that look at a time. */
  private stepsOf({ locations, loading, indexing, showing }: KnownProgram): Step[] {
    const looking = new Set([...showing.values()].flat());
    for (const slot of [this.clock.time, ...this.held]) for (const at of [...loading.of(slot), ...indexing.of(slot)]) looking.add(at);
    return locations.flatMap((l, at) => (looking.has(at) ? l.steps : []));
  }

  private findTimes(writes: readonly Write[]): void {
    for (let before = -1; before !== this.held.size; ) {
      before = this.held.size;
      for (const w of writes) if (this.timesIn(w.value) > 0) addAll(this.held, w);
    }
  }

  /** Slots with what has passed between two times. */
  private differencesIn(writes: readonly Write[]): ReadonlySet<number> {
    const differences = new Set<number>();
    for (let before = -1; before !== differences.size; ) {
      before = differences.size;
      for (const w of writes) {
        const times = this.timesIn(w.value);
        if (times > 1 || (times > 0 && mentions(w.value, (slot) => differences.has(slot)))) addAll(differences, w);
      }
    }
    return differences;
  }

  /** `moving`: those that can write something else in the next round. */
  private findSizes(all: readonly Write[], moving: readonly Write[]): void {
    let changed = true;
    for (let round = 0; changed && round <= ROUNDS; round++) {
      changed = false;
      for (const { slot, length, value } of round === 0 ? all : moving) {
        const size = this.sizeOf(value);
        for (let i = slot; i < slot + length; i++) {
          if (size <= this.most[i]) continue;
          this.most[i] = round === ROUNDS ? Infinity : size;
          changed = true;
        }
      }
    }
  }

  /** How many times are in it. */
  private timesIn(e: Expression): number {
    if (this.clock.stepwise.has(e)) return 0;
    switch (e.op) {
      case 'load': return e.slot === this.clock.time || this.held.has(e.slot) ? 1 : 0;
      case 'element': return this.holdsOneOf(e.slot, e.length) ? 1 : 0;
      case 'constant': case 'table': case 'not': return 0;
      case 'choose': return Math.max(this.timesIn(e.then), this.timesIn(e.else));
      case 'binary': return ANSWERS.includes(e.operator) ? 0 : this.timesIn(e.left) + this.timesIn(e.right);
      default: return this.timesIn(e.operand);
    }
  }

  private holdsOneOf(slot: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.held.has(slot + i)) return true;
    return false;
  }

  private mostOf(slot: number, length: number): number {
    let most = 0;
    for (let i = 0; i < length; i++) most = Math.max(most, this.most[slot + i]);
    return most;
  }

  /** The largest absolute value of what is not a time in it. */
  private sizeOf(e: Expression): number {
    if (this.clock.stepwise.has(e)) return 0;
    switch (e.op) {
      case 'constant': return Math.abs(e.value) > FAR ? 0 : Math.abs(e.value);
      case 'load': return this.most[e.slot];
      case 'element': return this.mostOf(e.slot, e.length);
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

function addAll(slots: Set<number>, { slot, length }: Write): void {
  for (let i = slot; i < slot + length; i++) slots.add(i);
}

const range = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);

function mentions(e: Expression, wanted: (slot: number) => boolean): boolean {
  if (e.op === 'load') return wanted(e.slot);
  return (e.op === 'element' && range(e.slot, e.length).some(wanted)) || partsOf(e).some((part) => mentions(part, wanted));
}
