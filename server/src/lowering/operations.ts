// Gives primitives what they need (primitives/emit.ts) in terms of one agent's builder, and evaluates those that only look.
import type { Code } from '../base/codes.ts';
import type { VerdictKind } from '../base/verdicts.ts';
import type { StructInfo, Type } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import type { ClockView, Emit, FaultOptions, ListStorage, ModelView, Operation, PureEmit, Slot, StepSpec, Target, Value } from '../primitives/emit.ts';
import type { Expression, Statement } from '../system/system.ts';
import { binary, constant, element, load, minus, or, plus, table } from '../system/expression.ts';
import { allocate, freeBody, later, setElement } from './allocation.ts';
import type { Builder, ExitSpec } from './builder.ts';
import { callFunction, callValue, candidatesFor } from './calls.ts';
import { clockView } from './clock.ts';
import { pointerText, type Context } from './context.ts';
import { evaluate, NotPure, type Bad, type Evaluated } from './evaluate.ts';
import { lowerReference, asLvalue } from './reference.ts';
import { Refused } from './refused.ts';
import { turns } from './statements.ts';
import { fail, functionNumber, textOf, type World } from './world.ts';

type Call = Extract<tree.Expression, { kind: 'call' }>;

const ATOMIC_CONTEXTS: readonly string[] = ['timer', 'irq', 'rcu'];

/** What is wrong with sleeping here; empty where nothing can be. */
export function sleepCheck(b: Builder, what: string): Bad[] {
  if (ATOMIC_CONTEXTS.includes(b.plan.context)) {
    return [{ bad: constant(1), statement: fail(b.fault('sleep-in-atomic', `${what} may sleep, in ${b.plan.context} context`)) }];
  }
  if (b.world.atomicSections === null) return [];
  const sections = load(b.world.atomicSections + b.plan.index);
  return [{ bad: binary('>', sections, constant(0)), statement: fail(b.fault('sleep-in-atomic', `${what} may sleep, under a spinlock or in an RCU read section`)) }];
}

function targetOf(value: Value): Target {
  const struct = value.type.kind === 'struct' ? value.type.struct : value.type.kind === 'ref' ? value.type.to : null;
  if (struct === null) throw new Error('lowering: an operation on no object');
  return { place: value.expression, struct };
}

function hiddenSlot(world: World, target: Target, field: string, agent: Expression | undefined): Slot {
  const { slot, length, stride } = world.layout.hidden(target.struct, field);
  const place = length === stride ? constant(0) : minus(target.place, constant(world.layout.base(target.struct)));
  const index = stride === 1 ? place : plus(binary('*', place, constant(stride)), agent ?? constant(0));
  return { slot, length, index };
}

function sharedVariable(world: World, name: string, max: number | 'mask' | 'agents', options: Parameters<Emit['shared']>[2] = {}): { slot: number; length: number } {
  const agents = world.agents.length;
  const length = options.each === 'agents' ? agents : options.each === 'modules' ? world.program.modules.length : options.each === 'devices' ? world.program.devices.length : (options.length ?? 1);
  const top = max === 'mask' ? 2 ** agents - 1 : max === 'agents' ? agents : max;
  const holds = options.holds ?? (max === 'mask' ? 'agentMask' : max === 'agents' ? 'agent' : 'int');
  const slot = world.variables.once({ name, length: Math.max(1, length), min: options.min ?? 0, max: top, holds, over: options.each === 'agents' ? 'agents' : null, owner: options.owner ?? null, initial: options.initial ?? 0 });
  return { slot, length: Math.max(1, length) };
}

export class OperationEmit implements Emit {
  readonly me: Expression;
  readonly agentIndex: number;
  readonly agents: number;
  readonly atomicContext: boolean;
  readonly isProcess: boolean;
  readonly context: string;
  readonly model: ModelView;
  private readonly cx: Context;
  private readonly call: Call;
  private readonly text: string | null;
  /** See clock: few operations look at one. */
  private view: ClockView | null = null;

  constructor(cx: Context, call: Call, text: string | null) {
    this.cx = cx;
    this.call = call;
    this.text = text;
    this.me = cx.b.me;
    this.agentIndex = cx.b.plan.index;
    this.agents = cx.world.agents.length;
    this.atomicContext = ATOMIC_CONTEXTS.includes(cx.b.plan.context);
    this.context = cx.b.plan.context;
    this.isProcess = this.context === 'process';
    this.model = cx.world.model;
  }

  get runsPlace(): number | null {
    return [...this.cx.world.contextOf].find(([, agent]) => agent === this.agentIndex)?.[0] ?? null;
  }

  get clock(): ClockView | null {
    const { world } = this.cx;
    if (world.clock !== null) this.view ??= clockView(world, world.clock, this.agentIndex);
    return this.view;
  }

  private exitOf(spec: StepSpec): ExitSpec {
    const { b } = this.cx;
    const bads = (spec.uses ?? []).flatMap((t) => b.badUses(t.place, t.struct, `\`${this.textOf(t.argument ?? 0)}\``, this.pointerOf(t.argument ?? 0)));
    const checks: Statement[] = bads.map((x) => ({ op: 'if', condition: x.bad, then: [x.statement], else: [] }));
    const guard = spec.guard === undefined ? null : or(...bads.map((x) => x.bad), spec.guard);
    return {
      text: spec.text ?? this.text ?? undefined,
      guard: guard !== null && guard.op === 'constant' && guard.value !== 0 ? null : guard,
      environment: spec.environment,
      body: spec.body === undefined ? checks : checks.concat(spec.body),
      event: spec.event ?? null,
      sample: spec.sample,
    };
  }

  step(spec: StepSpec): void {
    this.cx.b.touch([this.exitOf(spec)], { wait: spec.wait ?? null });
  }

  alternatives(specs: ReadonlyArray<StepSpec & { readonly then: () => void }>): void {
    const wait = specs.find((s) => s.wait !== undefined)?.wait ?? null;
    this.cx.b.touch(specs.map((s) => ({ ...this.exitOf(s), then: () => s.then() })), { wait });
  }

  compute(body: readonly Statement[]): void {
    this.cx.b.compute(body);
  }

  branch(condition: Expression, then: () => void, otherwise?: () => void): void {
    this.cx.b.branch(condition, then, otherwise);
  }

  loop(text: string, body: (stop: () => void) => void): void {
    turns(this.cx, text, body);
  }

  temporary(max: number, holds: 'int' | 'place' | 'agent' | 'agentMask' | 'function' = 'int', min = 0): number {
    return this.cx.b.slot({ min, max, holds });
  }

  temporaryFor(type: Type): number {
    return this.cx.b.slot(this.cx.world.layout.rangeOf(type));
  }

  get functionCount(): number {
    return this.cx.world.functions.length;
  }

  headSlot(type: string, field: string, place: number): number | null {
    const struct = this.cx.world.program.structs.find((s) => s.name === type);
    if (struct === undefined || this.cx.world.layout.count(struct) === 0) return null;
    const { slot, stride } = this.cx.world.layout.hidden(struct, field);
    return slot + (place - this.cx.world.layout.base(struct)) * stride;
  }

  checksOf(target: Target, what: string): Statement[] {
    return this.cx.b.useChecks(target.place, target.struct, what);
  }

  freeRoot(place: Expression): void {
    const { layout } = this.cx.world;
    const number = layout.rootPlaceTable();
    this.cx.b.touch([{ text: 'kfree', body: freeBody(this.cx.b, table(number, layout.tables[number], place), null, 'the object'), event: 'free' }]);
  }

  listsOf(struct: StructInfo): ListStorage[] {
    const { program, layout } = this.cx.world;
    const lists: ListStorage[] = [];
    for (const s of program.structs) {
      for (const f of s.fields) {
        if (f.type.kind !== 'list' || f.type.of !== struct) continue;
        const { items, counts, capacity } = layout.list(f);
        const owners = Math.max(1, layout.count(s));
        for (let i = 0; i < owners; i++) lists.push({ items, counts, capacity, owners, owner: constant(i), checks: [], of: struct });
      }
    }
    for (const v of program.variables) {
      if (v.type.kind !== 'list' || v.type.of !== struct) continue;
      lists.push({ ...layout.variableList(v), owners: 1, owner: constant(0), checks: [], of: struct });
    }
    return lists;
  }

  target(value: Value, argument = 0): Target {
    return { ...targetOf(value), argument };
  }

  hidden(target: Target, field: string, agent?: Expression): Slot {
    return hiddenSlot(this.cx.world, target, field, agent);
  }

  read(slot: Slot): Expression {
    return element(slot.slot, slot.length, slot.index);
  }

  write(slot: Slot, value: Expression): Statement {
    return setElement(slot.slot, slot.length, slot.index, value);
  }

  shared(name: string, max: number | 'mask' | 'agents', options?: Parameters<Emit['shared']>[2]): { slot: number; length: number } {
    return sharedVariable(this.cx.world, name, max, options);
  }

  fault(kind: VerdictKind, message: string, options: FaultOptions = {}): number {
    return this.cx.b.fault(kind, message, options);
  }

  fail(kind: VerdictKind, message: string, object: Expression | null = null, by: Expression | null = null, options: FaultOptions = {}): Statement {
    return fail(this.fault(kind, message, options), object, by);
  }

  report(kind: VerdictKind, message: string, object: Expression | null = null, by: Expression | null = null, options: FaultOptions = {}): Statement {
    return { op: 'report', fault: this.fault(kind, message, options), object, by };
  }

  mayNotSleep(what: string): Statement[] {
    return sleepCheck(this.cx.b, what).map((x) => ({ op: 'if', condition: x.bad, then: [x.statement], else: [] }));
  }

  /** As a condition, for the guards of steps that wait. */
  badSleep(what: string): Bad[] {
    return sleepCheck(this.cx.b, what);
  }

  enterAtomic(): Statement[] {
    const slot = this.atomicSlot();
    return [{ op: 'set', slot, value: plus(load(slot), constant(1)) }];
  }

  leaveAtomic(): Statement[] {
    const slot = this.atomicSlot();
    return [{ op: 'if', condition: binary('>', load(slot), constant(0)), then: [{ op: 'set', slot, value: minus(load(slot), constant(1)) }], else: [] }];
  }

  private atomicSlot(): number {
    const { atomicSections } = this.cx.world;
    if (atomicSections === null) throw new Error('lowering: an operation that enters atomic sections must say so');
    return atomicSections + this.agentIndex;
  }

  leakAtEnd(key: string, condition: Expression, message: string, object: string): void {
    const { ends, program } = this.cx.world;
    // What the file itself does is what its author can mend.
    const own = this.cx.unit === program.units[0];
    const known = ends.get(key);
    if (known === undefined || (own && !known.own)) ends.set(key, { condition, own, fault: this.fault('leak', message, { object }) });
  }

  callFunction(fn: Expression, field: string, args: readonly Value[]): Value {
    return callValue(this.cx, fn, candidatesFor(this.cx.world, field, args.length), args, this.call, field);
  }

  does(what: string): void {
    const { doers } = this.cx.world;
    doers.set(what, (doers.get(what) ?? new Set()).add(this.agentIndex));
  }

  doers(what: string): number[] {
    const isOther = (agent: number): number => Number(agent !== this.agentIndex);
    return [...(this.cx.world.doers.get(what) ?? [])].sort((a, b) => isOther(a) - isOther(b) || a - b);
  }

  later(make: () => Statement[]): Statement {
    return later(this.cx.world, make);
  }

  uses(operation: string): boolean {
    return this.cx.world.usedOperations.has(operation);
  }

  candidateNumbers(field: string): readonly number[] {
    return (this.cx.world.candidates.get(field) ?? []).map((f) => functionNumber(this.cx.world, f));
  }

  callNamed(name: string, args: readonly Value[]): Value {
    const fn = this.cx.world.program.functions.find((f) => f.name === name);
    if (fn === undefined) throw new Error(`lowering: the libraries in use have no ${name}`);
    return callFunction(this.cx, fn, args, this.call);
  }

  allocate(type: string, into: number, then?: (place: Expression) => readonly Statement[]): void {
    allocate(this.cx.b, this.struct(type), into, then);
  }

  release(target: Target, what: string): void {
    this.cx.b.touch([{ body: freeBody(this.cx.b, target.place, target.struct, what), event: 'free', ...(this.text === null ? {} : { text: this.text }) }]);
  }

  freeing(target: Target, what: string): Statement[] {
    return freeBody(this.cx.b, target.place, target.struct, what);
  }

  value(expression: Expression, type: string): Value {
    return { expression, type: type === 'void' ? { kind: 'void' } : { kind: 'ref', to: this.struct(type) } };
  }

  embedded(target: Target, field: string): Target {
    const found = target.struct.fields.find((f) => f.name === field);
    if (found?.type.kind !== 'struct') throw new Error(`lowering: ${target.struct.name} embeds no ${field}`);
    const number = this.cx.world.layout.embedTable(found);
    return { place: table(number, this.cx.world.layout.tables[number], target.place), struct: found.type.struct, argument: target.argument };
  }

  struct(name: string): StructInfo {
    const found = this.cx.world.program.structs.find((s) => s.name === name);
    if (found === undefined) throw new Error(`lowering: no type ${name}`);
    return found;
  }

  setProbing(device: Expression): Statement {
    let slot = this.cx.world.probing.get(this.agentIndex);
    if (slot === undefined) {
      slot = this.cx.world.variables.add({ name: `${this.cx.b.plan.name}.probing`, max: this.cx.world.program.devices.length, owner: this.agentIndex });
      this.cx.world.probing.set(this.agentIndex, slot);
    }
    return { op: 'set', slot, value: device };
  }

  origin(target: Target): Expression | null {
    const { world } = this.cx;
    const origin = world.origins.find((o) => o.struct === target.struct);
    const pool = world.layout.pool(target.struct);
    if (origin === undefined || pool === null) return null;
    return element(origin.slot, origin.length, minus(target.place, constant(pool.place)));
  }

  deferredSlots(): readonly number[] {
    const { world, b } = this.cx;
    const known = world.deferred.get(this.agentIndex);
    if (known !== undefined) return known;
    const slots = Array.from({ length: Math.max(1, world.fds) }, (_, i) => world.variables.add({
      name: `${b.plan.name}.deferred${i}`, max: world.layout.places.length - 1, holds: 'place', owner: this.agentIndex,
    }));
    world.deferred.set(this.agentIndex, slots);
    return slots;
  }

  fdsFull(): Statement {
    const fault = this.fault('bound-reached', `a process has more than ${this.cx.world.fds} open files`);
    this.cx.world.poolFaults.set(fault, 'fds');
    return fail(fault);
  }

  killed(): Expression {
    const { world, b } = this.cx;
    const index = world.program.processes.findIndex((p) => p.name === b.plan.process);
    return world.killFlags === null || b.plan.context !== 'process' || index < 0 ? constant(0) : load(world.killFlags + index);
  }

  killFlag(process: Expression): Statement[] {
    const { world } = this.cx;
    const flags = world.killFlags ?? 0;
    return world.program.processes.map((_, i): Statement => ({ op: 'if', condition: binary('==', process, constant(i + 1)), then: [{ op: 'set', slot: flags + i, value: constant(1) }], else: [] }));
  }

  constantOf(value: Value): number | null {
    return value.expression.op === 'constant' ? value.expression.value : null;
  }

  refuse(code: Code, argument: number, message: string): never {
    throw new Refused(code, this.cx.unit, this.call.arguments[argument] ?? this.call, message);
  }

  textOf(argument: number): string {
    const a = this.call.arguments[argument];
    return a === undefined ? textOf(this.cx.unit, this.call) : textOf(this.cx.unit, a);
  }

  private pointerOf(argument: number): string {
    return `\`${pointerText(this.cx, this.call.arguments[argument] ?? this.call)}\``;
  }
}

/** A call inside `wait until` or `assert`: an operation that only looks, or a function that is one return. */
export function pureOperation(cx: Context, e: Call): Evaluated {
  const { world } = cx;
  const symbol = e.callee.kind === 'name' ? world.program.symbols.get(e.callee) : undefined;
  if (symbol?.kind === 'primitive') {
    const operation = world.operations.get(symbol.primitive.name);
    if (operation?.pure === undefined) throw new NotPure(cx, e);
    return pureValue(cx, operation, e);
  }
  if (symbol?.kind === 'function') {
    const only = symbol.function.body.statements[0];
    if (symbol.function.body.statements.length === 1 && only.kind === 'return' && only.value !== null) {
      const args = e.arguments.map((a) => evaluate(cx, a));
      const locals: Context['locals'] = new Map();
      symbol.function.parameters.forEach((p, i) => locals.set(p, { kind: 'value', value: { expression: args[i]?.value ?? constant(0), type: p.type } }));
      const inner: Context = { ...cx, unit: symbol.function.unit, function: symbol.function, locals };
      cx.b.enter({ name: symbol.function.name, function: symbol.function, module: symbol.function.module, unit: symbol.function.unit, at: only });
      const result = evaluate(inner, only.value);
      cx.b.leave();
      return { value: result.value, bad: [...args.flatMap((a) => a.bad), ...result.bad] };
    }
  }
  throw new NotPure(cx, e);
}

function pureValue(cx: Context, operation: Operation, e: Call): Evaluated {
  const bad: Bad[] = [];
  const values = e.arguments.map((a, i): Value => {
    const type: Type = cx.world.program.types.get(a) ?? { kind: 'error' };
    if (operation.parameters[i]?.lvalue) {
      const r = lowerReference(cx, a);
      if (r.kind === 'local') throw new NotPure(cx, a);
      bad.push(...r.bad);
      return { expression: constant(0), type: r.type, lvalue: asLvalue(r) };
    }
    if (type.kind === 'list') {
      const r = lowerReference(cx, a);
      if (r.kind === 'local' || r.list === null) throw new NotPure(cx, a);
      bad.push(...r.bad);
      return { expression: constant(0), type, list: r.list };
    }
    const v = evaluate(cx, a);
    bad.push(...v.bad);
    if (operation.where !== 'model' && (type.kind === 'struct' || (type.kind === 'ref' && type.to !== null))) {
      const target = targetOf({ expression: v.value, type });
      bad.push(...cx.b.badUses(target.place, target.struct, `\`${textOf(cx.unit, a)}\``, `\`${pointerText(cx, a)}\``));
    }
    return { expression: v.value, type };
  });
  const pure: PureEmit = new OperationEmit(cx, e, null);
  if (operation.pure === undefined) throw new NotPure(cx, e);
  return { value: operation.pure(pure, values), bad };
}
