// Decides deadlock, livelock and the `*-blocked` verdicts on a complete exploration, as the language defines them: calls that are stuck
// in a settled state, or go round for ever, told apart by what the environment could still do about it. Paths are chosen in shortest.ts.
import type { Call, System } from '../system/system.ts';
import { type Context, callAt, callOf, completion, livelockFinding, othersIn, signalFinding, stuckFinding } from './blockingFinding.ts';
import { completionOf } from './completion.ts';
import type { Components } from './components.ts';
import type { Engine } from './engine.ts';
import { findingKey, type Unrouted } from './finding.ts';
import type { InState } from './goals.ts';
import { depthOf, type ReversedEdges, type StepGraph } from './graph.ts';
import { findLivelocks, type Livelock } from './livelock.ts';
import { stateOrder } from './order.ts';
import { checkedFile } from './position.ts';
import type { VerdictKind } from './verdict.ts';
import { holdersOf, reportsAmong, type Stuck } from './waits.ts';

/** A component of states in which quiet runs rest for ever. */
interface Settled {
  readonly states: Int32Array;
  /** The one that is shown: the first by an order on states. */
  readonly shown: number;
  /** Agents that step there. */
  readonly moving: ReadonlySet<number>;
}

export interface Blocking {
  readonly verdicts: readonly InState[];
  /** Calls of no `*-blocked` row that only a signal could still end: worth a hint. Their kind is of no meaning. */
  readonly onlySignals: readonly InState[];
}

/**
 * Whether another state is of use that shows what `key` stands for. Many states show the same; whoever wants the shallowest ones alone
 * need not be given the others.
 */
export type Wanted = (key: string, state: number) => boolean;

/** Yields every few milliseconds. Every witness is judged. */
export function* findBlocking(
  system: System,
  engine: Engine,
  graph: StepGraph,
  backwards: () => Generator<void, ReversedEdges>,
  { cyclic, settled, still }: Components,
  wanted: Wanted = () => true,
): Generator<void, Blocking> {
  const livelocks = yield* findLivelocks(system, engine, graph, cyclic);
  const order = stateOrder(engine, system.slots);
  const cycles: Settled[] = [];
  for (const states of settled) {
    cycles.push({ states, shown: yield* shallowestFirst(graph, states, order), moving: yield* movingIn(engine, states) });
  }
  const rests: readonly Settled[] = [...cycles, ...(yield* restsOf(system, graph, still))];

  const context: Context = {
    system,
    engine,
    graph,
    file: checkedFile(system),
    completions: new Map(),
    slots: new Float64Array(system.slots),
  };
  const agents = new Set(livelocks.map((l) => l.agent));
  let count = 0;
  for (const rest of rests) {
    if ((++count & 0xffff) === 0) yield;
    for (const agent of stuckIn(system, graph, rest)) agents.add(agent);
  }
  if (agents.size === 0) return { verdicts: [], onlySignals: [] };
  const edgesBack = yield* backwards();
  for (const agent of [...agents].sort((a, b) => a - b)) {
    context.completions.set(agent, yield* completionOf(system, engine, graph, edgesBack, agent));
  }

  const found: InState[] = [];
  const onlySignals: InState[] = [];
  for (const l of livelocks) {
    const rest = cycles.find((c) => sharesAState(c, l));
    yield* completion(context, l.agent).prepare(l.states[0]);
    const finding = livelockFinding(context, l, rest === undefined ? [] : behindRunning(context, rest, runningIn(rest, livelocks), l));
    const key = findingKey(finding);
    for (const state of l.states) if (wanted(key, state)) found.push({ state, finding });
  }
  for (const rest of rests) {
    if ((++count & 255) === 0) yield;
    const show = (key: string, finding: () => Unrouted, into: InState[]): void => {
      const states = rest.states.filter((state) => wanted(key, state));
      if (states.length === 0) return;
      const shown = finding();
      for (const state of states) into.push({ state, finding: shown });
    };
    yield* judge(context, rest, runningIn(rest, livelocks), {
      verdict: (key, finding) => show(key, finding, found),
      onlySignal: (key, finding) => show(key, finding, onlySignals),
    });
  }
  return { verdicts: found, onlySignals };
}

function* movingIn(engine: Engine, states: Int32Array): Generator<void, ReadonlySet<number>> {
  const moving = new Set<number>();
  for (let i = 0; i < states.length; i++) {
    if ((i & 0x1ff) === 0x1ff) yield;
    for (const e of engine.successors(states[i])) if (!e.environment) moving.add(e.agent);
  }
  return moving;
}

/** Of the shallowest of some states, given in ascending order, the first. */
function* shallowestFirst(graph: StepGraph, states: Int32Array, order: (a: number, b: number) => number): Generator<void, number> {
  const end = graph.levels[depthOf(graph.levels, states[0]) + 1];
  let first = states[0];
  for (let i = 1; i < states.length && states[i] < end; i++) {
    if ((i & 0x3ff) === 0x3ff) yield;
    if (order(states[i], first) < 0) first = states[i];
  }
  return first;
}

/** Still states in which some call is unfinished: the others have nothing to tell. */
function* restsOf(system: System, graph: StepGraph, still: Int32Array): Generator<void, readonly Settled[]> {
  const callers = callersOf(system);
  const nobody: ReadonlySet<number> = new Set();
  const rests: Settled[] = [];
  for (let i = 0; i < still.length; i++) {
    if ((i & 0xffff) === 0xffff) yield;
    const s = still[i];
    if (!callers.some(({ agent, inCall }) => inCall[graph.at[agent][s]] !== 0)) continue;
    rests.push({ states: Int32Array.of(s), shown: s, moving: nobody });
  }
  return rests;
}

function callersOf(system: System) {
  return system.agents
    .map((a, agent) => ({ agent, inCall: Uint8Array.from(a.locations, (l) => (l.call === null ? 0 : 1)) }))
    .filter(({ inCall }) => inCall.includes(1));
}

function stuckIn(system: System, graph: StepGraph, rest: Settled): readonly number[] {
  const stuck: number[] = [];
  for (let agent = 0; agent < system.agents.length; agent++) {
    if (callAt(system, graph, agent, rest.shown) !== null && !rest.moving.has(agent)) stuck.push(agent);
  }
  return stuck;
}

function runningIn(rest: Settled, livelocks: readonly Livelock[]): ReadonlySet<number> {
  return new Set(livelocks.filter((l) => sharesAState(rest, l)).map((l) => l.agent));
}

/** A fair cycle lies within one component. */
function sharesAState(rest: Settled, l: Livelock): boolean {
  return rest.moving.has(l.agent) && contains(rest.states, l.states[0]);
}

function contains(ascending: Int32Array, state: number): boolean {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < state) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === state;
}

/** Null: the environment could end it, and that is nothing to report. */
function verdictOf(call: Call, distance: number): VerdictKind | null {
  return distance < 0 ? 'deadlock' : call.blocked;
}

interface Judged {
  readonly verdict: (key: string, finding: () => Unrouted) => void;
  readonly onlySignal: (key: string, finding: () => Unrouted) => void;
}

function* judge(x: Context, rest: Settled, running: ReadonlySet<number>, judged: Judged): Generator<void, void> {
  const state = rest.shown;
  const stuck = judgedIn(x, rest);
  const signalled = stuck.filter((s) => !s.counts && completion(x, s.agent).onlyBySignals(state));
  if (signalled.length === 0 && !stuck.some((s) => s.counts)) return;
  const reports = reportsAmong(stuck, running);
  // Agent and location say everything about a finding but its kind and who else is concerned.
  const keyOf = (agent: number, more: string) => `${agent} ${x.graph.at[agent][state]} ${more}`;
  for (const report of reports) {
    const s = stuck.find(({ agent }) => agent === report.agent);
    const kind = s === undefined ? null : verdictOf(callOf(x, s.agent, state), completion(x, s.agent).distance(state));
    if (s === undefined || kind === null) continue;
    yield* completion(x, s.agent).prepare(state);
    const by = othersIn(x, state, kind, s);
    judged.verdict(keyOf(s.agent, `${kind} ${by}`), () => stuckFinding(x, state, kind, report, by));
  }
  const told = new Set(reports.flatMap((r) => [r.agent, ...r.behind]));
  for (const { agent } of signalled) if (!told.has(agent)) judged.onlySignal(keyOf(agent, 'signal'), () => signalFinding(x, state, agent));
}

function judgedIn(x: Context, rest: Settled): readonly Stuck[] {
  const state = rest.shown;
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
