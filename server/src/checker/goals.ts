// Collects everything that was found into goals: for each distinct finding, all the shallowest ends of runs that show it. The engine keeps
// one end of each; the others are looked for again in its level. Which run to them is shown is decided in shortest.ts.
import type { Statement, System } from '../system/system.ts';
import type { Engine } from './engine.ts';
import { faultFinding, findingKey, raceFinding, type Unrouted } from './finding.ts';
import { depthOf } from './graph.ts';
import { racesIn } from './race.ts';
import { takeStep } from './reference.ts';

/** A finding that holds in a state; several states can show the same one. */
export interface InState {
  readonly state: number;
  readonly finding: Unrouted;
}

/** Where a run that shows a finding ends: in a state, or with a step taken there. */
export interface End extends InState {
  readonly last: { readonly agent: number; readonly step: number } | null;
}

export interface Goal {
  readonly depth: number;
  readonly ends: readonly End[];
}

interface Open {
  depth: number;
  ends: End[];
  /** Whether the ends are all that there are in their level. */
  complete: boolean;
}

export type Goals = Map<string, Open>;

/** Keeps the shallowest ends of each finding. */
export function addEnds(goals: Goals, levels: readonly number[], ends: Iterable<End>, complete: boolean): void {
  // One finding is often shown by many states: its key is made once.
  const keys = new Map<Unrouted, string>();
  for (const end of ends) {
    const key = keys.get(end.finding) ?? findingKey(end.finding);
    keys.set(end.finding, key);
    const depth = depthOf(levels, end.state);
    const open = goals.get(key);
    if (open === undefined || depth < open.depth) goals.set(key, { depth, ends: [end], complete });
    else if (depth === open.depth) open.ends.push(end);
  }
}

export function hitEnds(system: System, engine: Engine): readonly End[] {
  return engine.hits.map((h) => {
    return { state: h.state, last: { agent: h.agent, step: h.step }, finding: faultFinding(system, h.fault, h.object, h.by) };
  });
}

export function raceEnds(system: System, engine: Engine): readonly End[] {
  const slots = new Float64Array(system.slots);
  return engine.races.map((r) => {
    engine.decode(r.state, slots);
    return { state: r.state, last: null, finding: raceFinding(system, slots, r.first, r.second) };
  });
}

/** Looks through the levels of incomplete goals for their other ends. Yields every few milliseconds. */
export function* completeEnds(system: System, engine: Engine, levels: readonly number[], goals: Goals): Generator<void, void> {
  const byLevel = new Map<number, Goals>();
  for (const [key, goal] of goals) {
    if (goal.complete) continue;
    const level = byLevel.get(goal.depth) ?? new Map<string, Open>();
    byLevel.set(goal.depth, level.set(key, goal));
  }
  for (const [depth, wanted] of byLevel) {
    const look = looker(
      system,
      engine,
      [...wanted.values()].map((goal) => goal.ends[0].finding),
    );
    const ends = new Map<string, End[]>([...wanted.keys()].map((key) => [key, []]));
    for (let state = levels[depth]; state < Math.min(levels[depth + 1], engine.expanded + 1); state++) {
      if ((state & 1023) === 1023) yield;
      for (const end of look(state)) ends.get(findingKey(end.finding))?.push(end);
    }
    for (const [key, goal] of wanted) {
      goal.ends = ends.get(key) ?? [];
      goal.complete = true;
    }
  }
}

/** Finds the ends in one state that may show what is wanted. Only steps in which that can happen are tried: levels are large. */
function looker(system: System, engine: Engine, wanted: readonly Unrouted[]): (state: number) => readonly End[] {
  const faulty = faultySteps(system, wanted);
  const withRaces = wanted.some((f) => f.kind === 'data-race');
  const slots = new Float64Array(system.slots);
  return (state) => {
    engine.decode(state, slots);
    const ends: End[] = [];
    system.agents.forEach((a, agent) => {
      for (const step of faulty[agent][slots[a.slot]]) {
        for (const m of takeStep(system, Array.from(slots), agent, step)?.met ?? []) {
          ends.push({ state, last: { agent, step }, finding: faultFinding(system, m.fault, m.object, m.by) });
        }
      }
    });
    if (!withRaces) return ends;
    for (const r of racesIn(system, slots)) ends.push({ state, last: null, finding: raceFinding(system, slots, r.first, r.second) });
    return ends;
  };
}

/** By agent and location, the steps in which one of the wanted findings can be met, whatever the object. */
function faultySteps(system: System, wanted: readonly Unrouted[]): ReadonlyArray<ReadonlyArray<readonly number[]>> {
  const told = new Set(wanted.map((f) => JSON.stringify([f.kind, f.agent, f.at, f.stack])));
  const faults = system.faults.map((f) => told.has(JSON.stringify([f.kind, system.agents[f.agent].name, f.at, f.stack])));
  const canMeet = (body: readonly Statement[]): boolean =>
    body.some((s) => {
      if (s.op === 'fail' || s.op === 'report') return faults[s.fault];
      return s.op === 'if' && (canMeet(s.then) || canMeet(s.else));
    });
  return system.agents.map((a) => a.locations.map((l) => l.steps.flatMap((s, i) => (canMeet(s.body) ? [i] : []))));
}
