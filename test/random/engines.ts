// The reference interpreter against the engines that explore for real: the same states in the same order, the same steps, the same violations.
import assert from 'node:assert/strict';
import type { Engine, MakeEngine } from '../../server/src/checker/engine.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { racesIn } from '../../server/src/checker/race.ts';
import { type ReferenceExploration, referenceExplore } from '../../server/src/checker/reference.ts';
import { wasmOr } from '../../server/src/checker/wasm/engine.ts';
import type { System } from '../../server/src/system/system.ts';
import type { Subject } from './subjects.ts';

const whole = { maxStates: null, maxMemoryBytes: null, reduction: false };

const wasm: MakeEngine = wasmOr(() => assert.fail('this host has no WebAssembly'));

/** What the reference found, for whoever goes on from there. */
export function compareEngines({ system, initials }: Subject, maxStates: number): ReferenceExploration {
  const x = referenceExplore(system, initials, maxStates);
  const wanted = summary(system, x);
  for (const [name, make] of [
    ['plain', makePlainEngine],
    ['wasm', wasm],
  ] as const) {
    const engine = make(system, initials, whole);
    while (engine.run(4096) === null);
    assert.deepEqual(summaryOf(engine), wanted, `the ${name} engine and the reference disagree`);
    const slots = new Float64Array(system.slots);
    x.states.forEach((state, number) => {
      engine.decode(number, slots);
      assert.deepEqual([...slots], state, `the ${name} engine has another state ${number}`);
    });
    engine.release?.();
  }
  return x;
}

function summaryOf({ states, transitions, depth, hits, races }: Engine) {
  return { states, transitions, depth, hits: [...hits], races: [...races] };
}

function summary(system: System, x: ReferenceExploration): ReturnType<typeof summaryOf> {
  const hits = new Map<string, Engine['hits'][number]>();
  const races = new Map<string, Engine['races'][number]>();
  x.edges.forEach((edges, state) => {
    for (const { agent, step, met } of edges) {
      for (const m of met) {
        const key = `${m.fault} ${m.object} ${m.by}`;
        if (!hits.has(key)) hits.set(key, { ...m, state, agent, step });
      }
    }
    const at = (agent: number): number => x.states[state][system.agents[agent].slot];
    // The engines look at pairs in the order of the second.
    for (const { first, second } of [...racesIn(system, x.states[state])].sort((a, b) => a.second - b.second || a.first - b.first)) {
      const key = `${first} ${at(first)} ${second} ${at(second)}`;
      if (!races.has(key)) races.set(key, { state, first, second });
    }
  });
  return {
    states: x.states.length,
    transitions: x.edges.reduce((n, e) => n + e.length, 0),
    depth: x.depths.reduce((a, b) => Math.max(a, b), 0),
    hits: [...hits.values()],
    races: [...races.values()],
  };
}
