// From types as they are written to types as they are meant. What may be put into what is types.ts.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import { nearest } from '../base/nearest.ts';
import type { Analysis } from './analysis.ts';
import { constantIn, maxDepth } from './constants.ts';
import { didYouMean, findModule, replacement, resolveTypeName, resolveValue, isKind } from './names.ts';
import type { StructInfo, Type } from './program.ts';
import { report } from './report.ts';
import type { TypeEntry, Where } from './scope.ts';
import { BUILT_IN, ERROR, refTo, show, VOID } from './types.ts';

export function resolveType(a: Analysis, where: Where, type: tree.Type): Type {
  switch (type.kind) {
    case 'named':
      return namedType(a, where, type.path);
    case 'ref': {
      const to = resolveType(a, where, type.to);
      if (to.kind === 'struct') return refTo(to.struct);
      // `ref any`, and `ref mmio` where naming the type already means a reference.
      if (to.kind === 'ref' && type.to.kind === 'named') return to;
      return needsStruct(a, where, type.to, to, '`ref`');
    }
    case 'list': {
      const of = resolveType(a, where, type.of);
      if (of.kind === 'struct') return { kind: 'list', of: of.struct };
      return needsStruct(a, where, type.of, of, '`list`');
    }
    case 'fnType':
      return {
        kind: 'fn',
        parameters: type.parameters.map((p) => parameterType(resolveType(a, where, p))),
        returns: type.returns === null ? VOID : parameterType(resolveType(a, where, type.returns)),
      };
    case 'rangeType': {
      const low = constantIn(a, where, type.low, 'a range');
      const high = constantIn(a, where, type.high, 'a range');
      if (low === null || high === null) return ERROR;
      if (low > high) {
        report(a.reporter, where.unit, codes.badRange, type, `the range ${low}..${high} is empty`);
        return ERROR;
      }
      return { kind: 'int', name: `${low}..${high}`, min: low, max: high };
    }
    case 'hole':
      return ERROR;
  }
}

/** Structs are passed by address: a parameter `t: timer_dev` is a `ref timer_dev`. */
export function parameterType(type: Type): Type {
  return type.kind === 'struct' ? refTo(type.struct) : type;
}

function needsStruct(a: Analysis, where: Where, node: tree.Type, found: Type, word: string): Type {
  if (found.kind !== 'error') report(a.reporter, where.unit, codes.typeMismatch, node, `${word} wants a struct, found \`${show(found)}\``);
  return ERROR;
}

/** `T` or `module.T`. */
export function namedType(a: Analysis, where: Where, path: tree.Path): Type {
  const [first, second] = path.parts;
  if (first === undefined) return ERROR;
  if (second === undefined) {
    const builtIn = BUILT_IN.get(first.text);
    if (builtIn !== undefined) return builtIn;
    const entry = resolveTypeName(a, where, first);
    return entry === null ? ERROR : typeNamedBy(a, entry, first);
  }
  const module = findModule(a, where, first.text);
  if (module === null) {
    resolveValue(a, where, first, isKind('module'));
    return ERROR;
  }
  a.symbols.set(first, { kind: 'module', module });
  const types = a.scopes.modules.get(module)?.types;
  const entry = types?.get(second.text);
  if (entry === undefined) {
    if (second.text !== '') {
      const close = nearest(second.text, types?.keys() ?? []);
      report(
        a.reporter,
        where.unit,
        codes.unknownType,
        second,
        `module \`${module.name}\` has no type \`${second.text}\`${didYouMean(close)}`,
        { fixes: replacement(second, close) },
      );
    }
    return ERROR;
  }
  return typeNamedBy(a, entry, second);
}

function typeNamedBy(a: Analysis, entry: TypeEntry, name: tree.Name): Type {
  const type = typeOfEntry(a, entry);
  if (entry.symbol !== null) a.symbols.set(name, entry.symbol);
  return type;
}

/** The struct that a path names; null after a report. */
export function namedStruct(a: Analysis, where: Where, path: tree.Path, what: string): StructInfo | null {
  const type = namedType(a, where, path);
  if (type.kind === 'struct') return type.struct;
  if (type.kind !== 'error') report(a.reporter, where.unit, codes.typeMismatch, path, `${what} wants a struct, found \`${show(type)}\``);
  return null;
}

export function typeOfEntry(a: Analysis, entry: TypeEntry): Type {
  if (entry.type !== null) return entry.type;
  if (entry.alias === null || entry.unit === null) return ERROR;
  if (entry.resolving) {
    report(a.reporter, entry.unit, codes.recursive, entry.alias, 'this type is another name for itself');
    return ERROR;
  }
  if (a.depth >= maxDepth) {
    report(a.reporter, entry.unit, codes.tooDeep, entry.alias, `a type is another name through at most ${maxDepth} others`);
    return ERROR;
  }
  entry.resolving = true;
  a.depth++;
  entry.type = resolveType(a, { unit: entry.unit, module: entry.module }, entry.alias);
  a.depth--;
  entry.resolving = false;
  if (entry.type.kind === 'struct') entry.symbol = { kind: 'struct', struct: entry.type.struct };
  if (entry.symbol !== null && entry.node !== null) a.symbols.set(entry.node, entry.symbol);
  return entry.type;
}
