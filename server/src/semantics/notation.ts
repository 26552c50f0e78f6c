// Reads the type notation of the prelude (`ref mutex`, `list T`, `fn(any) -> int`) and binds its type variables in a call.
import type { StructInfo, Type } from './program.ts';
import { ANY, assignable, ERROR, join, show, valueOf, VOID } from './types.ts';

/** A type with holes: a single capital letter stands for what its first argument in the call has. */
export type Pattern =
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'variable' | 'refVariable' | 'listVariable'; readonly name: string }
  | { readonly kind: 'fn'; readonly parameters: readonly Pattern[]; readonly returns: Pattern };

export type Bindings = Map<string, Type>;

/** `named` resolves names of types; null for one that no file of the program declares, which then goes with everything. */
export function parseNotation(text: string, named: (name: string) => Type | null): Pattern {
  const words = text.match(/->|[\w.]+|[(),]/g) ?? [];
  let at = 0;
  const one = (): Pattern => {
    const word = words[at++];
    if (word === 'fn' && words[at] === '(') {
      at++;
      const parameters: Pattern[] = [];
      while (at < words.length && words[at] !== ')') {
        parameters.push(one());
        if (words[at] === ',') at++;
      }
      at++;
      let returns: Pattern = { kind: 'type', type: VOID };
      if (words[at] === '->') {
        at++;
        returns = one();
      }
      return { kind: 'fn', parameters, returns };
    }
    if (word === 'ref' || word === 'list') {
      const of = words[at++] ?? '';
      if (/^[A-Z]$/.test(of)) return { kind: word === 'ref' ? 'refVariable' : 'listVariable', name: of };
      const type = named(of) ?? ERROR;
      if (type.kind !== 'struct') return { kind: 'type', type };
      return { kind: 'type', type: word === 'ref' ? { kind: 'ref', to: type.struct } : { kind: 'list', of: type.struct } };
    }
    if (word === undefined || word === 'void') return { kind: 'type', type: VOID };
    if (/^[A-Z]$/.test(word)) return { kind: 'variable', name: word };
    return { kind: 'type', type: named(word) ?? ERROR };
  };
  return one();
}

/** The type of a pattern under what is bound so far; `error` for variables that are not. */
export function instantiate(pattern: Pattern, bindings: Bindings): Type {
  switch (pattern.kind) {
    case 'type':
      return pattern.type;
    case 'variable':
      return bindings.get(pattern.name) ?? ERROR;
    case 'refVariable': {
      const bound = bindings.get(pattern.name);
      if (bound === undefined) return ERROR;
      return bound.kind === 'struct' ? { kind: 'ref', to: bound.struct } : bound;
    }
    case 'listVariable': {
      const bound = structOf(bindings.get(pattern.name));
      return bound === null ? ERROR : { kind: 'list', of: bound };
    }
    case 'fn':
      return {
        kind: 'fn',
        parameters: pattern.parameters.map((p) => instantiate(p, bindings)),
        returns: instantiate(pattern.returns, bindings),
      };
  }
}

/** Binds variables of the pattern that have no type yet. False where an argument of this type can't fit. */
export function bind(pattern: Pattern, argument: Type, bindings: Bindings): boolean {
  if (argument.kind === 'error') return true;
  switch (pattern.kind) {
    case 'type':
      return assignable(argument, pattern.type);
    case 'variable': {
      const bound = bindings.get(pattern.name);
      if (bound !== undefined && bound.kind !== 'null') return assignable(argument, bound.kind === 'struct' ? valueOf(bound) : bound);
      bindings.set(pattern.name, bound === undefined ? valueOf(argument) : (join(bound, argument) ?? bound));
      return true;
    }
    case 'refVariable': {
      const value = valueOf(argument);
      if (value.kind === 'null') return true;
      if (value.kind !== 'ref') return false;
      const bound = bindings.get(pattern.name);
      if (bound === undefined) bindings.set(pattern.name, value.to === null ? ANY : { kind: 'struct', struct: value.to });
      return bound === undefined || structOf(bound) === null || structOf(bound) === value.to;
    }
    case 'listVariable': {
      if (argument.kind !== 'list') return false;
      const bound = bindings.get(pattern.name);
      if (bound === undefined) bindings.set(pattern.name, { kind: 'struct', struct: argument.of });
      return bound === undefined || structOf(bound) === argument.of;
    }
    case 'fn': {
      if (argument.kind === 'null') return true;
      if (argument.kind !== 'fn') return false;
      argument.parameters.forEach((p, i) => {
        if (i < pattern.parameters.length) bindOnly(pattern.parameters[i], p, bindings);
      });
      return assignable(argument, instantiate(pattern, bindings));
    }
  }
}

/** A parameter of a function argument tells what a variable is only where nothing else has. */
function bindOnly(pattern: Pattern, type: Type, bindings: Bindings): void {
  if (pattern.kind === 'type' || pattern.kind === 'fn' || bindings.has(pattern.name)) return;
  bind(pattern, type, bindings);
}

function structOf(type: Type | undefined): StructInfo | null {
  if (type?.kind === 'struct') return type.struct;
  return type?.kind === 'ref' ? type.to : null;
}

/** How a pattern reads in a message: the notation with what is bound filled in. */
export function showPattern(pattern: Pattern, bindings: Bindings): string {
  switch (pattern.kind) {
    case 'type':
      return show(pattern.type);
    case 'variable':
      return bindings.has(pattern.name) ? show(instantiate(pattern, bindings)) : pattern.name;
    case 'refVariable':
      return bindings.has(pattern.name) ? show(instantiate(pattern, bindings)) : `ref ${pattern.name}`;
    case 'listVariable':
      return bindings.has(pattern.name) ? show(instantiate(pattern, bindings)) : `list ${pattern.name}`;
    case 'fn': {
      const returns =
        pattern.returns.kind === 'type' && pattern.returns.type.kind === 'void' ? '' : ` -> ${showPattern(pattern.returns, bindings)}`;
      return `fn(${pattern.parameters.map((p) => showPattern(p, bindings)).join(', ')})${returns}`;
    }
  }
}
