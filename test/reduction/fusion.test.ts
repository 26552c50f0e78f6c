// Which steps may be glued to the one before, by one small system for each reason why not; and random systems, in which whatever is glued must
// not be noticed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { fuse } from '../../server/src/checker/reduction/fusion.ts';
import { finished } from '../../server/src/checker/slices.ts';
import { heldBy } from '../../server/src/checker/wasm/narrow.ts';
import type { Statement, System } from '../../server/src/system/system.ts';
import { at, build, is, type LocationSpec, plus, set, type SystemSpec } from '../checker/build.ts';
import { compareFusion } from '../random/fusions.ts';
import { explore, programsOf } from '../random/subjects.ts';
import { scenarios } from '../seed/checked.ts';
import { family } from '../wasm/family.ts';
import { randomGluable } from './gluable.ts';

const MINE = 0;
const SHARED = 1;
const LOCK = 2;
const variables: SystemSpec['variables'] = { mine: { max: 3 }, shared: { max: 3 }, lock: { max: 1 } };
const fails: Statement = { op: 'fail', fault: 0, object: null, by: null };

/** The locations of the first agent that it is not seen at. Two steps stand around the second location; another agent goes its own way. */
function passed(second: LocationSpec, other: readonly LocationSpec[], failing: readonly number[] = []): readonly number[] {
  const program = [{ steps: [{ do: [set(SHARED, 1)] }] }, second, { steps: [{ when: is(SHARED, 1) }] }];
  return over(
    build({
      variables,
      faults: [{ kind: 'assertion' }],
      agents: [
        { name: 'one', program },
        { name: 'other', program: other },
      ],
    }),
    failing,
  );
}

function over(system: System, failing: readonly number[] = []): readonly number[] {
  const seen = system.agents.map(() => new Set<number>());
  const fused = finished(fuse(system, [system.initial], heldBy(system, [system.initial]), { failing: new Set(failing), seen }));
  compareFusion(system, [system.initial]);
  return (fused?.passed ?? []).flatMap((p) => (p.agent === 0 ? [p.location] : []));
}

const elsewhere: readonly LocationSpec[] = [{ steps: [{ do: [set(SHARED, plus(SHARED, 1))] }] }];
const own = { do: [set(MINE, 1)] };

suite('a step is glued to the one before', () => {
  test('where it touches what is its own', () => {
    assert.deepEqual(passed({ steps: [own] }, elsewhere), [1]);
    assert.deepEqual(passed({ steps: [{}] }, elsewhere), [1]);
  });

  test('not where it may have to wait', () => {
    assert.deepEqual(passed({ steps: [{ ...own, when: is(SHARED, 1) }] }, elsewhere), []);
    const program = [
      { steps: [{ do: [set(MINE, at(SHARED))] }] },
      { steps: [{ do: [{ op: 'if' as const, condition: is(MINE, 1), then: [{ op: 'disable' as const }], else: [] }] }] },
    ];
    const agents = [
      { name: 'one', program },
      { name: 'other', program: elsewhere },
    ];
    assert.deepEqual(over(build({ variables, agents })), []);
  });

  test('not where there is a choice', () => {
    assert.deepEqual(passed({ steps: [own, { do: [set(MINE, 2)] }] }, elsewhere), []);
  });

  test('not where somebody else reads what it writes', () => {
    assert.deepEqual(passed({ steps: [own] }, [{ steps: [{ when: is(MINE, 0) }] }]), []);
    assert.deepEqual(passed({ steps: [own] }, [{ steps: [{ do: [set(SHARED, at(MINE))] }] }]), []);
    const told: Statement = { op: 'report', fault: 0, object: null, by: at(MINE) };
    assert.deepEqual(passed({ steps: [own] }, [{ steps: [{ do: [told] }] }]), []);
  });

  test('not where somebody else looks there before an access', () => {
    const access = { slot: SHARED, length: 2, index: at(MINE), write: false };
    assert.deepEqual(passed({ steps: [own] }, [{ access, steps: [{}] }]), []);
  });

  test('not where somebody else looks at where it stands', () => {
    const system = build({
      variables,
      agents: [
        { name: 'one', program: [{ steps: [{ do: [set(SHARED, 1)] }] }, { steps: [own] }] },
        { name: 'other', program: [{ steps: [{ when: is(3, 1) }] }] },
      ],
    });
    assert.deepEqual(over(system), []);
  });

  test('not where somebody else writes what it reads or writes', () => {
    assert.deepEqual(passed({ steps: [{ do: [set(MINE, at(SHARED))] }] }, elsewhere), []);
    assert.deepEqual(passed({ steps: [own] }, [{ steps: [{ do: [set(MINE, 2)] }] }]), []);
  });

  test('where whoever writes it never comes to do so', () => {
    assert.deepEqual(passed({ steps: [own] }, [{ steps: [{ to: 'exit' }] }, { steps: [{ do: [set(MINE, 2)] }] }]), [1]);
  });

  test('not where it races', () => {
    const access = { slot: SHARED, write: false };
    assert.deepEqual(passed({ access, steps: [own] }, [{ access: { slot: SHARED, write: true }, steps: [{}] }]), []);
  });

  test('not where it is a step that may never come', () => {
    assert.deepEqual(passed({ steps: [{ ...own, environment: true }] }, elsewhere), []);
  });

  test('where the one before may never come', () => {
    const system = build({
      variables,
      agents: [
        { name: 'one', program: [{ steps: [{ do: [set(SHARED, 1)], environment: true }] }, { steps: [own] }] },
        { name: 'other', program: elsewhere },
      ],
    });
    assert.deepEqual(over(system), [1]);
  });

  test('not where it is the first', () => {
    const system = build({ variables, agents: [{ name: 'one', program: [{ steps: [own] }, { steps: [{ when: is(MINE, 1) }] }] }] });
    assert.deepEqual(over(system), []);
  });

  test('where it fails for a reason of its own, unless that is known to happen', () => {
    const checks = (slot: number): LocationSpec => ({ steps: [{ do: [{ op: 'if', condition: is(slot, 3), then: [fails], else: [] }] }] });
    const counting = [{ steps: [{ do: [set(SHARED, 3)] }] }];
    const reading = build({
      variables,
      faults: [{ kind: 'assertion' }],
      agents: [
        { name: 'one', program: [{ steps: [{ do: [set(MINE, at(SHARED))] }] }, checks(MINE)] },
        { name: 'other', program: counting },
      ],
    });
    assert.deepEqual(over(reading), [1]);
    assert.deepEqual(over(reading, [0]), []);
    assert.deepEqual(passed(checks(SHARED), counting), []);
  });

  test('once in a loop of such steps at least not', () => {
    const program = [{ steps: [{ do: [set(SHARED, 1)] }] }, { name: 'again', steps: [own] }, { steps: [{ to: 'again' }] }];
    const system = build({
      variables,
      agents: [
        { name: 'one', program },
        { name: 'other', program: elsewhere },
      ],
    });
    assert.equal(over(system).length, 1);
  });

  test('not where more comes after it is decided that it is next', () => {
    const system = build({
      variables,
      agents: [
        {
          name: 'one',
          program: [
            { steps: [{ do: [{ op: 'goto', location: 1 }, set(MINE, 2)] }] },
            { steps: [own] },
            { steps: [{ when: is(SHARED, 1) }] },
          ],
        },
        { name: 'other', program: elsewhere },
      ],
    });
    const [first] = system.agents[0].locations;
    // The step decides first and writes then.
    const step = { ...first.steps[0], body: first.steps[0].body.slice(0, 2) };
    const [one, other] = system.agents;
    const late = { ...system, agents: [{ ...one, locations: [{ ...first, steps: [step] }, ...one.locations.slice(1)] }, other] };
    assert.deepEqual(over(late), []);
  });
});

suite('what is done under a lock is glued to the step before', () => {
  const takes = { when: is(LOCK, 0), do: [set(LOCK, 1)] };
  const drops = { do: [set(LOCK, 0)] };
  const locked = (inside: readonly LocationSpec[]): readonly LocationSpec[] => [{ steps: [takes] }, ...inside, { steps: [drops] }];
  const two = (one: readonly LocationSpec[], other: readonly LocationSpec[]): readonly number[] =>
    over(
      build({
        variables,
        agents: [
          { name: 'one', program: one },
          { name: 'other', program: other },
        ],
      }),
    );

  test('to let go of it, too', () => {
    const both = locked([{ steps: [{ do: [set(SHARED, plus(SHARED, 1))] }] }]);
    assert.deepEqual(two(both, both), [1, 2]);
  });

  test('not where the other one does not take it', () => {
    const inside = [{ steps: [{ do: [set(SHARED, plus(SHARED, 1))] }] }];
    assert.deepEqual(two(locked(inside), inside), [2]);
  });

  test('not where the other one lets go of it without having it', () => {
    const inside = [{ steps: [{ do: [set(SHARED, plus(SHARED, 1))] }] }];
    assert.deepEqual(two(locked(inside), [{ steps: [drops] }, ...locked(inside)]), []);
  });

  test('not where the other one sees that it is taken', () => {
    const both = locked([]);
    assert.deepEqual(two(both, both), [1]);
    assert.deepEqual(two(both, [{ steps: [{ when: is(LOCK, 1) }] }]), []);
    assert.deepEqual(two(both, [{ steps: [{ do: [set(SHARED, at(LOCK))] }] }]), []);
  });

  test('not where somebody who waits for it looks there before an access', () => {
    const access = { slot: SHARED, length: 2, index: at(MINE), write: false };
    assert.deepEqual(two(locked([{ steps: [own] }]), [{ steps: [takes] }]), [1, 2]);
    assert.deepEqual(two(locked([{ steps: [own] }]), [{ access, steps: [takes] }]), [2]);
  });

  test('to what the other one does only before a flag is set', () => {
    const flag = { do: [set(LOCK, 1)] };
    const before = [{ steps: [{ do: [set(MINE, 1)] }] }, { steps: [flag] }];
    assert.deepEqual(two([{ steps: [{ when: is(LOCK, 1) }] }, { steps: [{ do: [set(MINE, 2)] }] }], before), [1]);
  });
});

for (const [users, ioctls, states] of [
  [2, 1, 6371],
  [3, 1, 92456],
  [3, 2, 343111],
]) {
  test(`${users} users and ${ioctls} ioctls are ${states} states with steps glued together`, () => {
    const system = family(users, ioctls);
    assert.equal(compareFusion(system, [system.initial])?.reduced, states);
  });
}

test('random systems with steps glued together', (t) => {
  let glued = 0;
  let fewer = 0;
  fc.assert(
    fc.property(randomGluable, (system) => {
      const states = compareFusion(system, [system.initial]);
      if (states === null) return;
      glued++;
      if (states.reduced < states.whole) fewer++;
    }),
    { seed: 25, numRuns: 150 },
  );
  t.diagnostic(`${glued} of 150 with steps that can be glued, ${fewer} of them with fewer states for it`);
  assert.ok(fewer > 20);
});

test('shipped scenarios with steps glued together', () => {
  for (const file of scenarios().filter((f) => f.includes('/seed/s7'))) {
    for (const program of programsOf(readFileSync(file, 'utf8')).slice(0, 2)) {
      const subject = explore(program, 10_000, makePlainEngine, false);
      assert.ok(subject !== null, file);
      assert.ok(compareFusion(subject.system, subject.initials) !== null, file);
    }
  }
});
