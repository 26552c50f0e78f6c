// Shapes of JSON values: one description that both checks a value, with the JSON path of every fault, and prints itself as JSON Schema.
// Knows nothing of timers.
import { parseInteger } from '../word.ts';

export interface InputError {
  /** JSON path: `$.vectors[3].args.timeout`. */
  readonly path: string;
  readonly message: string;
}

export type JsonSchema = { readonly [key: string]: unknown };

export interface Shape<T> {
  readonly schema: JsonSchema;
  /** The value read, or undefined after adding to `errors`. */
  readonly read: (value: unknown, path: string, errors: InputError[]) => T | undefined;
}

export type Read<S> = S extends Shape<infer T> ? T : never;

type Shapes = { readonly [key: string]: Shape<unknown> };
type Fields<R extends Shapes, O extends Shapes> = { readonly [K in keyof R]: Read<R[K]> } & { readonly [K in keyof O]?: Read<O[K]> };

/** An integer as a string, decimal or `0x` hexadecimal, between `min` and `max`. */
export function integer(min: bigint | null, max: bigint | null, description: string): Shape<bigint> {
  const pattern = min !== null && min >= 0n ? '^(0x[0-9a-fA-F]+|[0-9]+)$' : '^-?(0x[0-9a-fA-F]+|[0-9]+)$';
  return {
    schema: { type: 'string', pattern, description },
    read(value, path, errors) {
      const parsed = typeof value === 'string' ? parseInteger(value) : undefined;
      if (parsed === undefined) {
        const hint = typeof value === 'number' && Number.isSafeInteger(value) ? `: write "${value}"` : '';
        return fail(errors, path, `expected a string with a decimal or 0x hexadecimal integer, got ${show(value)}${hint}`);
      }
      if ((min !== null && parsed < min) || (max !== null && parsed > max))
        return fail(errors, path, `expected ${range(min, max)}, got ${show(value)}`);
      return parsed;
    },
  };
}

export const u64String = (description: string): Shape<bigint> => integer(0n, (1n << 64n) - 1n, description);
export const u32String = (description: string): Shape<number> => mapped(integer(0n, 0xffffffffn, description), Number);

/** A plain JSON integer. */
export function count(min: number, max: number, description: string): Shape<number> {
  return {
    schema: { type: 'integer', minimum: min, maximum: max, description },
    read(value, path, errors) {
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
      return fail(errors, path, `expected a whole number from ${min} to ${max}, got ${show(value)}`);
    },
  };
}

export function flag(description: string): Shape<boolean> {
  return {
    schema: { type: 'boolean', description },
    read: (value, path, errors) => (typeof value === 'boolean' ? value : fail(errors, path, `expected true or false, got ${show(value)}`)),
  };
}

export function text(description: string): Shape<string> {
  return {
    schema: { type: 'string', minLength: 1, description },
    read: (value, path, errors) =>
      typeof value === 'string' && value !== '' ? value : fail(errors, path, `expected some text, got ${show(value)}`),
  };
}

export function oneOf<const T extends string>(values: readonly T[], description: string): Shape<T> {
  return {
    schema: { enum: values, description },
    read(value, path, errors) {
      const found = values.find((v) => v === value);
      if (found !== undefined) return found;
      const hint = typeof value === 'string' ? suggestion(value, values) : '';
      return fail(errors, path, `expected one of ${values.map((v) => `"${v}"`).join(', ')}, got ${show(value)}${hint}`);
    },
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    schema: { anyOf: [shape.schema, { type: 'null' }] },
    read(v, path, errors) {
      if (v === null) return null;
      const before = errors.length;
      const r = shape.read(v, path, errors);
      const own = errors[before];
      if (own?.path === path) errors[before] = { path, message: `${own.message} (null is allowed)` };
      return r;
    },
  };
}

export function list<T>(item: Shape<T>, description: string, min = 0): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema, ...(min > 0 ? { minItems: min } : {}), description },
    read(value, path, errors) {
      if (!Array.isArray(value)) return fail(errors, path, `expected a list, got ${show(value)}`);
      if (value.length < min) return fail(errors, path, `expected at least ${min} element${min === 1 ? '' : 's'}`);
      return all(value.map((v: unknown, i) => item.read(v, `${path}[${i}]`, errors)));
    },
  };
}

/** An object whose keys are names of the author's own. */
export function dictionary<T>(pattern: RegExp, item: Shape<T>, description: string): Shape<Readonly<Record<string, T>>> {
  return {
    schema: { type: 'object', propertyNames: { pattern: pattern.source }, additionalProperties: item.schema, description },
    read(value, path, errors) {
      if (!isObject(value)) return fail(errors, path, `expected an object, got ${show(value)}`);
      const entries: [string, T][] = [];
      let good = true;
      for (const [key, v] of Object.entries(value)) {
        if (!pattern.test(key)) {
          fail(errors, member(path, key), `the key "${key}" does not match ${pattern.source}`);
          good = false;
          continue;
        }
        const r = item.read(v, member(path, key), errors);
        if (r === undefined) good = false;
        else entries.push([key, r]);
      }
      return good ? Object.fromEntries(entries) : undefined;
    },
  };
}

/** An object with these fields and no others. */
export function object<const R extends Shapes, const O extends Shapes>(
  required: R,
  optional: O,
  description: string,
): Shape<Fields<R, O>> & { readonly fields: R & O } {
  const fields: Shapes = { ...required, ...optional };
  return {
    fields: { ...required, ...optional },
    schema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(fields).map(([k, s]) => [k, s.schema])),
      ...(Object.keys(required).length > 0 ? { required: Object.keys(required) } : {}),
      additionalProperties: false,
      description,
    },
    read(value, path, errors) {
      if (!isObject(value)) return fail(errors, path, `expected an object, got ${show(value)}`);
      const out: Record<string, unknown> = {};
      let good = true;
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(fields, key)) continue;
        fail(errors, member(path, key), `unknown field "${key}"${suggestion(key, Object.keys(fields))}`);
        good = false;
      }
      for (const [key, shape] of Object.entries(fields)) {
        const present = Object.hasOwn(value, key);
        if (!present && Object.hasOwn(required, key)) {
          fail(errors, path, `the field "${key}" is missing`);
          good = false;
        }
        if (!present) continue;
        const r = shape.read(value[key], member(path, key), errors);
        if (r === undefined) good = false;
        else out[key] = r;
      }
      return good ? (out as Fields<R, O>) : undefined;
    },
  };
}

/** An object that is of one of several shapes, told apart by one of its fields. */
export function tagged<const V extends Readonly<Record<string, Shape<unknown>>>>(
  tag: string,
  variants: V,
  description: string,
): Shape<{ [K in keyof V]: Read<V[K]> }[keyof V]> {
  return {
    schema: { description, oneOf: Object.values(variants).map((v) => v.schema) },
    read(value, path, errors) {
      if (!isObject(value)) return fail(errors, path, `expected an object, got ${show(value)}`);
      const name = value[tag];
      if (name === undefined) return fail(errors, path, `the field "${tag}" is missing`);
      const known = Object.keys(variants);
      if (typeof name !== 'string' || !Object.hasOwn(variants, name)) {
        const hint = typeof name === 'string' ? suggestion(name, known) : '';
        return fail(errors, member(path, tag), `expected one of ${known.map((k) => `"${k}"`).join(', ')}, got ${show(name)}${hint}`);
      }
      return variants[name]!.read(value, path, errors) as Read<V[keyof V]> | undefined;
    },
  };
}

/** Just this word. */
export const literal = <const T extends string>(word: T): Shape<T> => ({ ...oneOf([word], ''), schema: { const: word } });

export function mapped<A, B>(shape: Shape<A>, f: (a: A) => B): Shape<B> {
  return {
    schema: shape.schema,
    read(value, path, errors) {
      const r = shape.read(value, path, errors);
      return r === undefined ? undefined : f(r);
    },
  };
}

/** A value of one of two JSON types; `wants` tells by looking. */
export function either<A, B>(wants: (value: unknown) => boolean, a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return {
    schema: { anyOf: [a.schema, b.schema] },
    read: (v, path, errors) => (wants(v) ? a.read(v, path, errors) : b.read(v, path, errors)),
  };
}

/** A further demand on a value that has its shape; `complain` gives what is wrong. */
export function checked<T>(shape: Shape<T>, complain: (value: T) => string | null): Shape<T> {
  return {
    schema: shape.schema,
    read(value, path, errors) {
      const r = shape.read(value, path, errors);
      if (r === undefined) return undefined;
      const message = complain(r);
      return message === null ? r : fail(errors, path, message);
    },
  };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fail(errors: InputError[], path: string, message: string): undefined {
  errors.push({ path, message });
  return undefined;
}

function all<T>(values: readonly (T | undefined)[]): readonly T[] | undefined {
  const good = values.filter((v) => v !== undefined);
  return good.length === values.length ? good : undefined;
}

const member = (path: string, key: string): string =>
  /^[A-Za-z_][\w-]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

function show(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}

function range(min: bigint | null, max: bigint | null): string {
  if (min === 0n && max === (1n << 64n) - 1n) return 'an unsigned 64-bit value';
  if (min === 0n && max === 0xffffffffn) return 'an unsigned 32-bit value';
  if (max === null) return `at least ${min}`;
  return `a value from ${min} to ${max}`;
}

function suggestion(word: string, known: readonly string[]): string {
  const near = known.find((k) => distance(k.toLowerCase(), word.toLowerCase()) <= 2);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
