// Asks SPIN about one system and holds its answers against our own: stored states, transitions, kinds of errors and their shortest runs.
import assert from 'node:assert/strict';
import { depthOf, levelsOf } from '../../server/src/checker/graph.ts';
import { makeWasmEngine } from '../../server/src/checker/wasm/generated.ts';
import { kindName, promela } from '../../server/src/export/promela.ts';
import type { System } from '../../server/src/system/system.ts';
import { type Asked, askSpin } from './pan.ts';

export type Compared = { readonly agreed: true; readonly states: number } | { readonly agreed: false; readonly why: string };

/** Throws where the two disagree; `agreed: false` where SPIN cannot be asked, or there are too many states. */
export function compareWithSpin(name: string, system: System, initial: readonly number[], maxStates: number): Compared {
  const engine = makeWasmEngine(system, [initial], { maxStates, maxMemoryBytes: null, reduction: false });
  assert.ok(engine !== null, 'this host has no WebAssembly');
  try {
    for (;;) {
      const ended = engine.run(100_000);
      if (ended === 'done') break;
      if (ended !== null) return { agreed: false, why: `more than ${maxStates} states` };
    }
    const exported = promela(system, initial, { title: name, where: (p) => `${p.file}:${p.span.start}` });
    if ('refused' in exported) return { agreed: false, why: exported.refused };
    const levels = levelsOf(engine);
    const ours = new Map<string, number>();
    for (const h of engine.hits) {
      const kind = kindName(system.faults[h.fault].kind);
      ours.set(kind, Math.min(depthOf(levels, h.state), ours.get(kind) ?? Number.POSITIVE_INFINITY));
    }
    // Races, and what shows only in whole runs, are no assertions: docs/promela.md tells how SPIN is asked for those.
    const kinds = [...new Set(stepFaults(system).map((f) => kindName(system.faults[f].kind)))];
    const found = [...ours.keys()];
    const spin = asked(() => askSpin(exported.model, kinds, found));
    if (spin === null) return { agreed: false, why: 'SPIN has no room for so many d_steps in one process' };
    const expected = {
      warnings: '',
      states: engine.states,
      // pan counts the initial state as a transition.
      transitions: engine.transitions + 1,
      errors: { ...Object.fromEntries(ours), ...(kinds.length > found.length ? { others: null } : {}) },
    };
    assert.deepEqual(
      { ...spin, errors: Object.fromEntries(spin.errors) },
      expected,
      `${name}: SPIN (actual) and Lifeline (expected) disagree`,
    );
    return { agreed: true, states: engine.states };
  } finally {
    engine.release();
  }
}

/** Null where SPIN itself gives up: its tables have room for some two thousand d_steps of one process. */
function asked(ask: () => Asked): Asked | null {
  try {
    return ask();
  } catch (e) {
    if (e instanceof Error && 'stdout' in e && String(e.stdout).includes('d_step sequence too long')) return null;
    throw e;
  }
}

/** Faults that some step commits. */
function stepFaults(system: System): readonly number[] {
  const found = new Set<number>();
  const visit = (body: System['agents'][number]['locations'][number]['steps'][number]['body']): void => {
    for (const s of body) {
      if (s.op === 'fail' || s.op === 'report') found.add(s.fault);
      else if (s.op === 'if') {
        visit(s.then);
        visit(s.else);
      }
    }
  };
  for (const a of system.agents) for (const l of a.locations) for (const s of l.steps) visit(s.body);
  return [...found];
}
