// Scenarios with several identical processes: a search that does not tell them apart finds the same, as near, wherever nobody goes where they are
// told apart; and where somebody does, the exploration goes through everything.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { cutApart } from '../../server/src/checker/reduction/apart.ts';
import { exchange } from '../../server/src/checker/reduction/automorphism.ts';
import { finished } from '../../server/src/checker/slices.ts';
import { wasmOr } from '../../server/src/checker/wasm/engine.ts';
import { heldBy } from '../../server/src/checker/wasm/narrow.ts';
import { explore, programsOf, type Subject } from '../random/subjects.ts';
import { compareReductions } from '../random/reductions.ts';
import { compareSearches } from '../random/symmetries.ts';

const MOST_STATES = 400_000;

const reading = `    with srcu_read_lock(domain) {
      let t = READ_ONCE(current)
      if t != null {
        with mutex_lock(t.lock) { t.value = 1 }
      }
    }
`;

/** Every primitive that knows agents by their numbers, under three processes that run the same program. */
const three = `
module m {
  struct thing { lock: mutex, ref_: kref, value: u32 }
  let domain: srcu
  let sem: rwsem
  let current: ref thing = null
  let n: int
  fn gone(k: ref kref) { let t = k as thing; free t }
  fn use() {
${reading}    down_write(sem)
    n += 1
    up_write(sem)
  }
  init { let t = new thing; current = t }
  exit {
    let t = current
    WRITE_ONCE(current, null)
    synchronize_srcu(domain)
    kref_put(t.ref_, gone)
  }
}
process app x3 {
  if try_module_get(m) {
    use()
    module_put(m)
  }
}
process admin { rmmod(m) }
`;

test('three processes that pin a module, read under SRCU and write under a semaphore', () => {
  for (const text of [three, three.replace('synchronize_srcu(domain)', '')]) {
    for (const { subject, states } of compared(text)) {
      assert.ok(states !== null && states.reduced * 5 < states.whole, JSON.stringify(states));
      compareReductions(subject);
    }
  }
});

test('three processes with an object each', () => {
  const text = three
    .replace('let n: int', 'struct job { lock: mutex, value: u32 }\n  let n: int')
    .replace('down_write(sem)', 'let mine = new job\n    mine.value = 1\n    down_write(sem)')
    .replace('up_write(sem)', 'up_write(sem)\n    free mine')
    .replace(reading, '');
  for (const { subject, states } of compared(text)) {
    assert.deepEqual(
      subject.system.symmetries[0].places.map((own) => own.map((place) => subject.system.heap.places[place].name)),
      [0, 1, 2].map((k) => [`job#${k}.lock`, `job#${k}`]),
    );
    assert.ok(states !== null && states.reduced * 5 < states.whole, JSON.stringify(states));
    compareReductions(subject);
  }
});

test('three processes of which none puts its reference back: what is lost is told', () => {
  const [{ subject, states }] = compared(three.replace('module_put(m)', ''));
  assert.ok(states !== null && states.whole > 20_000, JSON.stringify(states));
  assert.ok(subject.exploration.findings.some((f) => f.kind === 'leak'));
  compareReductions(subject);
});

test('s5_fence with two applications: half of the states, and everything that is wrong', () => {
  const all = compared(shipped('s5_fence').replace(/process app +\{/, 'process app x2 {'));
  assert.deepEqual(
    all.map(({ states }) => states),
    [
      { whole: 68_593, reduced: 34_955 },
      { whole: 74_262, reduced: 37_800 },
      { whole: 65_181, reduced: 33_192 },
      { whole: 76_261, reduced: 38_828 },
    ],
  );
});

test('a reference that is put back by somebody who took none: everything is gone through', () => {
  const text = shipped('oh_module_put').replace(
    'process admin',
    'process app x3 { if try_module_get(m) { schedule_work(m.job) } }\nprocess admin',
  );
  for (const { subject, states } of compared(text)) {
    assert.equal(states, null);
    const { system, initials } = subject;
    assert.equal(
      finished(exchange(system, initials, heldBy(system, initials), system.symmetries[0].agents[0], system.symmetries[0].agents[1])),
      null,
    );
    compareReductions(subject);
  }
});

function shipped(name: string): string {
  return readFileSync(`scenarios/seed/${name}.lifeline`, 'utf8');
}

/** One for each combination of params; `states` is null where somebody goes where processes are told apart. */
function compared(text: string): ReadonlyArray<{ readonly subject: Subject; readonly states: ReturnType<typeof compareSearches> }> {
  return programsOf(text).map((program) => {
    const subject = explore(program, MOST_STATES, wasmOr(makePlainEngine), false);
    assert.ok(subject !== null, 'there are too many states');
    const cut = finished(cutApart(subject.system, subject.initials));
    assert.ok(cut !== null, 'the processes cannot be exchanged');
    return { subject, states: compareSearches(subject.system, subject.initials, cut) };
  });
}
