// What a routine claims that reads a device's time: that the counter had the value while it was read, and no less than an earlier read gave.
import { and, binary, choose, constant, equal, load, minus, not, or, zero } from '../system/expression.ts';
import type { Expression, Statement } from '../system/system.ts';
import { deviceOf } from './bar.ts';
import type { Emit, PrimitiveRoom, PureEmit, Value } from './emit.ts';
import { operation, u64 } from './operation.ts';
import { counterOf, floorTo, PTIMER_EXACT } from './ptimer.ts';

const source = 'the model';

/** 1 + counter at the beginning of the read that an agent is in; 0: in none. -1: somebody has set the time meanwhile, and nothing is said. */
function from(emit: PureEmit): number {
  return emit.shared('time read from', PTIMER_EXACT, { each: 'agents', min: -1 }).slot;
}

/** The time that had been read before that read began. */
function after(emit: PureEmit): number {
  return emit.shared('time read before', PTIMER_EXACT, { each: 'agents' }).slot;
}

/** The last time that was read, of each device. */
function last(emit: PureEmit): number {
  return emit.shared('last time read', PTIMER_EXACT, { each: 'devices' }).slot;
}

/** Reads that go on while the time is set. */
export function timeIsSet(emit: Emit): Statement[] {
  if (!emit.uses('time_read_begin')) return [];
  return Array.from({ length: emit.agents }, (_, a) => ({ op: 'if', condition: load(from(emit) + a), then: [{ op: 'set', slot: from(emit) + a, value: constant(-1) }], else: [] }));
}

/** Statements for each device with a PTIMER that the mapping may be of. */
function ofEach(emit: Emit, bar: Value, body: (device: number) => readonly Statement[]): Statement[] {
  const target = emit.target(bar);
  const all = emit.model.ptimers.flatMap((p, i): Statement[] => (p === null ? [] : [{ op: 'if', condition: equal(deviceOf(emit, target), constant(i + 1)), then: [...body(i)], else: [] }]));
  return all.length === 0 ? [] : [{ op: 'if', condition: target.place, then: all, else: [] }];
}

function begin(emit: Emit, bar: Value): void {
  emit.compute(ofEach(emit, bar, (i) => [
    { op: 'set', slot: from(emit) + emit.agentIndex, value: binary('+', counterOf(emit, i)?.counter ?? zero, constant(1)) },
    { op: 'set', slot: after(emit) + emit.agentIndex, value: load(last(emit) + i) },
  ]));
}

function end(emit: Emit, bar: Value, value: Expression): void {
  const mine = { from: from(emit) + emit.agentIndex, after: after(emit) + emit.agentIndex };
  emit.compute(ofEach(emit, bar, (i) => {
    const p = counterOf(emit, i);
    if (p === null) return [];
    const first = floorTo(minus(load(mine.from), constant(1)), p.grain);
    const ahead = p.modulo(minus(value, first));
    const passed = p.modulo(minus(p.counter, first));
    const shown = and(binary('>=', value, zero), p.wrap > PTIMER_EXACT ? constant(1) : binary('<', value, constant(p.wrap)), equal(floorTo(value, p.grain), value));
    const inside = and(binary('>=', ahead, zero), binary('<=', ahead, passed), shown);
    const absent = and(load(emit.model.gone + i), equal(value, constant(-1)));
    const { name } = emit.model.devices[i];
    const torn = emit.report('torn-read', `{agent} takes for the time of ${name} what its counter never was while {agent} read it: {0}, and it went from {1} to {2}`, null, null, {
      object: name, shows: [{ value, as: 'ns' }, { value: minus(load(mine.from), constant(1)), as: 'ns' }, { value: p.counter, as: 'ns' }],
    });
    const back = emit.report('time-backwards', `{agent} reads an earlier time of ${name} than was read before: {0}, after {1}`, null, null, { object: name, shows: [{ value, as: 'ns' }, { value: load(mine.after), as: 'ns' }] });
    return [
      {
        op: 'if', condition: and(binary('>', load(mine.from), zero), not(absent)), else: [],
        then: [
          { op: 'if', condition: inside, then: [], else: [torn] },
          { op: 'if', condition: and(binary('>=', value, zero), binary('<', value, load(mine.after))), then: [back], else: [] },
        ],
      },
      { op: 'if', condition: or(absent, not(shown)), then: [], else: [{ op: 'set', slot: last(emit) + i, value }] },
      { op: 'set', slot: mine.from, value: zero }, { op: 'set', slot: mine.after, value: zero },
    ];
  }));
}

export const timeReads: PrimitiveRoom = {
  operations: [
    operation('time_read_begin(bar: ref mmio)', {
      summary: 'Begins a read of the time of the device, for the verdicts `torn-read` and `time-backwards`. No step of its own.', contexts: 'Any.', source,
    }, (emit, [bar]) => begin(emit, bar)),
    operation('time_read_end(bar: ref mmio, time: u64)', {
      summary: 'Ends a read of the time: what it returns must have been shown at some instant since it began, and be no earlier than what a read had returned before it began. All ones of a device that is gone are no time. No step of its own.', contexts: 'Any.', source,
    }, (emit, [bar, time]) => end(emit, bar, time.expression)),
    operation('ptimer_time(bar: ref mmio, high: u32, low: u32) -> u64', {
      summary: 'TIME_1 and TIME_0 as one time: `high << 32 | low`. The words of a PTIMER that is scaled down are shorter. No step of its own.', contexts: 'Any.', source: 'drivers/gpu/drm/nouveau/nvkm/subdev/timer/nv04.c',
    }, (emit, [bar, high, low]) => u64(joined(emit, bar, high.expression, low.expression))),
    operation('ptimer_grain(bar: ref mmio) -> u64', {
      summary: 'The step in which the device shows the time, 32 ns unless the scenario says otherwise. No step of its own.', contexts: 'Any.', source,
    }, (emit, [bar]) => u64(ofDevice(emit, bar, (settings) => constant(settings?.get('grain') ?? 32)))),
  ],
};

/** What depends on how the device of a mapping is scaled; null: it has no PTIMER. Where all are scaled alike, nobody looks which one it is. */
function ofDevice(emit: Emit, bar: Value, value: (settings: ReadonlyMap<string, number> | null) => Expression): Expression {
  const scaled = emit.model.ptimers.filter((p) => p !== null);
  const same = scaled.every((p) => p.get('rollover') === scaled[0].get('rollover') && p.get('grain') === scaled[0].get('grain'));
  if (same) return value(scaled[0] ?? null);
  const device = deviceOf(emit, emit.target(bar));
  return emit.model.ptimers.reduce<Expression>((otherwise, p, i) => choose(equal(device, constant(i + 1)), value(p), otherwise), value(null));
}

/** Two words of all ones make all ones, as they do at full length. */
function joined(emit: Emit, bar: Value, high: Expression, low: Expression): Expression {
  const signed = choose(binary('>', high, constant(0x7fffffff)), minus(high, constant(2 ** 32)), high);
  return ofDevice(emit, bar, (settings) => {
    const rollover = settings?.get('rollover') ?? 2 ** 32;
    return binary('+', binary('*', signed, constant(rollover)), binary('&', low, constant(rollover - 1)));
  });
}
