// Whether two agents may be exchanged for each other: finds which slots and which values have to be exchanged with them, and then proves, step
// by step and agent by agent, that the exchange maps every step of the system to a step of the system. What it cannot prove it refuses.
import type { Expression, Statement, Step, System } from '../../system/system.ts';

/** What becomes of a slot's value: nothing, two values change places, or two bits do. */
export type ValueMap = { readonly kind: 'same' } | { readonly kind: 'swap' | 'bits'; readonly a: number; readonly b: number };

export interface Automorphism {
  readonly a: number;
  readonly b: number;
  /** By slot: where its value goes. Its own inverse. */
  readonly slots: Int32Array;
  readonly values: readonly ValueMap[];
}

const same: ValueMap = { kind: 'same' };

/** Null where it is not proved that the agents may be exchanged. */
export function exchange(system: System, initials: ReadonlyArray<readonly number[]>, a: number, b: number): Automorphism | null {
  const start = guess(system, a, b);
  if (start === null) return null;
  // First both programs are laid side by side to see what differs, then everything is proved with that.
  const found = new Matcher(system, start, true);
  if (!agentsMatch(system, found, a, b)) return null;
  const proof = new Matcher(system, { slots: found.slots, values: found.values }, false);
  const { slots, values } = proof;
  for (let agent = 0; agent < system.agents.length; agent++) {
    const image = agent === a ? b : agent === b ? a : agent;
    if (!agentsMatch(system, proof, agent, image)) return null;
  }
  for (let slot = 0; slot < system.slots; slot++) {
    const to = slots[slot];
    if (slots[to] !== slot || !isSame(values[slot], values[to])) return null;
  }
  const automorphism = { a, b, slots, values };
  const known = new Set(initials.map((s) => s.join()));
  return initials.every((s) => known.has(image(automorphism, s).join())) ? automorphism : null;
}

export function image(x: Automorphism, state: readonly number[]): number[] {
  const out = [...state];
  state.forEach((v, slot) => {
    out[x.slots[slot]] = mapped(x.values[slot], v);
  });
  return out;
}

export function mapped(map: ValueMap, v: number): number {
  if (map.kind === 'same') return v;
  if (map.kind === 'swap') return v === map.a ? map.b : v === map.b ? map.a : v;
  const bit = (n: number): number => Math.floor(v / 2 ** n) % 2;
  return v + (bit(map.b) - bit(map.a)) * (2 ** map.a - 2 ** map.b);
}

function isSame(x: ValueMap, y: ValueMap): boolean {
  if (x.kind === 'same' || y.kind === 'same') return x.kind === y.kind;
  return x.kind === y.kind && Math.min(x.a, x.b) === Math.min(y.a, y.b) && Math.max(x.a, x.b) === Math.max(y.a, y.b);
}

/** From what lowering says of its variables. */
function guess(system: System, a: number, b: number) {
  const slots = new Int32Array(system.slots).fill(-1);
  const values: Array<ValueMap | null> = new Array<ValueMap | null>(system.slots).fill(null);
  const symmetry = system.symmetries.find((y) => y.agents.includes(a) && y.agents.includes(b));
  if (symmetry === undefined) return null;
  const own = symmetry.slots[symmetry.agents.indexOf(a)];
  const other = symmetry.slots[symmetry.agents.indexOf(b)];
  if (own.length !== other.length) return null;
  own.forEach((slot, k) => {
    slots[slot] = other[k];
    slots[other[k]] = slot;
  });
  for (const v of system.variables) {
    for (let slot = v.slot; slot < v.slot + v.length; slot++) {
      if (v.holds === 'agent') values[slot] = { kind: 'swap', a: 1 + a, b: 1 + b };
      else if (v.holds === 'agentMask') values[slot] = { kind: 'bits', a, b };
    }
  }
  for (const r of system.heap.roots) if (r.life !== null) values[r.life] = { kind: 'swap', a: 2 + a, b: 2 + b };
  return { slots, values };
}

function agentsMatch(system: System, m: Matcher, from: number, to: number): boolean {
  const x = system.agents[from];
  const y = system.agents[to];
  if (x.locations.length !== y.locations.length || !m.slot(x.slot, y.slot) || (x.exit === null) !== (y.exit === null)) return false;
  return x.locations.every((l, i) => {
    const k = y.locations[i];
    if ((l.call === null) !== (k.call === null) || l.steps.length !== k.steps.length) return false;
    if ((l.access === null) !== (k.access === null)) return false;
    if (l.access !== null && k.access !== null && !m.access(l.access, k.access)) return false;
    return l.steps.every((s, j) => stepsMatch(m, s, k.steps[j]));
  });
}

function stepsMatch(m: Matcher, s: Step, t: Step): boolean {
  if (s.environment !== t.environment || (s.guard === null) !== (t.guard === null)) return false;
  if (s.guard !== null && t.guard !== null && !m.truth(s.guard, t.guard)) return false;
  return m.bodies(s.body, t.body);
}

/** A value map, or a constant that becomes another one and so fits several. */
type Match = ValueMap | { readonly kind: 'constant'; readonly from: number; readonly to: number };

class Matcher {
  readonly slots: Int32Array;
  readonly values: ValueMap[];
  private readonly known: Uint8Array;
  private readonly system: System;
  private readonly infers: boolean;

  constructor(system: System, start: { readonly slots: Int32Array; readonly values: ReadonlyArray<ValueMap | null> }, infers: boolean) {
    this.system = system;
    this.infers = infers;
    this.known = Uint8Array.from(start.values, (v) => (v === null ? 0 : 1));
    this.values = start.values.map((v) => v ?? same);
    // What nothing has been found out about stays where it is.
    this.slots = start.slots.map((to, slot) => (to < 0 && !infers ? slot : to));
  }

  slot(from: number, to: number): boolean {
    if (this.slots[from] === to) return true;
    if (!this.infers || this.slots[from] >= 0 || this.slots[to] >= 0) return false;
    this.slots[from] = to;
    this.slots[to] = from;
    return true;
  }

  access(x: { slot: number; length: number; index: Expression | null; write: boolean }, y: typeof x): boolean {
    if (x.write !== y.write || x.length !== y.length || (x.index === null) !== (y.index === null)) return false;
    if (x.index === null || y.index === null) return this.slot(x.slot, y.slot);
    if (!this.plain(x.index, y.index)) return false;
    for (let i = 0; i < x.length; i++) if (!this.slot(x.slot + i, y.slot + i)) return false;
    return true;
  }

  bodies(x: readonly Statement[], y: readonly Statement[]): boolean {
    return x.length === y.length && x.every((s, i) => this.statements(s, y[i]));
  }

  private statements(s: Statement, t: Statement): boolean {
    if (s.op === 'set' && t.op === 'set') return this.slot(s.slot, t.slot) && this.assigned(s.slot, this.match(s.value, t.value));
    if (s.op === 'setElement' && t.op === 'setElement') {
      if (s.length !== t.length || !this.plain(s.index, t.index)) return false;
      const value = this.match(s.value, t.value);
      for (let i = 0; i < s.length; i++) if (!this.slot(s.slot + i, t.slot + i) || !this.assigned(s.slot + i, value)) return false;
      return true;
    }
    if (s.op === 'if' && t.op === 'if')
      return this.truth(s.condition, t.condition) && this.bodies(s.then, t.then) && this.bodies(s.else, t.else);
    if (s.op === 'goto' && t.op === 'goto') return s.location === t.location;
    if ((s.op === 'fail' || s.op === 'report') && t.op === s.op) {
      const { faults } = this.system;
      if (faults[s.fault].kind !== faults[t.fault].kind) return false;
      return this.told(s.object, t.object) && this.told(s.by, t.by);
    }
    return s.op === 'disable' && t.op === 'disable';
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
      return x.right.value === y.right.value && this.match(x.left, y.left) !== null;
    }
    return this.match(x, y) !== null;
  }

  private assigned(slot: number, value: Match | null): boolean {
    if (value === null) return false;
    if (value.kind !== 'constant') return isSame(value, this.values[slot]);
    if (mapped(this.values[slot], value.from) === value.to) return true;
    if (!this.infers || this.known[slot] === 1 || this.values[slot].kind !== 'same') return false;
    this.values[slot] = { kind: 'swap', a: value.from, b: value.to };
    this.values[this.slots[slot]] = this.values[slot];
    return true;
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
    return m.kind !== 'swap' || (m.a !== 0 && m.b !== 0);
  }

  /** How the value of `y` after the exchange comes from the value of `x` before it; null: not known. */
  private match(x: Expression, y: Expression): Match | null {
    if (x.op === 'constant' && y.op === 'constant') return { kind: 'constant', from: x.value, to: y.value };
    if (x.op === 'load' && y.op === 'load') return this.slot(x.slot, y.slot) ? this.values[x.slot] : null;
    if (x.op === 'element' && y.op === 'element') {
      if (x.length !== y.length || !this.plain(x.index, y.index)) return null;
      for (let i = 0; i < x.length; i++) {
        if (!this.slot(x.slot + i, y.slot + i) || !isSame(this.values[x.slot + i], this.values[x.slot])) return null;
      }
      return this.values[x.slot];
    }
    if (x.op === 'table' && y.op === 'table') return x.table === y.table && this.plain(x.index, y.index) ? same : null;
    if (x.op === 'not' && y.op === 'not') return this.truth(x.operand, y.operand) ? same : null;
    if ((x.op === 'negate' || x.op === 'complement') && y.op === x.op) return this.plain(x.operand, y.operand) ? same : null;
    if (x.op === 'choose' && y.op === 'choose') {
      if (!this.truth(x.condition, y.condition)) return null;
      return joined(this.match(x.then, y.then), this.match(x.else, y.else));
    }
    if (x.op === 'binary' && y.op === 'binary' && x.operator === y.operator) return this.binary(x, y);
    return null;
  }

  private binary(x: Expression & { readonly op: 'binary' }, y: Expression & { readonly op: 'binary' }): Match | null {
    const { operator } = x;
    if (operator === '&&' || operator === '||') return this.sameParts(parts(x, operator), parts(y, operator)) ? same : null;
    const left = this.match(x.left, y.left);
    const right = this.match(x.right, y.right);
    if (left === null || right === null) return null;
    if (isPlain(left) && isPlain(right)) return same;
    const both = joined(left, right);
    switch (operator) {
      case '==':
      case '!=':
        return both === null ? null : same;
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.ordered(operator, left, right);
      case '&':
      case '|':
      case '^':
        return both !== null && both.kind === 'bits' ? both : null;
      default:
        return null;
    }
  }

  /** A value that is exchanged, compared with a number: both values must be on the same side of it. */
  private ordered(operator: '<' | '<=' | '>' | '>=', left: Match, right: Match): Match | null {
    const holds = (a: number, b: number): boolean =>
      operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
    if (left.kind === 'swap' && right.kind === 'constant' && right.from === right.to) {
      return holds(left.a, right.from) === holds(left.b, right.from) ? same : null;
    }
    if (right.kind === 'swap' && left.kind === 'constant' && left.from === left.to) {
      return holds(left.from, right.a) === holds(left.from, right.b) ? same : null;
    }
    return null;
  }

  /** Each operand has its image among the others, in any order. */
  private sameParts(x: readonly Expression[], y: readonly Expression[]): boolean {
    if (x.length !== y.length) return false;
    if (this.infers) {
      // Where the order differs nothing can be learned; what was learned on the way is forgotten.
      const slots = this.slots.slice();
      const values = [...this.values];
      if (x.every((e, i) => this.truth(e, y[i]))) return true;
      this.slots.set(slots);
      for (let i = 0; i < values.length; i++) this.values[i] = values[i];
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

function parts(e: Expression, operator: '&&' | '||'): readonly Expression[] {
  return e.op === 'binary' && e.operator === operator ? [...parts(e.left, operator), ...parts(e.right, operator)] : [e];
}

function isPlain(m: Match): boolean {
  return m.kind === 'same' || (m.kind === 'constant' && m.from === m.to);
}

/** One map that both follow. */
function joined(x: Match | null, y: Match | null): Match | null {
  if (x === null || y === null) return null;
  if (x.kind === 'constant' && y.kind === 'constant')
    return x.from === y.from && x.to === y.to ? x : x.from === x.to && y.from === y.to ? same : null;
  if (x.kind === 'constant') return y.kind !== 'constant' && mapped(y, x.from) === x.to ? y : null;
  if (y.kind === 'constant') return mapped(x, y.from) === y.to ? x : null;
  return isSame(x, y) ? x : null;
}
