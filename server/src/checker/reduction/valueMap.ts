// What an exchange of agents makes of values: nothing, or values (or bits) change places in pairs. Which they are is found out in automorphism.ts.

/** What becomes of a slot's value: nothing, or values (or bits) change places in pairs. */
export type ValueMap =
  | { readonly kind: 'same' }
  | { readonly kind: 'swap' | 'bits'; readonly pairs: ReadonlyArray<readonly [number, number]> };

export interface Automorphism {
  /** By slot: where its value goes. Its own inverse. */
  readonly slots: Int32Array;
  readonly values: readonly ValueMap[];
}

/** A value map, or a constant that becomes another one and so fits several. */
export type Match = ValueMap | { readonly kind: 'constant'; readonly from: number; readonly to: number };

export const same: ValueMap = { kind: 'same' };

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

export function partner(pairs: ReadonlyArray<readonly [number, number]>, v: number): number {
  for (const [a, b] of pairs) {
    if (v === a) return b;
    if (v === b) return a;
  }
  return v;
}

/** By the smaller value of each pair. */
export function isSame(x: ValueMap, y: ValueMap): boolean {
  if (x === y) return true;
  if (x.kind === 'same' || y.kind === 'same' || x.kind !== y.kind || x.pairs.length !== y.pairs.length) return false;
  return x.pairs.every(([a, b]) => partner(y.pairs, a) === b);
}

/** A map of single values; the same where it moves none. */
export function swapOf(moves: ReadonlyArray<readonly [number, number]>): ValueMap {
  const pairs = moves.filter(([a, b]) => a !== b);
  return pairs.length === 0 ? same : { kind: 'swap', pairs };
}

export function isPlain(m: Match): boolean {
  return m.kind === 'same' || (m.kind === 'constant' && m.from === m.to);
}

/** One map that both follow. */
export function joined(x: Match | null, y: Match | null): Match | null {
  if (x === null || y === null) return null;
  if (x.kind === 'constant' && y.kind === 'constant')
    return x.from === y.from && x.to === y.to ? x : x.from === x.to && y.from === y.to ? same : null;
  if (x.kind === 'constant') return y.kind !== 'constant' && mapped(y, x.from) === x.to ? y : null;
  if (y.kind === 'constant') return mapped(x, y.from) === y.to ? x : null;
  return isSame(x, y) ? x : null;
}

/** A value that is exchanged, and a number added to it, or that it is multiplied by. */
export function moved(operator: '+' | '-' | '*', x: Match, y: Match, possible: ReadonlySet<number> | null): ValueMap | null {
  if (x.kind !== 'swap' || y.kind !== 'constant' || y.from !== y.to || (operator === '*' && y.from === 0)) return null;
  const n = y.from;
  const to = (v: number): number => (operator === '+' ? v + n : operator === '-' ? v - n : v * n);
  // Values that it cannot have would be in the way of others.
  const pairs = x.pairs.filter(([a, b]) => possible === null || possible.has(a) || possible.has(b));
  return swapOf(pairs.map(([a, b]) => [to(a), to(b)] as const));
}
