// The findings for calls that are stuck or go round: who waits for what, who would have to act, who waits behind. Which calls these are, and
// which verdict each gets, is decided in blocking.ts.
import type { Call, System } from '../system/system.ts';
import type { Completion, Freeing } from './completion.ts';
import type { Engine } from './engine.ts';
import { agentNames, listed, type Unrouted } from './finding.ts';
import type { StepGraph } from './graph.ts';
import { internal } from './internal.ts';
import type { Livelock } from './livelock.ts';
import { positionOf } from './position.ts';
import type { VerdictKind } from './verdict.ts';
import type { Report, Stuck } from './waits.ts';

export interface Context {
  readonly system: System;
  readonly engine: Engine;
  readonly graph: StepGraph;
  readonly file: string | null;
  readonly completions: Map<number, Completion>;
  readonly slots: Float64Array;
}

/** Agents that hold what is waited for or, where the environment could help, those that could. */
export function othersIn(x: Context, state: number, kind: VerdictKind, { agent, holders }: Stuck): readonly number[] {
  return kind === 'deadlock'
    ? holders.filter((h) => h !== agent)
    : completion(x, agent)
        .freeing(state)
        .map((f) => f.agent);
}

export function stuckFinding(x: Context, state: number, kind: VerdictKind, report: Report, by: readonly number[]): Unrouted {
  const { agent } = report;
  const call = callOf(x, agent, state);
  const freeing = completion(x, agent).freeing(state);
  const environment = freeing.length > 0 ? wordsFor(x.system, freeing, completion(x, agent).distance(state)) : null;
  const cycle = kind === 'deadlock' ? report.cycle : [];
  const behind = report.behind.filter((b) => !cycle.includes(b));
  const message =
    cycle.length > 0
      ? `${cycle.map((a, i) => linkOf(x, state, a, cycle[(i + 1) % cycle.length])).join('; ')}${cycle.length > 1 ? ': none of them ever goes on' : ''}`
      : kind === 'deadlock'
        ? `${waits(x, state, agent)}, and nothing can bring that about any more`
        : `${waits(x, state, agent)}, and does not return before ${environment ?? 'user space acts'}`;
  return {
    ...frameOf(x, agent, x.graph.at[agent][state], call),
    kind,
    ...(cycle.length > 1 ? { circle: sidesOf(x, state, cycle, agent) } : {}),
    by: agentNames(x.system, by),
    waitsFor: environment,
    message: message + namesOf(x, state, behind),
  };
}

export function livelockFinding(x: Context, l: Livelock, behind: readonly number[]): Unrouted {
  const call = x.system.calls[l.call];
  const name = x.system.agents[l.agent].name;
  const { distance, freeing } = completion(x, l.agent);
  const ends = freeing(l.states[0]);
  const agents = ends.map((f) => f.agent);
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
    by: agentNames(x.system, agents),
    waitsFor: environment,
    message: message + namesOf(x, l.states[0], behind),
  };
}

/** What is said of a call that only a signal could still end; it is no verdict, and its kind is of no meaning. */
export function signalFinding(x: Context, state: number, agent: number): Unrouted {
  const call = callOf(x, agent, state);
  const message = `${waits(x, state, agent)}, and only a signal can still end that`;
  return { ...frameOf(x, agent, x.graph.at[agent][state], call), kind: 'deadlock', by: [], waitsFor: null, message };
}

export function callOf(x: Context, agent: number, state: number): Call {
  const call = callAt(x.system, x.graph, agent, state);
  return call === null ? internal(`${x.system.agents[agent].name} is stuck without a call`) : x.system.calls[call];
}

export function callAt(system: System, graph: StepGraph, agent: number, state: number): number | null {
  return system.agents[agent].locations[graph.at[agent][state]].call;
}

export function completion(x: Context, agent: number): Completion {
  return x.completions.get(agent) ?? internal(`it is not known when ${x.system.agents[agent].name} returns`);
}

function frameOf(x: Context, agent: number, location: number, call: Call) {
  const { stack } = x.system.agents[agent].locations[location];
  return { at: positionOf(x.file, stack, call.at), stack, agent: x.system.agents[agent].name, object: call.object, instance: null };
}

function waits(x: Context, state: number, agent: number): string {
  return `${x.system.agents[agent].name} waits in ${callOf(x, agent, state).name} for ${waitOf(x, state, agent)}`;
}

/** Each other member of a circle: where it stands, and who takes part besides. */
function sidesOf(x: Context, state: number, cycle: readonly number[], agent: number): NonNullable<Unrouted['circle']> {
  return cycle
    .filter((a) => a !== agent)
    .map((a) => ({
      stack: x.system.agents[a].locations[x.graph.at[a][state]].stack,
      by: agentNames(
        x.system,
        cycle.filter((b) => b !== a),
      ),
    }));
}

function linkOf(x: Context, state: number, agent: number, holder: number): string {
  return `${waits(x, state, agent)}, and so for ${agent === holder ? 'itself' : x.system.agents[holder].name}`;
}

function waitOf(x: Context, state: number, agent: number): string {
  return x.system.agents[agent].locations[x.graph.at[agent][state]].wait?.what ?? 'its next step to become possible';
}

function namesOf(x: Context, state: number, behind: readonly number[]): string {
  const names = behind.map((b) => `${x.system.agents[b].name} in ${callOf(x, b, state).name}`);
  return names.length === 0 ? '' : `; ${listed(names)} ${names.length === 1 ? 'waits' : 'wait'} behind it`;
}

/** `close(fd) by app`; several: `or` where each is enough, `and` where as many steps are needed. */
function wordsFor(system: System, freeing: readonly Freeing[], steps: number): string {
  const names = freeing.map((f) => `${f.label.text.replace(/^enters /, '')} by ${system.agents[f.agent].process}`);
  const once = [...new Set(names)];
  return once.length === 1 ? once[0] : `${once.slice(0, -1).join(', ')} ${steps >= once.length ? 'and' : 'or'} ${once[once.length - 1]}`;
}
