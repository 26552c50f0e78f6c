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
  readonly look: () => void;
  isDue: boolean;
}

export interface Terms {
  /** The term of an expression. */
  of(e: Expression): Term;
  /** Looks now, and again whenever one of the terms may have more values. */
  watch(terms: readonly Term[], look: () => void): void;
  /** A slot can hold more. */
  grown(slot: number): void;
  /** Works until nothing is left to look at, or for so many steps: false where there is more to do. */
  settle(most: number): boolean;
}

const FIRST_TABLE = 1 << 11;
const NO_TERMS: readonly Term[] = [];
const NO_LOOKS: readonly Look[] = [];

export function makeTerms(system: System, held: readonly Held[]): Terms {
  const all: Term[] = [];
  const loads: Array<Term | undefined> = new Array<Term | undefined>(system.slots);
  const constants = new Map<number, Term>();
  /** Open addressing: term number + 1 by what the term is, which stands in `words`. */
  let table = new Int32Array(FIRST_TABLE);
  const words: number[] = [];
  const dueTerms: Term[] = [];
  const dueLooks: Look[] = [];

  const add = (e: Expression, first: Term | null, second: Term | null, third: Term | null): Term => {
    const term: Term = { id: all.length, expression: e, first, second, third, values: null, above: null, looks: null, isDue: false };
    all.push(term);
    putAbove(first, term);
    putAbove(second, term);
    putAbove(third, term);
    if (e.op === 'element') for (let slot = e.slot; slot < e.slot + e.length; slot++) putAbove(loadOf(slot), term);
    term.values = evaluated(term);
    return term;
  };

  const loadOf = (slot: number): Term => {
    loads[slot] ??= add({ op: 'load', slot }, null, null, null);
    return loads[slot];
  };

  const constantOf = (e: Expression & { readonly op: 'constant' }): Term => {
    let term = constants.get(e.value);
    if (term === undefined) {
      term = add(e, null, null, null);
      constants.set(e.value, term);
    }
    return term;
  };

  /** The term that is described by a kind and three more numbers, or a new one. */
  const made = (
    e: Expression,
    kind: number,
    a: number,
    b: number,
    c: number,
    first: Term,
    second: Term | null,
    third: Term | null,
  ): Term => {
    let at = hash(kind, a, b, c) & (table.length - 1);
    for (let known = table[at]; known !== 0; known = table[at]) {
      const w = 5 * (known - 1);
      if (words[w] === kind && words[w + 1] === a && words[w + 2] === b && words[w + 3] === c) return all[words[w + 4]];
      at = (at + 1) & (table.length - 1);
    }
    const term = add(e, first, second, third);
    words.push(kind, a, b, c, term.id);
    enter(words.length / 5);
    return term;
  };
  const enter = (number: number): void => {
    if (2 * number > table.length) {
      table = new Int32Array(2 * table.length);
      for (let n = 1; n < number; n++) put(n);
    }
    put(number);
  };
  const put = (number: number): void => {
    const w = 5 * (number - 1);
    let at = hash(words[w], words[w + 1], words[w + 2], words[w + 3]) & (table.length - 1);
    while (table[at] !== 0) at = (at + 1) & (table.length - 1);
    table[at] = number;
  };

  const of = (e: Expression): Term => {
    switch (e.op) {
      case 'constant':
        return constantOf(e);
      case 'load':
        return loadOf(e.slot);
      case 'binary': {
        const left = of(e.left);
        const right = of(e.right);
        return made(e, operators[e.operator], left.id, right.id, 0, left, right, null);
      }
      case 'element': {
        const index = of(e.index);
        return made(e, 0, e.slot, e.length, index.id, index, null, null);
      }
      case 'table': {
        const index = of(e.index);
        return made(e, 1, e.table, index.id, 0, index, null, null);
      }
      case 'not':
      case 'negate':
      case 'complement': {
        const operand = of(e.operand);
        return made(e, e.op === 'not' ? 2 : e.op === 'negate' ? 3 : 4, operand.id, 0, 0, operand, null, null);
      }
      case 'choose': {
        const condition = of(e.condition);
        const then = of(e.then);
        const otherwise = of(e.else);
        return made(e, 5, condition.id, then.id, otherwise.id, condition, then, otherwise);
      }
    }
  };

  const evaluated = ({ expression, first, second, third }: Term): Values =>
    valuesAfter(system, held, expression, first?.values ?? null, second?.values ?? null, third?.values ?? null);

  /** Whoever depends on a term is due. */
  const spread = (term: Term): void => {
    for (const t of term.above ?? NO_TERMS) {
      if (t.isDue) continue;
      t.isDue = true;
      dueTerms.push(t);
    }
    for (const l of term.looks ?? NO_LOOKS) {
      if (l.isDue) continue;
      l.isDue = true;
      dueLooks.push(l);
    }
  };

  const grown = (slot: number): void => {
    const term = loads[slot];
    if (term === undefined) return;
    term.values = held[slot].values;
    spread(term);
  };

  const settle = (most: number): boolean => {
    for (let done = 0; done < most; done++) {
      const term = dueTerms.pop();
      if (term !== undefined) {
        term.isDue = false;
        const before = term.values;
        term.values = evaluated(term);
        // Values only ever become more. Where they are not known one by one, bounds may have changed.
        if (term.values === null || before === null || term.values.size !== before.size) spread(term);
        continue;
      }
      const look = dueLooks.pop();
      if (look === undefined) return true;
      look.isDue = false;
      look.look();
    }
    return false;
  };

  const watch = (terms: readonly Term[], look: () => void): void => {
    const own: Look = { look, isDue: true };
    for (const t of terms) if (t.expression.op !== 'constant') (t.looks ??= []).push(own);
    dueLooks.push(own);
  };

  return { of, watch, grown, settle };
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
