// Values that depend on the instant of one step: a few forms `t * time + rest`, where `rest` is known in the state before the step. What the code
// asks of them turns at instants that can be computed.
import type { Binary, Expression } from '../system/system.ts';
import { and, binary, choose, constant, load, minus, plus, zero } from '../system/expression.ts';
import { sizeOf } from '../system/parts.ts';
import { contains } from './search.ts';

/**
 * forms: it is one of these. unknown: it is the same for all instants between two that have been told. later: it depends on a later look at the
 * clock, which tells its own. lost: it does not depend on the instant, and what it is takes too much to say. opaque: it depends on the
 * instant in a way that is not understood.
 */
export type TimeValue =
  | { readonly kind: 'forms'; readonly forms: readonly Form[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'later' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'opaque' };

interface Form {
  readonly t: number;
  readonly rest: Expression;
}

export const unknown: TimeValue = { kind: 'unknown' };
export const later: TimeValue = { kind: 'later' };
export const opaque: TimeValue = { kind: 'opaque' };
export const lost: TimeValue = { kind: 'lost' };
const MOST_FORMS = 6;
/** Parts of an expression. */
const MOST_PARTS = 60;
/** Bounds of types and the like, which no clock comes to. */
export const FAR = 2 ** 50;

export const plain = (rest: Expression): TimeValue => (sizeOf(rest) > MOST_PARTS ? lost : { kind: 'forms', forms: [{ t: 0, rest }] });
export const theTime = (t: number, rest: Expression): TimeValue => ({ kind: 'forms', forms: [{ t, rest }] });

export function dependsOnTime(v: TimeValue): boolean {
  return v.kind === 'opaque' || (v.kind === 'forms' && v.forms.some((f) => f.t !== 0));
}

/** The only expression that it can be; null where there are more, or none is known. */
export function expressionOf(v: TimeValue): Expression | null {
  return v.kind === 'forms' && v.forms.length === 1 && v.forms[0].t === 0 ? v.forms[0].rest : null;
}

/** One of the two. */
export function either(a: TimeValue, b: TimeValue): TimeValue {
  if (a.kind === 'opaque' || b.kind === 'opaque') return opaque;
  if (a.kind === 'lost' || b.kind === 'lost') return dependsOnTime(a) || dependsOnTime(b) ? opaque : lost;
  if (a.kind === 'unknown' || a.kind === 'later') return dependsOnTime(b) || b.kind === 'later' ? b : a;
  if (b.kind === 'unknown' || b.kind === 'later') return dependsOnTime(a) ? a : b;
  const forms = new Map([...a.forms, ...b.forms].map((f) => [`${f.t} ${JSON.stringify(f.rest)}`, f]));
  const all = [...forms.values()];
  return forms.size > MOST_FORMS ? (all.some((f) => f.t !== 0) ? opaque : lost) : { kind: 'forms', forms: all };
}

export function combine(operator: Binary, a: TimeValue, b: TimeValue): TimeValue {
  const depends = dependsOnTime(a) || dependsOnTime(b);
  if (a.kind !== 'forms' || b.kind !== 'forms') {
    if (a.kind === 'opaque' || b.kind === 'opaque') return opaque;
    if (a.kind === 'later' || b.kind === 'later') return later;
    if (a.kind === 'unknown' || b.kind === 'unknown') return unknown;
    return depends ? opaque : lost;
  }
  const forms: Form[] = [];
  for (const x of a.forms) {
    for (const y of b.forms) {
      const form = combined(operator, x, y);
      if (form === null) return opaque;
      forms.push(form);
    }
  }
  if (forms.length > MOST_FORMS || forms.some((f) => sizeOf(f.rest) > MOST_PARTS)) return depends ? opaque : lost;
  return { kind: 'forms', forms };
}

function combined(operator: Binary, x: Form, y: Form): Form | null {
  if (x.t === 0 && y.t === 0) return { t: 0, rest: binary(operator, x.rest, y.rest) };
  if (operator === '+') return { t: x.t + y.t, rest: plus(x.rest, y.rest) };
  if (operator === '-') return { t: x.t - y.t, rest: minus(x.rest, y.rest) };
  if (operator === '*' && x.t === 0 && x.rest.op === 'constant') return { t: y.t * x.rest.value, rest: binary('*', x.rest, y.rest) };
  if (operator === '*' && y.t === 0 && y.rest.op === 'constant') return { t: x.t * y.rest.value, rest: binary('*', x.rest, y.rest) };
  return null;
}

/** Instants at which `a OPERATOR b` turns; null where that is not understood. */
export function turns(operator: Binary, a: TimeValue, b: TimeValue): Expression[] | null {
  if (a.kind === 'opaque' || b.kind === 'opaque') return null;
  if (a.kind === 'unknown' || b.kind === 'unknown' || a.kind === 'later' || b.kind === 'later') return [];
  if (a.kind === 'lost' || b.kind === 'lost') return null;
  const instants: Expression[] = [];
  for (const x of a.forms) {
    for (const y of b.forms) {
      const t = x.t - y.t;
      if (t === 0) continue;
      if (t !== 1 && t !== -1) return null;
      const rest = minus(x.rest, y.rest);
      if (contains(rest, (e) => e.op === 'constant' && Math.abs(e.value) > FAR)) continue;
      const root = t === 1 ? minus(zero, rest) : rest;
      // The first instant of the other answer: with equality at `root`, or behind it.
      const behind = (operator === '>' || operator === '<=') === (t === 1);
      if (operator === '==' || operator === '!=') instants.push(root, plus(root, constant(1)));
      else instants.push(behind ? plus(root, constant(1)) : root);
    }
  }
  return instants;
}

/** `array[index]`, wherever the index may lie in a state in which nobody looks. */
export function within(slot: number, length: number, index: Expression): Expression {
  if (length === 1) return load(slot);
  if (index.op === 'constant') return index.value >= 0 && index.value < length ? load(slot + index.value) : zero;
  const inside = and(binary('>=', index, zero), binary('<', index, constant(length)));
  return { op: 'element', slot, length, index: choose(inside, index, zero) };
}
