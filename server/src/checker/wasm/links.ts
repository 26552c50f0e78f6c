// The steps of states that have been stored, generated once more: one state's, those of many as a graph, and the one that leads to a certain state.
import { type Engine, STEPPERS_MOST, type Successor } from '../engine.ts';
import { levelsOf, runningSums, type StepGraph } from '../graph.ts';
import { internal } from '../internal.ts';
import { BATCH_STATES } from './generate.ts';
import type { Found } from './found.ts';
import type { Helper } from './secondThread.ts';
import { hitBytes } from './hits.ts';
import { failedLabel, readLabel } from './label.ts';
import { addressOf, headOf, type Machine, tailOf } from './machine.ts';
import { readEdges, readField } from './reading.ts';
import { REHASHED_AT_ONCE } from './room.ts';

export function makeLinks(m: Machine, helper: Helper, found: Found, parent: Engine['parent']) {
  const { system, layout, program, store, call, global } = m;
  const { places } = program;

  /** Regenerates the steps of some states from `from` on; their entries end at the address that is returned. */
  const link = (from: number, to: number): number => {
    helper.settle();
    helper.enter(Number.POSITIVE_INFINITY);
    global.replay.value = 1;
    const end = call.link(from, Math.min(to, from + BATCH_STATES)) >>> 0;
    global.replay.value = 0;
    global.fails.value = 0;
    return end;
  };

  // Steps are mostly asked for in the order of states: then a block of states is regenerated at once.
  let block: { readonly from: number; readonly steps: ReadonlyArray<readonly Successor[]> } = { from: 0, steps: [] };
  const successors = (state: number): readonly Successor[] => {
    helper.settle();
    const known = block.steps[state - block.from];
    if (known !== undefined) return known;
    const expanded = headOf(m);
    if (!(state >= 0 && state < expanded)) internal(`state ${state} has not been expanded`);
    const end = link(state, state === block.from + block.steps.length ? expanded : state + 1);
    const steps = Array.from({ length: global.linked.value }, (): Successor[] => []);
    for (let at = places.batch >> 2; at < end >> 2; at += places.entry.bytes >> 2) {
      const to = m.view[at + layout.words + 1];
      steps[m.view[at + layout.words] - state].push({ ...readLabel(m.view[at + layout.words + 2]), to });
    }
    for (let i = 0; i < global.hits.value; i++) {
      const at = (program.hits.buffer + i * hitBytes) >> 2;
      const label = m.view[at + 1];
      // Steps that fail have no entry; the others are in the order of agents and steps already.
      if (label < 0) steps[m.view[at] - state].push({ ...readLabel(label & ~failedLabel), to: -1 });
      if (label < 0) steps[m.view[at] - state].sort((a, b) => a.agent - b.agent || a.step - b.step);
    }
    global.hits.value = 0;
    block = { from: state, steps };
    return steps[0];
  };

  /** States are compared, not looked up: the table may be growing just then. */
  const stepInto = (from: number, to: number): Successor | null => {
    helper.settle();
    const record = addressOf(m, to) >> 2;
    global.replay.value = 1;
    const end = call.expand(from, places.batch) >>> 0;
    global.replay.value = 0;
    global.fails.value = 0;
    global.hits.value = 0;
    for (let at = places.batch >> 2; at < end >> 2; at += places.entry.bytes >> 2) {
      let same = true;
      for (let w = 0; same && w < layout.words; w++) same = m.view[at + w] === m.view[record + w];
      if (same) return { ...readLabel(m.view[at + layout.words + 2]), to };
    }
    return null;
  };

  function* stepGraph(): Generator<void, StepGraph> {
    helper.settle();
    while (!helper.enter(REHASHED_AT_ONCE)) yield;
    const states = tailOf(m);
    const expanded = headOf(m);
    const first = new Int32Array(states + 1);
    const fails = new Uint8Array(states);
    let edges = new Int32Array(Math.max(1024, found.transitions));
    let steppers = found.transitions > STEPPERS_MOST ? null : new Int32Array(edges.length);
    let count = 0;
    for (let from = 0, round = 0; from < expanded; round++) {
      if ((round & 15) === 15) yield;
      const end = link(from, expanded);
      const done = global.linked.value;
      const entries = (end - places.batch) / places.entry.bytes;
      if (count + entries > edges.length) {
        const larger = new Int32Array(Math.max(2 * count, count + entries));
        larger.set(edges);
        edges = larger;
        steppers = null;
      }
      readEdges(m.view, places.batch >> 2, places.entry.bytes >> 2, layout.words, entries, first, edges, steppers, count);
      count += entries;
      fails.set(new Uint8Array(store.memory.buffer, places.fails, done), from);
      from += done;
      global.hits.value = 0;
    }
    yield* runningSums(first);
    const at = system.agents.map((a) => (a.locations.length > 0xffff ? new Int32Array(states) : new Uint16Array(states)));
    for (let agent = 0; agent < at.length; agent++) {
      yield;
      const { slot } = system.agents[agent];
      const f = layout.fields[slot];
      if (f === null) at[agent].fill(layout.constants[slot]);
      else yield* readField(m.view, places.log >> 2, places.record >> 2, f, at[agent]);
    }
    return { states, first, edges: edges.subarray(0, count), steppers, fails, at, levels: levelsOf({ states, parent }) };
  }

  return { successors, stepInto, stepGraph };
}
