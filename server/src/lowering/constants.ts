// Values that are known before anything runs: params, consts, enum members, errno numbers, functions, static objects.
import type { Program } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import { binary, constant } from '../system/expression.ts';
import type { Symbol } from '../semantics/program.ts';
import { functionNumber, moduleIndex, type World } from './world.ts';

/** What a constant may be about; a condition over params needs only the program. */
export interface Known {
  readonly program: Program;
  readonly functions: World['functions'];
  readonly strings: string[];
  readonly layout: { placeOf(object: object): number };
}

/** The number that stands for an expression, or null where only a run can tell. */
export function constantValue(world: Known, e: tree.Expression): number | null {
  switch (e.kind) {
    case 'integer': return toNumber(e.value);
    case 'duration': return toNumber(e.nanoseconds);
    case 'bool': return e.value ? 1 : 0;
    case 'null': return 0;
    case 'name': {
      const symbol = world.program.symbols.get(e);
      return symbol === undefined ? null : symbolValue(world, symbol);
    }
    case 'field': {
      const symbol = world.program.symbols.get(e.name);
      return symbol === undefined ? null : symbolValue(world, symbol);
    }
    case 'unary': {
      const v = constantValue(world, e.operand);
      if (v === null) return null;
      if (e.operator === '-') return -v + 0;
      return e.operator === '!' ? (v === 0 ? 1 : 0) : Number(BigInt.asIntN(64, ~BigInt(v)));
    }
    case 'binary': {
      const left = constantValue(world, e.left);
      if (left !== null && e.operator === '&&' && left === 0) return 0;
      if (left !== null && e.operator === '||' && left !== 0) return 1;
      const right = constantValue(world, e.right);
      if (left === null || right === null) return null;
      const folded = binary(e.operator, constant(left), constant(right));
      return folded.op === 'constant' ? folded.value : null;
    }
    case 'string': return stringNumber(world, e.value);
    case 'cast': case 'call': case 'new': case 'try': case 'hole': return null;
  }
}

/** 64-bit values above the signed range stand for their two's complement (see System). */
export function toNumber(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

export function symbolValue(world: Known, symbol: Symbol): number | null {
  switch (symbol.kind) {
    case 'constant': return toNumber(symbol.value);
    case 'enumMember': return symbol.index;
    case 'param': return paramValue(world.program, symbol.param.name);
    case 'paramValue': return symbol.index;
    case 'module': return 1 + moduleIndex(world, symbol.module);
    case 'function': return world.functions.includes(symbol.function) ? functionNumber(world, symbol.function) : null;
    case 'ops': return world.layout.placeOf(symbol.ops);
    case 'device': return world.layout.placeOf(symbol.device);
    case 'process': return 1 + world.program.processes.indexOf(symbol.process);
    case 'variable': return symbol.variable.type.kind === 'struct' ? world.layout.placeOf(symbol.variable) : null;
    default: return null;
  }
}

function paramValue(program: Program, name: string): number | null {
  const value = program.params[name];
  if (value === undefined) return null;
  switch (value.kind) {
    case 'bool': return value.value ? 1 : 0;
    case 'int': return value.value;
    case 'name': {
      const info = program.paramInfos.find((p) => p.name === name);
      return info === undefined ? null : info.values.findIndex((v) => v.kind === 'name' && v.name === value.name);
    }
  }
}

/** Names of devices are numbered as they are met; `/dev/timer` and `timer` are the same name. */
export function stringNumber(world: Known, text: string): number {
  const name = text.replace(/^\/dev\//, '');
  const known = world.strings.indexOf(name);
  if (known >= 0) return known + 1;
  world.strings.push(name);
  return world.strings.length;
}
