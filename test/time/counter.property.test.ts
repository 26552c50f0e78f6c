// The counter's exact rational arithmetic against sums of plain fractions, and the wheel against a wheel that turns jiffy by jiffy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counter, wrapNs } from '../../server/src/time/counter.ts';
import { Ptimer } from '../../server/src/time/ptimer.ts';
import { levels, place } from '../../server/src/time/wheel.ts';

const rate = fc.record({ num: fc.bigInt(0n, 70_000n), den: fc.bigInt(1n, 70_000n), host: fc.bigInt(0n, 1n << 40n) });

test('no sequence of rate changes loses or invents a fraction', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, wrapNs - 1n), fc.array(rate, { minLength: 1, maxLength: 8 }), (start, changes) => {
      const c = new Counter(start);
      let host = 0n;
      // The oracle keeps one fraction over the product of all denominators.
      let top = start;
      let bottom = 1n;
      for (const { num, den, host: more } of changes) {
        c.setRate(host, num, den);
        host += more;
        top = top * den + num * more * bottom;
        bottom *= den;
        assert.equal(c.at(host), (top / bottom) % wrapNs);
      }
    }),
  );
});

test('hostAfter is the first instant at which the counter has gained so much', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 5000n), fc.bigInt(1n, 5000n), fc.bigInt(0n, 1n << 33n), fc.bigInt(1n, 1n << 33n), (num, den, host, ns) => {
      const c = new Counter(0n);
      c.setRate(0n, num, den);
      const at = c.hostAfter(host, ns);
      assert.ok(at !== null);
      assert.ok(c.gained(host, at) >= ns);
      assert.ok(at === host || c.gained(host, at - 1n) < ns);
    }),
  );
});

test('INTR_0 does not depend on how the time passes', () => {
  const pieces = fc.array(fc.bigInt(0n, 200n), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.bigInt(0n, 500n),
      fc.integer({ min: 0, max: 1500 }),
      fc.constantFrom('level', 'edge'),
      pieces,
      (start, alarm, alarmMode, list) => {
        const [inPieces, atOnce] = [0, 1].map(() => new Ptimer({ time: start, alarmMode, registers: new Map([[0x9420, alarm]]) }));
        assert.ok(inPieces !== undefined && atOnce !== undefined);
        for (const ns of list) inPieces.advance(ns);
        const total = list.reduce((a, b) => a + b, 0n);
        atOnce.advance(total);
        assert.equal(inPieces.peek(0x9100), atOnce.peek(0x9100));
        // The oracle looks at every nanosecond.
        const tick = BigInt(alarm & ~31);
        const entered = start < tick && tick <= start + total;
        const inside = alarmMode === 'level' && start - (start % 32n) === tick;
        assert.equal(atOnce.peek(0x9100), entered || inside ? 1 : 0);
      },
    ),
  );
});

test('a timer fires never early and at most one granule late', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 1n << 34n), fc.bigInt(0n, 1n << 29n), fc.constantFrom(100, 250, 1000), (clk, delta, hz) => {
      const p = place(clk + delta, clk, hz);
      const overCapacity = delta >= 63n << ((levels(hz) - 1n) * 3n);
      if (!overCapacity) assert.ok(clk + delta < p.fires && p.fires <= clk + delta + 8n ** BigInt(p.level));
    }),
  );
});

test('a bucket is looked at first at the jiffy that it was promised', () => {
  // As __run_timers(): level 0 at every jiffy, level n when the jiffy is a whole granule of it.
  const processed = (jiffy: bigint): number[] => {
    const found: number[] = [];
    for (let level = 0n; level < 9n; level++) {
      if (jiffy % 8n ** level !== 0n) break;
      found.push(Number(level * 64n + ((jiffy >> (3n * level)) % 64n)));
    }
    return found;
  };
  fc.assert(
    fc.property(fc.bigInt(0n, 100_000n), fc.bigInt(-50n, 6_000n), (clk, delta) => {
      const expires = clk + delta < 0n ? 0n : clk + delta;
      const p = place(expires, clk, 1000);
      let jiffy = clk;
      while (!processed(jiffy).includes(p.bucket)) jiffy++;
      assert.equal(jiffy, p.fires);
    }),
    { seed: 20250227, numRuns: 300 },
  );
});
