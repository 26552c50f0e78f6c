// What is stuck, what is blocked and what goes round, on the smallest systems that show each rule.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../server/src/checker/verdict.ts';
import type { Expression, Statement, Wait } from '../../server/src/system/system.ts';
import { type AgentSpec, at, build, c, is, type LocationSpec, set } from './build.ts';
import { check } from './run.ts';

const FD = 0;
const LOCK = 1;
const FLAG = 2;
const variables = { fd: { max: 1 }, lock: { max: 1 }, flag: { max: 1 }, owner: { max: 9 } };
const OWNER = 3;

/** Opens, stays as long as it likes, closes. */
const app: AgentSpec = {
  name: 'app',
  calls: { open: null, close: 'close-blocked' },
  program: [
    { steps: [{ environment: true, text: 'enters open("/dev/gpu")' }] },
    { call: 'open', steps: [{ do: [set(FD, 1)] }] },
    { steps: [{ environment: true, text: 'enters close(fd)' }] },
    { call: 'close', steps: [{ do: [set(FD, 0)] }] },
  ],
};

const waitFor = (what: string, holder: Expression | null = null, kind: 'lock' | 'event' = 'event'): Wait => {
  return { kind, what, holder: holder === null ? null : { kind: 'agentMask', value: holder } };
};

const unbind = (wait: LocationSpec): AgentSpec => ({
  name: 'admin',
  calls: { unbind: 'unbind-blocked' },
  program: [{ steps: [{ environment: true, text: 'enters unbind(gpu)' }] }, { ...wait, call: 'unbind' }],
});

const told = (findings: readonly Finding[]) =>
  findings.map((f) => `${f.kind} ${f.agent} by ${f.by.join()} for ${f.waitsFor} after ${f.path.choices.length}`);

test('unbind that waits for an open FD is blocked until its process closes it', () => {
  const { findings, limit } = check(
    build({ variables, agents: [app, unbind({ wait: waitFor('all FDs of gpu'), steps: [{ when: is(FD, 0) }] })] }),
  );
  assert.equal(limit, null);
  assert.deepEqual(told(findings), ['unbind-blocked admin by app for close(fd) by app after 3']);
  assert.equal(findings[0].message, 'admin waits in unbind for all FDs of gpu, and does not return before close(fd) by app');
});

test('the step that frees it may stand behind others of the same process', () => {
  const busy: AgentSpec = {
    ...app,
    program: [...app.program.slice(0, 2), { steps: [{ environment: true, text: 'enters ioctl(fd)' }] }, ...app.program.slice(2)],
  };
  const { findings } = check(build({ variables, agents: [busy, unbind({ steps: [{ when: is(FD, 0) }] })] }));
  assert.deepEqual(told(findings), ['unbind-blocked admin by app for close(fd) by app after 3']);
});

test('a close is preferred to a signal that does the same', () => {
  const killer: AgentSpec = {
    name: 'init',
    program: [{ steps: [{ environment: true, when: is(FD, 1), do: [set(FD, 0)], text: 'kills app' }] }],
  };
  const { findings } = check(build({ variables, agents: [killer, app, unbind({ steps: [{ when: is(FD, 0) }] })] }));
  assert.deepEqual(told(findings), ['unbind-blocked admin by app for close(fd) by app after 3']);
});

test('two holders have to act, one after the other', () => {
  const other: AgentSpec = {
    ...app,
    name: 'other',
    program: app.program.map((l) => ({
      ...l,
      steps: l.steps.map((s) => ({
        ...s,
        ...(s.do === undefined ? {} : { do: s.do.map((x) => (x.op === 'set' ? { ...x, slot: FLAG } : x)) }),
      })),
    })),
  };
  const both: Expression = { op: 'binary', operator: '&&', left: is(FD, 0), right: is(FLAG, 0) };
  const { findings } = check(build({ variables, agents: [app, other, unbind({ steps: [{ when: both }] })] }));
  assert.deepEqual(told(findings), [
    'unbind-blocked admin by app for close(fd) by app after 3',
    'unbind-blocked admin by other for close(fd) by other after 3',
    'unbind-blocked admin by app,other for close(fd) by app and close(fd) by other after 5',
  ]);
});

test('a process that waits for its own FD is deadlocked', () => {
  const self: AgentSpec = {
    name: 'app',
    calls: { open: null, unbind: 'unbind-blocked' },
    program: [
      { steps: [{ environment: true }] },
      { call: 'open', steps: [{ do: [set(FD, 1)] }] },
      { steps: [{ environment: true }] },
      { call: 'unbind', wait: waitFor('all FDs of gpu', c(1)), steps: [{ when: is(FD, 0) }] },
      { steps: [{ environment: true, text: 'enters close(fd)' }] },
    ],
  };
  const { findings } = check(build({ variables, agents: [self] }));
  assert.deepEqual(told(findings), ['deadlock app by  for null after 3']);
  assert.equal(findings[0].message, 'app waits in unbind for all FDs of gpu, and so for itself');
});

test('unless a thread that shares the FD still has a close to make', () => {
  const self: AgentSpec = {
    name: 'app',
    calls: { unbind: 'unbind-blocked' },
    program: [{ steps: [{ environment: true, do: [set(FD, 1)] }] }, { call: 'unbind', steps: [{ when: is(FD, 0) }] }],
  };
  const thread: AgentSpec = {
    name: 'app.closer',
    process: 'app',
    calls: { close: 'close-blocked' },
    program: [
      { steps: [{ environment: true, when: is(FD, 1), text: 'enters close(fd)' }] },
      { call: 'close', steps: [{ do: [set(FD, 0)] }] },
    ],
  };
  assert.deepEqual(told(check(build({ variables, agents: [self, thread] })).findings), [
    'unbind-blocked app by app for close(fd) by app after 1',
  ]);
});

test('a call behind one that is reported is named in its report', () => {
  const locking: AgentSpec = {
    name: 'admin',
    calls: { unbind: 'unbind-blocked' },
    program: [
      { steps: [{ environment: true }] },
      { call: 'unbind', wait: waitFor('device_lock of gpu', null, 'lock'), steps: [{ when: is(LOCK, 0), do: [set(LOCK, 1)] }] },
      { call: 'unbind', wait: waitFor('all FDs of gpu', c(1)), steps: [{ when: is(FD, 0), do: [set(LOCK, 0)] }] },
    ],
  };
  const rmmod: AgentSpec = {
    name: 'root',
    calls: { rmmod: 'unload-blocked' },
    program: [
      { steps: [{ environment: true }] },
      { call: 'rmmod', wait: waitFor('device_lock of gpu', c(2), 'lock'), steps: [{ when: is(LOCK, 0) }] },
    ],
  };
  const { findings } = check(build({ variables, agents: [app, locking, rmmod] }));
  assert.deepEqual(told(findings), ['unbind-blocked admin by app for close(fd) by app after 4']);
  const reached = check(build({ variables, agents: [{ ...app, program: app.program.slice(0, 3) }, locking, rmmod] })).findings;
  assert.deepEqual(told(reached), ['deadlock admin by app for null after 4'], 'without a close nothing frees either');
});

test('who waits behind a blocked call is named where it waits in the state that is shown', () => {
  const held: AgentSpec = {
    name: 'admin',
    calls: { unbind: 'unbind-blocked' },
    program: [{ call: 'unbind', wait: waitFor('the FD'), steps: [{ when: is(FD, 1), do: [set(LOCK, 1)] }] }],
  };
  const behind: AgentSpec = {
    name: 'root',
    calls: { rmmod: 'unload-blocked' },
    program: [{ call: 'rmmod', wait: waitFor('the lock', c(1), 'lock'), steps: [{ when: is(LOCK, 1) }] }],
  };
  const opener: AgentSpec = { name: 'app', program: [{ steps: [{ environment: true, do: [set(FD, 1)], text: 'enters open' }] }] };
  const { findings } = check(build({ variables, agents: [held, behind, opener] }));
  assert.deepEqual(told(findings), ['unbind-blocked admin by app for open by app after 0']);
  assert.equal(
    findings[0].message,
    'admin waits in unbind for the FD, and does not return before open by app; root in rmmod waits behind it',
  );
});

test('two that take two locks in opposite order make one deadlock, told as a circle', () => {
  const A = 0;
  const B = 1;
  const taker = (name: string, first: number, second: number, other: number): AgentSpec => ({
    name,
    calls: { ioctl: null },
    program: [
      { steps: [{ environment: true }] },
      { call: 'ioctl', wait: waitFor(`lock ${first}`, null, 'lock'), steps: [{ when: is(first, 0), do: [set(first, 1)] }] },
      { call: 'ioctl', wait: waitFor(`lock ${second}`, c(2 ** other), 'lock'), steps: [{ when: is(second, 0), do: [set(second, 1)] }] },
      { call: 'ioctl', steps: [{ do: [set(first, 0), set(second, 0)] }] },
    ],
  });
  const { findings } = check(build({ variables, agents: [taker('one', A, B, 1), taker('two', B, A, 0)] }));
  assert.deepEqual(told(findings), ['deadlock one by two for null after 4']);
  assert.equal(
    findings[0].message,
    'one waits in ioctl for lock 1, and so for two; two waits in ioctl for lock 0, and so for one: none of them ever goes on',
  );
});

test('a lost wake-up is a deadlock that names the event; a read that waits for data is nothing', () => {
  const LATCH = OWNER;
  const waiter: AgentSpec = {
    name: 'reader',
    calls: { read: null },
    program: [
      { steps: [{ environment: true }] },
      // Clears the flag and then sleeps on it: what came in between is lost.
      { call: 'read', steps: [{ do: [set(FLAG, 0)] }] },
      { call: 'read', wait: waitFor('d.wait'), steps: [{ when: is(FLAG, 1) }] },
    ],
  };
  const once: AgentSpec = {
    name: 'irq',
    context: 'irq',
    forever: true,
    program: [{ steps: [{ when: is(LATCH, 0), do: [set(FLAG, 1), set(LATCH, 1)], to: 'done' }] }, { name: 'done', steps: [] }],
  };
  const { findings } = check(build({ variables, agents: [waiter, once] }));
  assert.deepEqual(told(findings), ['deadlock reader by  for null after 3']);
  assert.equal(findings[0].message, 'reader waits in read for d.wait, and nothing can bring that about any more');
  const data: AgentSpec = {
    name: 'device',
    context: 'hardware',
    forever: true,
    program: [{ name: 'top', steps: [{ environment: true, do: [set(FLAG, 1)], to: 'top' }] }],
  };
  assert.deepEqual(told(check(build({ variables, agents: [waiter, data] })).findings), []);
});

test('a periodic timer settles without resting, and is no livelock', () => {
  const timer: AgentSpec = {
    name: 'tick',
    context: 'timer',
    forever: true,
    calls: { callback: null },
    program: [
      { name: 'idle', steps: [{}] },
      { call: 'callback', steps: [{ do: [set(FLAG, { op: 'not', operand: at(FLAG) })], to: 'idle' }] },
    ],
  };
  const { findings } = check(build({ variables, agents: [timer, app, unbind({ steps: [{ when: is(FD, 0) }] })] }));
  assert.deepEqual(told(findings), ['unbind-blocked admin by app for close(fd) by app after 3']);
});

test('a loop that only hardware could end is a livelock that names the event', () => {
  const poll: AgentSpec = {
    name: 'app',
    calls: { ioctl: null },
    program: [
      { steps: [{ environment: true }] },
      { call: 'ioctl', name: 'loop', steps: [{}] },
      { call: 'ioctl', steps: [{ when: is(FLAG, 0), to: 'loop' }, { when: is(FLAG, 1) }] },
    ],
  };
  const device: AgentSpec = {
    name: 'hardware',
    context: 'hardware',
    program: [{ steps: [{ environment: true, do: [set(FLAG, 1)], text: 'interrupt(gpu)' }] }],
  };
  const { findings } = check(build({ variables, agents: [poll, device] }));
  assert.deepEqual(told(findings), ['livelock app by hardware for interrupt(gpu) by hardware after 1']);
  const kernel: AgentSpec = { ...device, context: 'work', program: [{ steps: [{ do: [set(FLAG, 1)] }] }] };
  assert.deepEqual(told(check(build({ variables, agents: [poll, kernel] })).findings), [], 'a worker always comes');
  assert.deepEqual(told(check(build({ variables, agents: [poll] })).findings), ['livelock app by  for null after 1']);
});

test('unbind that polls for an FD is blocked, not livelocked', () => {
  const polling = unbind({ name: 'loop', steps: [{ when: is(FD, 1), to: 'loop' }, { when: is(FD, 0) }] });
  assert.deepEqual(told(check(build({ variables, agents: [app, polling] })).findings), [
    'unbind-blocked admin by app for close(fd) by app after 3',
  ]);
});

test('a choice that may always go the wrong way is a livelock', () => {
  const either = unbind({ name: 'loop', steps: [{ to: 'loop' }, {}] });
  assert.deepEqual(told(check(build({ variables, agents: [either] })).findings), ['livelock admin by  for null after 1']);
});

test('a lock that keeps coming free is granted some day; an event need not be noticed', () => {
  /** Takes the lock, looks, lets go, until the other has set the flag; the other needs the lock for that. */
  const looker: AgentSpec = {
    name: 'app',
    calls: { ioctl: null },
    program: [
      { call: 'ioctl', name: 'loop', steps: [{ when: is(LOCK, 0), do: [set(LOCK, 1)] }] },
      {
        call: 'ioctl',
        steps: [
          { when: is(FLAG, 0), do: [set(LOCK, 0)], to: 'loop' },
          { when: is(FLAG, 1), do: [set(LOCK, 0)] },
        ],
      },
    ],
  };
  const setter = (kind: Wait['kind']): AgentSpec => ({
    name: 'worker',
    context: 'work',
    program: [
      { wait: waitFor('the lock', null, kind), steps: [{ when: is(LOCK, 0), do: [set(LOCK, 1)] }] },
      { steps: [{ do: [set(FLAG, 1), set(LOCK, 0)] }] },
    ],
  });
  assert.deepEqual(told(check(build({ variables, agents: [looker, setter('lock')] })).findings), []);
  assert.deepEqual(told(check(build({ variables, agents: [looker, setter('event')] })).findings), ['livelock app by  for null after 0']);
});

test('a step that fails is no place to rest, and no way to complete', () => {
  const faults = [{ kind: 'assertion' }];
  const fails: AgentSpec = {
    name: 'worker',
    context: 'work',
    program: [{ steps: [{ do: [{ op: 'fail', fault: 0, object: null, by: null }] }] }],
  };
  const stuck = unbind({ steps: [{ when: is(FLAG, 1) }] });
  assert.deepEqual(told(check(build({ variables, faults, agents: [fails, stuck] })).findings), ['assertion worker by  for null after 1']);
});

test('nothing is said to be stuck by an exploration that was cut short', () => {
  const system = build({ variables, agents: [app, unbind({ steps: [{ when: is(FD, 0) }] })] });
  const whole = check(system).stats.states;
  for (let maxStates = 1; maxStates < whole; maxStates++) {
    const cut = check(system, { maxStates });
    assert.equal(cut.limit, 'states');
    assert.deepEqual(cut.findings, []);
  }
});

test('a wait that only a signal can still end is a hint, unless the call is one that must not hang', () => {
  const sleeper = (name: string, blocked: 'close-blocked' | null): AgentSpec => ({
    name: 'app',
    calls: { [name]: blocked },
    program: [
      { steps: [{ environment: true }] },
      { call: name, wait: waitFor('d.wait'), steps: [{ when: is(FLAG, 1) }, { environment: true, text: 'a signal to app' }] },
    ],
  });
  const read = check(build({ variables, agents: [sleeper('read', null)] }));
  assert.deepEqual(told(read.findings), []);
  assert.deepEqual(
    read.hints.map((h) => `${h.message} after ${h.path.choices.length}`),
    ['app waits in read for d.wait, and only a signal can still end that after 1'],
  );
  const close = check(build({ variables, agents: [sleeper('close', 'close-blocked')] }));
  assert.deepEqual(told(close.findings), ['close-blocked app by app for a signal to app by app after 1']);
  assert.deepEqual(close.hints, []);
  const waker: AgentSpec = { name: 'other', program: [{ steps: [{ environment: true, do: [set(FLAG, 1)] }] }, { steps: [] }] };
  const woken = check(build({ variables, agents: [sleeper('read', null), waker] }));
  assert.deepEqual([woken.findings, woken.hints.map((h) => h.path.choices.length)], [[], []], 'another process can still wake it');
});

test('a call that a signal sends into its own error is not a deadlock: it does not wait for ever', () => {
  const sleeper = (blocked: 'close-blocked' | null, fails: 'at once' | 'then'): AgentSpec => {
    const fail: Statement = { op: 'fail', fault: 0, object: null, by: null };
    return {
      name: 'app',
      calls: { release: blocked },
      program: [
        { steps: [{ environment: true }] },
        {
          call: 'release',
          wait: waitFor('d.wait'),
          steps: [
            { when: is(FLAG, 1) },
            { environment: true, text: 'a signal to app', to: 'after', ...(fails === 'at once' ? { do: [fail] } : {}) },
          ],
        },
        { name: 'after', call: 'release', steps: [{ do: [fail] }] },
      ],
    };
  };
  const faults = [{ kind: 'use-after-free', message: 'x is gone' }];
  for (const fails of ['at once', 'then'] as const) {
    const steps = fails === 'at once' ? 2 : 3;
    const none = check(build({ variables, agents: [sleeper(null, fails)], faults }));
    assert.deepEqual(told(none.findings), [`use-after-free app by  for null after ${steps}`]);
    assert.equal(none.hints.length, 1);
    const close = check(build({ variables, agents: [sleeper('close-blocked', fails)], faults }));
    assert.deepEqual(told(close.findings).sort(), [
      'close-blocked app by app for a signal to app by app after 1',
      `use-after-free app by  for null after ${steps}`,
    ]);
  }
});

test('an interruptible wait is for who would end it, however far that is, and for a signal only where nobody would', () => {
  const interrupted = unbind({
    wait: waitFor('all FDs of gpu'),
    steps: [{ when: is(FD, 0) }, { environment: true, text: 'a signal to admin' }],
  });
  const busy: AgentSpec = {
    ...app,
    program: [...app.program.slice(0, 2), { steps: [{ environment: true, text: 'enters ioctl(fd)' }] }, ...app.program.slice(2)],
  };
  const closed = check(build({ variables, agents: [busy, interrupted] }));
  assert.deepEqual(told(closed.findings), ['unbind-blocked admin by app for close(fd) by app after 3']);
  const kept: AgentSpec = { ...app, program: app.program.slice(0, 2) };
  const never = check(build({ variables, agents: [kept, interrupted] }));
  assert.deepEqual(told(never.findings), ['unbind-blocked admin by admin for a signal to admin by admin after 3']);
});
