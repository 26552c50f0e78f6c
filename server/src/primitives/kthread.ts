// Kernel threads: run until their function returns; kthread_stop() asks for that and waits. Nothing ends them when their module goes.
import { and, binary, choose, constant, equal, load, minus, or, plus, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import type { ContextRoom, Emit, PrimitiveRoom, Target } from './emit.ts';
import { bool, int, operation } from './operation.ts';

const source = 'kernel/kthread.c';
const RUNNABLE = 1;
const RUNNING = 2;
const DONE = 3;
const REFS_MAX = 3;

const state = (emit: Emit, t: Target): Expression => emit.read(emit.hidden(t, 'state'));

function own(emit: Pick<Emit, 'runsPlace' | 'struct'>): Target {
  if (emit.runsPlace === null) return { place: zero, struct: emit.struct('task') };
  return { place: constant(emit.runsPlace), struct: emit.struct('task') };
}

function shouldStop(emit: Emit): Expression {
  return emit.runsPlace === null || emit.context !== 'kthread' ? zero : emit.read(emit.hidden(own(emit), 'stop'));
}

/** What is left of a thread goes, unless somebody holds a reference. */
function lastReference(emit: Emit, t: Target): Statement[] {
  const free = emit.freeing(t, 'the thread');
  return emit.uses('get_task_struct') ? [{ op: 'if', condition: equal(emit.read(emit.hidden(t, 'refs')), zero), then: free, else: [] }] : free;
}

export const kthread: PrimitiveRoom = {
  types: [{
    name: 'task', handle: true, doc: { summary: 'struct task_struct of a kernel thread.', source }, runs: 'kthread', pooled: { view: 'internal', leak: null },
    fields: [{ name: 'state', max: DONE, outlives: true }, { name: 'func', max: 'function' }, { name: 'data', max: 'place' }, { name: 'stop', max: 1 }, { name: 'refs', max: REFS_MAX }],
  }],
  operations: [
    operation('kthread_run(func: fn(any) -> int, data: any, name?: string) -> ref task', { summary: 'Starts a kernel thread.', source }, (emit, [fn, data]) => {
      const into = emit.temporary(emit.model.placeMax, 'place');
      emit.allocate('task', into, (place) => {
        const t = { place, struct: emit.struct('task') };
        return [emit.write(emit.hidden(t, 'state'), constant(RUNNABLE)), emit.write(emit.hidden(t, 'func'), fn.expression), emit.write(emit.hidden(t, 'data'), data.expression)];
      });
      return emit.value(load(into), 'task');
    }, { keeps: { 0: 'task.func' }, allocates: ['task'] }),
    operation('kthread_should_stop() -> bool', { summary: 'Has kthread_stop() been called for this thread?', contexts: 'In a kernel thread.', source }, (emit) => {
      const result = emit.temporary(1);
      emit.step({ body: [{ op: 'set', slot: result, value: shouldStop(emit) }] });
      return bool(load(result));
    }, { pure: (emit) => shouldStop(emit as Emit) }),
    operation('kthread_stop(thread: ref task) -> int', { summary: 'Asks the thread to stop and waits until its function has returned.', guarantees: 'The thread is gone. One that has not begun never calls its function. One that returned by itself is gone already, unless somebody holds a reference.', blocksOn: 'The thread, until it looks at kthread_should_stop() and returns.', contexts: 'Process context that may sleep; not from the thread itself.', source }, (emit, [thread]) => {
      const t = emit.target(thread);
      const self: Statement[] = emit.runsPlace === null ? [] : [{ op: 'if', condition: equal(t.place, constant(emit.runsPlace)), then: [emit.fail('self-deadlock', '{agent} waits for itself to stop', t.place)], else: [] }];
      emit.step({ uses: [t], event: 'block', body: [...emit.mayNotSleep('kthread_stop'), ...self, emit.write(emit.hidden(t, 'stop'), constant(1))] });
      emit.step({
        text: 'kthread_stop: the thread has returned', uses: [t], guard: equal(state(emit, t), constant(DONE)), event: 'wake',
        body: [emit.write(emit.hidden(t, 'state'), zero), ...lastReference(emit, t)],
        wait: { kind: 'event', what: `the thread \`${emit.textOf(0)}\` to return`, holder: null },
      });
      return int(zero);
    }),
    operation('get_task_struct(thread: ref task)', { summary: 'Keeps what is left of a thread that returns by itself, for kthread_stop().', source: 'include/linux/sched/task.h' }, (emit, [thread]) => {
      const t = emit.target(thread);
      const refs = emit.hidden(t, 'refs');
      const full: Statement = { op: 'if', condition: binary('>=', emit.read(refs), constant(REFS_MAX)), then: [emit.fail('bound-reached', `more than ${REFS_MAX} references on a thread`)], else: [] };
      emit.step({ uses: [t], event: 'acquire', body: [full, emit.write(refs, plus(emit.read(refs), constant(1)))] });
    }),
    operation('put_task_struct(thread: ref task)', { summary: 'Drops a reference to a thread.', source: 'include/linux/sched/task.h' }, (emit, [thread]) => {
      const t = emit.target(thread);
      const refs = emit.hidden(t, 'refs');
      const over = or(equal(state(emit, t), zero), equal(state(emit, t), constant(DONE)));
      emit.step({
        uses: [t], event: 'release',
        body: [
          { op: 'if', condition: equal(emit.read(refs), zero), then: [emit.fail('refcount-underflow', `{agent} puts a reference on \`${emit.textOf(0)}\` that nobody holds`, t.place)], else: [] },
          emit.write(refs, minus(emit.read(refs), constant(1))),
          { op: 'if', condition: and(equal(emit.read(refs), zero), over), then: [emit.write(emit.hidden(t, 'state'), zero), ...emit.freeing(t, 'the thread')], else: [] },
        ],
      });
    }),
  ],
};

export const kthreadContext: ContextRoom = {
  type: 'task', context: 'kthread', serves: true, field: 'task.func', startedBy: ['kthread_run'],
  title: (object) => `kthread ${object.split('#')[1] ?? '0'}`,
  ready: (emit, t) => and(equal(state(emit, t), constant(RUNNABLE))),
  take: (emit, t) => [emit.write(emit.hidden(t, 'state'), constant(RUNNING))],
  run: (emit, t) => emit.branch(equal(emit.read(emit.hidden(t, 'stop')), zero), () => { emit.callFunction(emit.read(emit.hidden(t, 'func')), 'task.func', [{ expression: emit.read(emit.hidden(t, 'data')), type: { kind: 'ref', to: null } }]); }),
  done: (emit, t) => [{
    op: 'if', condition: emit.read(emit.hidden(t, 'stop')), then: [emit.write(emit.hidden(t, 'state'), constant(DONE))],
    else: [emit.write(emit.hidden(t, 'state'), emit.uses('get_task_struct') ? choose(equal(emit.read(emit.hidden(t, 'refs')), zero), zero, constant(DONE)) : zero), ...lastReference(emit, t)],
  }],
};
