// Among all shortest runs to a finding, the one that is shown: the fewest context switches, then the latest ones, then by order in the
// file. Dynamic programming backwards over the levels of the breadth-first search, on the states that lie on shortest runs only.
import type { Engine } from './engine.ts';
import type { End, Goal } from './goals.ts';
import type { ReversedEdges, StepGraph } from './graph.ts';
import { internal } from './internal.ts';
import type { PathToFinding } from './verdict.ts';

export interface Chosen {
  readonly path: PathToFinding;
  readonly end: End;
}

/** A step on a shortest run; `to` is -1 for the last step of a violation. */
interface Edge {
  readonly agent: number;
  readonly step: number;
  readonly to: number;
  readonly end: End | null;
}

/** How good the rest of a run is from a state, given who stepped into it: `rank` orders all rests of one level. */
interface Rest {
  readonly switches: number;
  readonly rank: number;
}

interface Level {
  /** In ascending order. */
  readonly states: Int32Array;
  readonly edges: ReadonlyMap<number, readonly Edge[]>;
  /** By state, then by the agent that stepped into it. */
  readonly rests: Map<number, Map<number, Rest>>;
}

/** Agent before the first step. */
const NOBODY = -1;

/**
 * The best run to a goal whose ends are all at its depth, or null where more than `maxStates` states lie on shortest runs.
 * `levels[d]` is the first state of depth d; `forwards` and `backwards` have at least the edges between states up to the goal's depth.
 */
export function* shortestRun(
  engine: Engine,
  levels: readonly number[],
  forwards: StepGraph,
  backwards: ReversedEdges,
  goal: Goal,
  maxStates: number,
): Generator<void, Chosen | null> {
  const on = yield* statesOnRuns(levels, backwards, goal, maxStates);
  if (on === null) return null;
  const graph: Level[] = [];
  for (const [depth, states] of on.entries()) {
    const edges = depth < goal.depth ? yield* edgesTo(engine, forwards, states, new Set(on[depth + 1])) : lastEdges(goal);
    graph.push({ states, edges, rests: new Map() });
  }
  for (let depth = goal.depth; depth >= 0; depth--) yield* rankRests(graph, depth);
  return choose(graph);
}

/**
 * One of the shortest runs to the first end of a goal, where too many states lie on them to find the best. `order` decides among states,
 * so that it is the same one however they are numbered.
 */
export function* someShortestRun(
  engine: Engine,
  levels: readonly number[],
  backwards: ReversedEdges,
  goal: Goal,
  order: (a: number, b: number) => number,
): Generator<void, Chosen> {
  const end = firstEnd(goal.ends, order);
  const choices: Array<{ agent: number; step: number }> = end.last === null ? [] : [{ agent: end.last.agent, step: end.last.step }];
  let at = end.state;
  for (let depth = goal.depth; depth > 0; depth--) {
    yield;
    let from = -1;
    for (let e = backwards.first[at]; e < backwards.first[at + 1]; e++) {
      const before = backwards.edges[e] >> 1;
      if (before >= levels[depth - 1] && before < levels[depth] && (from < 0 || order(before, from) < 0)) from = before;
    }
    const to = at;
    const step = engine.successors(from).find((s) => s.to === to) ?? internal(`state ${from} does not lead to ${to}`);
    choices.push({ agent: step.agent, step: step.step });
    at = from;
  }
  return { path: { initial: at, choices: choices.reverse() }, end };
}

/** The first by state, then by step. */
function firstEnd(ends: readonly End[], order: (a: number, b: number) => number): End {
  const byStep = (a: End, b: End) => (a.last?.agent ?? 0) - (b.last?.agent ?? 0) || (a.last?.step ?? 0) - (b.last?.step ?? 0);
  return ends.reduce((first, end) => ((order(end.state, first.state) || byStep(end, first)) < 0 ? end : first));
}

/** For every depth up to the goal's, the states from which the goal is reached in time. */
function* statesOnRuns(levels: readonly number[], backwards: ReversedEdges, goal: Goal, maxStates: number): Generator<void, Int32Array[] | null> {
  const on: Int32Array[] = [];
  on[goal.depth] = Int32Array.from(new Set(goal.ends.map((e) => e.state))).sort();
  let looked = 0;
  let total = on[goal.depth].length;
  for (let depth = goal.depth; depth > 0; depth--) {
    const before = new Set<number>();
    for (const s of on[depth]) {
      if ((++looked & 0xfff) === 0) yield;
      for (let e = backwards.first[s]; e < backwards.first[s + 1]; e++) {
        const from = backwards.edges[e] >> 1;
        if (from >= levels[depth - 1] && from < levels[depth]) before.add(from);
      }
    }
    total += before.size;
    if (total > maxStates) return null;
    on[depth - 1] = Int32Array.from(before).sort();
  }
  return on;
}

function* edgesTo(
  engine: Engine,
  graph: StepGraph,
  states: Int32Array,
  targets: ReadonlySet<number>,
): Generator<void, ReadonlyMap<number, readonly Edge[]>> {
  const found = new Map<number, readonly Edge[]>();
  let looked = 0;
  for (const s of states) {
    if ((++looked & 0x3ff) === 0) yield;
    const edges: Edge[] = [];
    for (let e = graph.first[s]; e < graph.first[s + 1]; e++) {
      const to = graph.edges[e] >> 1;
      if (graph.steppers === null || !targets.has(to)) continue;
      edges.push({ agent: graph.steppers[e] >>> 16, step: graph.steppers[e] & 0xffff, to, end: null });
    }
    if (graph.steppers === null) {
      for (const { agent, step, to } of engine.successors(s)) if (targets.has(to)) edges.push({ agent, step, to, end: null });
    }
    found.set(s, edges);
  }
  return found;
}

function lastEdges(goal: Goal): ReadonlyMap<number, readonly Edge[]> {
  const edges = new Map<number, Edge[]>();
  for (const end of goal.ends) {
    const here = edges.get(end.state) ?? [];
    edges.set(end.state, here);
    // Without a last step the run ends in the state; NOBODY's step then costs nothing and is not shown.
    here.push({ agent: end.last?.agent ?? NOBODY, step: end.last?.step ?? 0, to: -1, end });
  }
  return edges;
}

/** Ranks what can follow in the states of one level, from what can follow in the next. */
function* rankRests(graph: readonly Level[], depth: number): Generator<void, void> {
  const level = graph[depth];
  const into = steppersInto(graph, depth);
  yield;
  const found: Array<{ readonly state: number; readonly by: number; readonly option: Option }> = [];
  let looked = 0;
  for (const state of level.states) {
    if ((++looked & 0xfff) === 0) yield;
    for (const by of into.get(state) ?? [NOBODY]) {
      const option = best(graph, depth, state, by);
      if (option !== null) found.push({ state, by, option });
    }
  }
  // Ranks number the options that there are, mostly few of them: those are sorted, not all that is found.
  const kinds = new Map<string, { readonly option: Option; rank: number }>();
  const kindOf: Array<{ rank: number }> = [];
  for (const { option } of found) {
    if ((++looked & 0xfff) === 0) yield;
    const key = `${option.switches} ${option.now} ${option.rank}`;
    const kind = kinds.get(key) ?? { option, rank: 0 };
    kinds.set(key, kind);
    kindOf.push(kind);
  }
  [...kinds.values()]
    .sort((a, b) => compareOptions(a.option, b.option))
    .forEach((kind, rank) => {
      kind.rank = rank;
    });
  for (const [i, { state, by, option }] of found.entries()) {
    if ((++looked & 0xfff) === 0) yield;
    const rests = level.rests.get(state) ?? new Map<number, Rest>();
    level.rests.set(state, rests.set(by, { switches: option.switches, rank: kindOf[i].rank }));
  }
}

/** One way to go on: its switches in all, whether there is one at once, and the rank of what follows. */
interface Option {
  readonly edge: Edge;
  readonly switches: number;
  readonly now: number;
  readonly rank: number;
}

function best(graph: readonly Level[], depth: number, state: number, by: number): Option | null {
  let chosen: Option | null = null;
  for (const edge of graph[depth].edges.get(state) ?? []) {
    const now = by === NOBODY || edge.agent === NOBODY || edge.agent === by ? 0 : 1;
    const rest = edge.to < 0 ? { switches: 0, rank: 0 } : graph[depth + 1].rests.get(edge.to)?.get(edge.agent);
    if (rest === undefined) internal(`a shortest run breaks off in state ${edge.to}`);
    const option = { edge, switches: now + rest.switches, now, rank: rest.rank };
    if (chosen === null || (compareOptions(option, chosen) || compareEdges(option.edge, chosen.edge)) < 0) chosen = option;
  }
  return chosen;
}

/** Fewer switches are better; among as many, the run that switches later. */
function compareOptions(a: Option, b: Option): number {
  return a.switches - b.switches || a.now - b.now || a.rank - b.rank;
}

function compareEdges(a: Edge, b: Edge): number {
  return a.agent - b.agent || a.step - b.step || a.to - b.to;
}

function steppersInto(graph: readonly Level[], depth: number): ReadonlyMap<number, ReadonlySet<number>> {
  const into = new Map<number, Set<number>>();
  if (depth === 0) return into;
  for (const edges of graph[depth - 1].edges.values()) {
    for (const e of edges) {
      const known = into.get(e.to);
      if (known === undefined) into.set(e.to, new Set([e.agent]));
      else known.add(e.agent);
    }
  }
  return into;
}

function choose(graph: readonly Level[]): Chosen {
  let start: { readonly state: number; readonly option: Option } | null = null;
  for (const state of graph[0].states) {
    const option = best(graph, 0, state, NOBODY);
    if (option !== null && (start === null || compareOptions(option, start.option) < 0)) start = { state, option };
  }
  if (start === null) internal('a finding has no run that leads to it');
  const choices: Array<{ agent: number; step: number }> = [];
  let { option } = start;
  for (let depth = 0; ; depth++) {
    const { edge } = option;
    if (edge.agent !== NOBODY) choices.push({ agent: edge.agent, step: edge.step });
    if (edge.end !== null) return { path: { initial: start.state, choices }, end: edge.end };
    option = best(graph, depth + 1, edge.to, edge.agent) ?? internal('a shortest run breaks off');
  }
}
