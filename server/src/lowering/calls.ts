// Calls: functions are put in where they are called, with a step where a module's text is entered or left; function pointers branch over what they may hold.
import type { FunctionInfo, LocalInfo, ModuleInfo } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import type { Value } from '../primitives/emit.ts';
import type { Expression, Statement } from '../system/system.ts';
import { binary, constant, equal, load, minus, or, zero } from '../system/expression.ts';
import { assignedLocals } from './assigned.ts';
import type { Builder } from './builder.ts';
import { INT, typeOf, VOID, type Context } from './context.ts';
import { converted, lowerExpression } from './expressions.ts';
import type { Ends } from './graph.ts';
import { NotPure } from './evaluate.ts';
import { OperationEmit } from './operations.ts';
import { asLvalue, lowerReference } from './reference.ts';
import { Refused } from './refused.ts';
import { lowerStatements, returnWith, stored } from './statements.ts';
import { fail, functionNumber, MODULE, moduleIndex, textOf, type World } from './world.ts';

/** How often a function may stand on one call stack. */
const RECURSION_LIMIT = 3;

export function lowerCall(cx: Context, e: Extract<tree.Expression, { kind: 'call' }>): Value {
  const { world } = cx;
  const name = e.callee.kind === 'name' ? e.callee : e.callee.kind === 'field' ? e.callee.name : null;
  const symbol = name === null ? undefined : world.program.symbols.get(name);
  if (symbol?.kind === 'function') return callFunction(cx, symbol.function, lowerArguments(cx, e), e);
  if (symbol?.kind === 'primitive') {
    const operation = world.operations.get(symbol.primitive.name);
    if (operation === undefined) throw new Error(`lowering: no operation ${symbol.primitive.name}`);
    const args = e.arguments.map((a, i): Value => {
      if (!operation.parameters[Math.min(i, operation.parameters.length - 1)]?.lvalue) return lowerExpression(cx, a);
      const r = lowerReference(cx, a);
      if (r.kind === 'local') throw new Error(`lowering: ${textOf(cx.unit, a)} is private`);
      return { expression: zero, type: r.type, lvalue: asLvalue(r) };
    });
    return operationCall(cx, symbol.primitive.name, args, e);
  }
  // A function value: loaded before the arguments, as C may.
  const fn = lowerExpression(cx, e.callee);
  const args = lowerArguments(cx, e);
  const field = e.callee.kind === 'field' && symbol?.kind === 'field' ? `${symbol.field.struct.name}.${symbol.field.name}` : 'any';
  return callValue(cx, fn.expression, candidatesFor(world, field, args.length), args, e, textOf(cx.unit, e.callee));
}

export function lowerArguments(cx: Context, e: Extract<tree.Expression, { kind: 'call' }>): Value[] {
  return e.arguments.map((a) => lowerExpression(cx, a));
}

export function operationCall(cx: Context, name: string, args: readonly Value[], call: Extract<tree.Expression, { kind: 'call' }>, text?: string): Value {
  const operation = cx.world.operations.get(name);
  if (operation === undefined) throw new Error(`lowering: no operation ${name}`);
  return operation.lower(new OperationEmit(cx, call, text ?? null), args.map((a, i) => asParameter(cx, a, operation.parameters[i]?.type ?? 'any')));
}

/** What a field may hold: what is stored in it somewhere; a value of unknown origin (`any`) may be any function that fits. */
/** A null that is written as such is a reference to what the parameter is one to: using it is `null-deref`. */
function asParameter(cx: Context, value: Value, type: string): Value {
  if (value.type.kind !== 'null' || !type.startsWith('ref ')) return value;
  const struct = cx.world.program.structs.find((s) => s.name === type.slice(4));
  return struct === undefined ? value : { ...value, type: { kind: 'ref', to: struct } };
}

export function candidatesFor(world: World, field: string, parameters: number): readonly FunctionInfo[] {
  return field === 'any' ? world.functions.filter((f) => f.parameters.length <= parameters) : (world.candidates.get(field) ?? []);
}

export function callValue(cx: Context, fn: Expression, candidates: readonly FunctionInfo[], args: readonly Value[], node: tree.Expression, what: string): Value {
  const { b } = cx;
  if (fn.op === 'constant' && fn.value > 0) {
    const known = cx.world.functions[fn.value - 1];
    return callFunction(cx, known, args.slice(0, known.parameters.length), node);
  }
  const type = candidates.find((c) => c.returns.kind !== 'void')?.returns ?? VOID;
  const result = b.slot(type.kind === 'void' ? { min: 0, max: 0, holds: 'int' } : cx.world.layout.rangeOf(type));
  let otherwise = (): void => b.compute([fail(b.fault('null-deref', `calls \`${what}\`, which is null`))]);
  for (const candidate of [...candidates].reverse()) {
    const rest = otherwise;
    otherwise = () => b.branch(equal(fn, constant(functionNumber(cx.world, candidate))), () => {
      b.scope(() => {
        const v = callFunction(cx, candidate, args.slice(0, candidate.parameters.length), node);
        if (v.type.kind !== 'void') b.compute([{ op: 'set', slot: result, value: converted(v, type) }]);
      });
    }, rest);
  }
  otherwise();
  return { expression: type.kind === 'void' ? zero : load(result), type: type.kind === 'void' ? INT : type };
}

/** Puts `fn` in here. A call of a function that returns nothing has the value 0. */
export function callFunction(cx: Context, fn: FunctionInfo, args: readonly Value[], node: tree.Expression): Value {
  const { b, world } = cx;
  return b.at(node, () => {
    if (b.frames.filter((f) => f.function === fn).length >= RECURSION_LIMIT) {
      b.compute([fail(b.fault('bound-reached', `${fn.name} calls itself more than ${RECURSION_LIMIT} deep`))]);
      return { expression: zero, type: INT };
    }
    const caller = b.frame.module;
    const crosses = fn.module !== caller;
    const returns = fn.returns.kind === 'void' ? null : b.slot(world.layout.rangeOf(fn.returns));
    if (crosses) b.touch([{ text: `calls ${fn.name}()`, body: [...enterText(b, fn), ...lateCallback(b, fn, args)], event: 'call' }]);
    refusedAtCall(cx, fn, node, () => inline(cx, fn, args, returns, () => {
      if (crosses) {
        const back: Statement[] = caller === null ? [] : b.moduleCheck(caller, `returns into ${caller.name}, whose text was freed by {by}`);
        b.at({ start: fn.body.end - 1, end: fn.body.end }, () => b.touch([{ text: `returns from ${fn.name}()`, body: back, event: 'return' }]));
      }
    }));
    return returns === null ? { expression: zero, type: VOID } : { expression: load(returns), type: fn.returns };
  });
}

/** What a library's function is refused for, told where it is called: at the argument, if it is its own that it passes on. */
function refusedAtCall(cx: Context, fn: FunctionInfo, node: tree.Expression, body: () => void): void {
  try {
    body();
  } catch (e) {
    if (!(e instanceof Refused) || e instanceof NotPure || e.unit !== fn.unit || fn.unit === cx.unit) throw e;
    const passed = textOf(e.unit, e.span);
    const argument = node.kind === 'call' ? node.arguments[fn.parameters.findIndex((p) => p.name === passed)] : undefined;
    if (argument === undefined) throw e;
    throw new Refused(e.code, cx.unit, argument, e.message.replace(`\`${passed}\``, `\`${textOf(cx.unit, argument)}\``));
  }
}

function inline(cx: Context, fn: FunctionInfo, args: readonly Value[], result: number | null, atEnd: () => void): void {
  const { b, world } = cx;
  const depth = b.scopes.length;
  const returns: Ends[] = [];
  b.enter({ name: fn.name, function: fn, module: fn.module, unit: fn.unit, at: fn.body });
  b.scope(() => {
    const locals: Context['locals'] = new Map();
    const changed = assignedLocals(world.program, fn);
    fn.parameters.forEach((p: LocalInfo, i) => {
      const value: Value = args[i] ?? { expression: zero, type: p.type };
      if (!changed.has(p)) {
        locals.set(p, { kind: 'value', value: value.list === undefined ? { expression: converted(value, p.type), type: p.type } : value });
        return;
      }
      const slot = b.slot(world.layout.rangeOf(p.type));
      b.compute(stored(cx, value, p.type, (v) => ({ op: 'set', slot, value: v })));
      locals.set(p, { kind: 'slot', slot, type: p.type });
    });
    const undo = new Map<string, Ends[]>(fn.body.undo.map((u) => [u.label.text, []]));
    const inner: Context = { b, world, unit: fn.unit, function: fn, locals, result, returns, depth, undo, loops: [], spawn: null, fallOut: null };
    lowerStatements(inner, fn.body.statements);
    if (b.reachable && fn.body.undo.length > 0) returnWith(inner, zero);
    for (const section of fn.body.undo) {
      b.join(...(undo.get(section.label.text) ?? []));
      lowerStatements(inner, section.statements);
    }
  });
  b.join(...returns);
  b.scope(atEnd);
  b.leave();
}

/** Entering text that is gone. */
function enterText(b: Builder, fn: FunctionInfo): Statement[] {
  return fn.module === null ? [] : b.moduleCheck(fn.module, `calls ${fn.name}(), whose text {by} unloaded`, fn);
}

/** Is this call handed something of a binding that has ended? Then the driver has to cope with a late call. */
function lateCallback(b: Builder, fn: FunctionInfo, args: readonly Value[]): Statement[] {
  const { world } = b;
  const isDriver = world.program.devices.some((d) => d.binds.some((driver) => driver.module === fn.module));
  if (fn.module === null || !isDriver || world.origins.length === 0 || b.plan.context === 'boot') return [];
  const devices = world.program.devices.length;
  const late: Array<{ condition: Expression; object: Expression }> = [];
  const lookAt = (place: Expression, guard: Expression): void => {
    for (const origin of world.origins) {
      origin.places.forEach((places, k) => {
        const inside = places.filter((p) => place.op !== 'constant' || place.value === p);
        if (inside.length === 0) return;
        const here = or(...inside.map((p) => equal(place, constant(p))));
        late.push({ condition: binary('&&', binary('&&', guard, here), binary('>', load(origin.slot + k), constant(devices))), object: place });
      });
    }
  };
  for (const arg of args) {
    const struct = arg.type.kind === 'ref' ? arg.type.to : arg.type.kind === 'struct' ? arg.type.struct : undefined;
    if (struct === undefined) continue;
    lookAt(arg.expression, constant(1));
    const field = struct?.name === 'file' ? struct.fields.find((f) => f.name === 'private') : undefined;
    if (struct !== null && field !== undefined && world.assigned.has('file.private')) {
      const count = world.layout.count(struct);
      const base = world.layout.base(struct);
      const slot = world.layout.field(field);
      for (let i = 0; i < count; i++) lookAt(load(slot + i), equal(arg.expression, constant(base + i)));
    }
  }
  if (late.length === 0) return [];
  const fault = b.fault('late-callback', `${fn.name}() starts after the remove() of the binding that made its object has returned`, { object: fn.module.name, callee: fn });
  return [{
    op: 'if', condition: or(...late.map((l) => l.condition)),
    then: [{ op: 'report', fault, object: null, by: null }], else: [],
  }];
}

export function stateOf(world: World, module: ModuleInfo): Expression {
  return load(world.moduleState + moduleIndex(world, module));
}

export { MODULE, minus, typeOf };
