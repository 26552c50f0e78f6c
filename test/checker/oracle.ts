// The definitions of settled states, stuck calls, completion and fair cycles, written down as they are said, on the explicit graph that
// the reference interpreter makes. Slow in every way; for small systems only.
import type { ReferenceExploration } from '../../server/src/checker/reference.ts';
import type { System } from '../../server/src/system/system.ts';

export interface Judgement {
  readonly state: number;
  readonly agent: number;
  readonly kind: string;
  /** `agent/location/step` of the environment steps that free it. */
  readonly freeing: readonly string[];
}

type Edge = ReferenceExploration['edges'][number][number];

export function callAt(system: System, x: ReferenceExploration, state: number, agent: number): number | null {
  const a = system.agents[agent];
  return a.locations[x.states[state][a.slot]].call;
}

/** States that quiet steps lead to, the start included; `fails`: one of them has a quiet step that fails. */
function quietly(x: ReferenceExploration, start: number): { readonly states: ReadonlySet<number>; readonly fails: boolean } {
  const states = new Set([start]);
  let fails = false;
  for (const s of states) {
    for (const e of x.edges[s]) {
      if (e.environment) continue;
      if (e.to < 0) fails = true;
      else states.add(e.to);
    }
  }
  return { states, fails };
}

export function isSettled(x: ReferenceExploration, state: number): boolean {
  const { states, fails } = quietly(x, state);
  return !fails && [...states].every((t) => quietly(x, t).states.has(state));
}

/** Calls that are stuck in settled states, each judged by itself. */
export function stuckCalls(system: System, x: ReferenceExploration): readonly Judgement[] {
  const found: Judgement[] = [];
  for (let state = 0; state < x.states.length; state++) {
    if (!isSettled(x, state)) continue;
    const around = [...quietly(x, state).states];
    system.agents.forEach((_, agent) => {
      const call = callAt(system, x, state, agent);
      if (call === null) return;
      if (around.some((s) => x.edges[s].some((e) => !e.environment && e.agent === agent))) return;
      const freeing = freeingSteps(system, x, state, agent);
      const kind = freeing === null ? 'deadlock' : system.calls[call].blocked;
      if (kind !== null) found.push({ state, agent, kind, freeing: freeing ?? [] });
    });
  }
  return found;
}

/**
 * Null: nothing completes the call. Empty: quiet steps do. Else the last environment steps of runs with the fewest of them; of runs with a
 * signal to the agent only where there is no other.
 */
export function freeingSteps(system: System, x: ReferenceExploration, state: number, agent: number): readonly string[] | null {
  return freeingAmong(system, x, state, agent, false) ?? freeingAmong(system, x, state, agent, true);
}

function freeingAmong(system: System, x: ReferenceExploration, state: number, agent: number, signals: boolean): readonly string[] | null {
  const call = callAt(system, x, state, agent);
  // A call that commits an error itself waits no more.
  const completes = (e: Edge) => (e.to < 0 ? e.agent === agent : callAt(system, x, e.to, agent) !== call);
  const rest = (from: ReadonlySet<number>): ReadonlySet<number> => {
    const states = new Set(from);
    for (const s of states) for (const e of x.edges[s]) if (!e.environment && e.to >= 0 && !completes(e)) states.add(e.to);
    return states;
  };
  const returnsQuietly = (from: number) => [...rest(new Set([from]))].some((s) => x.edges[s].some((e) => !e.environment && completes(e)));
  if (returnsQuietly(state)) return [];
  const seen = new Set<number>();
  let layer = rest(new Set([state]));
  while ([...layer].some((s) => !seen.has(s))) {
    const last = new Set<string>();
    const next = new Set<number>();
    for (const s of layer) {
      seen.add(s);
      for (const e of x.edges[s]) {
        if (!e.environment || (e.to < 0 && !completes(e)) || (e.agent === agent && !signals)) continue;
        if (completes(e) || returnsQuietly(e.to)) last.add(`${e.agent}/${x.states[s][system.agents[e.agent].slot]}/${e.step}`);
        else next.add(e.to);
      }
    }
    if (last.size > 0) return preferClosing(system, x, last);
    layer = rest(next);
  }
  return null;
}

function preferClosing(system: System, _x: ReferenceExploration, steps: ReadonlySet<string>): readonly string[] {
  const closing = [...steps].filter((key) => {
    const [agent, location, step] = key.split('/').map(Number);
    const a = system.agents[agent];
    const goto = a.locations[location].steps[step].body.findLast((s) => s.op === 'goto');
    const before = a.locations[location].call;
    const after = goto?.op === 'goto' ? a.locations[goto.location].call : null;
    return after !== null && after !== before && system.calls[after].name === 'close';
  });
  return (closing.length > 0 ? closing : [...steps]).sort();
}

/** `state agent`: states on a fair quiet cycle on which the agent steps for ever inside one call. Null where that is too large to try. */
export function livelocked(system: System, x: ReferenceExploration, maxStates: number): ReadonlySet<string> | null {
  const found = new Set<string>();
  const components = new Set<string>();
  for (let s = 0; s < x.states.length; s++) {
    const component = [...quietly(x, s).states].filter((t) => quietly(x, t).states.has(s)).sort((a, b) => a - b);
    if (components.has(component.join())) continue;
    components.add(component.join());
    if (component.length > maxStates) return null;
    for (let mask = 1; mask < 2 ** component.length; mask++) {
      const states = component.filter((_, i) => (mask & (1 << i)) !== 0);
      for (const agent of agentsOnFairCycle(system, x, states)) for (const t of states) found.add(`${t} ${agent}`);
    }
  }
  return found;
}

/** Agents that stay in one call and step, on a run that visits all of `states` and takes all quiet steps among them, if that is fair. */
function agentsOnFairCycle(system: System, x: ReferenceExploration, states: readonly number[]): readonly number[] {
  const inside = new Set(states);
  const within = (s: number) => x.edges[s].filter((e) => !e.environment && inside.has(e.to));
  const reach = (from: number) => {
    const reached = new Set<number>();
    const queue = [from];
    for (const s of queue) {
      for (const e of within(s)) {
        if (!reached.has(e.to)) queue.push(e.to);
        reached.add(e.to);
      }
    }
    return reached;
  };
  if (!states.every((s) => reach(s).size === states.length)) return [];
  const steps = (agent: number) => states.some((s) => within(s).some((e) => e.agent === agent));
  const able = (s: number, agent: number) => x.edges[s].some((e) => !e.environment && e.agent === agent);
  for (let agent = 0; agent < system.agents.length; agent++) {
    const a = system.agents[agent];
    if (!steps(agent) && states.every((s) => able(s, agent))) return [];
    for (const s of states) {
      const location = x.states[s][a.slot];
      if (a.locations[location].wait?.kind !== 'lock') continue;
      for (const e of x.edges[s]) {
        if (e.environment || e.agent !== agent) continue;
        const taken = states.some((t) => x.states[t][a.slot] === location && within(t).some((o) => o.agent === agent && o.step === e.step));
        if (!taken) return [];
      }
    }
  }
  return system.agents.flatMap((_, agent) => {
    const call = callAt(system, x, states[0], agent);
    return call !== null && steps(agent) && states.every((s) => callAt(system, x, s, agent) === call) ? [agent] : [];
  });
}
