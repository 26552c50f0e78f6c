// What a routine claims that waits for a register of a device: that it returns success only if what it waited for held, and -ETIMEDOUT only when the
// time was over and it had not held before. And the hardware's side of it: the event that sets the register.
import { and, binary, choose, constant, equal, load, minus, not, or, plus, zero } from '../system/expression.ts';
import type { Expression, Shown, Statement } from '../system/system.ts';
import { deviceOf, isGone } from './bar.ts';
import { deviceIndex } from './device.ts';
import type { Emit, PrimitiveRoom, PureEmit, Value } from './emit.ts';
import { operation } from './operation.ts';
import { register, setRegister } from './registers.ts';

const source = 'the model';
const ETIMEDOUT = 110;
/** Longest wait that is measured: one that is longer is never too early. */
const LONGEST = 2 ** 31;
const PASSED = 1;
/** At the deadline; so many more with so many ns left. */
const DUE = 2;

/** 0: the agent waits for nothing. */
const left = (emit: PureEmit): number => emit.shared('wait ends in', LONGEST + DUE, { each: 'agents' }).slot;
/** Where it matters how late a time-out is reported: like `left`, until that is too late. A time of 0 promises nothing. */
const tooLate = (emit: PureEmit): number => emit.shared('wait is too late in', 2 * LONGEST, { each: 'agents' }).slot;
/** 1 + offset of the register. */
const awaits = (emit: PureEmit): number => emit.shared('waits for register', 0xffffffff, { each: 'agents' }).slot;
const inTime = (emit: PureEmit): number => emit.shared('held in time', 1, { each: 'agents' }).slot;

/** (register & mask) == value, of the device itself, whoever reads it. */
function holds(emit: Emit, [bar, offset, mask, value]: readonly Value[]): Expression {
  const at = emit.constantOf(offset) ?? 0;
  const target = emit.target(bar);
  let result: Expression = zero;
  emit.model.devices.forEach((_, i) => {
    result = choose(equal(deviceOf(emit, target), constant(i + 1)), equal(binary('&', register(emit, i, at), mask.expression), value.expression), result);
  });
  return result;
}

function begin(emit: Emit, args: readonly Value[]): void {
  const [bar, offset, , , timeout] = args;
  const { clock, agentIndex: me } = emit;
  if (clock === null) return;
  clock.countdown('waits', { slot: left(emit), length: emit.agents, floor: PASSED, drives: false, kind: 'deadline', text: (a) => `the time that ${emit.model.agentNames[a]} waits is over` });
  if (clock.late !== null) clock.countdown('late waits', { slot: tooLate(emit), length: emit.agents, floor: PASSED, drives: false, kind: 'deadline', text: (a) => `a time-out of ${emit.model.agentNames[a]} comes too late` });
  const long = binary('||', binary('<', timeout.expression, zero), binary('>', timeout.expression, constant(LONGEST)));
  const body: Statement[] = [
    { op: 'set', slot: left(emit) + me, value: plus(choose(long, constant(LONGEST), timeout.expression), constant(DUE)) },
    { op: 'set', slot: awaits(emit) + me, value: constant(1 + (emit.constantOf(offset) ?? 0)) },
    ...(clock.late === null ? [] : [{ op: 'set' as const, slot: tooLate(emit) + me, value: choose(or(long, equal(timeout.expression, zero)), zero, plus(timeout.expression, constant(DUE + clock.late))) }]),
    { op: 'set', slot: inTime(emit) + me, value: holds(emit, args) },
  ];
  emit.compute([{ op: 'if', condition: emit.target(bar).place, then: body, else: [] }]);
}

function end(emit: Emit, args: readonly Value[]): void {
  const { clock, agentIndex: me } = emit;
  if (clock === null) return;
  const [bar, offset, , value, result, early, gaveUp] = args;
  const timedOut = equal(result.expression, constant(-ETIMEDOUT));
  const untilDue = minus(load(left(emit) + me), constant(DUE));
  const tooEarly = binary('>', load(left(emit) + me), plus(constant(DUE), early?.expression ?? zero));
  const held = and(load(inTime(emit) + me), holds(emit, args));
  const here = emit.target(bar);
  const gone = isGone(emit, here);
  const judged: Statement = {
    op: 'if', condition: timedOut,
    then: [{
      op: 'if', condition: gaveUp?.expression ?? zero,
      then: [reportLate(emit, '{agent} reports a timeout that no deadline has caused, {0}', { value: untilDue, as: 'before' })],
      else: [{
        op: 'if', condition: tooEarly, then: [reportLate(emit, '{agent} reports a timeout before the time is over: {0} too early', { value: untilDue, as: 'ns' })],
        else: [
          { op: 'if', condition: and(held, not(gone)), then: [reportLate(emit, `{agent} reports a timeout although what it waits for has held in time: the register ${inHex(emit.constantOf(offset) ?? 0)} has {0}`, { value: value.expression, as: 'hex' })], else: [] },
          ...(clock.late === null ? [] : [{ op: 'if' as const, condition: equal(load(tooLate(emit) + me), constant(PASSED)), then: [reportLate(emit, '{agent} reports a timeout long after the time was over: more than {0} later', { value: constant(clock.late), as: 'ns' })], else: [] }]),
        ],
      }],
    }],
    else: [{
      op: 'if', condition: and(binary('>=', result.expression, zero), gone, not(holds(emit, args))), else: [],
      then: [emit.report('assertion', '{agent} reports success, although what it waits for has not held: the device is gone, and answers with all ones')],
    }],
  };
  emit.step({
    text: 'the wait returns', guard: clock.idle, wait: clock.wait,
    body: [
      { op: 'if', condition: binary('&&', load(left(emit) + me), here.place), then: [judged], else: [] },
      { op: 'set', slot: left(emit) + me, value: zero }, ...(clock.late === null ? [] : [{ op: 'set' as const, slot: tooLate(emit) + me, value: zero }]), { op: 'set', slot: awaits(emit) + me, value: zero }, { op: 'set', slot: inTime(emit) + me, value: zero },
    ],
  });
}

function reportLate(emit: Emit, message: string, shown: Shown): Statement {
  return emit.report('missed-deadline', message, null, null, { shows: [shown] });
}

const inHex = (offset: number): string => `0x${offset.toString(16)}`;

function sets(emit: Emit, [dev, offset, value]: readonly Value[]): void {
  const at = emit.constantOf(offset) ?? 0;
  const waits = emit.clock !== null && emit.uses('wait_begin');
  const told = !waits ? [] : Array.from({ length: emit.agents }, (_, a): Statement => ({
    op: 'if', condition: equal(load(awaits(emit) + a), constant(1 + at)), then: [{ op: 'set', slot: inTime(emit) + a, value: binary('>', load(left(emit) + a), constant(PASSED)) }], else: [],
  }));
  emit.model.devices.forEach((_, i) => emit.compute([{
    op: 'if', condition: equal(deviceIndex(emit, dev.expression), constant(i + 1)), else: [],
    then: [{ op: 'if', condition: equal(register(emit, i, at), value.expression), then: [{ op: 'disable' }], else: [] }, setRegister(emit, i, at, value.expression), ...told],
  }]));
}

export const waits: PrimitiveRoom = {
  operations: [
    operation('wait_begin(bar: ref mmio, offset: u32, mask: u32, value: u32, timeout: u64)', {
      summary: 'Begins a wait until `(readl(bar, offset) & mask) == value`, for `timeout` ns, for the verdict `missed-deadline`. No step of its own.', contexts: 'Any.', source,
    }, begin),
    operation('wait_end(bar: ref mmio, offset: u32, mask: u32, value: u32, result: int, early?: u64, gave_up?: bool)', {
      summary: 'Ends the wait. -ETIMEDOUT must not come more than `early` ns before the time is over, nor if the register had the value in time, nor because the caller gave up for another reason (`gave_up`); success must not come from the all ones of a device that is gone.', contexts: 'Any.', source,
    }, end),
    operation('sets(dev: any, offset: u32, value: u32)', {
      summary: 'The device sets one of its registers, at any moment or never.', source: 'the hardware',
    }, sets, { where: 'hardware' }),
  ],
};
