// Whether two agents may be exchanged for each other: finds which slots and which values have to be exchanged with them, and then proves, step
// by step and agent by agent, that the exchange maps every step of the system to a step of the system. What it cannot prove it refuses.
import type { Expression, Location, Statement, Step, System, Variable } from '../../system/system.ts';
import { type Held, valuesOf } from '../wasm/values.ts';
import { visitExpression } from '../wasm/visit.ts';

/** What becomes of a slot's value: nothing, or values (or bits) change places in pairs. */
export type ValueMap =
  | { readonly kind: 'same' }
  | { readonly kind: 'swap' | 'bits'; readonly pairs: ReadonlyArray<readonly [number, number]> };

export interface Automorphism {
  /** By slot: where its value goes. Its own inverse. */
  readonly slots: Int32Array;
  readonly values: readonly ValueMap[];
}

const same: ValueMap = { kind: 'same' };

/** Ways on that tell agents apart, by the `if` that they are in. */
export type Arms = Map<Statement, 'then' | 'else'>;

/**
 * Null where it is not proved that the agents may be exchanged. `held` is what slots can hold. With `apart`, arms of an `if` that stand in the
 * way are added there, and the proof is for the system without them; whoever asks has to make sure that nobody goes there. Yields after each
 * location.
 */
export function* exchange(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  held: ReadonlyArray<Readonly<Held>>,
  a: number,
  b: number,
  apart: Arms | null = null,
): Generator<void, Automorphism | null> {
  const start = guess(system, a, b);
  if (start === null) return null;
  // First both programs are laid side by side to see what differs, then everything is proved with that.
  const found = new Matcher(system, held, start, start.agents, true, null);
  for (let before = -1; before < found.lessons.length; ) {
    before = found.lessons.length;
    if (!(yield* allMatch(system, found, start.agents))) return null;
  }
  const proof = new Matcher(system, held, { slots: found.slots, values: found.values }, start.agents, false, apart);
  const { slots, values } = proof;
  if (!(yield* allMatch(system, proof, start.agents))) return null;
  for (let slot = 0; slot < system.slots; slot++) {
    const to = slots[slot];
    if (slots[to] !== slot || !isSame(values[slot], values[to])) return null;
  }
  const automorphism = { slots, values: values.map((map, slot) => narrowed(map, held[slot].values, held[slots[slot]].values)) };
  const known = new Set(initials.map((s) => s.join()));
  return initials.every((s) => known.has(image(automorphism, s).join())) ? automorphism : null;
}

function* allMatch(system: System, m: Matcher, pairs: ReadonlyArray<readonly [number, number]>): Generator<void, boolean> {
  for (const agent of system.agents.keys()) if (!(yield* agentsMatch(system, m, agent, partner(pairs, agent)))) return false;
  return true;
}

/** Without pairs that neither a slot nor the one that it changes places with can hold. */
function narrowed(map: ValueMap, one: ReadonlySet<number> | null, other: ReadonlySet<number> | null): ValueMap {
  if (map.kind !== 'swap' || one === null || other === null) return map;
  return swapOf(map.pairs.filter((pair) => pair.some((v) => one.has(v) || other.has(v))));
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
  if (map.kind === 'swap') return partner(map.pairs, v);
  // Below zero are masks of all but a few bits.
  const bit = (n: number): number => Math.abs(Math.floor(v / 2 ** n) % 2);
  return map.pairs.reduce((sum, [a, b]) => sum + (bit(b) - bit(a)) * (2 ** a - 2 ** b), v);
}

function partner(pairs: ReadonlyArray<readonly [number, number]>, v: number): number {
  for (const [a, b] of pairs) {
    if (v === a) return b;
    if (v === b) return a;
  }
  return v;
}

/** By the smaller value of each pair. */
function isSame(x: ValueMap, y: ValueMap): boolean {
  if (x === y) return true;
  if (x.kind === 'same' || y.kind === 'same' || x.kind !== y.kind || x.pairs.length !== y.pairs.length) return false;
  return x.pairs.every(([a, b]) => partner(y.pairs, a) === b);
}

/** A map of single values; the same where it moves none. */
function swapOf(moves: ReadonlyArray<readonly [number, number]>): ValueMap {
  const pairs = moves.filter(([a, b]) => a !== b);
  return pairs.length === 0 ? same : { kind: 'swap', pairs };
}

/** From what lowering says of its variables. */
function guess(system: System, a: number, b: number) {
  const slots = new Int32Array(system.slots).fill(-1);
  const values: Array<ValueMap | null> = new Array<ValueMap | null>(system.slots).fill(null);
  const symmetry = system.symmetries.find((y) => y.agents.includes(a) && y.agents.includes(b));
  if (symmetry === undefined) return null;
  const one = symmetry.agents.indexOf(a);
  const other = symmetry.agents.indexOf(b);
  const paired = (all: ReadonlyArray<readonly number[]>): ReadonlyArray<readonly [number, number]> | null =>
    all[one].length === all[other].length ? all[one].map((x, k) => [x, all[other][k]] as const) : null;
  const own = paired(symmetry.slots);
  const companions = paired(symmetry.companions);
  const places = paired(symmetry.places);
  if (own === null || companions === null || places === null) return null;
  const agents = [[a, b] as const, ...companions];
  for (const [x, y] of own) {
    slots[x] = y;
    slots[y] = x;
  }
  const swap = (by: number): ValueMap => ({ kind: 'swap', pairs: agents.map(([x, y]) => [by + x, by + y] as const) });
  for (const v of system.variables) {
    if (v.over === 'agents') perAgent(v, slots, system.agents.length, agents);
    for (let slot = v.slot; slot < v.slot + v.length; slot++) {
      if (v.holds === 'agent') values[slot] = swap(1);
      else if (v.holds === 'agentMask') values[slot] = { kind: 'bits', pairs: agents };
      else if (v.holds === 'place') values[slot] = swapOf(places);
    }
  }
  for (const r of system.heap.roots) if (r.life !== null) values[r.life] = swap(2);
  return { slots, values, agents };
}

/** An array of one element for each agent, or of several such rows: rows change places as objects do, elements within them as agents do. */
function perAgent({ slot, length }: Variable, slots: Int32Array, count: number, agents: ReadonlyArray<readonly [number, number]>): void {
  const rows = Array.from({ length: Math.floor(length / count) }, (_, row) => slot + row * count);
  const images = rows.map((row) => (slots[row] < 0 ? row : slots[row]));
  rows.forEach((row, i) => {
    for (let agent = 0; agent < count; agent++) slots[row + agent] = images[i] + partner(agents, agent);
  });
}

function* agentsMatch(system: System, m: Matcher, from: number, to: number): Generator<void, boolean> {
  const x = system.agents[from];
  const y = system.agents[to];
  if (x.locations.length !== y.locations.length || !m.slot(x.slot, y.slot) || (x.exit === null) !== (y.exit === null)) return false;
  for (let i = 0; i < x.locations.length; i++) {
    if (!locationsMatch(m, x.locations[i], y.locations[i])) return false;
    yield;
  }
  return true;
}

function locationsMatch(m: Matcher, l: Location, k: Location): boolean {
  if ((l.call === null) !== (k.call === null) || l.steps.length !== k.steps.length) return false;
  if ((l.access === null) !== (k.access === null)) return false;
  if (l.access !== null && k.access !== null && !m.access(l.access, k.access)) return false;
  return l.steps.every((s, j) => m.tried(() => stepsMatch(m, s, k.steps[j])));
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
  /** What slots can hold at the statement that is looked at. */
  private readonly held: Array<Readonly<Held>>;
  private readonly agents: ReadonlyArray<readonly [number, number]>;
  private readonly infers: boolean;
  private readonly apart: Arms | null;
  /** What it has found out, each as what takes it back. */
  readonly lessons: Array<() => void> = [];
  /** Whether arms may be added to `apart`: only where nothing else helps. */
  private adds = false;

  constructor(
    system: System,
    held: ReadonlyArray<Readonly<Held>>,
    start: { readonly slots: Int32Array; readonly values: ReadonlyArray<ValueMap | null> },
    agents: ReadonlyArray<readonly [number, number]>,
    infers: boolean,
    apart: Arms | null,
  ) {
    this.apart = apart;
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
  private undone(match: () => boolean): boolean {
    if (!this.infers) return match();
    const before = this.lessons.length;
    if (match()) return true;
    while (this.lessons.length > before) this.lessons.pop()?.();
    return false;
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
          order.find((other) => this.exactly(() => this.undone(() => this.statements(x[k], y[other])))) ??
          (this.adds && left.has(k) && this.statements(x[k], y[k]) ? k : undefined);
        if (found !== undefined) left.delete(found);
        else if (!this.infers) return false;
      }
      i = end;
    }
    return true;
  }

  private statements(one: Statement, other: Statement): boolean {
    const s = asClearing(one);
    const t = asClearing(other);
    if (s.op === 'set' && t.op === 'set') return this.slot(s.slot, t.slot) && this.assigned(s.slot, s.value, this.match(s.value, t.value));
    if (s.op === 'setElement' && t.op === 'setElement') {
      const elements = this.elements(s, t);
      const value = this.match(s.value, t.value);
      return elements?.every((slot) => this.assigned(slot, s.value, value)) === true;
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
    const { held } = this;
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
      return x.right.value === y.right.value && this.match(x.left, y.left) !== null;
    }
    return this.match(x, y) !== null;
  }

  private assigned(slot: number, e: Expression, value: Match | null): boolean {
    if (value === null) return false;
    if (value.kind !== 'constant')
      return isSame(value, this.values[slot]) || this.follows(e, value, this.values[slot]) || this.learn(slot, value);
    if (mapped(this.values[slot], value.from) === value.to) return true;
    return this.learn(slot, swapOf([[value.from, value.to]]));
  }

  private learn(slot: number, map: ValueMap): boolean {
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
  private elements(x: Indexed, y: Indexed): readonly number[] | null {
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
  private match(x: Expression, y: Expression): Match | null {
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
  private follows(e: Expression, map: Match, other: Match): boolean {
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

type If = Statement & { readonly op: 'if' };

interface Indexed {
  readonly slot: number;
  readonly length: number;
  readonly index: Expression;
}

interface Stride {
  readonly stride: number;
  readonly offset: number;
}

const whole: Stride = { stride: 1, offset: 0 };

/** `base * stride + offset`, where the array is made of whole strides. */
function strided(index: Expression, length: number): (Stride & { readonly base: Expression }) | null {
  const sum = index.op === 'binary' && index.operator === '+' && index.right.op === 'constant';
  const offset = sum && index.right.op === 'constant' ? index.right.value : 0;
  const product = sum ? index.left : index;
  if (product.op !== 'binary' || product.operator !== '*' || product.right.op !== 'constant') return null;
  const stride = product.right.value;
  return stride > 1 && length % stride === 0 ? { base: product.left, stride, offset } : null;
}

/** A value that is exchanged, and a number added to it, or that it is multiplied by. */
function moved(operator: '+' | '-' | '*', x: Match, y: Match, possible: ReadonlySet<number> | null): ValueMap | null {
  if (x.kind !== 'swap' || y.kind !== 'constant' || y.from !== y.to || (operator === '*' && y.from === 0)) return null;
  const n = y.from;
  const to = (v: number): number => (operator === '+' ? v + n : operator === '-' ? v - n : v * n);
  // Values that it cannot have would be in the way of others.
  const pairs = x.pairs.filter(([a, b]) => possible === null || possible.has(a) || possible.has(b));
  return swapOf(pairs.map(([a, b]) => [to(a), to(b)] as const));
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

function addWrites(s: Statement, into: Set<number>): void {
  if (s.op === 'set') into.add(s.slot);
  else if (s.op === 'setElement') for (let i = 0; i < s.length; i++) into.add(s.slot + i);
  else if (s.op === 'if') for (const b of [...s.then, ...s.else]) addWrites(b, into);
}

/** The one slot that an expression depends on; null where it depends on others, or on none. */
function onlySlot(e: Expression): number | null {
  const slots = new Set<number>();
  visitExpression(e, (n) => {
    if (n.op === 'load') slots.add(n.slot);
    else if (n.op === 'element') for (let i = 0; i <= n.length; i++) slots.add(n.slot + i);
  });
  const [slot] = slots;
  return slots.size === 1 ? slot : null;
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
