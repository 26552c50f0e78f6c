// Waits under random costs and events: what is called endless does not end, what ends does so for the reason given, twice alike.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { computed } from './files.ts';

const waits = [
  'rfc_v1_wait_on',
  'rfc_v2_wait_on',
  'nouveau_wait',
  'nouveau_wait_old',
  'u32_deadline',
  'u32_elapsed',
  'rm_timeout',
] as const;
const polls = ['c_read_poll_timeout', 'rust_read_poll_timeout', 'util_wait_on'] as const;

const happenings = fc.oneof(
  fc.record({ do: fc.constant('die') }),
  fc.record({ do: fc.constant('revive') }),
  fc.record({ do: fc.constant('step'), by: fc.integer({ min: -5000, max: 5000 }).map(String) }),
  fc.record({ do: fc.constant('delay'), ns: fc.integer({ min: 0, max: 5000 }).map(String) }),
);
const events = fc.array(
  fc.tuple(
    happenings,
    fc.oneof(
      fc.integer({ min: 1, max: 30 }).map((n) => ({ before: { access: n } })),
      fc.nat(4000).map((n) => ({ at: `${n}` })),
    ),
  ),
  { maxLength: 3 },
);
const vector = fc
  .record({
    routine: fc.constantFrom(...waits, ...polls),
    start: fc
      .oneof(
        fc.nat(5000),
        fc.nat(5000).map((n) => (1n << 61n) - BigInt(n)),
        fc.nat(5000).map((n) => (1n << 32n) - BigInt(n)),
      )
      .map(String),
    device: fc.record({ dead: fc.boolean(), grain: fc.constantFrom('32', '64', '1024') }),
    costs: fc.record({ read: fc.nat(120).map(String), cond: fc.nat(120).map(String), clock: fc.nat(60).map(String) }),
    args: fc.record({
      timeout: fc.constantFrom('0', '1000', '7000', '18446744073709551615000'),
      cond: fc.oneof(
        fc.constantFrom('never', 'always'),
        fc.nat(8000).map((n) => ({ from: `${n}` })),
      ),
    }),
    events: events.map((list) => list.map(([h, when]) => ({ ...h, ...when }))),
    limits: fc.constant({ operations: 5000 }),
  })
  .map((v) => (v.routine === 'c_read_poll_timeout' && v.args.timeout.length > 12 ? { ...v, args: { ...v.args, timeout: '5000000' } } : v));

test('a loop that is called endless has no end, however long it runs', () => {
  // An event that never comes takes away every proof, and changes nothing else.
  const never = { before: { write: 1_000_000 }, do: 'revoke' };
  let proofs = 0;
  fc.assert(
    fc.property(vector, (v) => {
      if (computed(v)['end'] !== 'livelock') return;
      proofs++;
      const longer = computed({ ...v, events: [...v.events, never], limits: { operations: 20_000 } });
      assert.equal(longer['end'], 'incomplete');
    }),
    { seed: 20250227, numRuns: 1500 },
  );
  assert.ok(proofs > 20, `only ${proofs} endless loops were met`);
});

test('the same vector gives the same result', () => {
  fc.assert(
    fc.property(vector, (v) => {
      assert.deepEqual(computed(v), computed(v));
    }),
    { seed: 20250227, numRuns: 100 },
  );
});

test('a timeout by the deadline on an undisturbed device is not early', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...waits, ...polls),
      fc.integer({ min: 32, max: 500 }),
      fc.integer({ min: 1, max: 50 }),
      (routine, read, timeout) => {
        const c = computed({ routine, costs: { read: `${read}`, cond: '10', clock: '1' }, args: { timeout: `${timeout}000` } });
        assert.equal(c['cause'], 'deadline');
        // 31 ns may be lost to the tick in which the wait began.
        assert.ok(Number(c['elapsed']) >= timeout * 1000 - 31);
        assert.deepEqual(c['verdicts'], []);
      },
    ),
  );
});

test('a false stall needs 17 passes inside one grain for the RFC, 16 for nouveau', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('rfc_v1_wait_on', 'nouveau_wait'),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(4096),
      (routine, read, start) => {
        const c = computed({
          routine,
          start: `${start}`,
          device: { grain: '1024' },
          costs: { read: `${read}` },
          args: { timeout: '100000' },
        });
        const passes = routine === 'rfc_v1_wait_on' ? 17 : 16;
        if (passes * 3 * read >= 1024) assert.equal(c['cause'], 'deadline');
      },
    ),
  );
});
