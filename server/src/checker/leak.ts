// What is still there, and led to by nothing, once every process has ended and all is settled. What counts as a root, and which objects
// are to be reported, lowering says in the heap of the system.
import type { RootObject, System } from '../system/system.ts';
import type { Components } from './components.ts';
import type { Engine } from './engine.ts';
import { faultFinding } from './finding.ts';
import type { InState } from './goals.ts';
import type { StepGraph } from './graph.ts';
import { evaluate } from './referenceValue.ts';

/** Roots that are left in every state of a settled component. Yields every few milliseconds. */
export function* findLeaks(system: System, engine: Engine, graph: StepGraph, components: Components): Generator<void, readonly InState[]> {
  const ends = system.ends ?? [];
  if (ends.length === 0 && system.heap.roots.every((r) => r.leak === null)) return [];
  // A process without an exit never ends.
  const ended = (state: number) => system.agents.every((a, i) => a.context !== 'process' || graph.at[i][state] === a.exit);
  const found: InState[] = [];
  const rests = function* (): Generator<Int32Array> {
    yield* components.settled;
    for (const s of components.still) yield Int32Array.of(s);
  };
  let looked = 0;
  for (const rest of rests()) {
    if ((++looked & 0xfff) === 0) yield;
    if (!ended(rest[0])) continue;
    yield;
    for (const root of yield* leftThroughout(system, engine, rest)) {
      const r = system.heap.roots[root];
      if (r.leak === null) continue;
      const finding = faultFinding(system, r.leak, placeOf(system, root), 0);
      for (const state of rest) found.push({ state, finding });
    }
    for (const { fault } of yield* heldThroughout(system, engine, rest)) {
      const finding = faultFinding(system, fault, 0, 0);
      for (const state of rest) found.push({ state, finding });
    }
  }
  return found;
}

/** What must not hold at the end, and holds in every state of the component. */
function* heldThroughout(system: System, engine: Engine, rest: Int32Array): Generator<void, NonNullable<System['ends']>> {
  const slots = new Float64Array(system.slots);
  let held = system.ends ?? [];
  for (let i = 0; i < rest.length && held.length > 0; i++) {
    if ((i & 0xff) === 0xff) yield;
    engine.decode(rest[i], slots);
    held = held.filter(({ condition }) => evaluate(system, slots, condition) !== 0);
  }
  return held;
}

/** A callback that goes on for ever may let go of an object for a moment: only what is left in every state is lost. */
function* leftThroughout(system: System, engine: Engine, rest: Int32Array): Generator<void, readonly number[]> {
  const slots = new Float64Array(system.slots);
  let left: readonly number[] | null = null;
  for (let i = 0; i < rest.length && left?.length !== 0; i++) {
    if ((i & 0xff) === 0xff) yield;
    engine.decode(rest[i], slots);
    const here: ReadonlySet<number> = leakedRoots(system, slots);
    left = left === null ? [...here] : left.filter((root) => here.has(root));
  }
  return left ?? [];
}

/** Indices of roots that are alive, are to be reported, and are not reached from one that stands by itself. */
export function leakedRoots(system: System, state: ArrayLike<number>): ReadonlySet<number> {
  const { roots, places } = system.heap;
  const alive = (r: RootObject) => r.life === null || state[r.life] === 1;
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
