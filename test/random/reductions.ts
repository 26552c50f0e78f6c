// The default reductions against none: the same findings, each as near, up to processes of which there are several.
import assert from 'node:assert/strict';
import type { MakeEngine } from '../../server/src/checker/engine.ts';
import { explore } from '../../server/src/checker/explore.ts';
import type { Unrouted } from '../../server/src/checker/finding.ts';
import { makePlainEngine } from '../../server/src/checker/plain.ts';
import { proving } from '../../server/src/checker/reduction/proving.ts';
import type { Exploration } from '../../server/src/checker/verdict.ts';
import { makeWasmEngine, wasmOr } from '../../server/src/checker/wasm/engine.ts';
import type { Subject } from './subjects.ts';

const host = { now: () => 0, cancelled: () => false, progress: () => {} };

export function compareReductions({ system, exploration }: Subject): void {
  const options = { maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true };
  // The second search begins at once, and waits for the first now and then, or it begins half way.
  const { states } = exploration.stats;
  for (const make of [wasmOr(makePlainEngine), proves(states % 2 === 0 ? 0 : states >> 1)]) {
    const reduced = explore(system, options, host, make);
    assert.ok(reduced.stats.states <= exploration.stats.states, 'reduced, it has more states');
    assert.deepEqual(told(reduced), told(exploration), 'reductions (actual) change what is found (expected)');
    assert.deepEqual(reached(reduced), reached(exploration), 'reductions (actual) change what is reached (expected)');
  }
}

function reached(x: Exploration): ReadonlyArray<readonly number[]> {
  return x.reached.map((locations) => [...locations].sort((a, b) => a - b));
}

/** Goes to the second search after so many states, identical processes or not; the search of everything takes small slices. */
function proves(states: number): MakeEngine {
  return (system, initials, options) => {
    const engine = makeWasmEngine(system, initials, options);
    assert.ok(engine !== null, 'this host has no WebAssembly');
    const slowly = new Proxy(engine, {
      get: (target, name) => (name === 'run' ? (budget: number) => target.run(Math.min(budget, 16)) : Reflect.get(target, name)),
    });
    return proving(system, initials, options, slowly, { identical: 1, states, ahead: 0 });
  };
}

/** One line for each finding, with the length of its run. */
function told(x: Exploration): readonly string[] {
  const nearest = new Map<string, number>();
  for (const f of x.findings) {
    const key = keyOf(f);
    nearest.set(key, Math.min(f.path.choices.length, nearest.get(key) ?? Number.POSITIVE_INFINITY));
  }
  const hints = x.hints.map((h) => `hint at ${h.at.span.start}-${h.at.span.end} ${single(h.agent)} ${h.path.choices.length}`);
  return [...[...nearest].map(([key, steps]) => `${steps} steps to ${key}`), ...new Set(hints)].sort();
}

/** What makes findings different, whichever of several identical processes they are of. */
export function keyOf(f: Unrouted): string {
  const at = `${f.at.file}:${f.at.span.start}-${f.at.span.end}`;
  const stack = f.stack.map((s) => `${single(s.function)}@${s.at.file}:${s.at.span.start}-${s.at.span.end}`);
  return [f.kind, at, f.object, ...stack, single(f.agent), 'by', ...f.by, f.waitsFor].join(' ');
}

/** `app#2` is as good as `app#1`, `timer_dev#2.work worker` as that of `timer_dev#1`, and `kthread 1`, which the second started, as `kthread 0`. */
function single(agent: string): string {
  return agent.replaceAll(/#\d+/g, '').replaceAll(/\bkthread \d+/g, 'kthread');
}
