// Calls: who is called, whether that may be called here, and what goes into its parameters.
import { codes } from '../base/codes.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type * as tree from '../syntax/tree.ts';
import { note, noteUse } from './analysis.ts';
import { complain, findLocal, localNames, symbolOfLocal, type Body } from './body.ts';
import { convert, mismatch, symbolOf } from './convert.ts';
import { qualified } from './fields.ts';
import { writtenInstead } from './kernelNames.ts';
import { anything, resolveValue } from './names.ts';
import { bind, instantiate, showPattern, type Bindings } from './notation.ts';
import { patternsOf } from './patterns.ts';
import type { PrimitiveFunction } from './prelude.ts';
import type { FunctionInfo, Symbol, Type } from './program.ts';
import { findValue, type ValueEntry } from './scope.ts';
import { isSystemCall, onlyForProcesses } from './systemCalls.ts';
import { ERROR, show } from './types.ts';

type Call = Extract<tree.Expression, { kind: 'call' }>;
type Related = NonNullable<Diagnostic['related']>;
type TypeOf = (b: Body, e: tree.Expression) => Type;

export function callType(b: Body, e: Call, typeOf: TypeOf): Type {
  const symbol = calleeSymbol(b, e);
  if (symbol?.kind === 'primitive') return callPrimitive(b, e, symbol.primitive, typeOf);
  if (symbol?.kind === 'function') {
    b.a.types.set(e.callee, { kind: 'fn', parameters: symbol.function.parameters.map((p) => p.type), returns: symbol.function.returns });
    return callFunction(b, e, symbol.function, typeOf);
  }
  // What a macro of the kernel takes are often no values: `container_of(m, timer_dev, misc)`.
  if (symbol === null && e.callee.kind === 'name' && writtenInstead(e.callee.text, 'name') !== null) return ERROR;
  const callee = symbol === null ? ERROR : typeOf(b, e.callee);
  // What is wrong about the arguments of a call that is itself a mistake would be a second message for it.
  const args = e.arguments.map((argument) => typeOf(symbol === null ? { ...b, asking: true } : b, argument));
  if (callee.kind === 'error') return ERROR;
  if (callee.kind !== 'fn') {
    complain(b, codes.notCallable, e.callee, `${textOf(b, e.callee)} is \`${show(callee)}\`, which cannot be called`);
    return ERROR;
  }
  if (b.context === 'process' || b.context === 'hardware')
    complain(b, codes.wrongContext, e.callee, 'a process can only make system calls');
  if (count(b, e, callee.parameters.length, callee.parameters.length, textOf(b, e.callee), [])) {
    for (const [i, p] of callee.parameters.entries()) convert(b, e.arguments[i], args[i], p, `argument ${i + 1} of ${textOf(b, e.callee)}`);
  }
  return callee.returns;
}

/** Undefined: the callee is an expression of its own. Null: a mistake, reported. */
function calleeSymbol(b: Body, e: Call): Symbol | null | undefined {
  const { callee } = e;
  if (callee.kind === 'field') {
    const symbol = qualified(b, callee);
    if (symbol?.kind !== 'function') return symbol;
    return mayCall(b, { symbol, unit: symbol.function.unit, module: symbol.function.module }) ? symbol : refuse(b, callee.name, symbol);
  }
  if (callee.kind !== 'name') return undefined;
  const local = findLocal(b, callee.text);
  if (local !== null) {
    b.a.symbols.set(callee, symbolOfLocal(b, local));
    return undefined;
  }
  const fits = (entry: ValueEntry): boolean => mayCall(b, entry);
  if (findValue(b.a.scopes, b, callee.text, fits).length === 0) {
    const elsewhere = findValue(b.a.scopes, b, callee.text, anything);
    if (elsewhere.length > 0) {
      b.a.symbols.set(callee, elsewhere[0].symbol);
      return refuse(b, callee, elsewhere[0].symbol);
    }
  }
  const entry = resolveValue(b.a, b, callee, fits, () => localNames(b));
  if (entry === null) return null;
  if (entry.symbol.kind === 'function') noteUse(b.a, b.module, entry.module);
  return entry.symbol.kind === 'function' || entry.symbol.kind === 'primitive' ? entry.symbol : undefined;
}

/** System calls from processes, events from hardware, everything but these in the kernel. */
export function mayCall(b: Body, entry: ValueEntry): boolean {
  const { symbol } = entry;
  if (symbol.kind === 'function') {
    if (b.context === 'kernel') return b.unit.library || !isSystemCall(symbol.function);
    return b.context === 'process' && symbol.function.module === null;
  }
  if (symbol.kind !== 'primitive') return b.context === 'kernel' && symbol.kind === 'variable';
  switch (symbol.primitive.where) {
    case 'kernel':
      return b.context === 'kernel';
    case 'process':
      return b.context === 'process';
    case 'any':
      return b.context === 'kernel' || b.context === 'process';
    case 'model':
      return b.context === 'process' || (b.context === 'kernel' && b.module === null);
    case 'hardware':
      return b.context === 'hardware';
  }
}

function refuse(b: Body, at: tree.Name, symbol: Symbol): null {
  complain(
    b,
    symbol.kind === 'function' || symbol.kind === 'primitive' ? codes.wrongContext : codes.notCallable,
    at,
    refusal(b, at.text, symbol),
  );
  return null;
}

function refusal(b: Body, name: string, symbol: Symbol): string {
  if (symbol.kind !== 'function' && symbol.kind !== 'primitive') return `\`${name}\` is no function`;
  if (b.context === 'hardware') return `\`${name}\` is no event of the hardware`;
  if (b.context === 'constant') return `\`${name}\` cannot be called here: the value must be constant`;
  if (symbol.kind === 'function' && b.context === 'kernel') return onlyForProcesses(name);
  if (symbol.kind === 'function')
    return `\`${symbol.function.name}\` is a function of module \`${symbol.function.module?.name ?? ''}\`: a process can only make system calls`;
  if (b.context === 'process') {
    return symbol.primitive.where === 'hardware'
      ? `\`${name}\` is an event of the hardware: it belongs in \`hardware { }\``
      : `\`${name}\` is no system call: only kernel code can call it`;
  }
  switch (symbol.primitive.where) {
    case 'model':
      return `\`${name}\` asks the model, which a module cannot do`;
    case 'hardware':
      return `\`${name}\` is an event of the hardware: it belongs in \`hardware { }\``;
    default:
      return `\`${name}\` is a system call: only a process can make it`;
  }
}

function callFunction(b: Body, e: Call, callee: FunctionInfo, typeOf: TypeOf): Type {
  const args = e.arguments.map((argument) => typeOf(b, argument));
  callee.parameters.forEach((p, i) => {
    if (i < args.length) note(b.a, p, args[i]);
  });
  if (count(b, e, callee.parameters.length, callee.parameters.length, `\`${callee.name}\``, callee.parameters.map((p) => p.name))) {
    const related = declarationOf(symbolOf(b, e.callee));
    for (const [i, p] of callee.parameters.entries()) {
      convert(b, e.arguments[i], args[i], p.type, `argument \`${p.name}\` of \`${callee.name}\``, related);
    }
  }
  return callee.returns;
}

function callPrimitive(b: Body, e: Call, primitive: PrimitiveFunction, typeOf: TypeOf): Type {
  const patterns = patternsOf(b.a, primitive);
  const inside: Body = primitive.where === 'model' ? { ...b, asking: true } : b;
  const bindings: Bindings = new Map();
  const args = e.arguments.map((argument) => typeOf(inside, argument));
  const required = primitive.parameters.filter((p) => p.optional !== true).length;
  const names = primitive.parameters.map((p) => (p.optional === true ? `${p.name}?` : p.name));
  if (count(b, e, required, primitive.parameters.length, `\`${primitive.name}\``, names)) {
    // Functions last: what they are passed together with says what their parameters are.
    const order = args
      .map((_, i) => i)
      .sort((x, y) => Number(patterns.parameters[x].kind === 'fn') - Number(patterns.parameters[y].kind === 'fn') || x - y);
    for (const i of order) argumentOf(inside, e.arguments[i], args[i], primitive, i, bindings);
  }
  b.a.types.set(e.callee, {
    kind: 'fn',
    parameters: patterns.parameters.map((p) => instantiate(p, bindings)),
    returns: instantiate(patterns.returns, bindings),
  });
  return instantiate(patterns.returns, bindings);
}

function argumentOf(b: Body, e: tree.Expression, type: Type, primitive: PrimitiveFunction, i: number, bindings: Bindings): void {
  const parameter = primitive.parameters[i];
  const pattern = patternsOf(b.a, primitive).parameters[i];
  const what = `argument \`${parameter.name}\` of \`${primitive.name}\``;
  if (parameter.lvalue === true && type.kind !== 'error' && !isStored(b, e)) {
    complain(b, codes.notAssignable, e, `${what} is a field or a variable itself, not a value`);
    return;
  }
  if (pattern.kind === 'fn' || pattern.kind === 'type') {
    bind(pattern, type, bindings);
    convert(b, e, type, instantiate(pattern, bindings), what);
  } else if (!bind(pattern, type, bindings)) mismatch(b, e, type, showPattern(pattern, bindings), what);
}

function isStored(b: Body, e: tree.Expression): boolean {
  if (e.kind === 'hole') return true;
  if (e.kind === 'name') return b.a.symbols.get(e)?.kind === 'variable';
  if (e.kind !== 'field') return false;
  const kind = b.a.symbols.get(e.name)?.kind;
  return kind === 'field' || kind === 'variable';
}

/** `parameters`: as the message shows the call; none where they have no names. */
function count(b: Body, e: Call, least: number, most: number, name: string, parameters: readonly string[]): boolean {
  const given = e.arguments.length;
  if (given >= least && given <= most) return true;
  // Behind a hole nothing is known about how many there would have been.
  if (e.arguments.some((x) => x.kind === 'hole') || isIncomplete(b, e)) return false;
  const wanted = least === most ? `${most === 0 ? 'no' : most} argument${most === 1 ? '' : 's'}` : `${least} to ${most} arguments`;
  const surplus = given > most ? { start: e.arguments[most].start, end: e.arguments[given - 1].end } : e;
  const written = parameters.length === 0 ? '' : `: \`${name.replaceAll('`', '')}(${parameters.join(', ')})\``;
  complain(b, codes.wrongArgumentCount, surplus, `${name} takes ${wanted}, not ${given}${written}`, {
    related: declarationOf(symbolOf(b, e.callee)),
  });
  return false;
}

/** Where the reader can see what a call wants. */
function declarationOf(symbol: Symbol | null): Related {
  if (symbol?.kind === 'field' && symbol.field.struct.unit !== null) {
    const { name } = symbol.field.node;
    return [
      {
        place: { file: symbol.field.struct.unit.path, span: { start: name.start, end: name.end } },
        message: `\`${name.text}\` is declared here`,
      },
    ];
  }
  if (symbol?.kind !== 'function' || symbol.function.node.kind !== 'fn') return [];
  const { name } = symbol.function.node;
  return [
    {
      place: { file: symbol.function.unit.path, span: { start: name.start, end: name.end } },
      message: `\`${name.text}\` is declared here`,
    },
  ];
}

/** A syntax error may have taken some of the parameters away. */
function isIncomplete(b: Body, e: Call): boolean {
  const symbol = symbolOf(b, e.callee);
  const unit = symbol?.kind === 'function' ? symbol.function.unit : symbol?.kind === 'field' ? symbol.field.struct.unit : null;
  const node = symbol?.kind === 'function' ? symbol.function.node : symbol?.kind === 'field' ? symbol.field.struct.node : null;
  return unit !== null && node !== null && b.a.reporter.broken.get(unit.path)?.incomplete.has(node) === true;
}

function textOf(b: Body, e: tree.Expression): string {
  const text = b.unit.text.slice(e.start, e.end);
  return text.length > 40 || text.includes('\n') ? 'this' : `\`${text}\``;
}
