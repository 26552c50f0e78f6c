// The values of consts, and of expressions that may use consts and params, where a declaration needs a number or a yes or no.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import { nearest } from '../base/nearest.ts';
import type { Analysis, ConstantWork } from './analysis.ts';
import { evaluate } from './constant.ts';
import { anything, didYouMean, lacksDeclarations, replacement, resolveValue } from './names.ts';
import type { ParamInfo, Symbol } from './program.ts';
import { report } from './report.ts';
import { findValue, type Where } from './scope.ts';

/** Definitions lead through each other up to this depth, so that no file can exhaust the stack. */
export const maxDepth = 100;

/** The value of a constant expression; null after a report. `what` says in the message where it stands. */
export function constantIn(a: Analysis, where: Where, e: tree.Expression, what: string): bigint | null {
  const refuse = (at: tree.Expression, found: string): void => {
    report(a.reporter, where.unit, codes.notConstant, at, `${what} can only use params, consts and numbers, not ${found}`);
  };
  return evaluate(e, {
    value: (name, beside) => {
      const param = beside === null ? null : paramNamed(a, where, beside.text);
      if (param !== null && paramNamed(a, where, name.text) === null) {
        const index = paramValue(a, where, param, name);
        if (index !== undefined) return index === null ? null : BigInt(index);
      }
      const entry = resolveValue(a, where, name);
      if (entry === null) return null;
      if (beside === null && entry.symbol.kind === 'param' && entry.symbol.param.node.domain.kind === 'names') {
        report(a.reporter, where.unit, codes.typeMismatch, name, notYesOrNo(entry.symbol.param));
        return null;
      }
      const value = valueOfSymbol(a, entry.symbol);
      if (value === null && entry.symbol.kind !== 'constant' && entry.symbol.kind !== 'param') refuse(name, `\`${name.text}\``);
      return value;
    },
    refuse: (at) => refuse(at, 'this'),
    impossible: refuse,
  });
}

/** Params, their values, consts and enum members have one; null for everything else. */
export function valueOfSymbol(a: Analysis, symbol: Symbol): bigint | null {
  switch (symbol.kind) {
    case 'param':
      return currentValue(a, symbol.param);
    case 'paramValue':
    case 'enumMember':
      return BigInt(symbol.index);
    case 'constant': {
      const work = symbol.node === null ? undefined : a.constants.get(symbol.node);
      return work === undefined ? symbol.value : constantValue(a, work);
    }
    default:
      return null;
  }
}

/** Which value of a param this combination has, as an integer: names are numbered. */
export function currentValue(a: Analysis, param: ParamInfo): bigint | null {
  const chosen = a.params[param.name] ?? param.values[0];
  switch (chosen?.kind) {
    case undefined:
      return null;
    case 'bool':
      return chosen.value ? 1n : 0n;
    case 'int':
      return BigInt(chosen.value);
    case 'name': {
      const index = param.values.findIndex((v) => v.kind === 'name' && v.name === chosen.name);
      return BigInt(Math.max(0, index));
    }
  }
}

function constantValue(a: Analysis, work: ConstantWork): bigint | null {
  if (work.state === 'running') {
    report(
      a.reporter,
      work.where.unit,
      codes.recursive,
      work.symbol.node?.name ?? work.value,
      `\`${work.symbol.name}\` is defined by itself`,
    );
    return null;
  }
  if (work.state === 'new') {
    if (a.depth >= maxDepth) {
      report(a.reporter, work.where.unit, codes.tooDeep, work.value, `a const is defined through at most ${maxDepth} others`);
      return null;
    }
    work.state = 'running';
    a.depth++;
    work.symbol.value = constantIn(a, work.where, work.value, 'a const') ?? 0n;
    a.depth--;
    work.state = 'done';
  }
  return work.symbol.value;
}

export function computeConstants(a: Analysis): void {
  for (const work of a.constants.values()) constantValue(a, work);
}

export function paramNamed(a: Analysis, where: Where, name: string): ParamInfo | null {
  const found = findValue(a.scopes, where, name, anything);
  return found.length === 1 && found[0].symbol.kind === 'param' ? found[0].symbol.param : null;
}

/** The number of a name among the values of the param beside it; null after a report; undefined where it is something else. */
export function paramValue(a: Analysis, where: Where, param: ParamInfo, name: tree.Name): number | null | undefined {
  if (name.text === '') return null;
  const index = param.values.findIndex((v) => v.kind === 'name' && v.name === name.text);
  if (index >= 0) {
    a.symbols.set(name, { kind: 'paramValue', param, index });
    return index;
  }
  if (param.node.domain.kind !== 'names') return undefined;
  const values = param.values.map((v) => (v.kind === 'name' ? v.name : ''));
  const close = nearest(name.text, values);
  if (close === null && lacksDeclarations(a, where.unit)) return null;
  const message = `\`${name.text}\` is no value of \`${param.name}\`, which is one of ${values.map((v) => `\`${v}\``).join(', ')}`;
  report(a.reporter, where.unit, codes.unknownParamValue, name, message + didYouMean(close), { fixes: replacement(name, close) });
  return null;
}

/** A param with named values is no condition by itself. */
export function notYesOrNo(param: ParamInfo): string {
  const first = param.values[0];
  return `\`${param.name}\` is no yes or no: compare it, as in \`${param.name} == ${first?.kind === 'name' ? first.name : '...'}\``;
}
