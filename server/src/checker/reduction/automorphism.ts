// Whether two agents may be exchanged for each other: finds which slots and which values have to be exchanged with them, and then proves, step
// by step and agent by agent, that the exchange maps every step of the system to a step of the system. What it cannot prove it refuses.
import type { Expression, Statement, Step, System } from '../../system/system.ts';
import { visitExpression } from '../wasm/visit.ts';

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

/** Ways on that tell agents apart, by the `if` that they are in. */
export type Arms = Map<Statement, 'then' | 'else'>;

/**
 * Null where it is not proved that the agents may be exchanged. With `apart`, arms of an `if` that stand in the way are added there, and the
 * proof is for the system without them; whoever asks has to make sure that nobody goes there.
 */
export function exchange(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  a: number,
  b: number,
  apart: Arms | null = null,
): Automorphism | null {
  const start = guess(system, a, b);
  if (start === null) return null;
  // First both programs are laid side by side to see what differs, then everything is proved with that.
  const found = new Matcher(system, start, a, b, true, null);
  if (!agentsMatch(system, found, a, b)) return null;
  const proof = new Matcher(system, { slots: found.slots, values: found.values }, a, b, false, apart);
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
  // Below zero are masks of all but a few bits.
  const bit = (n: number): number => Math.abs(Math.floor(v / 2 ** n) % 2);
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
    if (v.over === 'agents' && v.length === system.agents.length) {
      for (let agent = 0; agent < v.length; agent++) slots[v.slot + agent] = v.slot + (agent === a ? b : agent === b ? a : agent);
    }
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
    return l.steps.every((s, j) => m.tried(() => stepsMatch(m, s, k.steps[j])));
  });
}

function stepsMatch(m: Matcher, s: Step, t: Step): boolean {
  if (s.environment !== t.environment || (s.guard === null) !== (t.guard === null)) return false;
  if (s.guard !== null && t.guard !== null && !m.truth(s.guard, t.guard)) return false;
  return m.bodies(s.body, t.body) || m.adding(() => m.bodies(s.body, t.body));
}

/** A value map, or a constant that becomes another one and so fits several. */
type Match = ValueMap | { readonly kind: 'constant'; readonly from: number; readonly to: number };

class Matcher {
  readonly slots: Int32Array;
  readonly values: ValueMap[];
  private readonly known: Uint8Array;
  private readonly system: System;
  private readonly a: number;
  private readonly b: number;
  private readonly infers: boolean;
  private readonly apart: Arms | null;
  /** Whether arms may be added to `apart`: only where nothing else helps. */
  private adds = false;

  constructor(
    system: System,
    start: { readonly slots: Int32Array; readonly values: ReadonlyArray<ValueMap | null> },
    a: number,
    b: number,
    infers: boolean,
    apart: Arms | null,
  ) {
    this.apart = apart;
    this.a = a;
    this.b = b;
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

  /** While it infers: where something does not fit nothing can be learned, and what was learned on the way is forgotten. */
  tried(match: () => boolean): boolean {
    if (!this.infers) return match();
    const slots = this.slots.slice();
    const values = [...this.values];
    if (match()) return true;
    this.slots.set(slots);
    for (let i = 0; i < values.length; i++) this.values[i] = values[i];
    return true;
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
        const order = this.infers ? [k] : left.has(k) ? [k, ...left] : [...left];
        const found =
          order.find((other) => this.exactly(() => this.tried(() => this.statements(x[k], y[other])))) ??
          (this.adds && left.has(k) && this.statements(x[k], y[k]) ? k : undefined);
        if (found === undefined) return false;
        left.delete(found);
      }
      i = end;
    }
    return true;
  }

  private statements(one: Statement, other: Statement): boolean {
    const s = asClearing(one);
    const t = asClearing(other);
    if (s.op === 'set' && t.op === 'set') return this.slot(s.slot, t.slot) && this.assigned(s.slot, this.match(s.value, t.value));
    if (s.op === 'setElement' && t.op === 'setElement') {
      const elements = this.elements(s, t);
      const value = this.match(s.value, t.value);
      return elements?.every((slot) => this.assigned(slot, value)) === true;
    }
    if (s.op === 'if' && t.op === 'if') return this.truth(s.condition, t.condition) && this.arms(s, t, one, other);
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
    const then = (): boolean => this.bodies(s.then, t.then);
    const otherwise = (): boolean => this.bodies(s.else, t.else);
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

  /** The slots that an indexed access of the first can mean, all of whose images the second means in its place. */
  private elements(x: Indexed, y: Indexed): readonly number[] | null {
    if (x.length !== y.length) return null;
    const i = strided(x.index, x.length);
    const j = strided(y.index, y.length);
    // One element for each agent: the place within a stride may differ.
    const apart = i !== null && j !== null && i.stride === j.stride && this.plain(i.base, j.base) ? { i, j } : null;
    if (apart === null && !this.plain(x.index, y.index)) return null;
    const slots: number[] = [];
    for (let k = 0; k < x.length; k += apart === null ? 1 : apart.i.stride) {
      const slot = x.slot + k + (apart?.i.offset ?? 0);
      if (!this.slot(slot, y.slot + k + (apart?.j.offset ?? 0))) return null;
      slots.push(slot);
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
    return m.kind !== 'swap' || (m.a !== 0 && m.b !== 0);
  }

  /** How the value of `y` after the exchange comes from the value of `x` before it; null: not known. */
  private match(x: Expression, y: Expression): Match | null {
    if (x.op === 'constant' && y.op === 'constant') return { kind: 'constant', from: x.value, to: y.value };
    if (x.op === 'load' && y.op === 'load') return this.slot(x.slot, y.slot) ? this.values[x.slot] : null;
    if (x.op === 'element' && y.op === 'element') {
      const elements = this.elements(x, y);
      if (elements === null) return null;
      const value = this.values[elements[0]];
      return elements.every((slot) => isSame(this.values[slot], value)) ? value : null;
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
    if (operator === '+') {
      const mask = this.masks(maskParts(x), maskParts(y));
      if (mask !== null) return mask;
    }
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

  /** A mask that is put together agent by agent. */
  private masks(x: ReadonlyMap<number, Expression> | null, y: ReadonlyMap<number, Expression> | null): Match | null {
    if (x === null || y === null || x.size !== y.size) return null;
    for (const [bit, condition] of x) {
      const other = y.get(bit === this.a ? this.b : bit === this.b ? this.a : bit);
      if (other === undefined || !this.truth(condition, other)) return null;
    }
    return { kind: 'bits', a: this.a, b: this.b };
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

type If = Statement & { readonly op: 'if' };

interface Indexed {
  readonly slot: number;
  readonly length: number;
  readonly index: Expression;
}

/** `base * stride + offset`, where the array is made of whole strides. */
function strided(
  index: Expression,
  length: number,
): { readonly base: Expression; readonly stride: number; readonly offset: number } | null {
  const sum = index.op === 'binary' && index.operator === '+' && index.right.op === 'constant';
  const offset = sum && index.right.op === 'constant' ? index.right.value : 0;
  const product = sum ? index.left : index;
  if (product.op !== 'binary' || product.operator !== '*' || product.right.op !== 'constant') return null;
  const stride = product.right.value;
  return stride > 1 && length % stride === 0 && offset >= 0 && offset < stride ? { base: product.left, stride, offset } : null;
}

/** By bit, the condition under which it is set, of `(c ? 1 : 0) + (d ? 2 : 0) + ...`. */
function maskParts(e: Expression): ReadonlyMap<number, Expression> | null {
  const parts = new Map<number, Expression>();
  const visit = (p: Expression): boolean => {
    if (p.op === 'binary' && p.operator === '+') return visit(p.left) && visit(p.right);
    if (p.op !== 'choose' || p.then.op !== 'constant' || p.else.op !== 'constant' || p.else.value !== 0) return false;
    const bit = Math.log2(p.then.value);
    if (!Number.isInteger(bit) || parts.has(bit)) return false;
    parts.set(bit, p.condition);
    return true;
  };
  return visit(e) ? parts : null;
}

interface Footprint {
  readonly reads: Set<number>;
  readonly writes: Set<number>;
  /** The one value that is written; null where there are others. */
  value: number | null;
}

/** The end of the assignments from `from` on that can be made in any order: none reads or writes what another writes. */
function endOfRun(body: readonly Statement[], from: number): number {
  const before: Footprint[] = [];
  for (let i = from; i < body.length; i++) {
    const own: Footprint = { reads: new Set(), writes: new Set(), value: null };
    if (!addFootprint(body[i], own, true) || before.some((other) => inTheWay(own, other))) return i;
    before.push(own);
  }
  return body.length;
}

function inTheWay(x: Footprint, y: Footprint): boolean {
  // To write the same twice is to write it once.
  const alike = x.value !== null && x.value === y.value;
  for (const slot of x.writes) if (y.reads.has(slot) || (!alike && y.writes.has(slot))) return true;
  for (const slot of y.writes) if (x.reads.has(slot)) return true;
  return false;
}

/** False for what is no assignment. */
function addFootprint(s: Statement, into: Footprint, first: boolean): boolean {
  const read = (e: Expression): void => {
    visitExpression(e, (n) => {
      if (n.op === 'load') into.reads.add(n.slot);
      else if (n.op === 'element') for (let i = 0; i < n.length; i++) into.reads.add(n.slot + i);
    });
  };
  switch (s.op) {
    case 'set':
    case 'setElement':
      read(s.value);
      if (s.op === 'setElement') read(s.index);
      for (let i = 0; i < (s.op === 'set' ? 1 : s.length); i++) into.writes.add(s.slot + i);
      if (first && s.value.op === 'constant') into.value = s.value.value;
      return true;
    case 'if':
      read(s.condition);
      return [...s.then, ...s.else].every((b) => addFootprint(b, into, false));
    case 'goto':
    case 'fail':
    case 'report':
    case 'disable':
      return false;
  }
}

/** `if ... and the bit is set, take it off` is the same as clearing the bit: then it is seen to be a matter of bits. */
function asClearing(s: Statement): Statement {
  if (s.op !== 'if' || s.then.length !== 1 || s.else.length > 0) return s;
  const [inner] = s.then;
  if (inner.op !== 'set' || inner.value.op !== 'binary' || inner.value.operator !== '+') return s;
  const { left, right } = inner.value;
  if (left.op !== 'load' || left.slot !== inner.slot || right.op !== 'constant') return s;
  const bit = -right.value;
  const tests = parts(s.condition, '&&').some((p) => {
    if (p.op !== 'binary' || p.operator !== '!=' || p.right.op !== 'constant' || p.right.value !== 0) return false;
    const { left: m } = p;
    return (
      m.op === 'binary' &&
      m.operator === '&' &&
      m.left.op === 'load' &&
      m.left.slot === inner.slot &&
      m.right.op === 'constant' &&
      m.right.value === bit
    );
  });
  if (!tests || !Number.isInteger(Math.log2(bit))) return s;
  const cleared: Expression = { op: 'binary', operator: '&', left, right: { op: 'constant', value: -1 - bit } };
  return { ...s, then: [{ ...inner, value: cleared }] };
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
