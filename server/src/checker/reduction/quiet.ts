// What no single step shows, asked of the reduced search: whether states from which no system step leads have anything to tell, and whether
// system steps can go round.
import type { Agent, Statement, System } from '../../system/system.ts';
import { findComponents } from '../components.ts';
import { leakedRoots } from '../leak.ts';
import { evaluate } from '../referenceValue.ts';
import type { WasmEngine } from '../wasm/generated.ts';

/** Says of a state from which no system step leads whether it has something to tell: a call that is not finished, or something lost. */
export function telling(system: System, engine: WasmEngine): (state: number) => boolean {
  const slots = new Float64Array(system.slots);
  const calling = system.agents.filter((a) => a.locations.some((l) => l.call !== null));
  const processes = system.agents.filter((a) => a.context === 'process');
  const ends = system.ends ?? [];
  const mayLeak = ends.length > 0 || system.heap.roots.some((r) => r.leak !== null);
  return (state) => {
    if (calling.length === 0 && !mayLeak) return false;
    engine.decode(state, slots);
    if (calling.some((a) => a.locations[slots[a.slot]].call !== null)) return true;
    if (!mayLeak || processes.some((a) => slots[a.slot] !== a.exit)) return false;
    return leakedRoots(system, slots).size > 0 || ends.some(({ condition }) => evaluate(system, slots, condition) !== 0);
  };
}

/** No cycle of system steps: what cannot go round where agents are not told apart cannot where they are. */
export function* isAcyclic(system: System, engine: WasmEngine): Generator<void, boolean> {
  // Mostly the programs say so themselves: then the graph need not be looked at.
  if (system.agents.every((a) => a.locations.every((_, l) => !comesBack(a, l)))) return true;
  const graph = yield* engine.stepGraph();
  const { cyclic } = yield* findComponents(graph);
  return cyclic.length === 0;
}

/** Whether system steps of the agent can lead from a location back to it. */
function comesBack(agent: Agent, start: number): boolean {
  const seen = new Set<number>();
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const s of agent.locations[at].steps) {
      if (s.environment) continue;
      // Where a way through names no location the agent stays where it is.
      for (const to of [...targetsOf(s.body), ...(alwaysLeaves(s.body) ? [] : [at])]) {
        if (to === start) return true;
        if (!seen.has(to)) open.push(to);
        seen.add(to);
      }
    }
  }
  return false;
}

function alwaysLeaves(body: readonly Statement[]): boolean {
  return body.some(
    (s) => s.op === 'goto' || s.op === 'fail' || s.op === 'disable' || (s.op === 'if' && alwaysLeaves(s.then) && alwaysLeaves(s.else)),
  );
}

function targetsOf(body: readonly Statement[]): readonly number[] {
  return body.flatMap((s) => (s.op === 'goto' ? [s.location] : s.op === 'if' ? [...targetsOf(s.then), ...targetsOf(s.else)] : []));
}
