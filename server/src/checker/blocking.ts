// Decides deadlock, livelock and the `*-blocked` verdicts on a complete exploration, as the language defines them: calls that are stuck
// in a settled state, or go round for ever, told apart by what the environment could still do about it. Paths are chosen in shortest.ts.
import type { Call, System } from '../system/system.ts';
import { type Context, callAt, callOf, completion, livelockFinding, signalFinding, stuckFinding } from './blockingFinding.ts';
import { completionOf } from './completion.ts';
import type { Components } from './components.ts';
import type { Engine } from './engine.ts';
import type { InState } from './goals.ts';
import type { ReversedEdges, StepGraph } from './graph.ts';
import { findLivelocks, type Livelock } from './livelock.ts';
import { checkedFile } from './position.ts';
import type { VerdictKind } from './verdict.ts';
import { holdersOf, reportsAmong, type Stuck } from './waits.ts';

/** A component of states in which quiet runs rest for ever. */
interface Settled {
  readonly states: Int32Array;
  /** Agents that step there. */
  readonly moving: ReadonlySet<number>;
}

export interface Blocking {
  readonly verdicts: readonly InState[];
  /** Calls of no `*-blocked` row that only a signal could still end: worth a hint. Their kind is of no meaning. */
  readonly onlySignals: readonly InState[];
}

/** Yields every few milliseconds. Every witness is judged; of the same finding, those in the shallowest states come first. */
export function* findBlocking(
  system: System,
  engine: Engine,
  graph: StepGraph,
  backwards: ReversedEdges,
  { cyclic, settled, still }: Components,
): Generator<void, Blocking> {
  const livelocks = yield* findLivelocks(system, engine, graph, cyclic);
  const cycles = settled.map((states) => ({ states, moving: movingIn(engine, states) }));
  const rests = mergeByFirst(cycles, restsOf(system, graph, still));

  const context: Context = {
    system,
    engine,
    graph,
    file: checkedFile(system),
    completions: new Map(),
    slots: new Float64Array(system.slots),
  };
  const agents = new Set(livelocks.map((l) => l.agent));
  for (const rest of rests) for (const agent of stuckIn(system, graph, rest)) agents.add(agent);
  if (agents.size === 0) return { verdicts: [], onlySignals: [] };
  for (const agent of [...agents].sort((a, b) => a - b)) {
    context.completions.set(agent, yield* completionOf(system, engine, graph, backwards, agent));
  }

  const found: InState[] = [];
  const onlySignals: InState[] = [];
  for (const l of livelocks) {
    const rest = cycles.find((c) => sharesAState(c, l));
    const finding = livelockFinding(context, l, rest === undefined ? [] : behindRunning(context, rest, runningIn(rest, livelocks), l));
    for (const state of l.states) found.push({ state, finding });
  }
  let count = 0;
  for (const rest of rests) {
    if ((++count & 255) === 0) yield;
    const here = stuckFindings(context, rest, runningIn(rest, livelocks));
    for (const finding of here.verdicts) for (const state of rest.states) found.push({ state, finding });
    for (const finding of here.onlySignals) for (const state of rest.states) onlySignals.push({ state, finding });
  }
  return { verdicts: found, onlySignals };
}

function movingIn(engine: Engine, states: Int32Array): ReadonlySet<number> {
  const moving = new Set<number>();
  for (const s of states) for (const e of engine.successors(s)) if (!e.environment) moving.add(e.agent);
  return moving;
}

/** Still states in which some call is unfinished: the others have nothing to tell. */
function restsOf(system: System, graph: StepGraph, still: Int32Array): readonly Settled[] {
  const callers = callersOf(system);
  const nobody: ReadonlySet<number> = new Set();
  const rests: Settled[] = [];
  for (const s of still) {
    if (callers.some(({ agent, inCall }) => inCall[graph.at[agent][s]] !== 0)) rests.push({ states: Int32Array.of(s), moving: nobody });
  }
  return rests;
}

function callersOf(system: System) {
  return system.agents
    .map((a, agent) => ({ agent, inCall: Uint8Array.from(a.locations, (l) => (l.call === null ? 0 : 1)) }))
    .filter(({ inCall }) => inCall.includes(1));
}

function mergeByFirst(a: readonly Settled[], b: readonly Settled[]): readonly Settled[] {
  return [...a, ...b].sort((x, y) => x.states[0] - y.states[0]);
}

function stuckIn(system: System, graph: StepGraph, rest: Settled): readonly number[] {
  const stuck: number[] = [];
  for (let agent = 0; agent < system.agents.length; agent++) {
    if (callAt(system, graph, agent, rest.states[0]) !== null && !rest.moving.has(agent)) stuck.push(agent);
  }
  return stuck;
}

function runningIn(rest: Settled, livelocks: readonly Livelock[]): ReadonlySet<number> {
  return new Set(livelocks.filter((l) => sharesAState(rest, l)).map((l) => l.agent));
}

function sharesAState(rest: Settled, l: Livelock): boolean {
  return rest.moving.has(l.agent) && l.states.some((s) => rest.states.includes(s));
}

/** Null: the environment could end it, and that is nothing to report. */
function verdictOf(call: Call, distance: number): VerdictKind | null {
  return distance < 0 ? 'deadlock' : call.blocked;
}

function stuckFindings(x: Context, rest: Settled, running: ReadonlySet<number>) {
  const state = rest.states[0];
  const stuck = judgedIn(x, rest);
  const signalled = stuck.filter((s) => !s.counts && completion(x, s.agent).onlyBySignals(state));
  if (signalled.length === 0 && !stuck.some((s) => s.counts)) return { verdicts: [], onlySignals: [] };
  const reports = reportsAmong(stuck, running);
  const told = new Set(reports.flatMap((r) => [r.agent, ...r.behind]));
  return {
    verdicts: reports.flatMap((report) => {
      if (running.has(report.agent)) return [];
      const kind = verdictOf(callOf(x, report.agent, state), completion(x, report.agent).distance(state));
      return kind === null ? [] : [stuckFinding(x, state, kind, report, stuck)];
    }),
    onlySignals: signalled.filter((s) => !told.has(s.agent)).map((s) => signalFinding(x, state, s.agent)),
  };
}

function judgedIn(x: Context, rest: Settled): readonly Stuck[] {
  const state = rest.states[0];
  x.engine.decode(state, x.slots);
  return stuckIn(x.system, x.graph, rest).map((agent) => {
    const verdict = verdictOf(callOf(x, agent, state), completion(x, agent).distance(state));
    return { agent, counts: verdict !== null, holders: holdersOf(x.system, x.slots, agent) };
  });
}

/** Calls that only wait behind one that goes round. */
function behindRunning(x: Context, rest: Settled, running: ReadonlySet<number>, l: Livelock): readonly number[] {
  return reportsAmong(judgedIn(x, rest), running).find((r) => r.agent === l.agent)?.behind ?? [];
}
