// Decides deadlock, livelock and the `*-blocked` verdicts on a complete exploration, as the language defines them: calls that are stuck
// in a settled state, or go round for ever, told apart by what the environment could still do about it. Paths are chosen in shortest.ts.
import type { Call, System } from '../system/system.ts';
import { type Completion, completionOf, type Freeing } from './completion.ts';
import type { Components } from './components.ts';
import type { Engine } from './engine.ts';
import { agentNames, listed, type Unrouted } from './finding.ts';
import type { InState } from './goals.ts';
import type { ReversedEdges, StepGraph } from './graph.ts';
import { internal } from './internal.ts';
import { findLivelocks, type Livelock } from './livelock.ts';
import { checkedFile, positionOf } from './position.ts';
import type { VerdictKind } from './verdict.ts';
import { holdersOf, type Report, reportsAmong, type Stuck } from './waits.ts';

/** A component of states in which quiet runs rest for ever. */
interface Settled {
  readonly states: Int32Array;
  /** Agents that step there. */
  readonly moving: ReadonlySet<number>;
}

interface Context {
  readonly system: System;
  readonly engine: Engine;
  readonly graph: StepGraph;
  readonly file: string | null;
  readonly completions: Map<number, Completion>;
  readonly slots: Float64Array;
}

/** Yields every few milliseconds. Every witness is judged; of the same finding, those in the shallowest states come first. */
export function* findBlocking(
  system: System,
  engine: Engine,
  graph: StepGraph,
  backwards: ReversedEdges,
  { cyclic, settled, still }: Components,
): Generator<void, readonly InState[]> {
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
  if (agents.size === 0) return [];
  for (const agent of [...agents].sort((a, b) => a - b)) {
    yield;
    context.completions.set(agent, completionOf(system, engine, graph, backwards, agent));
  }

  const found: InState[] = [];
  for (const l of livelocks) {
    const finding = livelockFinding(context, l);
    for (const state of l.states) found.push({ state, finding });
  }
  let count = 0;
  for (const rest of rests) {
    if ((++count & 255) === 0) yield;
    const running = new Set(livelocks.filter((l) => sharesAState(rest, l)).map((l) => l.agent));
    for (const finding of stuckFindings(context, rest, running)) for (const state of rest.states) found.push({ state, finding });
  }
  return found;
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

function callAt(system: System, graph: StepGraph, agent: number, state: number): number | null {
  return system.agents[agent].locations[graph.at[agent][state]].call;
}

function sharesAState(rest: Settled, l: Livelock): boolean {
  return rest.moving.has(l.agent) && l.states.some((s) => rest.states.includes(s));
}

/** Null: the environment could end it, and that is nothing to report. */
function verdictOf(call: Call, distance: number): VerdictKind | null {
  return distance < 0 ? 'deadlock' : call.blocked;
}

function stuckFindings(x: Context, rest: Settled, running: ReadonlySet<number>): readonly Unrouted[] {
  const state = rest.states[0];
  const agents = stuckIn(x.system, x.graph, rest);
  const verdicts = new Map(agents.map((a) => [a, verdictOf(callOf(x, a, state), completion(x, a).distance(state))]));
  if (![...verdicts.values()].some((v) => v !== null)) return [];
  x.engine.decode(state, x.slots);
  const stuck = agents.map((agent): Stuck => {
    return { agent, counts: verdicts.get(agent) !== null, holders: holdersOf(x.system, x.slots, agent) };
  });
  return reportsAmong(stuck, running).flatMap((report) => {
    const kind = verdicts.get(report.agent) ?? null;
    return kind === null ? [] : [stuckFinding(x, state, kind, report, stuck)];
  });
}

function stuckFinding(x: Context, state: number, kind: VerdictKind, report: Report, stuck: readonly Stuck[]): Unrouted {
  const { agent } = report;
  const call = callOf(x, agent, state);
  const freeing = completion(x, agent).freeing(state);
  const environment = freeing.length > 0 ? wordsFor(x.system, freeing, completion(x, agent).distance(state)) : null;
  const holders = (stuck.find((s) => s.agent === agent)?.holders ?? []).filter((h) => h !== agent);
  const { cycle } = report;
  const behind = report.behind.filter((b) => !cycle.includes(b)).map((b) => `${x.system.agents[b].name} in ${callOf(x, b, state).name}`);
  const after = behind.length === 0 ? '' : `; ${listed(behind)} ${behind.length === 1 ? 'waits' : 'wait'} behind it`;
  const message =
    kind === 'deadlock' && cycle.length > 0
      ? `${cycle.map((a, i) => linkOf(x, state, a, cycle[(i + 1) % cycle.length])).join('; ')}${cycle.length > 1 ? ': none of them ever goes on' : ''}`
      : kind === 'deadlock'
        ? `${waits(x, state, agent)}, and nothing can bring that about any more`
        : `${waits(x, state, agent)}, and does not return before ${environment ?? 'user space acts'}`;
  const by =
    kind === 'deadlock'
      ? agentNames(x.system, holders)
      : agentNames(
          x.system,
          freeing.map((f) => f.agent),
        );
  return { ...frameOf(x, agent, x.graph.at[agent][state], call), kind, by, waitsFor: environment, message: message + after };
}

function livelockFinding(x: Context, l: Livelock): Unrouted {
  const call = x.system.calls[l.call];
  const name = x.system.agents[l.agent].name;
  const { distance, freeing } = completion(x, l.agent);
  const ends = freeing(l.states[0]);
  const environment = ends.length > 0 ? wordsFor(x.system, ends, distance(l.states[0])) : null;
  // One that polls for what only the environment can bring is blocked like one that sleeps.
  const blocked = environment !== null && call.blocked !== null;
  const message = blocked
    ? `${name} goes round in ${call.name} and does not return before ${environment}`
    : environment !== null
      ? `${name} can go round in ${call.name} for ever; only ${environment} ends it`
      : `${name} can go round in ${call.name} for ever`;
  return {
    ...frameOf(x, l.agent, l.location, call),
    kind: blocked && call.blocked !== null ? call.blocked : 'livelock',
    by: agentNames(
      x.system,
      ends.map((f) => f.agent),
    ),
    waitsFor: environment,
    message,
  };
}

function frameOf(x: Context, agent: number, location: number, call: Call) {
  const { stack } = x.system.agents[agent].locations[location];
  return { at: positionOf(x.file, stack, call.at), stack, agent: x.system.agents[agent].name, object: call.object, instance: null };
}

function waits(x: Context, state: number, agent: number): string {
  return `${x.system.agents[agent].name} waits in ${callOf(x, agent, state).name} for ${waitOf(x, state, agent)}`;
}

function linkOf(x: Context, state: number, agent: number, holder: number): string {
  return `${waits(x, state, agent)}, and so for ${agent === holder ? 'itself' : x.system.agents[holder].name}`;
}

function waitOf(x: Context, state: number, agent: number): string {
  return x.system.agents[agent].locations[x.graph.at[agent][state]].wait?.what ?? 'its next step to become possible';
}

/** `close(fd) by app`; several: `or` where each is enough, `and` where as many steps are needed. */
function wordsFor(system: System, freeing: readonly Freeing[], steps: number): string {
  const names = freeing.map((f) => `${f.label.text.replace(/^enters /, '')} by ${system.agents[f.agent].process}`);
  const once = [...new Set(names)];
  return once.length === 1 ? once[0] : `${once.slice(0, -1).join(', ')} ${steps >= once.length ? 'and' : 'or'} ${once[once.length - 1]}`;
}

function callOf(x: Context, agent: number, state: number): Call {
  const call = callAt(x.system, x.graph, agent, state);
  return call === null ? internal(`${x.system.agents[agent].name} is stuck without a call`) : x.system.calls[call];
}

function completion(x: Context, agent: number): Completion {
  return x.completions.get(agent) ?? internal(`it is not known when ${x.system.agents[agent].name} returns`);
}
