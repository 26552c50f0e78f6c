// Lays expressions of two agents side by side: what becomes of the value of one where the agents change places. While it infers, it finds out which
// slots and values have to change places with them; after that it proves, with what was found.
import type { Expression, System } from '../../system/system.ts';
import { type Held, valuesOf } from '../wasm/values.ts';
import { type Indexed, maskParts, parts, type Stride, strided, whole } from './forms.ts';
import { isPlain, isSame, joined, mapped, type Match, moved, partner, same, swapOf, type ValueMap } from './valueMap.ts';

export class ExpressionMatcher {
  readonly slots: Int32Array;
  readonly values: ValueMap[];
  /** What slots can hold at the statement that is looked at. */
  readonly held: Array<Readonly<Held>>;
  readonly infers: boolean;
  /** What it has found out, each as what takes it back. */
  readonly lessons: Array<() => void> = [];
  private readonly known: Uint8Array;
  private readonly system: System;
  private readonly agents: ReadonlyArray<readonly [number, number]>;

  constructor(
    system: System,
    held: ReadonlyArray<Readonly<Held>>,
    start: { readonly slots: Int32Array; readonly values: ReadonlyArray<ValueMap | null> },
    agents: ReadonlyArray<readonly [number, number]>,
    infers: boolean,
  ) {
    this.agents = agents;
    this.system = system;
    this.held = [...held];
    this.infers = infers;
    this.known = Uint8Array.from(start.values, (v) => (v === null ? 0 : 1));
    this.values = start.values.map((v) => v ?? same);
    // What nothing has been found out about stays where it is.
    this.slots = start.slots.map((to, slot) => (to < 0 && !infers ? slot : to));
  }

  slot(from: number, to: number): boolean {
    if (this.slots[from] === to) return true;
    if (!this.infers || this.slots[from] >= 0 || this.slots[to] >= 0) return false;
    // That it stays where it is may turn out to be wrong, and is what becomes of it anyway.
    if (from === to) return true;
    this.slots[from] = to;
    this.slots[to] = from;
    this.lessons.push(() => {
      this.slots[from] = -1;
      this.slots[to] = -1;
    });
    return true;
  }

  access(x: { slot: number; length: number; index: Expression | null; write: boolean }, y: typeof x): boolean {
    if (x.write !== y.write || x.length !== y.length || (x.index === null) !== (y.index === null)) return false;
    if (x.index === null || y.index === null) return this.slot(x.slot, y.slot);
    return this.elements({ ...x, index: x.index }, { ...y, index: y.index }) !== null;
  }

  /** While it infers: where something does not fit nothing can be learned, and that is no reason to stop. */
  tried(match: () => boolean): boolean {
    return this.undone(match) || this.infers;
  }

  /** What was learned on the way to something that does not fit is forgotten. */
  undone(match: () => boolean): boolean {
    if (!this.infers) return match();
    const before = this.lessons.length;
    if (match()) return true;
    while (this.lessons.length > before) this.lessons.pop()?.();
    return false;
  }

  learn(slot: number, map: ValueMap): boolean {
    if (!this.infers || this.known[slot] === 1 || this.values[slot].kind !== 'same') return false;
    const own = [slot, this.slots[slot] < 0 ? slot : this.slots[slot]] as const;
    const before = own.map((k) => this.values[k]);
    for (const k of own) this.values[k] = map;
    this.lessons.push(() =>
      own.forEach((k, i) => {
        this.values[k] = before[i];
      }),
    );
    return true;
  }

  /** The slots that an indexed access of the first can mean, all of whose images the second means in its place. */
  elements(x: Indexed, y: Indexed): readonly number[] | null {
    if (x.length !== y.length) return null;
    const i = strided(x.index, x.length);
    const j = strided(y.index, y.length);
    if (i !== null && j !== null && i.stride === j.stride) {
      // So many elements for each object: the place among them may differ.
      const map = this.match(i.base, j.base);
      if (map === null) return null;
      return this.mappedElements(x, y, map, i, j, this.possible(i.base));
    }
    const map = this.match(x.index, y.index);
    return map === null ? null : this.mappedElements(x, y, map, whole, whole, this.possible(x.index));
  }

  private possible(e: Expression): ReadonlySet<number> | null {
    return valuesOf(this.system, this.held, e);
  }

  private mappedElements(
    x: Indexed,
    y: Indexed,
    map: Match,
    i: Stride,
    j: Stride,
    possible: ReadonlySet<number> | null,
  ): readonly number[] | null {
    if (map.kind === 'bits') return null;
    const slots: number[] = [];
    const one = (n: number, to: number): boolean => {
      const from = n * i.stride + i.offset;
      const there = to * j.stride + j.offset;
      if (from < 0 || from >= x.length) return true;
      slots.push(x.slot + from);
      return there >= 0 && there < y.length && this.slot(x.slot + from, y.slot + there);
    };
    if (map.kind === 'constant') return one(map.from, map.to) ? slots : null;
    const first = Math.ceil(-i.offset / i.stride);
    for (let n = first; n * i.stride + i.offset < x.length; n++) {
      if ((possible === null || possible.has(n)) && !one(n, mapped(map, n))) return null;
    }
    return slots;
  }

  /** The same number in both. */
  private plain(x: Expression, y: Expression): boolean {
    const m = this.match(x, y);
    return m !== null && (m.kind === 'same' || (m.kind === 'constant' && m.from === m.to));
  }

  /** Zero in one exactly where zero in the other. */
  truth(x: Expression, y: Expression): boolean {
    const m = this.match(x, y);
    if (m === null) return false;
    if (m.kind === 'constant') return (m.from === 0) === (m.to === 0);
    return m.kind !== 'swap' || mapped(m, 0) === 0;
  }

  /** How the value of `y` after the exchange comes from the value of `x` before it; null: not known. */
  match(x: Expression, y: Expression): Match | null {
    if (x.op === 'constant' && y.op === 'constant') return { kind: 'constant', from: x.value, to: y.value };
    if (x.op === 'load' && y.op === 'load') return this.slot(x.slot, y.slot) ? this.values[x.slot] : null;
    if (x.op === 'element' && y.op === 'element') {
      const elements = this.elements(x, y);
      if (elements === null) return null;
      // Where there is none, nobody gets there, and any will do.
      const value = this.values[elements[0] ?? x.slot];
      return elements.every((slot) => isSame(this.values[slot], value)) ? value : null;
    }
    if (x.op === 'table' && y.op === 'table') return x.table === y.table ? this.looked(x.table, this.match(x.index, y.index)) : null;
    if (x.op === 'not' && y.op === 'not') return this.truth(x.operand, y.operand) ? same : null;
    if ((x.op === 'negate' || x.op === 'complement') && y.op === x.op) return this.plain(x.operand, y.operand) ? same : null;
    if (x.op === 'choose' && y.op === 'choose') {
      if (!this.truth(x.condition, y.condition)) return null;
      return this.joined(x.then, this.match(x.then, y.then), x.else, this.match(x.else, y.else));
    }
    if (x.op === 'binary' && y.op === 'binary' && x.operator === y.operator) return this.binary(x, y);
    return null;
  }

  private binary(x: Expression & { readonly op: 'binary' }, y: Expression & { readonly op: 'binary' }): Match | null {
    const { operator } = x;
    if (operator === '&&' || operator === '||') return this.sameParts(parts(x, operator), parts(y, operator)) ? same : null;
    if (operator === '+') {
      const mask = this.masks(maskParts(x), maskParts(y));
      if (mask !== null) return mask;
    }
    const left = this.match(x.left, y.left);
    const right = this.match(x.right, y.right);
    if (left === null || right === null) return null;
    if (isPlain(left) && isPlain(right)) return same;
    const both = this.joined(x.left, left, x.right, right);
    switch (operator) {
      case '==':
      case '!=':
        return both === null ? null : same;
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.ordered(operator, left, right);
      case '+':
      case '-':
      case '*':
        return moved(operator, left, right, this.possible(x.left));
      case '&':
      case '|':
      case '^':
        return both !== null && both.kind === 'bits' ? both : null;
      default:
        return null;
    }
  }

  /** One map that both follow, on the values that each can have. */
  private joined(e: Expression, x: Match | null, f: Expression, y: Match | null): Match | null {
    const both = joined(x, y);
    if (both !== null || x === null || y === null) return both;
    return this.follows(e, x, y) ? y : this.follows(f, y, x) ? x : null;
  }

  /** Whether a map does with the values that an expression can have what another one would. */
  follows(e: Expression, map: Match, other: Match): boolean {
    if (map.kind === 'constant' || other.kind === 'constant') return false;
    const values = this.possible(e);
    return values !== null && [...values].every((v) => mapped(map, v) === mapped(other, v));
  }

  /** What becomes of a table's values where its index is mapped. */
  private looked(table: number, index: Match | null): Match | null {
    if (index === null || index.kind === 'bits') return null;
    const entries = this.system.tables[table];
    if (index.kind === 'same') return same;
    if (index.kind === 'constant') {
      const from = entries[index.from];
      const to = entries[index.to];
      return from === undefined || to === undefined ? null : { kind: 'constant', from, to };
    }
    const moves = new Map<number, number>();
    for (let i = 0; i < entries.length; i++) {
      const to = entries[mapped(index, i)];
      if (to === undefined || (moves.get(entries[i]) ?? to) !== to) return null;
      moves.set(entries[i], to);
    }
    for (const [from, to] of moves) if ((moves.get(to) ?? from) !== from) return null;
    return swapOf([...moves].filter(([from, to]) => from < to || !moves.has(to)));
  }

  /** A mask that is put together agent by agent. */
  private masks(x: ReadonlyMap<number, Expression> | null, y: ReadonlyMap<number, Expression> | null): Match | null {
    if (x === null || y === null || x.size !== y.size) return null;
    for (const [bit, condition] of x) {
      const other = y.get(partner(this.agents, bit));
      if (other === undefined || !this.truth(condition, other)) return null;
    }
    return { kind: 'bits', pairs: this.agents };
  }

  /** A value that is exchanged, compared with a number: both values must be on the same side of it. */
  private ordered(operator: '<' | '<=' | '>' | '>=', left: Match, right: Match): Match | null {
    const holds = (a: number, b: number): boolean =>
      operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
    if (left.kind === 'swap' && right.kind === 'constant' && right.from === right.to) {
      return left.pairs.every(([a, b]) => holds(a, right.from) === holds(b, right.from)) ? same : null;
    }
    if (right.kind === 'swap' && left.kind === 'constant' && left.from === left.to) {
      return right.pairs.every(([a, b]) => holds(left.from, a) === holds(left.from, b)) ? same : null;
    }
    return null;
  }

  /** Each operand has its image among the others, in any order. */
  private sameParts(x: readonly Expression[], y: readonly Expression[]): boolean {
    if (x.length !== y.length) return false;
    if (this.infers) {
      x.every((e, i) => this.tried(() => this.truth(e, y[i])));
      return true;
    }
    const left = new Set(y.keys());
    return x.every((e, i) => {
      const order = left.has(i) ? [i, ...[...left].filter((k) => k !== i)] : [...left];
      const found = order.find((k) => this.truth(e, y[k]));
      return found !== undefined && left.delete(found);
    });
  }
}
