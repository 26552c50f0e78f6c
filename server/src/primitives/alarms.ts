// What a routine claims that arms an alarm: that it comes when it is due, neither before nor much later.
import { binary, constant, equal, load, minus, plus, zero } from '../system/expression.ts';
import type { Emit, PrimitiveRoom, PureEmit, Value } from './emit.ts';
import { operation } from './operation.ts';

const source = 'the model';
/** Longest that is measured, in ns. */
const LONGEST = 2 ** 31;
const PASSED = 1;
/** As late as it may come; so many more with so many ns left until then. */
const LAST = 2;

/** Ns until it is too late; 0: none is due. */
const due = (emit: PureEmit): number => emit.shared('alarm due in', LONGEST + LAST).slot;

function begin(emit: Emit, [time, late]: readonly Value[]): void {
  const { clock } = emit;
  if (clock === null) return;
  clock.countdown('alarm due', { slot: due(emit), length: 1, floor: PASSED, drives: false, kind: 'deadline', text: () => 'the alarm is too late' });
  emit.compute([{ op: 'set', slot: due(emit), value: plus(plus(time.expression, late.expression), constant(LAST)) }]);
}

function end(emit: Emit, [late]: readonly Value[]): void {
  const early = binary('>', load(due(emit)), plus(late.expression, constant(LAST)));
  emit.compute([
    { op: 'if', condition: early, then: [emit.report('missed-deadline', '{agent} is told of an alarm before it is due: {0} too early', null, null, { shows: [{ value: minus(load(due(emit)), plus(late.expression, constant(LAST))), as: 'ns' }] })], else: [] },
    { op: 'if', condition: equal(load(due(emit)), constant(PASSED)), then: [emit.report('missed-deadline', '{agent} is told of an alarm long after it was due: more than {0} later', null, null, { shows: [{ value: late.expression, as: 'ns' }] })], else: [] },
    { op: 'set', slot: due(emit), value: zero },
  ]);
}

export const alarms: PrimitiveRoom = {
  operations: [
    operation('alarm_due(time: u64, late: u64)', {
      summary: 'An alarm is due in `time` ns, and may come `late` ns later, for the verdict `missed-deadline`. One at a time. No step of its own.', contexts: 'Any.', source,
    }, begin),
    operation('alarm_comes(late: u64)', {
      summary: 'The alarm that was due has come; `late` as for `alarm_due`. No step of its own.', contexts: 'Any.', source,
    }, end),
  ],
};
