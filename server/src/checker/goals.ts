// Collects everything that was found into goals: for each distinct finding, all the shallowest ends of runs that show it. The engine keeps
// one end of each; the others are looked for again in its level. Which run to them is shown is decided in shortest.ts.
import type { Fault, Statement, System } from '../system/system.ts';
import type { Engine } from './engine.ts';
import { faultFinding, findingKey, raceFinding, type Unrouted } from './finding.ts';
import { depthOf, type StepGraph } from './graph.ts';
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

/** Keeps the shallowest ends of each finding. Yields every few milliseconds. */
export function* addEnds(goals: Goals, levels: readonly number[], ends: Iterable<End>, complete: boolean): Generator<void, void> {
  // One finding is often shown by many states: its key is made once.
  const keys = new Map<Unrouted, string>();
  let looked = 0;
  for (const end of ends) {
    if ((++looked & 0x3fff) === 0) yield;
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
export function* completeEnds(system: System, engine: Engine, { levels, at }: StepGraph, goals: Goals): Generator<void, void> {
  const byLevel = new Map<number, Goals>();
  for (const [key, goal] of goals) {
    if (goal.complete) continue;
    const level = byLevel.get(goal.depth) ?? new Map<string, Open>();
    byLevel.set(goal.depth, level.set(key, goal));
  }
  if (byLevel.size === 0) return;
  const look = looker(system, engine, at);
  for (const [depth, wanted] of byLevel) {
    const sought = look([...wanted.values()].map((goal) => goal.ends[0].finding));
    const ends = new Map<string, End[]>([...wanted.keys()].map((key) => [key, []]));
    for (let state = levels[depth]; state < Math.min(levels[depth + 1], engine.expanded + 1); state++) {
      if ((state & 1023) === 1023) yield;
      sought(state, (key, end) => ends.get(key)?.push(end));
    }
    for (const [key, goal] of wanted) {
      goal.ends = ends.get(key) ?? [];
      goal.complete = true;
    }
  }
}

type Found = (key: string, end: End) => void;

/** Finds the ends in one state that may show what is wanted. Only steps in which that can happen are tried: levels are large. */
function looker(system: System, engine: Engine, at: StepGraph['at']): (wanted: readonly Unrouted[]) => (state: number, found: Found) => void {
  const slots = new Float64Array(system.slots);
  const stepsFor = faultySteps(system);
  // Many states show the same: what is said of it, and its key, are made once.
  const known = new Map<string, { readonly key: string; readonly finding: Unrouted }>();
  const told = (fault: number, object: number, by: number) => {
    const what = `${fault} ${object} ${by}`;
    let made = known.get(what);
    if (made === undefined) {
      const finding = faultFinding(system, fault, object, by);
      known.set(what, (made = { key: findingKey(finding), finding }));
    }
    return made;
  };
  return (wanted) => {
    const faulty = stepsFor(wanted);
    const withRaces = wanted.some((f) => f.kind === 'data-race');
    const watched = system.agents.flatMap(({ locations }, agent) => {
      const steps = faulty[agent];
      return steps.size === 0 ? [] : [{ agent, at: at[agent], steps, can: Uint8Array.from(locations, (_, l) => (steps.has(l) ? 1 : 0)) }];
    });
    return (state, found) => {
      // In most states nobody stands where it can happen.
      if (!withRaces && !watched.some((w) => w.can[w.at[state]] !== 0)) return;
      engine.decode(state, slots);
      let plain: readonly number[] | null = null;
      for (const { agent, at: where, steps } of watched) {
        for (const step of steps.get(where[state]) ?? []) {
          plain ??= Array.from(slots);
          for (const m of takeStep(system, plain, agent, step)?.met ?? []) {
            const { key, finding } = told(m.fault, m.object, m.by);
            found(key, { state, last: { agent, step }, finding });
          }
        }
      }
      if (!withRaces) return;
      for (const r of racesIn(system, slots)) {
        const finding = raceFinding(system, slots, r.first, r.second);
        found(findingKey(finding), { state, last: null, finding });
      }
    };
  };
}

interface StepAt {
  readonly agent: number;
  readonly location: number;
  readonly step: number;
}

/** Notes the step for each fault that can be met in it. */
function noteFaults(body: readonly Statement[], where: StepAt, places: ReadonlyArray<StepAt[]>): void {
  for (const s of body) {
    if (s.op === 'fail' || s.op === 'report') places[s.fault].push(where);
    else if (s.op === 'if') {
      noteFaults(s.then, where, places);
      noteFaults(s.else, where, places);
    }
  }
}

/** By agent and location, the steps in which one of the wanted findings can be met, whatever the object. */
function faultySteps(system: System): (wanted: readonly Unrouted[]) => ReadonlyArray<ReadonlyMap<number, readonly number[]>> {
  const places: StepAt[][] = system.faults.map(() => []);
  for (const [agent, a] of system.agents.entries())
    for (const [location, l] of a.locations.entries())
      for (const [step, s] of l.steps.entries()) noteFaults(s.body, { agent, location, step }, places);
  return (wanted) => {
    const steps = system.agents.map(() => new Map<number, number[]>());
    system.faults.forEach((fault, number) => {
      if (!wanted.some((f) => isToldBy(system, f, fault))) return;
      for (const { agent, location, step } of places[number]) {
        const here = steps[agent].get(location) ?? [];
        if (!here.includes(step)) here.push(step);
        steps[agent].set(location, here);
      }
    });
    for (const own of steps) for (const here of own.values()) here.sort((a, b) => a - b);
    return steps;
  };
}

function isToldBy(system: System, f: Unrouted, fault: Fault): boolean {
  const { span } = fault.at;
  if (f.kind !== fault.kind || f.at.span.start !== span.start || f.at.span.end !== span.end) return false;
  if (f.agent !== system.agents[fault.agent].name) return false;
  return JSON.stringify([f.at, f.stack]) === JSON.stringify([fault.at, fault.stack]);
}
