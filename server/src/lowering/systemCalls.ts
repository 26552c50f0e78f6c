// System calls: what a process's top-level statements are. Entering one is an environment step; on the way back to user space the task runs what
// was deferred to its return.
import type * as tree from '../syntax/tree.ts';
import type { Value } from '../primitives/emit.ts';
import type { Expression, Statement } from '../system/system.ts';
import { binary, constant, equal, load, not, or, zero } from '../system/expression.ts';
import { later } from './allocation.ts';
import { callFunction, lowerCall } from './calls.ts';
import { INT, type Context } from './context.ts';
import { converted } from './expressions.ts';
import { killedBy, propagate } from './statements.ts';
import { fail, placeIn, textOf } from './world.ts';

type CallExpression = Extract<tree.Expression, { kind: 'call' }>;

/** Which `*-blocked` verdict a call has when it waits for the environment. */
const BLOCKED = {
  rmmod: 'unload-blocked', rmmod_wait: 'unload-blocked', unbind: 'unbind-blocked', unplug: 'unbind-blocked', close: 'close-blocked', exit: 'close-blocked',
} as const;

/** At the top level of a process, and a call (perhaps with `?`). */
export function isSystemCall(cx: Context, e: tree.Expression): boolean {
  if (cx.fallOut === null) return false;
  return e.kind === 'call' || (e.kind === 'try' && e.value.kind === 'call');
}

export function lowerSystemCall(cx: Context, e: tree.Expression, into: number | null): void {
  const { b } = cx;
  const call = e.kind === 'try' ? e.value : e;
  if (call.kind !== 'call') throw new Error('lowering: no system call');
  b.at(call, () => {
    const name = call.callee.kind === 'name' ? call.callee.text : textOf(cx.unit, call.callee);
    const result = within(cx, name, objectOf(cx, call), textOf(cx.unit, call), () => lowerCall(cx, call));
    if (into !== null) b.compute([{ op: 'set', slot: into, value: converted(result, INT) }]);
    if (e.kind === 'try') propagate(cx, result, null);
  });
}

/** Enters the kernel, does `work`, returns to user space. */
export function within(cx: Context, name: string, object: string | null, text: string, work: () => Value): Value {
  const { b, world } = cx;
  const index = world.calls.length;
  world.calls.push({ agent: b.plan.index, name, blocked: Object.hasOwn(BLOCKED, name) ? BLOCKED[name as keyof typeof BLOCKED] : null, object, at: b.place() });
  const flags = world.insideFlags;
  const mark = (value: number): Statement[] => (flags === null ? [] : [{ op: 'set', slot: flags + b.plan.index, value: constant(value) }]);
  const dying = b.dying;
  const killed = killedBy(cx);
  const alive = dying === null ? null : equal(load(dying.flag), zero);
  if (name === 'exit' && killed !== null) {
    b.touch([
      { text, event: 'call', body: mark(1), guard: not(killed), environment: !b.assumed },
      { text, event: 'call', body: mark(1), guard: killed, environment: false },
    ]);
  } else {
    b.touch([
      { text, event: 'call', body: mark(1), guard: alive },
      ...(dying === null ? [] : [{ text: 'ends with its process', guard: equal(load(dying.flag), constant(1)), environment: false, then: () => { b.unwindTo(dying.depth); dying.ends.push(b.take()); } }]),
    ]);
  }
  b.call = index;
  // What was assumed holds up to the close.
  if (name === 'close') b.assumed = false;
  const result = work();
  returnToUser(cx);
  b.compute(mark(0));
  b.call = null;
  // A fatal signal lets no call return.
  if (killed !== null && name !== 'exit') b.branch(killed, () => cx.fallOut?.());
  return result;
}

/** task_work_run(): the files whose last reference this task put; then no lock may be held. */
function returnToUser(cx: Context): void {
  const { b, world } = cx;
  const deferred = world.deferred.get(b.plan.index);
  const run = world.program.functions.find((f) => f.name === '__fput');
  if (deferred !== undefined && run !== undefined && b.reachable) {
    const more = (left: number): void => {
      if (left === 0) return;
      b.branch(binary('!=', load(deferred[0]), zero), () => {
        b.scope(() => {
          const file = b.slot({ min: 0, max: world.layout.places.length - 1, holds: 'place' });
          b.compute([
            { op: 'set', slot: file, value: load(deferred[0]) },
            ...deferred.map((slot, i): Statement => ({ op: 'set', slot, value: i + 1 < deferred.length ? load(deferred[i + 1]) : zero })),
          ]);
          callFunction(cx, run, [{ expression: load(file), type: run.parameters[0].type }], hereCall(b.frame.at));
        });
        more(left - 1);
      });
    };
    more(deferred.length);
  }
  mayHoldNothing(cx, '{agent} returns to user space with a lock held, or inside a read section');
}

/** Where an agent is done with a call: it holds no lock any more, and is in no read section. */
export function mayHoldNothing(cx: Context, message: string): void {
  const { b, world } = cx;
  const fault = b.fault('lock-imbalance', message);
  b.compute([later(world, () => {
    const held: Expression[] = [];
    for (const v of world.variables.all) {
      if (v.holds === 'agent' && v.name.endsWith('.owner')) for (let i = 0; i < v.length; i++) held.push(equal(load(v.slot + i), b.me));
      if (v.name === 'rcu nesting') held.push(binary('>', load(v.slot + b.plan.index), zero));
    }
    for (const [type, field] of [['rwsem', 'readers'], ['rwlock', 'readers'], ['srcu', 'nest0'], ['srcu', 'nest1']]) {
      const struct = world.program.structs.find((s) => s.name === type);
      const places = struct === undefined ? 0 : world.layout.count(struct);
      if (struct === undefined || places === 0) continue;
      const { slot, stride } = world.layout.hidden(struct, field);
      for (let i = 0; i < places; i++) held.push(binary('>', load(slot + i * stride + b.plan.index), zero));
    }
    return held.length === 0 ? [] : [{ op: 'if', condition: or(...held), then: [fail(fault)], else: [] }];
  })]);
}

/** A call node for what the kernel calls by itself. */
export function hereCall(at: { readonly start: number; readonly end: number }): CallExpression {
  const name: tree.Name = { kind: 'name', text: '', start: at.start, end: at.start };
  return { kind: 'call', callee: name, arguments: [], start: at.start, end: at.end };
}

/** The module or device that a call is about: its first argument. */
function objectOf(cx: Context, call: CallExpression): string | null {
  const first = call.arguments[0];
  const symbol = first?.kind === 'name' ? cx.world.program.symbols.get(first) : undefined;
  return symbol?.kind === 'module' ? symbol.module.name : symbol?.kind === 'device' ? symbol.device.name : null;
}

export { placeIn };
