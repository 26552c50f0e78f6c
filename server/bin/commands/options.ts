// Reads the arguments of one command against the options that it takes. What they mean is the command's business.
import { nearest } from '../../src/base/nearest.ts';

export type OptionKind =
  | { readonly takes: 'nothing' }
  | { readonly takes: 'integer'; readonly min: number }
  | { readonly takes: 'number' }
  | { readonly takes: 'text'; readonly what: string }
  | { readonly takes: 'one'; readonly of: readonly string[] }
  /** NAME=VALUE, repeatable. */
  | { readonly takes: 'pairs' };

export type OptionKinds = Readonly<Record<string, OptionKind>>;

export interface Parsed {
  readonly positional: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly texts: ReadonlyMap<string, string>;
  readonly pairs: Readonly<Record<string, string>>;
}

/** A text instead of a result says what is wrong with the call. */
export function parseOptions(args: readonly string[], kinds: OptionKinds): Parsed | string {
  const positional: string[] = [];
  const flags = new Set<string>();
  const numbers = new Map<string, number>();
  const texts = new Map<string, string>();
  const pairs: Record<string, string> = {};
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--') {
      positional.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      positional.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return unknown(name, Object.keys(kinds));
    if (kind.takes === 'nothing') {
      if (equals >= 0) return `${name} takes no value`;
      flags.add(name);
      continue;
    }
    const value = equals >= 0 ? arg.slice(equals + 1) : args[++i];
    if (value === undefined || value === '') return `${name} wants ${wanted(kind)}`;
    switch (kind.takes) {
      case 'integer': {
        const n = Number(value);
        if (!/^\d+$/.test(value) || !Number.isSafeInteger(n) || n < kind.min) return `${name} wants ${wanted(kind)}, not \`${value}\``;
        numbers.set(name, n);
        break;
      }
      case 'number': {
        const n = Number(value);
        if (!Number.isFinite(n) || n <= 0) return `${name} wants ${wanted(kind)}, not \`${value}\``;
        numbers.set(name, n);
        break;
      }
      case 'text':
        texts.set(name, value);
        break;
      case 'one': {
        if (!kind.of.includes(value)) return `${name} wants ${wanted(kind)}, not \`${value}\``;
        texts.set(name, value);
        break;
      }
      case 'pairs': {
        const at = value.indexOf('=');
        if (at <= 0 || at === value.length - 1) return `${name} wants ${wanted(kind)}, not \`${value}\``;
        const key = value.slice(0, at);
        if (Object.hasOwn(pairs, key)) return `${name} gives ${key} twice`;
        pairs[key] = value.slice(at + 1);
        break;
      }
    }
  }
  return { positional, flags, numbers, texts, pairs };
}

function wanted(kind: OptionKind): string {
  switch (kind.takes) {
    case 'nothing':
      return 'no value';
    case 'integer':
      return `a whole number of at least ${kind.min}`;
    case 'number':
      return 'a number above 0';
    case 'text':
      return kind.what;
    case 'one':
      return `one of ${kind.of.join(', ')}`;
    case 'pairs':
      return 'NAME=VALUE';
  }
}

function unknown(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no option ${name}${near === null ? '' : `, did you mean ${near}?`}`;
}
