// Expressions with what is known of their values. Equal ones are one term, wherever they stand, so that each is looked at once: most conditions
// of a system occur many times. When a slot can hold more, only what is made from it is worked out again.
import type { Binary, Expression, System } from '../../system/system.ts';
import { type Held, type Values, valuesAfter } from './values.ts';

export interface Term {
  readonly id: number;
  readonly expression: Expression;
  /** Its operands, in their order. */
  readonly first: Term | null;
  readonly second: Term | null;
  readonly third: Term | null;
  values: Values;
  /** Terms that it is a part of; null: none so far. */
  above: Term[] | null;
  /** Called when it may have more values, or other bounds. */
  looks: Look[] | null;
  isDue: boolean;
}

/** What is looked at again when a term can have more values. */
export interface Look {
  look(): void;
  isDue: boolean;
}

const FIRST_TABLE = 1 << 11;
const NO_TERMS: readonly Term[] = [];
const NO_LOOKS: readonly Look[] = [];

/** A class, as what a host has compiled of methods outlives their objects: of functions within a function it is lost with the last of them. */
export class Terms {
  private readonly system: System;
  private readonly held: readonly Held[];
  private readonly all: Term[] = [];
  private readonly loads: Array<Term | undefined>;
  private readonly constants = new Map<number, Term>();
  /** Open addressing: term number + 1 by what the term is, which stands in `words`. */
  private table = new Int32Array(FIRST_TABLE);
  private readonly words: number[] = [];
  private readonly dueTerms: Term[] = [];
  private readonly dueLooks: Look[] = [];

  constructor(system: System, held: readonly Held[]) {
    this.system = system;
    this.held = held;
    this.loads = new Array<Term | undefined>(system.slots);
  }

  /** The term of an expression. */
  of(e: Expression): Term {
    switch (e.op) {
      case 'constant':
        return this.constantOf(e);
      case 'load':
        return this.loadOf(e.slot);
      case 'binary': {
        const left = this.of(e.left);
        const right = this.of(e.right);
        return this.made(e, operators[e.operator], left.id, right.id, 0, left, right, null);
      }
      case 'element': {
        const index = this.of(e.index);
        return this.made(e, 0, e.slot, e.length, index.id, index, null, null);
      }
      case 'table': {
        const index = this.of(e.index);
        return this.made(e, 1, e.table, index.id, 0, index, null, null);
      }
      case 'not':
      case 'negate':
      case 'complement': {
        const operand = this.of(e.operand);
        return this.made(e, e.op === 'not' ? 2 : e.op === 'negate' ? 3 : 4, operand.id, 0, 0, operand, null, null);
      }
      case 'choose': {
        const condition = this.of(e.condition);
        const then = this.of(e.then);
        const otherwise = this.of(e.else);
        return this.made(e, 5, condition.id, then.id, otherwise.id, condition, then, otherwise);
      }
    }
  }

  /** Looks now, and again whenever one of the terms may have more values. */
  watch(terms: readonly Term[], look: Look): void {
    look.isDue = true;
    for (const t of terms) if (t.expression.op !== 'constant') (t.looks ??= []).push(look);
    this.dueLooks.push(look);
  }

  /** A slot can hold more. */
  grown(slot: number): void {
    const term = this.loads[slot];
    if (term === undefined) return;
    term.values = this.held[slot].values;
    this.spread(term);
  }

  /** Works until nothing is left to look at, or for so many steps: false where there is more to do. */
  settle(most: number): boolean {
    for (let done = 0; done < most; done++) {
      const term = this.dueTerms.pop();
      if (term !== undefined) {
        term.isDue = false;
        const before = term.values;
        term.values = this.evaluated(term);
        // Values only ever become more. Where they are not known one by one, bounds may have changed.
        if (term.values === null || before === null || term.values.size !== before.size) this.spread(term);
        continue;
      }
      const look = this.dueLooks.pop();
      if (look === undefined) return true;
      look.isDue = false;
      look.look();
    }
    return false;
  }

  private add(e: Expression, first: Term | null, second: Term | null, third: Term | null): Term {
    const term: Term = { id: this.all.length, expression: e, first, second, third, values: null, above: null, looks: null, isDue: false };
    this.all.push(term);
    putAbove(first, term);
    putAbove(second, term);
    putAbove(third, term);
    if (e.op === 'element') for (let slot = e.slot; slot < e.slot + e.length; slot++) putAbove(this.loadOf(slot), term);
    term.values = this.evaluated(term);
    return term;
  }

  private loadOf(slot: number): Term {
    return (this.loads[slot] ??= this.add({ op: 'load', slot }, null, null, null));
  }

  private constantOf(e: Expression & { readonly op: 'constant' }): Term {
    let term = this.constants.get(e.value);
    if (term === undefined) {
      term = this.add(e, null, null, null);
      this.constants.set(e.value, term);
    }
    return term;
  }

  /** The term that is described by a kind and three more numbers, or a new one. */
  private made(
    e: Expression,
    kind: number,
    a: number,
    b: number,
    c: number,
    first: Term,
    second: Term | null,
    third: Term | null,
  ): Term {
    const { table, words } = this;
    let at = hash(kind, a, b, c) & (table.length - 1);
    for (let known = table[at]; known !== 0; known = table[at]) {
      const w = 5 * (known - 1);
      if (words[w] === kind && words[w + 1] === a && words[w + 2] === b && words[w + 3] === c) return this.all[words[w + 4]];
      at = (at + 1) & (table.length - 1);
    }
    const term = this.add(e, first, second, third);
    words.push(kind, a, b, c, term.id);
    this.enter(words.length / 5);
    return term;
  }

  private enter(number: number): void {
    if (2 * number > this.table.length) {
      this.table = new Int32Array(2 * this.table.length);
      for (let n = 1; n < number; n++) this.put(n);
    }
    this.put(number);
  }

  private put(number: number): void {
    const { table, words } = this;
    const w = 5 * (number - 1);
    let at = hash(words[w], words[w + 1], words[w + 2], words[w + 3]) & (table.length - 1);
    while (table[at] !== 0) at = (at + 1) & (table.length - 1);
    table[at] = number;
  }

  private evaluated({ expression, first, second, third }: Term): Values {
    return valuesAfter(this.system, this.held, expression, first?.values ?? null, second?.values ?? null, third?.values ?? null);
  }

  /** Whoever depends on a term is due. */
  private spread(term: Term): void {
    for (const t of term.above ?? NO_TERMS) {
      if (t.isDue) continue;
      t.isDue = true;
      this.dueTerms.push(t);
    }
    for (const l of term.looks ?? NO_LOOKS) {
      if (l.isDue) continue;
      l.isDue = true;
      this.dueLooks.push(l);
    }
  }
}

function putAbove(term: Term | null, above: Term): void {
  if (term !== null && term.expression.op !== 'constant') (term.above ??= []).push(above);
}

/** Numbers behind those of the other kinds. */
const operators: Readonly<Record<Binary, number>> = Object.fromEntries(
  ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '==', '!=', '<', '<=', '>', '>=', '&&', '||'].map((o, i) => [o, 6 + i]),
) as Record<Binary, number>;

function hash(kind: number, a: number, b: number, c: number): number {
  let h = Math.imul(kind ^ Math.imul(a, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13) ^ c, 0x9e3779b1);
  return h ^ (h >>> 16);
}
