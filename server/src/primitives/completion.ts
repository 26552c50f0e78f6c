// struct completion: complete() is remembered, complete_all() for ever.
import { and, binary, constant, equal, load, minus, not, or, plus, zero } from '../system/expression.ts';
import type { Statement } from '../system/system.ts';
import type { Emit, PrimitiveRoom, StepSpec, Value } from './emit.ts';
import { durationOf, SECOND } from './durations.ts';
import { int, operation } from './operation.ts';
import { waitLimit } from './waitLimit.ts';

const source = 'kernel/sched/completion.c';
const ALL = 7;

function waitStep(emit: Emit, value: Value): StepSpec {
  const target = emit.target(value);
  const done = emit.hidden(target, 'done');
  const count = emit.read(done);
  const sleeps = emit.badSleep('wait_for_completion');
  return {
    uses: [target], event: 'wake', guard: or(binary('>', count, zero), ...sleeps.map((s) => s.bad)),
    body: [...emit.mayNotSleep('wait_for_completion'), { op: 'if', condition: equal(count, constant(ALL)), then: [], else: [emit.write(done, minus(count, constant(1)))] }],
    wait: { kind: 'event', what: `complete(${emit.textOf(0)})`, holder: null },
  };
}

function alternative(name: string, summary: string, text: string, environment: boolean, result: number, ok: number): ReturnType<typeof operation> {
  return operation(`${name} -> int`, { summary, source }, (emit, [value, time]) => {
    const slot = emit.temporary(Math.max(ok, 0), 'int', Math.min(result, 0));
    const set = (n: number): void => emit.compute([{ op: 'set', slot, value: constant(n) }]);
    const killed = emit.killed();
    const fatal = result === -512 && !(killed.op === 'constant');
    const limit = time === undefined ? null : waitLimit(emit);
    const hz = emit.clock === null || emit.clock.hz === 0 ? 1000 : emit.clock.hz;
    if (limit !== null && time !== undefined) emit.step({ uses: [emit.target(value)], text: `waits for ${emit.textOf(1)} at most`, guard: limit.free, wait: limit.wait, body: limit.begins(durationOf(emit, time, 1, SECOND / hz)), event: 'block' });
    const waits = waitStep(emit, value);
    const over = limit?.over ?? [];
    emit.alternatives([
      { ...waits, body: [...(waits.body ?? []), ...over], then: () => set(ok) },
      ...(fatal ? [{ text: 'a fatal signal ends the wait', guard: killed, environment: false, then: () => set(result) }] : []),
      ...(name.includes('killable') ? [] : [{ text, environment, ...(limit === null ? {} : { uses: [emit.target(value)], guard: and(limit.reached, not(waits.guard ?? zero)), body: over }), then: () => set(result) }]),
    ]);
    return int(load(slot));
  });
}

export const completion: PrimitiveRoom = {
  types: [{ name: 'completion', doc: { summary: 'Something that happens once (or once for each waiter).', source }, fields: [{ name: 'done', max: ALL }] }],
  operations: [
    operation('init_completion(c: ref completion)', { summary: 'Not done yet.', source }, (emit, [c]) => emit.step({ uses: [emit.target(c)], body: [emit.write(emit.hidden(emit.target(c), 'done'), zero)] })),
    operation('reinit_completion(c: ref completion)', { summary: 'Not done any more.', source }, (emit, [c]) => emit.step({ uses: [emit.target(c)], body: [emit.write(emit.hidden(emit.target(c), 'done'), zero)] })),
    operation('complete(c: ref completion)', { summary: 'Lets one waiter go on, now or later.', contexts: 'Any.', source }, (emit, [c]) => {
      const target = emit.target(c);
      const done = emit.hidden(target, 'done');
      const count = emit.read(done);
      const more: Statement = { op: 'if', condition: binary('<', count, constant(ALL - 1)), then: [emit.write(done, plus(count, constant(1)))], else: [] };
      emit.step({ uses: [target], event: 'wake', body: [more] });
    }),
    operation('complete_all(c: ref completion)', { summary: 'Lets every waiter go on, now and later.', contexts: 'Any.', source }, (emit, [c]) => {
      const target = emit.target(c);
      emit.step({ uses: [target], event: 'wake', body: [emit.write(emit.hidden(target, 'done'), constant(ALL))] });
    }),
    operation('wait_for_completion(c: ref completion)', { summary: 'Waits until it is done. No signal ends the wait.', blocksOn: 'complete() or complete_all().', contexts: 'Process context that may sleep.', source }, (emit, [c]) => emit.step(waitStep(emit, c))),
    alternative('wait_for_completion_interruptible(c: ref completion)', 'Waits until it is done, or returns -ERESTARTSYS when a signal comes first.', 'a signal ends the wait', true, -512, 0),
    alternative('wait_for_completion_killable(c: ref completion)', 'Waits until it is done, or returns -ERESTARTSYS when a fatal signal comes first.', 'a fatal signal ends the wait', true, -512, 0),
    alternative('wait_for_completion_timeout(c: ref completion, timeout: u64)', 'Waits until it is done (returns 1), or the time is over (returns 0).', 'the wait times out', false, 0, 1),
    operation('completion_done(c: ref completion) -> bool', { summary: 'Would a waiter go on at once?', source }, (emit, [c]) => {
      const result = emit.temporary(1);
      emit.step({ uses: [emit.target(c)], body: [{ op: 'set', slot: result, value: binary('>', emit.read(emit.hidden(emit.target(c), 'done')), zero) }] });
      return { expression: load(result), type: { kind: 'bool' } };
    }, { pure: (emit, [c]) => binary('>', emit.read(emit.hidden(emit.target(c), 'done')), zero) }),
  ],
};
