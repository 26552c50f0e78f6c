// Statements of the language, one function each.
import type * as tree from '../syntax/tree.ts';
import type { Type } from '../semantics/program.ts';
import type { Value } from '../primitives/emit.ts';
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, constant, equal, load, not, or, zero } from '../system/expression.ts';
import { freeObject } from './allocation.ts';
import { durationOf, NS } from '../primitives/durations.ts';
import { waitLimit } from '../primitives/waitLimit.ts';
import { hereCall, isSystemCall, lowerSystemCall } from './systemCalls.ts';
import { constantValue } from './constants.ts';
import { INT, typeOf, type Context } from './context.ts';
import { evaluate } from './evaluate.ts';
import { converted, lowerExpression, objectOf, truth } from './expressions.ts';
import type { Node } from './graph.ts';
import { lowerFor } from './lists.ts';
import { OperationEmit, sleepCheck } from './operations.ts';
import { lowerReference, statements } from './reference.ts';
import { lowerWith } from './guards.ts';
import { fail, textOf } from './world.ts';

export const ERESTARTSYS = 512;
export const ETIMEDOUT = 110;
const ENOMEM = 12;

export function lowerBlock(cx: Context, block: tree.Block): void {
  cx.b.scope(() => lowerStatements(cx, block.statements));
}

export function lowerStatements(cx: Context, list: readonly tree.Statement[]): void {
  for (const s of list) {
    if (!cx.b.reachable) return;
    cx.b.at(s, () => lowerStatement(cx, s));
  }
}

function lowerStatement(cx: Context, s: tree.Statement): void {
  const { b } = cx;
  switch (s.kind) {
    case 'let': return lowerLet(cx, s);
    case 'assign': return b.scope(() => lowerAssign(cx, s));
    case 'expression': return b.scope(() => {
      if (isSystemCall(cx, s.value)) lowerSystemCall(cx, s.value, null);
      else lowerExpression(cx, s.value);
    });
    case 'if': return lowerIf(cx, s);
    case 'while': return lowerLoop(cx, s, s.condition, s.body);
    case 'loop': return lowerLoop(cx, s, null, s.body);
    case 'for': return lowerFor(cx, s);
    case 'break': {
      const loop = cx.loops[cx.loops.length - 1];
      b.unwindTo(loop.depth);
      loop.breaks.push(b.take());
      return;
    }
    case 'continue': {
      const loop = cx.loops[cx.loops.length - 1];
      b.unwindTo(loop.depth);
      back(cx, loop.head());
      return;
    }
    case 'return': return b.scope(() => {
      const value: Value = s.value === null ? { expression: zero, type: INT } : lowerExpression(cx, s.value);
      const returns = cx.function?.returns ?? INT;
      const slot = cx.result;
      if (slot !== null) b.compute(stored(cx, value, returns, (v) => ({ op: 'set', slot, value: v })));
      returnWith(cx, null);
    });
    case 'with': return lowerWith(cx, s);
    case 'wait': return b.scope(() => lowerWait(cx, s));
    case 'atomic': {
      b.touch([{ text: 'atomic { }' }]);
      b.atomicDepth++;
      lowerBlock(cx, s.body);
      b.atomicDepth--;
      return;
    }
    case 'either': return b.choice(s.arms.map((arm) => () => lowerBlock(cx, arm)));
    case 'assert': {
      const { value, bad } = evaluate(cx, s.condition);
      const wrong = b.fault('assertion', s.why === null ? `\`${textOf(cx.unit, s.condition)}\` does not hold` : s.why.value);
      b.touch([{ body: [...statements(bad), { op: 'if', condition: truth(value), then: [], else: [fail(wrong)] }] }]);
      return;
    }
    case 'free': return b.scope(() => freeObject(b, lowerExpression(cx, s.value), `\`${textOf(cx.unit, s.value)}\``));
    case 'thread': case 'fork': return cx.spawn?.(s);
    case 'label': case 'hole': return;
  }
}

function lowerLet(cx: Context, s: Extract<tree.Statement, { kind: 'let' }>): void {
  const { b, world } = cx;
  const symbol = world.program.symbols.get(s.name);
  if (symbol?.kind !== 'local') throw new Error(`lowering: ${s.name.text} is no local`);
  const { local } = symbol;
  const known = cx.locals.get(local);
  const slot = known?.kind === 'slot' ? known.slot : b.slot(world.layout.rangeOf(local.type));
  cx.locals.set(local, { kind: 'slot', slot, type: local.type });
  b.scope(() => {
    if (isSystemCall(cx, s.value)) {
      lowerSystemCall(cx, s.value, slot);
      return;
    }
    const v = lowerExpression(cx, s.value);
    b.compute(stored(cx, v, local.type, (value) => ({ op: 'set', slot, value })));
  });
}

function lowerAssign(cx: Context, s: Extract<tree.Statement, { kind: 'assign' }>): void {
  const { b } = cx;
  const r = lowerReference(cx, s.target);
  const type = r.kind === 'local' ? (r.local.kind === 'slot' ? r.local.type : r.local.value.type) : r.type;
  if (r.kind === 'local' && isSystemCall(cx, s.value)) {
    if (r.local.kind === 'slot') lowerSystemCall(cx, s.value, r.local.slot);
    return;
  }
  let value = lowerExpression(cx, s.value);
  if (s.operator !== '=') {
    const old = lowerExpression(cx, s.target).expression;
    const operator = s.operator === '+=' ? '+' : s.operator === '-=' ? '-' : s.operator === '|=' ? '|' : '&';
    value = { expression: binary(operator, old, value.expression), type: INT };
  }
  if (r.kind === 'local') {
    if (r.local.kind !== 'slot') throw new Error('lowering: an assigned parameter has a slot of its own');
    const { slot } = r.local;
    b.compute(stored(cx, value, type, (v) => ({ op: 'set', slot, value: v })));
    return;
  }
  b.touch([{ body: [...statements(r.bad), ...stored(cx, value, type, r.write)] }], {
    access: r.access === null ? null : { ...r.access, write: true, fault: b.fault('data-race', `{agent} writes ${r.name} while {by} uses it, both plainly`, { object: objectOf(r.name) }) },
  });
}

/** Stores a value; an `int`, a range or 64 bits that would leave what the model can hold is where a bound of it is met. */
export function stored(cx: Context, v: Value, to: Type, write: (value: Expression) => Statement): Statement[] {
  const value = converted(v, to);
  if (to.kind !== 'int' || (to.name.startsWith('u') && to.name !== 'u64') || value.op === 'load') return [write(value)];
  const { min, max } = cx.world.layout.rangeOf(to);
  if (value.op === 'constant' && value.value >= min && value.value <= max) return [write(value)];
  const fault = cx.b.fault('bound-reached', `a value outside ${min}..${max} is stored in a ${to.name}`);
  return [
    { op: 'if', condition: or(binary('<', value, constant(min)), binary('>', value, constant(max))), then: [fail(fault)], else: [] },
    write(value),
  ];
}

function lowerIf(cx: Context, s: Extract<tree.Statement, { kind: 'if' }>): void {
  const then = (): void => lowerBlock(cx, s.then);
  const otherwise = (): void => {
    if (s.else === null) return;
    if (s.else.kind === 'block') lowerBlock(cx, s.else);
    else lowerStatements(cx, [s.else]);
  };
  const known = constantValue(cx.world, s.condition);
  if (known !== null) return known !== 0 ? then() : otherwise();
  cx.b.condition(() => lowerExpression(cx, s.condition).expression, then, otherwise);
}

function lowerLoop(cx: Context, s: tree.Statement, condition: tree.Expression | null, body: tree.Block): void {
  const { b } = cx;
  const text = condition === null ? 'loop' : `while ${textOf(cx.unit, condition)}`;
  turns(cx, text, (stop) => {
    const turn = (): void => lowerBlock(cx, body);
    if (condition === null) turn();
    else b.at(s, () => b.condition(() => lowerExpression(cx, condition).expression, turn, stop));
  });
}

/** A loop of which each turn is a step. `stop` leaves it on the path on which it is called. */
export function turns(cx: Context, text: string, body: (stop: () => void) => void): void {
  const { b } = cx;
  const breaks: Array<ReturnType<typeof b.take>> = [];
  b.touch([{
    text,
    then: (self) => {
      const depth = b.scopes.length;
      cx.loops.push({ depth, breaks, head: () => self });
      body(() => { breaks.push(b.take()); });
      back(cx, self);
      cx.loops.pop();
    },
  }]);
  b.join(...breaks);
}

function back(cx: Context, head: Node | null): void {
  const { b } = cx;
  if (!b.reachable) return;
  if (head === null) b.compute([fail(b.fault('bound-reached', 'a loop inside atomic { } has no steps to stop at'))]);
  else b.goto(head);
}

function lowerWait(cx: Context, s: Extract<tree.Statement, { kind: 'wait' }>): void {
  const { b } = cx;
  const condition = evaluate(cx, s.condition);
  const sleeps = sleepCheck(b, '`wait until`');
  const bad = [...sleeps, ...condition.bad];
  const result = b.slot({ min: -ERESTARTSYS, max: 0, holds: 'int' });
  const what = `\`${textOf(cx.unit, s.condition)}\` to become true`;
  const goesOn = or(...bad.map((x) => x.bad), truth(condition.value));
  const limit = s.timeout === null ? null : timeLimit(cx, s.timeout);
  const over = limit?.over ?? [];
  const set = (errno: number): Statement[] => [...over, { op: 'set', slot: result, value: constant(-errno) }];
  b.touch([
    { guard: goesOn.op === 'constant' ? null : goesOn, body: [...statements(bad), ...over], event: 'wake' },
    ...(s.mode !== 'uninterruptible' ? killExit(cx, set(ERESTARTSYS)) : []),
    ...(s.mode === 'interruptible' ? [{ text: 'a signal ends the wait', environment: true, body: set(ERESTARTSYS) }] : []),
    ...(s.timeout !== null ? [{ text: 'the wait times out', body: set(ETIMEDOUT), ...(limit === null ? {} : { guard: and(limit.reached, not(goesOn)) }) }] : []),
  ], { wait: { kind: 'event', what, holder: null } });
  if (s.question) propagate(cx, { expression: load(result), type: INT }, s.goto?.text ?? null);
}

/** Begins to count the time down for which the wait lasts at most: a step. Null without a clock, where it may be over at any moment. */
function timeLimit(cx: Context, timeout: tree.Expression): { readonly reached: Expression; readonly over: Statement[] } | null {
  const time = lowerExpression(cx, timeout);
  const emit = new OperationEmit(cx, hereCall(timeout), null);
  const limit = waitLimit(emit);
  if (limit === null) return null;
  cx.b.touch([{ text: `waits for ${textOf(cx.unit, timeout)} at most`, guard: limit.free, body: limit.begins(durationOf(emit, time, 0, NS)), event: 'block' }], { wait: limit.wait });
  return limit;
}

/** A fatal signal ends killable and interruptible waits, once somebody has sent it. */
function killExit(cx: Context, body: Statement[]): Array<{ text: string; guard: Expression; body: Statement[]; environment: false }> {
  const killed = killedBy(cx);
  return killed === null ? [] : [{ text: 'a fatal signal ends the wait', guard: killed, body, environment: false }];
}

/** The flag of the process that runs this; null where nobody kills it. */
export function killedBy(cx: Context): Expression | null {
  const { world, b } = cx;
  const index = world.program.processes.findIndex((p) => p.name === b.plan.process);
  return world.killFlags === null || b.plan.context !== 'process' || index < 0 ? null : load(world.killFlags + index);
}

/** `return value`: leaves every scope of the function. */
export function returnWith(cx: Context, value: Expression | null): void {
  const { b } = cx;
  if (cx.result !== null && value !== null) b.compute([{ op: 'set', slot: cx.result, value }]);
  b.unwindTo(cx.depth);
  cx.returns.push(b.take());
}

/** `value?`: a negative errno, null or false is returned (or kept for the undo section at `label`). */
export function propagate(cx: Context, v: Value, label: string | null): void {
  const failed = failure(v);
  if (failed === null) return;
  const { b } = cx;
  b.branch(failed.condition, () => {
    if (cx.fallOut !== null) {
      cx.fallOut();
      return;
    }
    if (label === null) {
      returnWith(cx, cx.function?.returns.kind === 'ref' || cx.function?.returns.kind === 'bool' ? zero : failed.errno);
      return;
    }
    if (cx.result !== null) b.compute([{ op: 'set', slot: cx.result, value: failed.errno }]);
    b.unwindTo(cx.depth + 1);
    const section = cx.undo.get(label);
    if (section === undefined) throw new Error(`lowering: no undo section ${label}`);
    section.push(b.take());
  });
}

/** When a value means failure, and the errno that it then stands for. */
export function failure(v: Value): { readonly condition: Expression; readonly errno: Expression } | null {
  switch (v.type.kind) {
    case 'int': return { condition: binary('<', v.expression, zero), errno: v.expression };
    case 'ref': case 'struct': case 'null': return { condition: equal(v.expression, zero), errno: constant(-ENOMEM) };
    case 'bool': return { condition: not(v.expression), errno: constant(-19) };
    default: return null;
  }
}

export { typeOf };
