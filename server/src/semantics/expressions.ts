// The type of every expression. Calls, operators and fields have files of their own; what may go where is convert.ts.
import { codes } from '../base/codes.ts';
import type * as tree from '../syntax/tree.ts';
import { noteUse } from './analysis.ts';
import { complain, findLocal, localNames, symbolOfLocal, type Body } from './body.ts';
import { callType } from './calls.ts';
import { paramNamed, paramValue } from './constants.ts';
import { fieldType, lacksFields, qualified } from './fields.ts';
import { anything, resolveValue } from './names.ts';
import { binaryType, requireCondition, tryType, unaryType } from './operators.ts';
import type { Symbol, Type } from './program.ts';
import { namedType, resolveType } from './resolveType.ts';
import { ANY, BOOL, embeds, ERROR, isProcess, MODULE, NULL, refTo, show, STRING, typeOfConstant, U64, valueOf } from './types.ts';

/** Resolves and types an expression, and all below it. Mistakes are reported; their type is `error`. */
export function typeOf(b: Body, e: tree.Expression): Type {
  const type = infer(b, e);
  b.a.types.set(e, type);
  return type;
}

/** An expression whose value is kept: embedded structs give their address, and what returns nothing gives 0. */
export function valueTypeOf(b: Body, e: tree.Expression): Type {
  const type = valueOf(typeOf(b, e));
  if (!isProcess(type)) return type;
  complain(b, codes.notAValue, e, 'a process can be named in a call, as in `kill(app)`, and is no value to keep');
  return ERROR;
}

export function conditionOf(b: Body, e: tree.Expression): void {
  requireCondition(b, e, typeOf(b, e));
}

function infer(b: Body, e: tree.Expression): Type {
  switch (e.kind) {
    case 'integer':
      return typeOfConstant(e.value);
    case 'duration':
      return U64;
    case 'string':
      return STRING;
    case 'bool':
      return BOOL;
    case 'null':
      return NULL;
    case 'hole':
      return ERROR;
    case 'name':
      return nameType(b, e);
    case 'field': {
      const symbol = qualified(b, e);
      if (symbol === undefined) return fieldType(b, e, typeOf(b, e.object));
      if (symbol === null) return ERROR;
      if (e.object.kind === 'name' && b.a.symbols.get(e.object)?.kind === 'module') b.a.types.set(e.object, MODULE);
      return typeOfSymbol(b, e.name, symbol);
    }
    case 'call':
      return callType(b, e, typeOf);
    case 'unary':
      return unaryType(b, e, typeOf(b, e.operand));
    case 'binary': {
      const beside = besideParam(b, e);
      return binaryType(b, e, beside.get(e.left) ?? typeOf(b, e.left), beside.get(e.right) ?? typeOf(b, e.right));
    }
    case 'cast':
      return castType(b, e);
    case 'new':
      return newType(b, e);
    case 'try': {
      const type = tryType(b, e.value, typeOf(b, e.value));
      if (b.work !== null) b.work.fallible = true;
      checkLabel(b, e.goto);
      return type;
    }
  }
}

/** Beside a param in a comparison, a name is looked up among its values first: the operands that are such names. */
function besideParam(b: Body, e: Extract<tree.Expression, { kind: 'binary' }>): ReadonlyMap<tree.Expression, Type> {
  const found = new Map<tree.Expression, Type>();
  if (e.operator !== '==' && e.operator !== '!=') return found;
  const sides: ReadonlyArray<readonly [tree.Expression, tree.Expression]> = [
    [e.left, e.right],
    [e.right, e.left],
  ];
  for (const [side, other] of sides) {
    if (side.kind !== 'name' || other.kind !== 'name' || findLocal(b, side.text) !== null || findLocal(b, other.text) !== null) continue;
    const param = paramNamed(b.a, b, side.text);
    if (param === null || paramNamed(b.a, b, other.text) !== null) continue;
    const index = paramValue(b.a, b, param, other);
    if (index === undefined) continue;
    const type = index === null ? ERROR : typeOfSymbol(b, other, { kind: 'paramValue', param, index });
    b.a.types.set(other, type);
    found.set(other, type);
  }
  return found;
}

function nameType(b: Body, e: tree.Name): Type {
  const local = findLocal(b, e.text);
  if (local !== null) {
    b.a.symbols.set(e, symbolOfLocal(b, local));
    return local.type;
  }
  const entry = resolveValue(b.a, b, e, anything, () => localNames(b));
  if (entry === null) return ERROR;
  if (['function', 'variable', 'ops'].includes(entry.symbol.kind)) noteUse(b.a, b.module, entry.module);
  return typeOfSymbol(b, e, entry.symbol);
}

function typeOfSymbol(b: Body, name: tree.Name, symbol: Symbol): Type {
  switch (symbol.kind) {
    case 'enumMember':
      return { kind: 'enum', enum: symbol.enum };
    case 'module':
      return MODULE;
    case 'function':
      return { kind: 'fn', parameters: symbol.function.parameters.map((p) => p.type), returns: symbol.function.returns };
    case 'variable':
      if (b.context === 'process' && !b.asking)
        complain(
          b,
          codes.wrongContext,
          name,
          `a process cannot read kernel memory: \`${symbol.variable.name}\` is a variable of the kernel`,
        );
      return symbol.variable.type;
    case 'local':
      return symbol.local.type;
    case 'ops':
      return symbol.ops.struct === b.a.unknownStruct ? ERROR : refTo(symbol.ops.struct);
    case 'device':
      return symbol.device.struct === b.a.unknownStruct ? ERROR : refTo(symbol.device.struct);
    case 'process':
      if (b.context !== 'kernel') return { kind: 'struct', struct: b.a.processStruct };
      complain(b, codes.wrongContext, name, `kernel code knows no processes: \`${name.text}\` is one`);
      return ERROR;
    case 'param':
    case 'paramValue': {
      const { param } = symbol;
      if (param.node.domain.kind === 'bool') return BOOL;
      if (param.node.domain.kind === 'names')
        return { kind: 'int', name: param.name, min: 0n, max: BigInt(Math.max(0, param.values.length - 1)) };
      const values = param.values.map((v) => (v.kind === 'int' ? BigInt(v.value) : 0n));
      return { kind: 'int', name: param.name, min: values[0] ?? 0n, max: values.at(-1) ?? 0n };
    }
    case 'constant':
      return typeOfConstant(symbol.value);
    case 'primitive':
      complain(b, codes.notAValue, name, `\`${symbol.primitive.name}\` is built in: it can be called, but is no function to pass on`);
      return ERROR;
    case 'struct':
    case 'enum':
    case 'field':
    case 'thread':
    case 'setting':
    case 'label':
      complain(b, codes.notAValue, name, `\`${name.text}\` is no value`);
      return ERROR;
  }
}

function castType(b: Body, e: Extract<tree.Expression, { kind: 'cast' }>): Type {
  const value = valueOf(typeOf(b, e.value));
  const named = resolveType(b.a, b, e.type);
  const to = named.kind === 'struct' ? refTo(named.struct) : named;
  if (value.kind === 'error' || to.kind === 'error') return to;
  if (to.kind === 'int' && (value.kind === 'int' || value.kind === 'bool' || value.kind === 'enum')) return to;
  if (to.kind !== 'ref') {
    complain(b, codes.impossibleCast, e.type, `\`as\` casts a pointer to a struct, not to \`${show(to)}\``);
    return ERROR;
  }
  if (value.kind === 'null') return to;
  if (value.kind !== 'ref') {
    complain(b, codes.impossibleCast, e.value, `\`as\` casts pointers, and this is \`${show(value)}\``);
    return to;
  }
  if (value.to === null || to.to === null || value.to === to.to || embeds(to.to, value.to)) return to;
  const target = to.to;
  if (target.fields.some((f) => f.type.kind === 'error') || lacksFields(b, target)) return to;
  const field = value.to.fields.find((f) => f.type.kind === 'struct' && f.type.struct === target);
  const instead = field === undefined ? '' : `: the one that it contains is its \`${field.name}\``;
  complain(b, codes.impossibleCast, e, `a \`${value.to.name}\` is no \`${target.name}\`, and is not contained in one${instead}`);
  return to;
}

function newType(b: Body, e: Extract<tree.Expression, { kind: 'new' }>): Type {
  const type = namedType(b.a, b, e.type);
  if (b.context !== 'kernel') complain(b, codes.wrongContext, e, 'only kernel code can use `new`');
  if (type.kind === 'struct') return refTo(type.struct);
  if (type.kind !== 'error') complain(b, codes.typeMismatch, e.type, `\`new\` wants a struct, found \`${show(type)}\``);
  return type.kind === 'error' ? ERROR : ANY;
}

/** `? goto label`: a section at the end of this function. */
export function checkLabel(b: Body, label: tree.Name | null): void {
  if (label === null || label.text === '') return;
  const node = b.undo.get(label.text);
  const body = b.work?.info.node;
  // The section may be what a syntax error has spoilt.
  const spoilt = b.a.reporter.broken.get(b.unit.path)?.spoilt ?? [];
  if (node === undefined && body !== undefined && spoilt.some((s) => s.start >= body.start && s.end <= body.end)) return;
  if (node !== undefined) b.a.symbols.set(label, { kind: 'label', name: label.text, node });
  else {
    const sections = [...b.undo.keys()];
    const known = sections.length === 0 ? 'it has no `undo` section' : `its sections are ${sections.map((s) => `\`${s}\``).join(', ')}`;
    complain(b, codes.unknownLabel, label, `no \`undo ${label.text}:\` in this function: ${known}`);
  }
}
