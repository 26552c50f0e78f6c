// Among all shortest runs to a finding, the one that is shown: the fewest context switches, then the latest ones, then by order in the
// file. Dynamic programming backwards over the levels of the breadth-first search, on the states that lie on shortest runs only.
import type { Engine } from './engine.ts';
import type { End, Goal } from './goals.ts';
import { inParts, type ReversedEdges, type StepGraph } from './graph.ts';
import { internal } from './internal.ts';
import type { PathToFinding } from './verdict.ts';

export interface Chosen {
  readonly path: PathToFinding;
  readonly end: End;
}

/** The states of one level that lie on shortest runs, and their steps that do. */
interface Level {
  /** In ascending order; elsewhere here a state is its position among them. */
  readonly states: Int32Array;
  /** The steps of each state are `first[state] .. first[state + 1] - 1`. */
  readonly first: Int32Array;
  readonly agents: Int32Array;
  readonly steps: Int32Array;
  /** Where each step leads, in the next level; of the last level, which of the goal's ends it is. */
  readonly to: Int32Array;
}

/**
 * How good the rest of a run is from each state of a level, for each agent that can have stepped into it: at `state * agents + agent`.
 * `ranks` order all rests of one level; there are `count` different ones.
 */
interface Rests {
  /** -1 where nobody steps into it in that way. */
  readonly switches: Int32Array;
  readonly ranks: Int32Array;
  readonly count: number;
}

/** Agent before the first step, and of a last step that is none: the run ends in the state. */
const NOBODY = -1;

/**
 * The best run to a goal whose ends are all at its depth, or null where more than `maxStates` states lie on shortest runs.
 * `levels[d]` is the first state of depth d; `forwards` and `backwards` have at least the edges between states up to the goal's depth.
 * `marks` is 0 for each of these states, before and after.
 */
export function* shortestRun(
  engine: Engine,
  levels: readonly number[],
  forwards: StepGraph,
  backwards: ReversedEdges,
  goal: Goal,
  maxStates: number,
  marks: Int32Array,
): Generator<void, Chosen | null> {
  const on = yield* statesOnRuns(levels, backwards, goal, maxStates, marks);
  if (on === null) return null;
  const graph: Level[] = [];
  for (const [depth, states] of on.entries()) {
    graph.push(depth < goal.depth ? yield* stepsInto(engine, forwards, states, on[depth + 1], marks) : lastSteps(goal, states));
  }
  const agents = forwards.at.length;
  const rests: Rests[] = [];
  for (let depth = goal.depth; depth > 0; depth--)
    rests[depth] = yield* restsOf(graph[depth], rests[depth + 1] ?? null, graph[depth - 1], agents);
  return choose(graph, rests, goal, agents);
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

/** For every depth up to the goal's, the states from which the goal is reached in time. `marks` is 0 for all of them, before and after. */
function* statesOnRuns(
  levels: readonly number[],
  backwards: ReversedEdges,
  goal: Goal,
  maxStates: number,
  marks: Int32Array,
): Generator<void, Int32Array[] | null> {
  const on: Int32Array[] = [];
  on[goal.depth] = Int32Array.from(new Set(goal.ends.map((e) => e.state))).sort();
  let total = on[goal.depth].length;
  for (let depth = goal.depth; depth > 0; depth--) {
    const before: number[] = [];
    yield* inParts(on[depth].length, 1 << 12, (from, to) => {
      addPredecessors(backwards, on[depth], from, to, levels[depth - 1], levels[depth], marks, before);
    });
    for (const s of before) marks[s] = 0;
    total += before.length;
    if (total > maxStates) return null;
    on[depth - 1] = Int32Array.from(before).sort();
  }
  return on;
}

function addPredecessors(
  { first, edges }: ReversedEdges,
  states: Int32Array,
  from: number,
  to: number,
  begin: number,
  end: number,
  marks: Int32Array,
  into: number[],
): void {
  for (let i = from; i < to; i++) {
    for (let e = first[states[i]]; e < first[states[i] + 1]; e++) {
      const before = edges[e] >> 1;
      if (before < begin || before >= end || marks[before] !== 0) continue;
      marks[before] = 1;
      into.push(before);
    }
  }
}

/** The steps from some states of a level to some of the next. */
function* stepsInto(engine: Engine, graph: StepGraph, states: Int32Array, targets: Int32Array, marks: Int32Array): Generator<void, Level> {
  for (let i = 0; i < targets.length; i++) marks[targets[i]] = i + 1;
  const first = new Int32Array(states.length + 1);
  const found: Steps = { agents: [], steps: [], to: [] };
  const { steppers } = graph;
  yield* inParts(states.length, steppers === null ? 1 << 10 : 1 << 13, (from, to) => {
    if (steppers === null) regenerateSteps(engine, states, marks, from, to, first, found);
    else readSteps(graph, steppers, states, marks, from, to, first, found);
  });
  for (const target of targets) marks[target] = 0;
  return { states, first, agents: Int32Array.from(found.agents), steps: Int32Array.from(found.steps), to: Int32Array.from(found.to) };
}

/** Steps that were found, one after the other. */
interface Steps {
  readonly agents: number[];
  readonly steps: number[];
  readonly to: number[];
}

function regenerateSteps(
  engine: Engine,
  states: Int32Array,
  marks: Int32Array,
  from: number,
  to: number,
  first: Int32Array,
  found: Steps,
): void {
  for (let i = from; i < to; i++) {
    for (const step of engine.successors(states[i])) {
      if (step.to < 0 || marks[step.to] === 0) continue;
      found.agents.push(step.agent);
      found.steps.push(step.step);
      found.to.push(marks[step.to] - 1);
    }
    first[i + 1] = found.to.length;
  }
}

function readSteps(
  graph: StepGraph,
  steppers: Int32Array,
  states: Int32Array,
  marks: Int32Array,
  from: number,
  to: number,
  first: Int32Array,
  found: Steps,
): void {
  for (let i = from; i < to; i++) {
    for (let e = graph.first[states[i]]; e < graph.first[states[i] + 1]; e++) {
      const position = marks[graph.edges[e] >> 1];
      if (position === 0) continue;
      found.agents.push(steppers[e] >>> 16);
      found.steps.push(steppers[e] & 0xffff);
      found.to.push(position - 1);
    }
    first[i + 1] = found.to.length;
  }
}

/** The steps that end the runs to a goal. */
function lastSteps({ ends }: Goal, states: Int32Array): Level {
  const order = [...ends.keys()].sort((a, b) => ends[a].state - ends[b].state || a - b);
  const first = new Int32Array(states.length + 1);
  let state = 0;
  for (const [i, end] of order.entries()) {
    while (states[state] < ends[end].state) state++;
    first[state + 1] = i + 1;
  }
  return {
    states,
    first,
    agents: Int32Array.from(order, (end) => ends[end].last?.agent ?? NOBODY),
    steps: Int32Array.from(order, (end) => ends[end].last?.step ?? 0),
    to: Int32Array.from(order),
  };
}

/** What can follow in the states of one level, from what can follow in the next; `before` is the level from which they are stepped into. */
function* restsOf(level: Level, next: Rests | null, before: Level, agents: number): Generator<void, Rests> {
  const switches = new Int32Array(level.states.length * agents).fill(-1);
  const ranks = new Int32Array(switches.length);
  const keys = new Float64Array(switches.length);
  for (let e = 0; e < before.to.length; e++) switches[before.to[e] * agents + before.agents[e]] = 0;
  yield;
  const kinds = new Map<number, number>();
  yield* inParts(level.states.length, 1 << 10, (from, to) => {
    rate(level, next, agents, from, to, switches, keys, kinds);
  });
  // Ranks number the rests that differ, mostly few of them.
  let rank = 0;
  for (const key of [...kinds.keys()].sort(ascending)) kinds.set(key, rank++);
  yield* inParts(switches.length, 1 << 16, (from, to) => {
    for (let at = from; at < to; at++) if (switches[at] >= 0) ranks[at] = kinds.get(keys[at]) ?? 0;
  });
  return { switches, ranks, count: kinds.size };
}

/** Rates the rests from some states of a level, by who can have stepped into them. */
function rate(
  level: Level,
  next: Rests | null,
  agents: number,
  from: number,
  to: number,
  switches: Int32Array,
  keys: Float64Array,
  kinds: Map<number, number>,
): void {
  for (let at = from * agents; at < to * agents; at++) {
    if (switches[at] < 0) continue;
    const by = at % agents;
    const edge = bestStep(level, next, (at - by) / agents, by, agents);
    switches[at] = switchesFrom(level, next, edge, by, agents);
    keys[at] = keyOf(level, next, edge, by, agents);
    kinds.set(keys[at], 0);
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** The best of a state's steps, given who stepped into it; -1: there is none. */
function bestStep(level: Level, next: Rests | null, state: number, by: number, agents: number): number {
  let best = -1;
  let least = 0;
  for (let e = level.first[state]; e < level.first[state + 1]; e++) {
    const key = keyOf(level, next, e, by, agents);
    if (best < 0 || key < least || (key === least && comesBefore(level, next, e, best))) {
      best = e;
      least = key;
    }
  }
  return best;
}

/** By order in the file, then by where they lead; of several ends the first. */
function comesBefore(level: Level, next: Rests | null, a: number, b: number): boolean {
  const order = level.agents[a] - level.agents[b] || level.steps[a] - level.steps[b] || (next === null ? 0 : level.to[a] - level.to[b]);
  return order < 0;
}

/** Smaller is better: fewer switches; among as many, the run that switches later. */
function keyOf(level: Level, next: Rests | null, edge: number, by: number, agents: number): number {
  const rank = next === null ? 0 : next.ranks[level.to[edge] * agents + level.agents[edge]];
  return (2 * switchesFrom(level, next, edge, by, agents) + isSwitch(level, edge, by)) * (next?.count ?? 1) + rank;
}

function switchesFrom(level: Level, next: Rests | null, edge: number, by: number, agents: number): number {
  const later = next === null ? 0 : next.switches[level.to[edge] * agents + level.agents[edge]];
  if (later < 0) internal('a shortest run breaks off');
  return later + isSwitch(level, edge, by);
}

function isSwitch(level: Level, edge: number, by: number): 0 | 1 {
  const agent = level.agents[edge];
  return by === NOBODY || agent === NOBODY || agent === by ? 0 : 1;
}

function choose(graph: readonly Level[], rests: readonly Rests[], goal: Goal, agents: number): Chosen {
  const restsAfter = (depth: number): Rests | null => rests[depth + 1] ?? null;
  const [level] = graph;
  let start = -1;
  let edge = -1;
  for (let state = 0; state < level.states.length; state++) {
    const option = bestStep(level, restsAfter(0), state, NOBODY, agents);
    const isBetter = (): boolean =>
      start < 0 || keyOf(level, restsAfter(0), option, NOBODY, agents) < keyOf(level, restsAfter(0), edge, NOBODY, agents);
    if (option < 0 || !isBetter()) continue;
    start = level.states[state];
    edge = option;
  }
  if (edge < 0) internal('a finding has no run that leads to it');
  const choices: Array<{ agent: number; step: number }> = [];
  for (let depth = 0; ; depth++) {
    const { agents: by, steps, to } = graph[depth];
    if (by[edge] !== NOBODY) choices.push({ agent: by[edge], step: steps[edge] });
    if (depth === goal.depth) return { path: { initial: start, choices }, end: goal.ends[to[edge]] };
    edge = bestStep(graph[depth + 1], restsAfter(depth + 1), to[edge], by[edge], agents);
    if (edge < 0) internal('a shortest run breaks off');
  }
}
