// Random small systems: the plain engine against the reference interpreter, blocking against the definitions, paths against all paths.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findBlocking } from '../../server/src/checker/blocking.ts';
import { findComponents } from '../../server/src/checker/components.ts';
import { faultFinding, findingKey } from '../../server/src/checker/finding.ts';
import { buildGraph, depthOf, levelsOf, reversed } from '../../server/src/checker/graph.ts';
import { comparePaths } from '../../server/src/checker/group.ts';
import { findLivelocks } from '../../server/src/checker/livelock.ts';
import { agentsThatCanStep } from '../../server/src/checker/possible.ts';
import { racesIn } from '../../server/src/checker/race.ts';
import { type ReferenceExploration, referenceExplore, replay } from '../../server/src/checker/reference.ts';
import type { PathToFinding } from '../../server/src/checker/verdict.ts';
import { holdersOf } from '../../server/src/checker/waits.ts';
import type { System } from '../../server/src/system/system.ts';
import { callAt, freeingSteps, livelocked, stuckCalls } from './oracle.ts';
import { randomSystem } from './random.ts';
import { check, explored, finish } from './run.ts';

const runs = { seed: 20250227, numRuns: 400 };

test('the plain engine finds the states, the depths, the steps, the violations and the races of the reference', () => {
  fc.assert(
    fc.property(randomSystem({ agents: 3, locations: 3, variables: 2, holders: false, faults: true }), (system) => {
      const x = referenceExplore(system, [system.initial], 10_000);
      const engine = explored(system);
      assert.equal(engine.states, x.states.length);
      assert.equal(engine.depth, Math.max(...x.depths));
      assert.equal(engine.transitions, x.edges.flat().length);
      const slots = new Int32Array(system.slots);
      const levels = levelsOf(engine);
      x.states.forEach((state, number) => {
        engine.decode(number, slots);
        assert.deepEqual([...slots], state);
        assert.equal(depthOf(levels, number), x.depths[number]);
        assert.deepEqual(agentsThatCanStep(system, state), [...new Set(x.edges[number].map((e) => e.agent))]);
        assert.deepEqual(
          engine.successors(number),
          x.edges[number].map(({ agent, step, environment, to }) => ({ agent, step, environment, to })),
        );
      });
      const met = new Map<string, number>();
      x.edges.forEach((edges, from) => {
        for (const e of edges) for (const m of e.met) if (!met.has(`${m.fault} ${m.by}`)) met.set(`${m.fault} ${m.by}`, from);
      });
      assert.deepEqual(new Map(engine.hits.map((h) => [`${h.fault} ${h.by}`, h.state])), met);
      const races = new Map<string, number>();
      x.states.forEach((state, number) => {
        for (const { first, second } of racesIn(system, state)) {
          const key = [first, second].map((a) => `${a}@${state[system.agents[a].slot]}`).join();
          if (!races.has(key)) races.set(key, number);
        }
      });
      const at = (agent: number, state: number) => `${agent}@${x.states[state][system.agents[agent].slot]}`;
      assert.deepEqual(new Map(engine.races.map((r) => [`${at(r.first, r.state)},${at(r.second, r.state)}`, r.state])), races);
    }),
    runs,
  );
});

test('stuck calls are judged as the definitions say', () => {
  fc.assert(
    fc.property(randomSystem({ agents: 3, locations: 3, variables: 2, holders: false, faults: true }), (system) => {
      const x = referenceExplore(system, [system.initial], 10_000);
      const expected = stuckCalls(system, x).map((j) => `${j.state} a${j.agent} ${j.kind} ${processesOf(j.freeing)}`);
      // Livelocks have a test of their own: there an agent goes round, here it stands.
      const standing = blockingOf(system).filter(({ livelock }) => !livelock);
      assert.deepEqual(standing.map((f) => `${f.state} ${f.finding.agent} ${f.finding.kind} ${f.finding.by}`).sort(), expected.sort());
    }),
    runs,
  );
});

test('calls that go round for ever are found exactly where a fair cycle is', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomSystem({ agents: 2, locations: 3, variables: 2, holders: false, faults: false }), (system) => {
      const x = referenceExplore(system, [system.initial], 10_000);
      const expected = livelocked(system, x, 9);
      if (expected === null) return;
      compared += expected.size;
      const engine = explored(system);
      const graph = finish(buildGraph(system, engine));
      const { cyclic } = finish(findComponents(graph));
      const found = finish(findLivelocks(system, engine, graph, cyclic));
      const actual = new Set(found.flatMap((l) => [...l.states].map((s) => `${s} ${l.agent}`)));
      assert.deepEqual([...actual].sort(), [...expected].sort());
      for (const f of blockingOf(system).filter(({ livelock }) => livelock)) {
        const agent = system.agents.findIndex((a) => a.name === f.finding.agent);
        const freeing = freeingSteps(system, x, f.state, agent) ?? [];
        assert.equal(`${f.finding.by}`, processesOf(freeing));
        const polls = freeing.length > 0 && f.finding.stack[0].function === 'close';
        assert.equal(f.finding.kind, polls ? 'close-blocked' : 'livelock');
      }
    }),
    { ...runs, numRuns: 1500 },
  );
  assert.ok(compared > 100, `only ${compared} states on fair cycles were compared`);
});

test('the run that is shown is the best of all shortest ones', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomSystem({ agents: 3, locations: 4, variables: 2, holders: false, faults: true }), (system) => {
      const x = referenceExplore(system, [system.initial], 10_000);
      for (const f of check(system).findings) {
        assert.equal(replay(system, [system.initial], f.path).length, f.path.choices.length);
        if (f.kind !== 'assertion' && f.kind !== 'use-after-free') continue;
        const best = bestByHand(system, x, findingKey(f), f.path.choices.length);
        if (best === null) continue;
        compared++;
        assert.deepEqual(f.path, best);
      }
    }),
    { ...runs, numRuns: 600 },
  );
  assert.ok(compared > 100, `only ${compared} runs were compared`);
});

test('of calls that wait for each other, those without a report of their own wait behind one that has it', () => {
  let behind = 0;
  fc.assert(
    fc.property(randomSystem({ agents: 3, locations: 3, variables: 2, holders: true, faults: false }), (system) => {
      const x = referenceExplore(system, [system.initial], 10_000);
      const reported = blockingOf(system);
      const key = (state: number, agent: string) => `${state} ${agent}`;
      const told = new Set(reported.map((f) => key(f.state, f.finding.agent)));
      const round = new Set(reported.filter((f) => f.livelock).map((f) => key(f.state, f.finding.agent)));
      const stuck = stuckCalls(system, x);
      const judged = new Set(stuck.map((j) => key(j.state, `a${j.agent}`)));
      for (const f of reported) assert.ok(f.livelock || judged.has(key(f.state, f.finding.agent)));
      for (const j of stuck) {
        if (told.has(key(j.state, `a${j.agent}`))) continue;
        behind++;
        const chain = [j.agent];
        for (const a of chain) {
          const holders = holdersOf(system, x.states[j.state], a);
          assert.ok(holders.length > 0, 'it waits for somebody');
          for (const h of holders) {
            const name = key(j.state, `a${h}`);
            assert.ok(judged.has(name) || round.has(name) || callAt(system, x, j.state, h) !== null, 'for nobody who could still act');
            if (!told.has(name) && !chain.includes(h)) chain.push(h);
          }
        }
        const heads = chain.flatMap((a) => holdersOf(system, x.states[j.state], a)).filter((h) => told.has(key(j.state, `a${h}`)));
        assert.ok(heads.length > 0, 'and there is a report at the end');
        const named = reported.some((f) => f.state === j.state && f.finding.message.includes(`a${j.agent} `));
        assert.ok(named || heads.every((h) => round.has(key(j.state, `a${h}`))), 'which names it');
      }
    }),
    { ...runs, numRuns: 800 },
  );
  assert.ok(behind > 30, `only ${behind} calls waited behind another`);
});

function processesOf(freeing: readonly string[]): string {
  const agents = [...new Set(freeing.map((key) => Number(key.split('/')[0])))].sort((a, b) => a - b);
  return agents.map((a) => `a${a}`).join();
}

function blockingOf(system: System) {
  const engine = explored(system);
  const graph = finish(buildGraph(system, engine));
  const components = finish(findComponents(graph));
  const livelocks = finish(findLivelocks(system, engine, graph, components.cyclic));
  const on = new Set(livelocks.flatMap((l) => [...l.states].map((s) => `${s} ${system.agents[l.agent].name}`)));
  return finish(findBlocking(system, engine, graph, () => reversed(graph), components)).verdicts.map((f) => {
    return { ...f, livelock: on.has(`${f.state} ${f.finding.agent}`) };
  });
}

/** Tries every run of that length; null where there are too many. Also fails if a shorter one shows the finding. */
function bestByHand(_system: System, x: ReferenceExploration, key: string, length: number): PathToFinding | null {
  let best: PathToFinding | null = null;
  let tried = 0;
  const shows = (met: ReadonlyArray<{ readonly fault: number; readonly by: number }>) =>
    met.some((m) => findingKey(faultFinding(_system, m.fault, 0, m.by)) === key);
  const walk = (state: number, choices: PathToFinding['choices']): void => {
    if (++tried > 30_000) return;
    for (const e of x.edges[state]) {
      const longer = [...choices, { agent: e.agent, step: e.step }];
      if (shows(e.met)) {
        const path = { initial: 0, choices: longer };
        assert.ok(longer.length >= length, 'there is a shorter run');
        if (longer.length === length && (best === null || comparePaths(path, best) < 0)) best = path;
      }
      if (e.to >= 0 && longer.length < length) walk(e.to, longer);
    }
  };
  walk(0, []);
  return tried > 30_000 ? null : best;
}
