// Bad vector files: status 2, the JSON path of every fault, and a message that says what would be right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitStatus, formatReport, runVectors } from '../../server/src/time/vectors.ts';
import { runObjects } from './files.ts';

const routine = { name: 'a', kind: 'routine', routine: 'hi_lo_hi', expect: { value: '0' } };
const ordering = {
  name: 'o',
  kind: 'ordering',
  objects: { t: { type: 'timer' } },
  agents: { cpu0: ['mod_timer(t)'] },
  expect: { verdicts: [] },
};

const cases: readonly [string, object[], RegExp][] = [
  ['unknown field', [{ ...routine, cost: {} }], /^\$\.vectors\[0\]\.cost: unknown field "cost"; did you mean "costs"\?$/m],
  [
    'unknown field deep inside',
    [{ ...routine, costs: { reed: '1' } }],
    /^\$\.vectors\[0\]\.costs\.reed: unknown field "reed"; did you mean "read"\?$/m,
  ],
  ['unknown expectation', [{ ...routine, expect: { valeu: '1' } }], /^\$\.vectors\[0\]\.expect\.valeu: unknown field/m],
  ['unknown argument', [{ ...routine, args: { timeout: '1' } }], /^\$\.vectors\[0\]\.args\.timeout: unknown field "timeout"/m],
  ['nothing expected', [{ ...routine, expect: {} }], /^\$\.vectors\[0\]\.expect: expects nothing/m],
  ['a name twice', [routine, routine], /^\$\.vectors\[1\]\.name: the name "a" is taken by \$\.vectors\[0\]$/m],
  ['no name', [{ ...routine, name: undefined }], /^\$\.vectors\[0\]: the field "name" is missing$/m],
  ['no kind', [{ ...routine, kind: undefined }], /^\$\.vectors\[0\]: the field "kind" is missing$/m],
  [
    'unknown kind',
    [{ ...routine, kind: 'routines' }],
    /^\$\.vectors\[0\]\.kind: expected one of "routine", "ordering", got "routines"; did you mean "routine"\?$/m,
  ],
  ['unknown routine', [{ ...routine, routine: 'hilohi' }], /^\$\.vectors\[0\]\.routine: expected one of "hi_lo_hi"/m],
  [
    'a number for ns',
    [{ ...routine, start: 64 }],
    /^\$\.vectors\[0\]\.start: expected a string with a decimal or 0x hexadecimal integer, got 64: write "64"$/m,
  ],
  [
    'a generation in capitals',
    [{ ...routine, device: { generation: 'TU102' } }],
    /^\$\.vectors\[0\]\.device\.generation: expected one of .*, got "TU102"; did you mean "tu102"\?$/m,
  ],
  [
    'success by name',
    [{ ...routine, expect: { errno: 'OK' } }],
    /^\$\.vectors\[0\]\.expect\.errno: expected one of .*, got "OK" \(null is allowed\)$/m,
  ],
  [
    'the nth look at the clock of a register',
    [{ ...routine, events: [{ do: 'die', before: { clock: 1, offset: '0x9400' } }] }],
    /^\$\.vectors\[0\]\.events\[0\]\.before: only a read, a write or an access has an offset$/m,
  ],
  ['more than 64 bits', [{ ...routine, start: '0x10000000000000000' }], /^\$\.vectors\[0\]\.start: expected an unsigned 64-bit value/m],
  ['negative time', [{ ...routine, start: '-1' }], /^\$\.vectors\[0\]\.start: expected an unsigned 64-bit value/m],
  ['a missing argument', [{ ...routine, routine: 'rfc_v1_wait_on' }], /^\$\.vectors\[0\]\.args: the field "timeout" is missing$/m],
  ['odd grain', [{ ...routine, device: { grain: '33' } }], /^\$\.vectors\[0\]\.device\.grain: the grain is a positive multiple of 32 ns$/m],
  [
    'an event without an instant',
    [{ ...routine, events: [{ do: 'die' }] }],
    /^\$\.vectors\[0\]\.events\[0\]: say either "before" or "at"$/m,
  ],
  ['an event with two instants', [{ ...routine, events: [{ do: 'die', at: '1', before: { read: 1 } }] }], /say either "before" or "at"/],
  [
    'an event before two things',
    [{ ...routine, events: [{ do: 'die', before: { read: 1, cond: 1 } }] }],
    /^\$\.vectors\[0\]\.events\[0\]\.before: say exactly one of/m,
  ],
  [
    'before the 0th read',
    [{ ...routine, events: [{ do: 'die', before: { read: 0 } }] }],
    /events\[0\]\.before\.read: expected a whole number from 1/,
  ],
  [
    'C and nanoseconds',
    [{ ...routine, routine: 'c_read_poll_timeout', args: { timeout: '1500' } }],
    /^\$\.vectors\[0\]\.args\.timeout: C takes whole microseconds/m,
  ],
  [
    'unknown operation',
    [{ ...ordering, agents: { cpu0: ['del_timer(t)'] } }],
    /^\$\.vectors\[0\]\.agents\.cpu0\[0\]: unknown operation "del_timer"; known: .*timer_delete/m,
  ],
  [
    'not an operation',
    [{ ...ordering, agents: { cpu0: ['mod timer t'] } }],
    /^\$\.vectors\[0\]\.agents\.cpu0\[0\]: expected an operation such as/m,
  ],
  [
    'unknown object',
    [{ ...ordering, agents: { cpu0: ['mod_timer(u)'] } }],
    /^\$\.vectors\[0\]\.agents\.cpu0\[0\]: "u" is not among the objects$/m,
  ],
  ['the wrong type', [{ ...ordering, agents: { cpu0: ['hrtimer_cancel(t)'] } }], /hrtimer_cancel wants a hrtimer, but "t" is a timer$/m],
  [
    'an expiry that is none',
    [{ ...ordering, agents: { cpu0: ['mod_timer(t, soon)'] } }],
    /mod_timer wants a number for its expiry, got "soon"$/m,
  ],
  ['too many arguments', [{ ...ordering, agents: { cpu0: ['kfree(t, t)'] } }], /kfree takes 1 arguments?, got 2$/m],
  [
    'memory that is none',
    [{ ...ordering, objects: { t: { type: 'timer', in: 'dev' } } }],
    /^\$\.vectors\[0\]\.objects\.t\.in: "dev" is not among the objects$/m,
  ],
  [
    'an agent named as an object',
    [{ ...ordering, agents: { t: [] } }],
    /^\$\.vectors\[0\]\.agents\.t: "t" is already the name of an object$/m,
  ],
  [
    'a stranger in the order',
    [{ ...ordering, order: ['cpu1'] }],
    /^\$\.vectors\[0\]\.order\[0\]: "cpu1" is neither an agent nor a callback$/m,
  ],
];

for (const [what, vectors, message] of cases) {
  test(`bad input: ${what}`, () => {
    const report = runObjects(...vectors);
    assert.equal(exitStatus(report), 2);
    assert.deepEqual(report.vectors, []);
    assert.match(formatReport(report, 'text'), message);
  });
}

test('bad input: not JSON, not an object, wrong version, unknown top field', () => {
  assert.match(formatReport(runVectors('{'), 'text'), /^\$: not JSON: /);
  assert.match(formatReport(runVectors('[]'), 'text'), /^\$: expected an object, got \[\]$/m);
  assert.match(formatReport(runVectors('{"version":2,"vectors":[]}'), 'text'), /^\$\.version: expected version 1/m);
  assert.match(
    formatReport(runVectors('{"version":1,"vector":[]}'), 'text'),
    /^\$\.vector: unknown field "vector"; did you mean "vectors"\?$/m,
  );
});

test('bad input: every fault is reported, not just the first', () => {
  const report = runObjects({ ...routine, start: 1, hostStart: 2 }, { ...ordering, agents: { cpu0: ['x(t)', 'y(t)'] } });
  assert.deepEqual(
    report.errors.map((e) => e.path),
    ['$.vectors[0].start', '$.vectors[0].hostStart', '$.vectors[1].agents.cpu0[0]', '$.vectors[1].agents.cpu0[1]'],
  );
});

test('no vectors at all is a good file', () => {
  assert.equal(exitStatus(runVectors('{"version":1,"vectors":[]}')), 0);
});

test('all that is wrong is told at once, in the shape of the file and behind it', () => {
  const bad = runVectors(
    JSON.stringify({
      version: 1,
      vectors: [
        { ...routine, costs: { reed: '1' }, args: { timeout: '1' } },
        { ...ordering, name: 7, agents: { cpu0: ['mod_tmer(t)'] } },
        { ...ordering, objects: { t: { type: 'timer', in: 'dev' } } },
      ],
    }),
  );
  assert.deepEqual(
    bad.errors.map((e) => e.path),
    ['$.vectors[0].costs.reed', '$.vectors[1].name', '$.vectors[0].args.timeout', '$.vectors[1].agents.cpu0[0]', '$.vectors[2].objects.t.in'],
  );
});
