// Two engines one after the other: whichever begins, and wherever it is given up, the exploration says what one engine says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explorationOf, type ExploreHost, type ExploreOptions } from '../../server/src/checker/explore.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { staged } from '../../server/src/checker/staged.ts';
import { finished } from '../../server/src/checker/slices.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import { makingWasmOr } from '../../server/src/checker/wasm/engine.ts';
import type { System } from '../../server/src/system/system.ts';
import { type AgentSpec, at, build, c, plus, set } from './build.ts';
import { host, unlimited } from './run.ts';

const SIDE = 90;
const both = staged(
  makePlainEngine,
  makingWasmOr(() => assert.fail('this host has no WebAssembly')),
);
const plain = explored({ ...unlimited }, host, makePlainEngine);

test('the second engine goes on where the first one gives up, or begins where many states are expected', () => {
  assert.equal(plain.stats.states, (SIDE + 1) ** 2);
  for (const expectedStates of [null, 10, 1_000_000]) {
    assert.deepEqual(withoutBytes(explored({ ...unlimited, expectedStates }, host, both)), withoutBytes(plain));
  }
});

test('it can be given up at each pause, also while the second engine is made', () => {
  for (const expectedStates of [null, 1_000_000]) {
    let pauses = 0;
    explored({ ...unlimited, expectedStates }, { ...host, cancelled: () => ++pauses < 0 }, both);
    assert.ok(pauses > 10, 'making the second engine has pauses of its own');
    for (let pause = 1; pause < pauses - 5; pause++) {
      let asked = 0;
      const { limit, stats } = explored({ ...unlimited, expectedStates }, { ...host, cancelled: () => ++asked >= pause }, both);
      assert.equal(limit, 'cancelled', `at pause ${pause}`);
      assert.ok(stats.states <= plain.stats.states);
    }
  }
});

function explored(options: ExploreOptions, on: ExploreHost, make: typeof both): Exploration {
  return finished(explorationOf(square(), options, on, make));
}

/** Two agents that each count up to a number: a square of states. */
function square(): System {
  const counter = (slot: number): AgentSpec => ({
    name: `a${slot}`,
    program: [
      {
        name: 'top',
        steps: [{ when: { op: 'binary', operator: '<', left: at(slot), right: c(SIDE) }, do: [set(slot, plus(slot, 1))], to: 'top' }],
      },
    ],
  });
  return build({ variables: { x: { max: SIDE }, y: { max: SIDE } }, agents: [counter(0), counter(1)] });
}

function withoutBytes(exploration: Exploration) {
  const { bytes: _, ...stats } = exploration.stats;
  return { ...exploration, stats };
}
