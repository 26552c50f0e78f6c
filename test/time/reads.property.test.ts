// Reads of a running counter, against plain arithmetic: what hi/lo/hi returns was the time during the call, whatever the costs and gaps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { run } from '../../server/src/time/bench.ts';
import { noCosts, type Setup } from '../../server/src/time/setup.ts';
import type { TimedEvent } from '../../server/src/time/events.ts';
import { nvgpuRead } from '../../server/src/time/routines/nvgpu.ts';
import { hiLo, hiLoHi, loHi, repeated, timeAddresses } from '../../server/src/time/routines/reads.ts';
import { rmRead } from '../../server/src/time/routines/rm.ts';
import type { Returned, Steps } from '../../server/src/time/steps.ts';

const at = timeAddresses.ptimer;
const limit = 5_000;

const setup = (time: bigint, read: bigint, events: readonly TimedEvent[]): Setup => ({
  device: { time },
  dead: false,
  waits: false,
  costs: { ...noCosts, read },
  events,
  condition: { kind: 'never' },
  hostStart: 0n,
  sleepTakes: null,
  timeout: null,
  tolerance: null,
  maxOperations: limit,
});

/** Times around a roll-over, where reads go wrong; far from the 2^61 wrap, where "between" needs no thought. */
const starts = fc.tuple(fc.bigInt(1n, 1n << 20n), fc.bigInt(-300n, 300n)).map(([high, low]) => (high << 32n) + low);
const costs = fc.oneof(fc.bigInt(0n, 200n), fc.bigInt(0n, (1n << 31n) - 1n));
const delays = fc.array(fc.record({ nth: fc.integer({ min: 1, max: 9 }), ns: fc.oneof(fc.bigInt(0n, 500n), fc.bigInt(0n, 1n << 34n)) }), {
  maxLength: 3,
});
const asEvents = (list: readonly { nth: number; ns: bigint }[]): TimedEvent[] =>
  list.map(({ nth, ns }) => ({ when: { kind: 'before', what: 'read', offset: null, nth }, happening: { kind: 'delay', ns } }));
const floor = (t: bigint) => t - (t % 32n);

function* once(read: Steps<bigint>): Steps<Returned> {
  return { errno: null, value: yield* read };
}

for (const [name, read] of [
  ['hi/lo/hi', () => once(hiLoHi(at))],
  ['the resource manager', () => once(rmRead(at, { attached: true, reseed: null }))],
  ['nvgpu', () => nvgpuRead(at)],
] as const) {
  test(`${name}: the value is a time of the call, and never torn`, () => {
    fc.assert(
      fc.property(starts, costs, delays, (start, cost, list) => {
        const r = run(read(), setup(start, cost, asEvents(list)));
        if (r.returned?.value === undefined) return; // gave up, or a loop without end: nothing was returned
        assert.ok(floor(start) <= r.returned.value && r.returned.value <= floor(start + r.elapsed));
        assert.equal(r.returned.value % 32n, 0n);
        assert.ok(!r.verdicts.includes('torn-read'));
      }),
      { seed: 20250227, numRuns: 500 },
    );
  });
}

test('hi/lo/hi: an undisturbed roll-over costs exactly one more pass', () => {
  fc.assert(
    fc.property(starts, fc.bigInt(1n, 200n), (start, cost) => {
      const r = run(once(hiLoHi(at)), setup(start, cost, []));
      const crossed = start >> 32n !== (start + 2n * cost) >> 32n;
      assert.equal(r.counts.reads, crossed ? 6 : 3);
    }),
  );
});

test('the naive reads are off by 2^32 exactly when the low word rolls over in between', () => {
  fc.assert(
    fc.property(starts, fc.bigInt(0n, 1n << 30n), (start, cost) => {
      const crossed = start >> 32n !== (start + cost) >> 32n;
      for (const [read, error] of [
        [loHi(at), (1n << 32n) + floor(start)],
        [hiLo(at), floor(start + cost) - (1n << 32n)],
      ] as const) {
        const r = run(once(read), setup(start, cost, []));
        assert.equal(r.verdicts.includes('torn-read'), crossed);
        if (crossed) assert.equal(r.returned?.value, error);
      }
    }),
  );
});

test('a counter that nobody sets never goes backwards under hi/lo/hi', () => {
  fc.assert(
    fc.property(starts, fc.bigInt(1n, 1n << 30n), (start, cost) => {
      const r = run(
        repeated(4, () => hiLoHi(at)),
        setup(start, cost, []),
      );
      assert.deepEqual(r.verdicts, []);
    }),
  );
});
