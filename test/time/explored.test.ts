// The routines of the library nova_timer, explored on a device of full size, against the emulator's: written twice, they return the same, at the same
// nanosecond.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkText } from '../lowering/check.ts';
import { computed } from './files.ts';

const STATUS = '0x110100';

/** By the emulator's name: what the library calls it. */
const ROUTINES = {
  rfc_v1_wait_on: 'rfc_v1_wait_on(bar, STATUS, MASK, VALUE, TIMEOUT, STALL_LIMIT)',
  nouveau_wait: 'nvkm_wait(bar, STATUS, MASK, VALUE, TIMEOUT, STALL_LIMIT)',
  nouveau_wait_old: 'nvkm_wait_old(bar, STATUS, MASK, VALUE, TIMEOUT)',
  rm_timeout: 'gpu_check_timeout(bar, STATUS, MASK, VALUE, TIMEOUT)',
  util_wait_on: 'util_wait_on(bar, STATUS, MASK, VALUE, TIMEOUT)',
  rust_read_poll_timeout: 'rust_read_poll_timeout(bar, STATUS, MASK, VALUE, TIMEOUT)',
  c_read_poll_timeout: 'read_poll_timeout(bar, STATUS, MASK, VALUE, TIMEOUT)',
  c_read_poll_timeout_atomic: 'read_poll_timeout_atomic(bar, STATUS, MASK, VALUE, TIMEOUT)',
} as const;

const run = fc.record({
  routine: fc.constantFrom(...(Object.keys(ROUTINES) as (keyof typeof ROUTINES)[])),
  start: fc.oneof(fc.nat(200), fc.nat(200).map((n) => 2 ** 32 - n)),
  dead: fc.boolean(),
  holds: fc.boolean(),
  grain: fc.constantFrom(32, 64, 1024),
  read: fc.integer({ min: 1, max: 60 }),
  deadRead: fc.integer({ min: 1, max: 90 }),
  clock: fc.integer({ min: 1, max: 40 }),
  // C's helpers count whole microseconds.
  timeout: fc.constantFrom(1000, 2000),
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

function emulated(r: Run): { readonly end: unknown; readonly errno: unknown; readonly cause: unknown; readonly elapsed: unknown } {
  // A register that is not there is all ones in every bit; one that is there is 0.
  const cond = { registers: [{ offset: STATUS, mask: r.holds ? '0' : '0x3', equals: r.holds ? '0' : '0x1' }] };
  const c = computed({
    routine: r.routine, start: String(r.start), device: { dead: r.dead, grain: String(r.grain), registers: { [STATUS]: '0' } },
    costs: { read: String(r.read), deadRead: String(r.deadRead), condRead: String(r.dead ? r.deadRead : r.read), clock: String(r.clock) },
    args: { timeout: String(r.timeout), ...(r.routine === 'c_read_poll_timeout_atomic' ? { delay: '0' } : {}), cond },
  });
  return { end: c['end'], errno: c['errno'], cause: c['cause'], elapsed: c['elapsed'] };
}

function explored(r: Run, result: string, elapsed: string): readonly string[] {
  const { errors, runs } = checkText(`
use driver_core, pci, nova_timer
const STATUS = ${STATUS}
const MASK = ${r.holds ? 0 : 3}
const VALUE = ${r.holds ? 0 : 1}
const TIMEOUT = ${r.timeout}
fn go(dev: ref pci_dev) {
  let bar = pci_iomap(dev, 0)
  let result = ${ROUTINES[r.routine]}
  let at = ktime_get()
  assert result == ${result}, "it ends otherwise"
  assert at == ${elapsed}, "it ends at another time"
  iounmap(bar)
}
device gpu: pci_dev
time { mmio = ${r.read}ns; dead_mmio = ${r.deadRead}ns; clock = ${r.clock}ns; preempt = none }
ptimer of gpu { counter = ${r.start}; grain = ${r.grain} }
process app { ${r.dead ? 'wait until gone(gpu); ' : ''}go(gpu) }
${r.dead ? 'hardware { unplug(gpu) }' : ''}
`);
  assert.deepEqual(errors.map((e) => e.message), []);
  assert.ok(runs[0].complete);
  return runs[0].violations.map((v) => v.message);
}

test('waits end alike, and at the same time', () => {
  let ended = 0;
  const property = fc.property(run, (r) => {
    const { end, errno, cause, elapsed } = emulated(r);
    // On a device of full size a poll without end has no end here either.
    if (end !== 'returned') return;
    ended++;
    const found = explored(r, errno === null ? '0' : '-ETIMEDOUT', String(elapsed));
    assert.deepEqual(found.filter((m) => m.includes('it ends')), [], `the emulator: ${String(errno)} (${String(cause)}) after ${String(elapsed)} ns`);
    assert.equal(found.some((m) => m.includes('no deadline has caused')), cause === 'stall');
  });
  fc.assert(property, { numRuns: 30, seed: 20250217 });
  assert.ok(ended > 20);
});

/** By the emulator's name: what the library calls it. */
const READS = { lo_hi: 'read_lo_hi', hi_lo: 'read_hi_lo', hi_lo_hi: 'read_hi_lo_hi', nvgpu_read: 'gk20a_read_ptimer', rm_read: 'tmr_get_time' } as const;

const read = fc.record({
  routine: fc.constantFrom(...(Object.keys(READS) as (keyof typeof READS)[])),
  start: fc.integer({ min: 2 ** 32 - 300, max: 2 ** 32 + 50 }),
  dead: fc.boolean(),
  cost: fc.integer({ min: 1, max: 100 }),
});

test('reads return the same, and are torn alike', () => {
  let torn = 0;
  const property = fc.property(read, ({ routine, start, dead, cost }) => {
    const c = computed({ routine, start: String(start), device: { dead }, costs: { read: String(cost) }, args: {} });
    assert.equal(c['errno'], null);
    const { errors, runs } = checkText(`
use driver_core, pci, nova_timer
fn go(dev: ref pci_dev) {
  let bar = pci_iomap(dev, 0)
  let time = ${READS[routine]}(bar)
  assert time == ${String(c['value'])}, "another value"
  iounmap(bar)
}
device gpu: pci_dev
time { mmio = ${cost}ns; dead_mmio = ${cost}ns; preempt = none }
ptimer of gpu { counter = ${start} }
process app { ${dead ? 'wait until gone(gpu); ' : ''}go(gpu) }
${dead ? 'hardware { unplug(gpu) }' : ''}
`);
    assert.deepEqual(errors.map((e) => e.message), []);
    assert.ok(runs[0].complete);
    const wrong = (c['verdicts'] as readonly string[]).includes('torn-read');
    if (wrong) torn++;
    assert.deepEqual(runs[0].violations.map((v) => v.kind), wrong ? ['torn-read'] : [], `the emulator: ${String(c['value'])}`);
  });
  fc.assert(property, { numRuns: 60, seed: 20250227 });
  assert.ok(torn > 0);
});
