// What is still there, and led to by nothing, once every process has ended and all is settled. What counts as a root, and which objects
// are to be reported, lowering says in the heap of the system.
import type { RootObject, System } from '../system/system.ts';
import type { Components } from './components.ts';
import type { Engine } from './engine.ts';
import { faultFinding } from './finding.ts';
import type { InState } from './goals.ts';
import { inParts, type StepGraph } from './graph.ts';
import { evaluate } from './referenceValue.ts';

/** Roots that are left in every state of a settled component. Yields every few milliseconds. */
export function* findLeaks(system: System, engine: Engine, graph: StepGraph, components: Components): Generator<void, readonly InState[]> {
  const ends = system.ends ?? [];
  if (ends.length === 0 && system.heap.roots.every((r) => r.leak === null)) return [];
  const ended = endedIn(system, graph);
  const found: InState[] = [];
  const rests = components.settled.filter(([state]) => ended(state));
  yield* inParts(components.still.length, 1 << 16, (from, to) => {
    for (const state of components.still.subarray(from, to)) if (ended(state)) rests.push(Int32Array.of(state));
  });
  const slots = new Float64Array(system.slots);
  const leaking = system.heap.roots.flatMap(({ leak }, root) => (leak === null ? [] : [{ root, leak }]));
  let looked = 0;
  for (const rest of rests) {
    if ((++looked & 0xff) === 0) yield;
    // A callback that goes on for ever may let go of an object for a moment: only what is left in every state is lost.
    const lost = yield* throughout(engine, rest, slots, leaking, (left) => {
      const here = leakedRoots(system, slots);
      return here.size === 0 ? [] : left.filter(({ root }) => here.has(root));
    });
    for (const { root, leak } of lost) {
      const finding = faultFinding(system, leak, placeOf(system, root), 0);
      for (const state of rest) found.push({ state, finding });
    }
    // What must not hold at the end.
    const held = yield* throughout(engine, rest, slots, ends, (left) => left.filter(({ condition }) => evaluate(system, slots, condition) !== 0));
    for (const { fault } of held) {
      const finding = faultFinding(system, fault, 0, 0);
      for (const state of rest) found.push({ state, finding });
    }
  }
  return found;
}

/** Whether every process has ended. One without an exit never does. */
function endedIn(system: System, graph: StepGraph): (state: number) => boolean {
  const processes = system.agents.flatMap(({ context, exit }, agent) => (context === 'process' ? [{ at: graph.at[agent], exit }] : []));
  return (state) => {
    for (const { at, exit } of processes) if (at[state] !== exit) return false;
    return true;
  };
}

/** Of `all`, what is left in every state of the component, which are looked at in `slots`. */
function* throughout<T>(
  engine: Engine,
  rest: Int32Array,
  slots: Float64Array,
  all: readonly T[],
  leftOf: (left: readonly T[]) => readonly T[],
): Generator<void, readonly T[]> {
  let left = all;
  for (let i = 0; i < rest.length && left.length > 0; i++) {
    if ((i & 0xff) === 0xff) yield;
    engine.decode(rest[i], slots);
    left = leftOf(left);
  }
  return left;
}

/** Indices of roots that are alive, are to be reported, and are not reached from one that stands by itself. */
export function leakedRoots(system: System, state: ArrayLike<number>): ReadonlySet<number> {
  const { roots, places } = system.heap;
  const alive = (r: RootObject) => r.life === null || state[r.life] === 1;
  // Mostly nothing is left.
  if (!roots.some((r) => r.leak !== null && alive(r))) return new Set();
  const reached = new Set<number>();
  const queue: number[] = [];
  const reach = (root: number): void => {
    if (root < 0 || reached.has(root) || !alive(roots[root])) return;
    reached.add(root);
    queue.push(root);
  };
  roots.forEach((r, root) => {
    if (r.anchored !== null && evaluate(system, state, r.anchored) !== 0) reach(root);
  });
  for (const root of queue) {
    // A pointer to something embedded keeps the whole object: places know their root.
    for (const f of roots[root].fields) if (f.type.kind === 'place') reach(places[state[f.slot]].root);
  }
  return new Set(roots.flatMap((r, root) => (r.leak !== null && alive(r) && !reached.has(root) ? [root] : [])));
}

function placeOf(system: System, root: number): number {
  return Math.max(
    0,
    system.heap.places.findIndex((p) => p.root === root && p.name === system.heap.roots[root].name),
  );
}
