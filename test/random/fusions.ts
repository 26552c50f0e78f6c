// Steps glued to the one before: a search that does so meets the same, comes to rest in the same states, goes round where everything does, and
// comes through the same places.
import assert from 'node:assert/strict';
import { findComponents } from '../../server/src/checker/components.ts';
import { type Fused, fuse } from '../../server/src/checker/reduction/fusion.ts';
import { comesTo, metBy } from '../../server/src/checker/reduction/second.ts';
import { finished } from '../../server/src/checker/slices.ts';
import { makeWasmEngine, type WasmEngine } from '../../server/src/checker/wasm/generated.ts';
import { heldBy } from '../../server/src/checker/wasm/narrow.ts';
import type { System } from '../../server/src/system/system.ts';

const everything = { maxStates: null, maxMemoryBytes: null, reduction: false };

type Initials = ReadonlyArray<readonly number[]>;

export interface Glued {
  /** Locations that steps were glued over. */
  readonly over: number;
  readonly whole: number;
  readonly reduced: number;
}

/** Null where nothing can be glued, or where something fails that was glued and everything is gone through. */
export function compareFusion(system: System, initials: Initials): Glued | null {
  const whole = searched(system, initials);
  try {
    // As a search that has seen nothing begins, and as one that knows what fails.
    const hits = new Set(whole.hits.map((h) => h.fault));
    const [first, second] = [new Set<number>(), hits].map((failing) => compared(system, initials, whole, failing));
    return first ?? second;
  } finally {
    whole.release();
  }
}

function compared(system: System, initials: Initials, whole: WasmEngine, failing: ReadonlySet<number>): Glued | null {
  const fused = finished(fuse(system, initials, heldBy(system, initials), { failing, seen: system.agents.map(() => new Set<number>()) }));
  if (fused === null) return null;
  const reduced = searched(fused.system, initials);
  try {
    if (reduced.hits.some((h) => h.fault === fused.cut)) return null;
    assert.ok(reduced.states <= whole.states, 'with steps glued together there are more states');
    assert.deepEqual(
      seenBy(system, reduced, fused),
      seenBy(system, whole, null),
      'with steps glued together (actual), other things are seen',
    );
    return { over: fused.passed.length, whole: whole.states, reduced: reduced.states };
  } finally {
    reduced.release();
  }
}

function searched(system: System, initials: Initials): WasmEngine {
  const engine = makeWasmEngine(system, initials, everything);
  assert.ok(engine !== null, 'this host has no WebAssembly');
  while (engine.run(4096) === null);
  return engine;
}

function seenBy(system: System, engine: WasmEngine, fused: Fused | null) {
  const slots = new Float64Array(system.slots);
  const quiet: string[] = [];
  for (let state = 0; state < engine.states; state++) {
    if (!engine.quiet(state)) continue;
    engine.decode(state, slots);
    quiet.push(slots.join());
  }
  return {
    met: [...metBy(system, engine)].sort(),
    quiet: quiet.sort(),
    goesRound: finished(findComponents(finished(engine.stepGraph()))).cyclic.length > 0,
    reached: comesTo(engine, fused).map((own) => [...own].sort((a, b) => a - b)),
  };
}
