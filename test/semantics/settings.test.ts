// `ptimer of gpu { }`: which settings there are, what they can be, and of what.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseFile, prelude } from '../../server/src/analysis.ts';
import { analyse } from '../../server/src/semantics/analyse.ts';
import type { ParamValue, Program } from '../../server/src/semantics/program.ts';

function resolve(text: string, params: Record<string, ParamValue> = {}): Program {
  const { file, errors } = parseFile(text);
  assert.deepEqual(
    errors.map((e) => e.message),
    [],
  );
  return analyse('t.lifeline', file, text, () => null, { ...prelude, implicitLibraries: [] }, params);
}

const gpu = 'struct dev { n: int }\ndevice gpu: dev\n';

function messages(text: string): string[] {
  const program = resolve(gpu + text);
  return (program.diagnostics.get('t.lifeline') ?? []).map((d) => d.message);
}

function values(text: string, params: Record<string, ParamValue> = {}): Record<string, number> {
  const program = resolve(text, params);
  assert.deepEqual(
    [...program.diagnostics.values()].flat().map((d) => d.message),
    [],
  );
  assert.equal(program.settings.length, 1);
  return Object.fromEntries(program.settings[0].values);
}

suite('settings of the time', () => {
  test('what is not said has a default', () => {
    assert.deepEqual(values('time { }'), { mmio: 1000, dead_mmio: 10_000, clock: 50, callback: 0, preempt: -1, hz: 1000, late: -1 });
  });
  test('names and numbers', () => {
    assert.equal(values('time { preempt = none }')['preempt'], 0);
    assert.equal(values('time { preempt = any }')['preempt'], -1);
    assert.equal(values('time { preempt = 2us }')['preempt'], 2000);
    assert.equal(values('param p in {any, none}\ntime { preempt = p }', { p: { kind: 'name', name: 'none' } })['preempt'], 0);
  });
  test('intervals, and for each', () => {
    const [time] = resolve('const C = 2\ntime { mmio = 300ns..C * 1us; preempt = 4us each }').settings;
    assert.deepEqual([time.values.get('mmio'), time.upTo.get('mmio'), time.upTo.has('clock')], [300, 2000, false]);
    assert.deepEqual([time.values.get('preempt'), [...time.each]], [4000, ['preempt']]);
    assert.deepEqual([...resolve('time { preempt = none each }').settings[0].each], []);
    assert.deepEqual(messages('time { mmio = 2us..1us }'), ['`mmio` ends (1000) before it begins (2000)']);
    assert.deepEqual(messages('time { mmio = 1us..0 }'), ['`mmio` is between 1 and 1099511627776, not 0']);
    assert.deepEqual(messages('time { hz = 100..1000 }'), ['`hz` is one value, not an interval']);
    assert.deepEqual(messages('time { preempt = 1us..2us }'), ['`preempt` is one value, not an interval']);
    assert.deepEqual(messages('time { clock = 1us each }'), ['`each` is for how long somebody may be scheduled out, not for `clock`']);
    assert.deepEqual(messages('time { preempt = any each }'), ['`preempt = any` has no bound: `each` is for a time']);
    assert.deepEqual(messages('ptimer of gpu { grain = 2..4 }'), ['`grain` is one value, not an interval']);
  });
  test('a side that nothing depends on may divide by zero', () => {
    assert.equal(
      values('param q in 0..2\nif q != 0 && 2 / q == 1 { const X = 1 }\ntime { mmio = q + 1 }', { q: { kind: 'int', value: 0 } })['mmio'],
      1,
    );
  });
  test('what is wrong', () => {
    assert.deepEqual(messages('time { mmio = 0 }'), ['`mmio` is between 1 and 1099511627776, not 0']);
    assert.deepEqual(messages('time { }\ntime { }'), ['there are two `time`']);
    assert.deepEqual(messages('time { mmio = 1 / 0 }'), ['`mmio` can only use params, consts and numbers, not a division by zero']);
    assert.deepEqual(messages('time { mmio = 1 << 64 }'), ['`mmio` can only use params, consts and numbers, not a shift by 64']);
    assert.deepEqual(messages('const C = 7 % 0\ntime { clock = C + 1 }'), [
      'a const can only use params, consts and numbers, not a division by zero',
    ]);
  });
});

suite('how the kernel is built', () => {
  test('what is not said is off', () => assert.deepEqual(values('config { }'), { DEBUG_SHIRQ: 0 }));
  test('y and n', () => assert.deepEqual(values('config { DEBUG_SHIRQ = y }'), { DEBUG_SHIRQ: 1 }));
  test('what is wrong', () => {
    assert.deepEqual(messages('config { DEBUG_SHIRK = y }'), ['`config` has no `DEBUG_SHIRK`: did you mean `DEBUG_SHIRQ`?']);
    assert.deepEqual(messages('config { CONFIG_DEBUG_SHIRQ = y }'), ['`config` has no `CONFIG_DEBUG_SHIRQ`: did you mean `DEBUG_SHIRQ`?']);
    assert.deepEqual(messages('config { DEBUG_SHIRQ = 1 }'), ['this is no value of `DEBUG_SHIRQ`, which is one of `n`, `y`']);
    assert.deepEqual(messages('config { }\nconfig { }'), ['there are two `config`']);
  });
});

suite('settings of a PTIMER', () => {
  test('what is not said is as in the hardware', () => {
    assert.deepEqual(values(`${gpu}ptimer of gpu { }`), { counter: 0, grain: 32, rollover: 2 ** 32, wrap: 2 ** 61, alarm: 0, load: 0 });
  });
  test('consts, durations and arithmetic', () => {
    assert.deepEqual(
      values(
        `const R = 64\n${gpu}ptimer of gpu { counter = R - 2; grain = 2ns; rollover = R; wrap = 8 * R; alarm = level; load = halves }`,
      ),
      { counter: 62, grain: 2, rollover: 64, wrap: 512, alarm: 1, load: 1 },
    );
  });
  test('a param chooses', () => {
    const text = `param mode in {level, edge}\nparam from in 0..3\n${gpu}ptimer of gpu { alarm = mode; counter = from }`;
    assert.equal(values(text)['alarm'], 1);
    assert.equal(values(text, { mode: { kind: 'name', name: 'edge' } })['alarm'], 0);
    assert.equal(values(text, { from: { kind: 'int', value: 2 } })['counter'], 2);
  });
  test('what is wrong', () => {
    assert.deepEqual(messages('ptimer of gpu { grian = 2 }'), ['`ptimer` has no `grian`: did you mean `grain`?']);
    assert.deepEqual(messages('ptimer of gpu { grain = 2; grain = 4 }'), ['`grain` is given twice']);
    assert.deepEqual(messages('ptimer of gpu { grain = 3 }'), ['`grain` is a power of two, not 3']);
    assert.deepEqual(messages('ptimer of gpu { grain = 0 }'), ['`grain` is between 1 and 2147483648, not 0']);
    assert.deepEqual(messages('ptimer of gpu { rollover = 32 }'), ['`rollover` is more than one grain (32)']);
    assert.deepEqual(messages('ptimer of gpu { rollover = 64; wrap = 64 }'), ['`wrap` is more than one roll-over (64)']);
    assert.deepEqual(messages('ptimer of gpu { rollover = 64; wrap = 128; counter = 128 }'), ['`counter` is less than `wrap` (128)']);
    assert.deepEqual(messages('ptimer of gpu { wrap = 1 << 62 }'), [
      '`wrap` is between 4 and 2305843009213693952, not 4611686018427387904',
    ]);
    assert.deepEqual(messages('ptimer of gpu { alarm = levle }'), [
      '`levle` is no value of `alarm`, which is one of `edge`, `level`: did you mean `level`?',
    ]);
    assert.deepEqual(messages('ptimer of gpu { alarm = 1 }'), ['this is no value of `alarm`, which is one of `edge`, `level`']);
    assert.deepEqual(messages('param m in {a, edge}\nptimer of gpu { alarm = m }'), [
      'what `m` can be is no value of `alarm`, which is one of `edge`, `level`',
    ]);
    assert.deepEqual(messages('ptimer of gpu { grain = gpu }'), ['`grain` can only use params, consts and numbers, not `gpu`']);
    assert.deepEqual(messages('ptimer of gpu { }\nptimer of gpu { }'), ['`gpu` has two `ptimer`']);
  });
  test('of a device', () => {
    assert.equal(messages('ptimer of gup { }').length, 1);
    assert.equal(messages('module m { }\nptimer of m { }').length, 1);
  });
});
