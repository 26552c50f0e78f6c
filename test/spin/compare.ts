// Asks SPIN about one system and holds its answers against our own: stored states, transitions, kinds of errors and their shortest runs.
import assert from 'node:assert/strict';
import type { Engine } from '../../server/src/checker/engine.ts';
import { depthOf, levelsOf } from '../../server/src/checker/graph.ts';
import { makeWasmEngine } from '../../server/src/checker/wasm/generated.ts';
import { kindName, promela } from '../../server/src/export/promela.ts';
import type { System } from '../../server/src/system/system.ts';
import { askSpin } from './pan.ts';

/** The number of states on which both agree; null where there are more than `maxStates`. Throws where the two disagree. */
export async function compareWithSpin(name: string, system: System, initial: readonly number[], maxStates: number): Promise<number | null> {
  const ours = explored(system, initial, maxStates);
  if (ours === null) return null;
  const model = promela(system, initial, { title: name, where: (p) => `${p.file}:${p.span.start}` });
  const spin = await askSpin(model);
  const kinds = kindsOf(model);
  // The process that looks for races does so once in each state.
  const looks = /proctype races\b/.test(model) ? ours.states : 0;
  assert.deepEqual(
    { ...spin, errors: inOrder([...spin.errors].map(([kind, depth]) => [kinds.get(kind) ?? String(kind), depth])) },
    // pan counts the initial state as a transition.
    { warnings: '', states: ours.states, transitions: ours.transitions + looks + 1, errors: ours.errors },
    `${name}: SPIN (actual) and Lifeline (expected) disagree`,
  );
  return ours.states;
}

function explored(system: System, initial: readonly number[], maxStates: number) {
  const engine = makeWasmEngine(system, [initial], { maxStates, maxMemoryBytes: null, reduction: false });
  assert.ok(engine !== null, 'this host has no WebAssembly');
  try {
    for (;;) {
      const ended = engine.run(100_000);
      if (ended === 'done') break;
      if (ended !== null) return null;
    }
    const errors = stepErrors(system, engine);
    const levels = levelsOf(engine);
    for (const r of engine.races)
      errors.set('data_race', Math.min(depthOf(levels, r.state), errors.get('data_race') ?? Number.POSITIVE_INFINITY));
    return { states: engine.states, transitions: engine.transitions, errors: inOrder([...errors]) };
  } finally {
    engine.release();
  }
}

/** Of what steps do wrong: the length of a shortest run to each kind, in steps before the one that commits it. */
export function stepErrors(system: System, engine: Engine): Map<string, number> {
  const levels = levelsOf(engine);
  const errors = new Map<string, number>();
  for (const h of engine.hits) {
    const kind = kindName(system.faults[h.fault].kind);
    errors.set(kind, Math.min(depthOf(levels, h.state), errors.get(kind) ?? Number.POSITIVE_INFINITY));
  }
  return errors;
}

/** The kinds of errors by the numbers that a model has for them. */
export function kindsOf(model: string): ReadonlyMap<number, string> {
  return new Map([...model.matchAll(/#ifndef (\w+)\n#define \1 (\d+)/g)].map(([, name, number]) => [Number(number), name]));
}

function inOrder(errors: ReadonlyArray<readonly [string, number]>): Readonly<Record<string, number>> {
  return Object.fromEntries([...errors].sort(([a], [b]) => (a < b ? -1 : 1)));
}
