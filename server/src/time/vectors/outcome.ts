// Outcomes as data: comparing what was expected with what was computed, and writing both as JSON.
import { hex } from '../word.ts';

/** What a run gives: integers are bigint, so that none loses a bit. */
export type OutcomeValue =
  | bigint
  | number
  | string
  | boolean
  | null
  | readonly OutcomeValue[]
  | { readonly [key: string]: OutcomeValue | undefined };
export type Outcome = { readonly [key: string]: OutcomeValue | undefined };

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Whether everything that was expected was computed, exactly. What was not expected is not compared. */
export function meets(expected: Outcome, computed: Outcome): boolean {
  return Object.entries(expected).every(([key, e]) => e === undefined || (computed[key] !== undefined && equal(e, computed[key])));
}

export function equal(a: OutcomeValue, b: OutcomeValue): boolean {
  if (isList(a)) return isList(b) && a.length === b.length && a.every((x, i) => equal(x, b[i]!));
  if (isRecord(a)) return isRecord(b) && meets(a, b);
  if (typeof a === 'bigint' && typeof b === 'number') return a === BigInt(b);
  if (typeof a === 'number' && typeof b === 'bigint') return BigInt(a) === b;
  return a === b;
}

/** As JSON; integers become strings, hexadecimal wherever `like` (the author's own JSON at the same place) is. */
export function toJson(value: OutcomeValue, like: unknown): Json {
  if (typeof value === 'bigint') return typeof like === 'string' && /^-?0x/.test(like) ? hex(value) : value.toString();
  if (isList(value)) {
    const likes: readonly unknown[] = Array.isArray(like) ? like : [];
    return value.map((v, i) => toJson(v, likes[i] ?? likes[0]));
  }
  return isRecord(value) ? outcomeJson(value, like) : value;
}

/** A whole outcome as JSON. */
export function outcomeJson(outcome: Outcome, like: unknown): { readonly [key: string]: Json } {
  const likes: Readonly<Record<string, unknown>> = typeof like === 'object' && like !== null ? { ...like } : {};
  return Object.fromEntries(Object.entries(outcome).flatMap(([k, v]) => (v === undefined ? [] : [[k, toJson(v, likes[k])]])));
}

const isList = (v: unknown): v is readonly OutcomeValue[] => Array.isArray(v);
const isRecord = (v: OutcomeValue): v is { readonly [key: string]: OutcomeValue | undefined } =>
  typeof v === 'object' && v !== null && !Array.isArray(v);
