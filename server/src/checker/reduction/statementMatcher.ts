// Lays statements of two agents side by side: whether those of the one do, where the agents change places, what those of the other do. What becomes
// of expressions is found out in expressionMatcher.ts.
import type { Expression, Statement, System } from '../../system/system.ts';
import { type Held, valuesOf } from '../wasm/values.ts';
import { endOfRun } from './anyOrder.ts';
import type { ExpressionMatcher } from './expressionMatcher.ts';
import { asClearing, onlySlot, parts } from './forms.ts';
import { isSame, mapped, type Match, swapOf } from './valueMap.ts';

/** Ways on that tell agents apart, by the `if` that they are in. */
export type Arms = Map<Statement, 'then' | 'else'>;

export class StatementMatcher {
  private readonly system: System;
  private readonly expressions: ExpressionMatcher;
  private readonly apart: Arms | null;
  /** Whether arms may be added to `apart`: only where nothing else helps. */
  private adds = false;

  constructor(system: System, expressions: ExpressionMatcher, apart: Arms | null) {
    this.system = system;
    this.expressions = expressions;
    this.apart = apart;
  }

  /** The same with arms that are left out. */
  adding(match: () => boolean): boolean {
    const before = this.adds;
    this.adds = this.apart !== null;
    const result = this.adds && match();
    this.adds = before;
    return result;
  }

  /** The same as nothing is left out any more. */
  private exactly(match: () => boolean): boolean {
    const before = this.adds;
    this.adds = false;
    const result = match();
    this.adds = before;
    return result;
  }

  bodies(x: readonly Statement[], y: readonly Statement[]): boolean {
    if (x.length !== y.length) return false;
    for (let i = 0; i < x.length; ) {
      const end = Math.min(endOfRun(x, i), endOfRun(y, i));
      if (end - i < 2) {
        if (!this.statements(x[i], y[i])) return false;
        i++;
        continue;
      }
      // Assignments that do not get in each other's way may stand in any order.
      const left = new Set(Array.from({ length: end - i }, (_, k) => i + k));
      for (let k = i; k < end; k++) {
        const order = left.has(k) ? [k, ...left] : [...left];
        const found =
          order.find((other) => this.exactly(() => this.expressions.undone(() => this.statements(x[k], y[other])))) ??
          (this.adds && left.has(k) && this.statements(x[k], y[k]) ? k : undefined);
        if (found !== undefined) left.delete(found);
        else if (!this.expressions.infers) return false;
      }
      i = end;
    }
    return true;
  }

  private statements(one: Statement, other: Statement): boolean {
    const s = asClearing(one);
    const t = asClearing(other);
    if (s.op === 'set' && t.op === 'set')
      return this.expressions.slot(s.slot, t.slot) && this.assigned(s.slot, s.value, this.expressions.match(s.value, t.value));
    if (s.op === 'setElement' && t.op === 'setElement') {
      const elements = this.expressions.elements(s, t);
      const value = this.expressions.match(s.value, t.value);
      return elements?.every((slot) => this.assigned(slot, s.value, value)) === true;
    }
    if (s.op === 'if' && t.op === 'if') return this.expressions.truth(s.condition, t.condition) && this.arms(s, t, one, other);
    if (s.op === 'goto' && t.op === 'goto') return s.location === t.location;
    if ((s.op === 'fail' || s.op === 'report') && t.op === s.op) {
      const { faults } = this.system;
      if (faults[s.fault].kind !== faults[t.fault].kind) return false;
      return this.told(s.object, t.object) && this.told(s.by, t.by);
    }
    return s.op === 'disable' && t.op === 'disable';
  }

  /** Both arms; one of them may be left out on both sides. */
  private arms(s: If, t: If, one: Statement, other: Statement): boolean {
    const here = this.apart?.get(one);
    const there = this.apart?.get(other);
    const then = (): boolean => this.under(s.condition, true, s.then, () => this.bodies(s.then, t.then));
    const otherwise = (): boolean => this.under(s.condition, false, s.else, () => this.bodies(s.else, t.else));
    const leaveOut = (arm: 'then' | 'else'): true => {
      for (const branch of [one, other]) this.apart?.set(branch, arm);
      return true;
    };
    const known = here ?? there;
    if (known !== undefined) {
      const possible = here === there || (this.adds && (here === undefined || there === undefined));
      return possible && (known === 'then' ? otherwise() : then()) && leaveOut(known);
    }
    if (!this.adds) return then() && otherwise();
    if (!then()) return otherwise() && leaveOut('then');
    return otherwise() || leaveOut('else');
  }

  /** Inside an arm, slots that nothing in it writes hold what its condition allows. */
  private under(condition: Expression, holds: boolean, body: readonly Statement[], match: () => boolean): boolean {
    const { held } = this.expressions;
    const before: Array<readonly [number, Readonly<Held>]> = [];
    const written = new Set<number>();
    for (const s of body) addWrites(s, written);
    for (const c of parts(condition, holds ? '&&' : '||')) {
      const slot = onlySlot(c);
      if (slot === null || written.has(slot)) continue;
      const all = held[slot];
      if (all.values === null) continue;
      const allowed = [...all.values].filter((v) => {
        held[slot] = { ...all, values: new Set([v]) };
        const truth = valuesOf(this.system, held, c);
        return truth === null || (holds ? truth.size > 1 || !truth.has(0) : truth.has(0));
      });
      held[slot] = { ...all, values: new Set(allowed) };
      before.push([slot, all]);
    }
    const result = match();
    for (const [slot, all] of before.reverse()) held[slot] = all;
    return result;
  }

  /** Who and what a message names: a value and its image, perhaps both moved by the same number. */
  private told(x: Expression | null, y: Expression | null): boolean {
    if (x === null || y === null) return x === y;
    if (
      x.op === 'binary' &&
      y.op === 'binary' &&
      x.operator === '+' &&
      y.operator === '+' &&
      x.right.op === 'constant' &&
      y.right.op === 'constant'
    ) {
      return x.right.value === y.right.value && this.expressions.match(x.left, y.left) !== null;
    }
    return this.expressions.match(x, y) !== null;
  }

  private assigned(slot: number, e: Expression, value: Match | null): boolean {
    if (value === null) return false;
    if (value.kind !== 'constant')
      return (
        isSame(value, this.expressions.values[slot]) ||
        this.expressions.follows(e, value, this.expressions.values[slot]) ||
        this.expressions.learn(slot, value)
      );
    if (mapped(this.expressions.values[slot], value.from) === value.to) return true;
    return this.expressions.learn(slot, swapOf([[value.from, value.to]]));
  }
}

type If = Statement & { readonly op: 'if' };

function addWrites(s: Statement, into: Set<number>): void {
  if (s.op === 'set') into.add(s.slot);
  else if (s.op === 'setElement') for (let i = 0; i < s.length; i++) into.add(s.slot + i);
  else if (s.op === 'if') for (const b of [...s.then, ...s.else]) addWrites(b, into);
}
