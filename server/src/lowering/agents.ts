// The agents of a scenario: processes and their threads, hardware events, kernel contexts, and the boot that comes before all of them.
import type { ProcessInfo } from '../semantics/program.ts';
import type * as tree from '../syntax/tree.ts';
import type { ContextRoom, Value } from '../primitives/emit.ts';
import type { Expression, Statement } from '../system/system.ts';
import { and, binary, choose, constant, equal, load, not, plus, zero } from '../system/expression.ts';
import { Builder } from './builder.ts';
import { callFunction } from './calls.ts';
import { INT, VOID, type Context } from './context.ts';
import { lowerExpression } from './expressions.ts';
import type { Ends } from './graph.ts';
import { OperationEmit } from './operations.ts';
import { killedBy, lowerStatements } from './statements.ts';
import { hereCall, isSystemCall, mayHoldNothing, within } from './systemCalls.ts';
import { fail, MODULE, moduleIndex, textOf, type AgentPlan, type World } from './world.ts';

export interface ThreadInfo {
  readonly process: ProcessInfo;
  readonly copy: number;
  /** Null: the process itself. */
  readonly statement: Extract<tree.Statement, { kind: 'thread' | 'fork' }> | null;
  /** The `fork { }` whose child this is, or is a thread of; null: the process that was written. */
  readonly fork: tree.Statement | null;
}

interface Planned {
  readonly plan: AgentPlan;
  readonly info: ThreadInfo;
}

/** A thread shares everything with its process, and ends with it; a process (or the child of a fork) has FDs of its own. */
export function isThread(info: ThreadInfo): boolean {
  return info.statement?.kind === 'thread';
}

const NOTHING: Value = { expression: zero, type: VOID };

function userContext(b: Builder, unit: Context['unit'], locals: Context['locals'], ends: Ends[], spawn: Context['spawn']): Context {
  const depth = b.scopes.length;
  return {
    b, world: b.world, unit, function: null, locals, result: null, returns: ends, depth, undo: new Map(), loops: [], spawn,
    fallOut: () => {
      b.unwindTo(depth + 1);
      ends.push(b.take());
    },
  };
}

/** A process, a thread of it, or the child of a fork. `locals` are shared by a process and its threads; a child has copies. */
export function lowerProcess(world: World, plan: AgentPlan, info: ThreadInfo, localsOf: Map<tree.Statement | null, Context['locals']>, planned: readonly Planned[]): Builder {
  const b = new Builder(world, plan);
  const { process } = info;
  const body = info.statement?.body ?? process.node.body;
  const ends: Ends[] = [];
  const own = planned.filter((t) => t.info.process === process && t.info.copy === info.copy && t.plan !== plan);
  const threads = own.filter((t) => isThread(t.info) && t.info.fork === info.fork);
  const flag = (): number => world.variables.once({ name: `${plan.process}#${info.copy} ends${info.fork === null ? '' : ` ${info.fork.start}`}`, max: 1 });
  const started = (t: AgentPlan): number => world.variables.once({ name: `${t.name} started`, max: 1 });
  const gone = (fork: tree.Statement | null): number => world.variables.once({ name: `${plan.process}#${info.copy} forks no more${fork === null ? '' : ` ${fork.start}`}`, max: 1 });
  // A `fork { }` that nobody comes to, behind an endless loop, has no variables to copy, and nothing that its child could do.
  const forked = info.fork === null || localsOf.has(info.fork);
  const locals = localsOf.get(info.fork) ?? new Map();
  if (forked) localsOf.set(info.fork, locals);
  b.assumed = world.program.assumes.some((a) => a.agent.text === process.name || a.agent.text === plan.name);
  b.enter({ name: plan.name, function: null, module: null, unit: process.unit, at: body });
  b.scope(() => {
    const cx: Context = userContext(b, process.unit, locals, ends, (s) => {
      const t = own.find((x) => x.info.statement === s);
      if (t === undefined) throw new Error('lowering: an unplanned thread');
      if (s.kind === 'thread') b.touch([{ text: `starts thread ${s.name.text}`, body: [{ op: 'set', slot: started(t.plan), value: constant(1) }] }]);
      else within(cx, 'fork', null, 'fork', () => {
        const copied = new Map(locals);
        const body = copyLocals(world, locals, copied, t.plan);
        localsOf.set(s, copied);
        forkFiles(cx, t.plan, [...body, { op: 'set', slot: started(t.plan), value: constant(1) }]);
        return NOTHING;
      });
    });
    const killed = killedBy(cx);
    if (killed !== null) b.killed = { flag: killed, out: () => cx.fallOut?.() };
    if (isThread(info)) {
      b.dying = { flag: flag(), ends, depth: b.scopes.length };
      const dying = equal(load(flag()), constant(1));
      b.touch([
        { text: `thread ${plan.name} starts`, guard: and(equal(load(started(plan)), constant(1)), not(dying)) },
        { text: 'never starts', guard: dying, environment: false, then: () => ends.push(b.take()) },
      ]);
    } else if (info.statement !== null) {
      const parent = parentFork(own, info.statement);
      b.touch([
        { text: `${plan.name} starts`, guard: equal(load(started(plan)), constant(1)) },
        { text: 'is never forked', guard: and(equal(load(gone(parent)), constant(1)), equal(load(started(plan)), zero)), environment: false, then: () => ends.push(b.take()) },
      ]);
    } else if (!beginsWithCall(cx, body)) b.touch([{ text: 'begins' }]);
    if (forked) b.scope(() => lowerStatements(cx, body.statements));
    b.join(...ends);
    if (!isThread(info)) {
      b.at({ start: Math.max(body.start, body.end - 1), end: body.end }, () => exitProcess(cx, threads.map((t) => t.plan), threads.length === 0 ? null : flag()));
      if (own.some((t) => t.info.statement?.kind === 'fork' && t.info.statement !== info.statement)) b.compute([{ op: 'set', slot: gone(info.fork), value: constant(1) }]);
    }
  });
  b.leave();
  b.exit();
  return b;
}

/** The fork whose child runs the statement; null: the process that was written. */
function parentFork(own: readonly Planned[], fork: tree.Statement): tree.Statement | null {
  const around = own.filter((t) => t.info.statement?.kind === 'fork' && t.info.statement.start < fork.start && fork.end <= t.info.statement.end);
  return around.sort((x, y) => (y.info.statement?.start ?? 0) - (x.info.statement?.start ?? 0))[0]?.info.statement ?? null;
}

/** The child's own variables, and the statements that copy what the parent's hold. */
function copyLocals(world: World, from: Context['locals'], to: Context['locals'], child: AgentPlan): Statement[] {
  const body: Statement[] = [];
  for (const [local, kept] of from) {
    if (kept.kind !== 'slot') continue;
    const slot = world.variables.add({ name: `${child.name}.${local.name}`, ...world.layout.rangeOf(local.type), owner: child.index });
    to.set(local, { kind: 'slot', slot, type: local.type });
    body.push({ op: 'set', slot, value: load(kept.slot) });
  }
  return body;
}

/** The child has every FD of its parent, and every mapping. */
function forkFiles(cx: Context, child: AgentPlan, body: Statement[]): void {
  const operation = cx.world.operations.get('fork_files');
  if (operation === undefined) throw new Error('lowering: no fork_files');
  const emit = new OperationEmit(cx, hereCall(cx.b.frame.at), 'fork: the child has the FDs too');
  operation.lower(emit, [{ expression: constant(child.index), type: INT }]);
  cx.b.touch([{ text: 'fork: the child starts', body }]);
}

function beginsWithCall(cx: Context, body: tree.Block): boolean {
  const first = body.statements[0];
  if (first === undefined) return true; // straight to exit, which is a call
  if (first.kind === 'expression' || first.kind === 'let') return isSystemCall(cx, first.value);
  return first.kind === 'loop' || first.kind === 'thread' || first.kind === 'fork';
}

/** exit_group(): no thread of the process may be inside the kernel any more; then the FDs are closed. */
function exitProcess(cx: Context, threads: readonly AgentPlan[], flag: number | null): void {
  const { b, world } = cx;
  const exit = world.program.functions.find((f) => f.name === 'do_exit');
  within(cx, 'exit', null, 'exit', () => {
    if (flag !== null) {
      const inside = world.insideFlags ?? 0;
      const left = threads.reduce<Expression>((mask, t) => plus(mask, choose(equal(load(inside + t.index), constant(1)), constant(2 ** t.index), zero)), zero);
      b.touch([{ text: 'exit: tells the other threads', body: [{ op: 'set', slot: flag, value: constant(1) }] }]);
      b.touch([{ text: 'exit: no thread is inside the kernel', guard: and(...threads.map((t) => equal(load(inside + t.index), zero))) }], {
        wait: { kind: 'event', what: 'the other threads of the process to leave the kernel', holder: { kind: 'agentMask', value: left } },
      });
    }
    return exit === undefined ? NOTHING : callFunction(cx, exit, [], hereCall(b.frame.at));
  });
}

/** `unplug(gpu)`, `interrupt(gpu)`: one agent for each event in a hardware block. */
export function lowerHardware(world: World, plan: AgentPlan, call: Extract<tree.Expression, { kind: 'call' }>, unit: Context['unit']): Builder {
  const b = new Builder(world, plan);
  const name = call.callee.kind === 'name' ? call.callee.text : '';
  const symbol = call.arguments[0]?.kind === 'name' ? world.program.symbols.get(call.arguments[0]) : undefined;
  const device = symbol?.kind === 'device' ? symbol.device : world.program.devices[0];
  const gone = world.model.gone + world.program.devices.indexOf(device);
  const place: Value = { expression: constant(world.layout.placeOf(device)), type: { kind: 'ref', to: device.struct } };
  const text = textOf(unit, call);
  b.enter({ name: text, function: null, module: null, unit, at: call });
  b.scope(() => {
    const cx: Context = { b, world, unit, function: null, locals: new Map(), result: null, returns: [], depth: 0, undo: new Map(), loops: [], spawn: null, fallOut: null };
    if (name === 'unplug') {
      b.touch([{ text, environment: true, event: 'release', body: [{ op: 'set', slot: gone, value: constant(1) }] }]);
      b.call = world.calls.length;
      world.calls.push({ agent: plan.index, name: 'unplug', blocked: 'unbind-blocked', object: device.name, at: b.place() });
      const remove = world.program.functions.find((f) => f.name === 'hot_unplug');
      if (remove !== undefined) callFunction(cx, remove, [place], call);
      b.call = null;
      return;
    }
    const operation = world.operations.get(name);
    b.touch([{
      text, environment: true, guard: equal(load(gone), zero),
      then: (self) => {
        const rest = call.arguments.slice(1).map((a) => lowerExpression(cx, a));
        operation?.lower(new OperationEmit(cx, call, text), [place, ...rest]);
        if (self !== null) b.goto(self);
      },
    }]);
  });
  b.leave();
  if (b.reachable) b.exit();
  return b;
}

/** The kernel context that runs one object: waits until it is queued, runs it, waits again. */
export function lowerContext(world: World, plan: AgentPlan, room: ContextRoom, place: number): Builder {
  const b = new Builder(world, plan);
  const unit = world.program.units[0];
  const struct = world.layout.structOfPlace(place);
  if (struct === null) throw new Error('lowering: a context of no object');
  const declared = world.layout.declarationOf(place);
  const at = declared?.node ?? { start: 0, end: 0 };
  b.enter({ name: plan.name, function: null, module: null, unit: declared?.unit ?? unit, at });
  b.scope(() => {
    const cx: Context = { b, world, unit: declared?.unit ?? unit, function: null, locals: new Map(), result: null, returns: [], depth: 0, undo: new Map(), loops: [], spawn: null, fallOut: null };
    const emit = new OperationEmit(cx, hereCall(at), plan.name);
    const target = { place: constant(place), struct };
    b.touch([{
      text: `${plan.name} starts`, guard: room.ready(emit, target), environment: false, event: 'wake', body: [...room.take(emit, target)],
      then: (self) => {
        if (room.serves !== true) {
          b.call = world.calls.length;
          world.calls.push({ agent: plan.index, name: callbackName(world, room) ?? plan.name, blocked: null, object: struct.name, at: b.place() });
        }
        b.scope(() => room.run(emit, target));
        mayHoldNothing(cx, '{agent} returns with a lock held, or inside a read section');
        if (room.context === 'timer') takesItsTime(emit, plan.name);
        b.touch([{ text: `${plan.name} has returned`, body: [...room.done(emit, target)], event: 'return' }]);
        b.call = null;
        if (self !== null && b.reachable) b.goto(self);
      },
    }]);
  });
  b.leave();
  return b;
}

/** What the callback of a timer takes, in a scenario with a clock that says so. */
function takesItsTime(emit: OperationEmit, name: string): void {
  const { clock } = emit;
  if (clock === null || clock.costs.callback.most === 0) return;
  const { least, most } = clock.costs.callback;
  emit.step({ text: `${name} takes its time`, guard: clock.idle, wait: clock.wait, body: clock.takes(constant(least), constant(most), most) });
  emit.step({ text: `${name}: done`, guard: clock.idle, wait: { ...clock.wait, what: `the end of ${name}` } });
}

/** The function that a context runs, where only one can be meant. */
function callbackName(world: World, room: ContextRoom): string | null {
  const functions = world.candidates.get(room.field) ?? [];
  return functions.length === 1 ? functions[0].name : null;
}

/** Loads every module and probes every device, before anything else takes a step. */
export function lowerBoot(world: World, plan: AgentPlan): Builder {
  const b = new Builder(world, plan);
  const unit = world.program.units[0];
  b.enter({ name: 'boot', function: null, module: null, unit, at: { start: 0, end: 0 } });
  b.scope(() => {
    const cx: Context = { b, world, unit, function: null, locals: new Map(), result: null, returns: [], depth: 0, undo: new Map(), loops: [], spawn: null, fallOut: null };
    b.touch([{ text: 'boot' }]);
    for (const module of loadOrder(world)) {
      const state = world.moduleState + moduleIndex(world, module);
      const set = (value: number): Statement[] => [{ op: 'set', slot: state, value: constant(value) }];
      if (module.init === null) {
        b.compute(set(MODULE.live));
        continue;
      }
      const init = module.init;
      b.touch([{ text: `loads ${module.name}`, body: set(MODULE.coming) }]);
      b.scope(() => {
        const result = b.at(module.node, () => callFunction(cx, init, [], hereCall(module.node)));
        if (result.type.kind === 'int') {
          const failed = b.at(module.node.name, () => b.fault('assertion', `init of ${module.name} fails at the start`, { object: module.name }));
          b.compute([{ op: 'if', condition: binary('<', result.expression, zero), then: [fail(failed)], else: [] }]);
        }
        b.at(module.unit === unit ? initOf(module) : { start: 0, end: 0 }, () => mayHoldNothing(cx, `init of ${module.name}, or a probe that it runs, returns with a lock held, or inside a read section`));
        b.touch([{ text: `${module.name} is loaded`, body: set(MODULE.live) }]);
      });
    }
    for (const device of world.program.devices) {
      if (device.unbound || device.binds.length === 0 || device.binds.every((d) => d.module?.unloaded === true)) continue;
      const field = device.struct.fields.find((f) => f.name === 'driver');
      if (field === undefined || !world.assigned.has(`${device.struct.name}.driver`)) continue;
      const slot = world.layout.field(field) + world.layout.placeOf(device) - world.layout.base(device.struct);
      const failed = b.at(device.node, () => b.fault('assertion', `probe of ${device.name} fails at the start`, { object: device.name }));
      b.compute([{ op: 'if', condition: equal(load(slot), zero), then: [fail(failed)], else: [] }]);
    }
  });
  b.leave();
  b.exit();
  return b;
}

/** The word `init`. */
function initOf(module: World['program']['modules'][number]): { readonly start: number; readonly end: number } {
  const at = module.init?.node.start ?? module.node.start;
  return { start: at, end: at + 'init'.length };
}

/** What a module uses is loaded before it; else the order of the files. */
function loadOrder(world: World): World['program']['modules'][number][] {
  const order: World['program']['modules'][number][] = [];
  const visit = (m: World['program']['modules'][number], trail: readonly unknown[]): void => {
    if (order.includes(m) || trail.includes(m)) return;
    for (const used of m.uses) visit(used, [...trail, m]);
    if (!m.unloaded) order.push(m);
  };
  for (const m of world.program.modules) visit(m, []);
  return order;
}

export { INT };
