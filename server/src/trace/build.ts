// From a run of the transition system, as visited states, to the trace that people and tools read. Which lanes it has is lanes.ts's
// business, what is said of its key steps explain.ts's; taking steps is the checker's.
import type { Place } from '../base/span.ts';
import type { Agent, Frame, FunctionNames, Location, Step, System } from '../system/system.ts';
import { clockOf, type Evaluate, passingText, timesOf } from './clock.ts';
import { keysOf, messageOf } from './explain.ts';
import { lanesOf, lanesToKeep } from './lanes.ts';
import type { Effect, StepContext, Trace, TraceEnd, TraceStep, TraceVerdict } from './trace.ts';
import { statementAt } from './statement.ts';
import { lifeOf, printerOf, printObject, type Printer } from './values.ts';

/** One atomic step as replayed; `state` is null where the step commits the error that ends the run. */
export interface Visit {
  readonly agent: number;
  /** Index of the step within the location at which the agent stands. */
  readonly step: number;
  readonly before: readonly number[];
  readonly state: readonly number[] | null;
}

/** What was found; a Finding of the checker is one. */
export interface Found {
  readonly kind: string;
  readonly at: Place;
  readonly stack: readonly Frame[];
  readonly agent: string;
  readonly object: string | null;
  readonly instance: string | null;
  readonly by: readonly string[];
  readonly waitsFor: string | null;
  readonly message: string;
}

export interface Run {
  readonly system: System;
  /** The state in which the trace begins. */
  readonly initial: readonly number[];
  readonly steps: readonly Visit[];
  readonly found: Found;
  readonly functions: FunctionNames;
  /** Agents (by index) that can take a step in a state. */
  readonly possible: (state: readonly number[]) => readonly number[];
  /** Text of a file, for whole statements in diagrams; null, or left out: not known. */
  readonly source?: (file: string) => string | null;
  /** What an expression comes to in a state, as the reference has it. */
  readonly evaluate: Evaluate;
}

export function buildTrace(given: Run): Trace {
  // Each state is asked about more than once; finding what is possible means trying every step.
  const known = new Map<readonly number[], readonly number[]>();
  const possible = (state: readonly number[]): readonly number[] => {
    const answer = known.get(state) ?? given.possible(state);
    known.set(state, answer);
    return answer;
  };
  const run: Run = { ...given, possible };
  const { system, found } = run;
  const printer = printerOf(system, run.functions);
  const times = timesOf(system, run.steps);
  const steps = run.steps.map((visit, index) => traceStep(run, visit, index, printer, times));
  const last = run.steps[run.steps.length - 1];
  const end = endOf(run, last === undefined ? run.initial : (last.state ?? last.before));
  const kept = lanesToKeep(system, steps, found);
  const initial: Record<string, Record<string, string>> = {};
  for (const root of system.heap.roots) {
    if (kept.names.has(root.name)) initial[root.name] = printObject(root, run.initial, printer);
  }
  const verdict: TraceVerdict = {
    kind: found.kind,
    message: messageOf(found, steps),
    agent: found.agent,
    object: found.object,
    instance: found.instance,
    by: found.by,
    waitsFor: found.waitsFor,
    at: found.at,
    keys: keysOf(found, steps),
  };
  const clock = clockOf(system, run.steps, run.evaluate);
  return { initial, steps, lanes: lanesOf(system, steps, found, kept), verdict, end, clock };
}

function traceStep(run: Run, visit: Visit, index: number, printer: Printer, times: readonly bigint[] | null): TraceStep {
  const { system } = run;
  const agent = system.agents[visit.agent];
  const location = standing(agent, visit.before);
  const step = location.steps[visit.step];
  const stack = location.stack.length > 0 ? location.stack : [{ function: agent.name, module: null, at: step.label.at }];
  return {
    index,
    agent: agent.name,
    context: contextOf(agent, location),
    function: stack[stack.length - 1].function,
    stack: stack.map((f) => ({ function: f.function, module: f.module, at: f.at })),
    at: step.label.at,
    text: passingText(system, visit, (times?.[index + 1] ?? 0n) - (times?.[index] ?? 0n), run.evaluate) ?? step.label.text,
    statement: statementOf(run, step.label.at),
    time: String(times?.[index] ?? 0),
    effects: visit.state === null ? [] : effectsOf(system, visit.before, visit.state, printer),
    event: eventOf(run, visit, index, step),
    environment: step.environment,
    enabled: otherAgents(run, visit.before, visit.agent),
    waiting: waitingIn(run, visit.before, visit.agent),
  };
}

/** Many steps of many traces are of one statement. */
const statements = new WeakMap<Place, { readonly text: string; readonly statement: TraceStep['statement'] }>();

function statementOf(run: Run, at: Place): TraceStep['statement'] {
  const text = run.source?.(at.file) ?? null;
  if (text === null) return null;
  const known = statements.get(at);
  if (known?.text === text) return known.statement;
  const statement = statementAt(text, at.span);
  statements.set(at, { text, statement });
  return statement;
}

function standing(agent: Agent, state: readonly number[]): Location {
  const location = agent.locations[state[agent.slot]];
  if (location === undefined) throw new Error(`internal error in the trace: ${agent.name} stands at location ${state[agent.slot]}, which it does not have`);
  return location;
}

function contextOf(agent: Agent, location: Location): StepContext {
  switch (agent.context) {
    case 'process':
      return location.call === null ? 'process' : 'syscall';
    case 'boot':
      return 'kthread';
    default:
      return agent.context;
  }
}

/** The step at which the run is found wrong is the violation, whatever else it does; but a refusal stays one. Where rmmod goes on, there is none. */
function eventOf(run: Run, visit: Visit, index: number, step: Step): TraceStep['event'] {
  if (visit.state === null) return 'violation';
  const { found, system } = run;
  if (step.label.event === 'refuse') return found.kind === 'unload-refused' && index === run.steps.length - 1 ? 'refuse' : null;
  const last = index === run.steps.length - 1 && system.agents[visit.agent].name === found.agent;
  return last && reports(system, step.body, found.kind) ? 'violation' : step.label.event;
}

/** Whether a step that does not end the run can be the one that is found wrong. */
function reports(system: System, body: Step['body'], kind: string): boolean {
  return body.some((s) => (s.op === 'report' ? system.faults[s.fault]?.kind === kind : s.op === 'if' && (reports(system, s.then, kind) || reports(system, s.else, kind))));
}

function effectsOf(system: System, before: readonly number[], after: readonly number[], printer: Printer): readonly Effect[] {
  const effects: Effect[] = [];
  for (const root of system.heap.roots) {
    if (root.view === 'internal') continue;
    const life = lifeOf(root);
    if (life !== null && before[life.slot] !== after[life.slot]) {
      effects.push({ on: root.name, was: printer.life(root, before[life.slot]), is: printer.life(root, after[life.slot]) });
    }
    root.fields.forEach((f, i) => {
      if (i === life?.field || before[f.slot] === after[f.slot]) return;
      effects.push({ on: `${root.name}.${f.name}`, was: printer.field(f.type, before[f.slot]), is: printer.field(f.type, after[f.slot]) });
    });
  }
  return effects;
}

function endOf(run: Run, state: readonly number[]): TraceEnd {
  return {
    enabled: run.possible(state).map((a) => run.system.agents[a].name),
    waiting: waitingIn(run, state, -1),
    stands: run.system.agents.flatMap((a) => {
      const { stack, call } = standing(a, state);
      const innermost = stack[stack.length - 1];
      return innermost === undefined ? [] : [{ agent: a.name, function: innermost.function, at: innermost.at, inCall: call !== null }];
    }),
  };
}

function otherAgents(run: Run, state: readonly number[], taken: number): readonly string[] {
  return run.possible(state).flatMap((a) => (a === taken ? [] : [run.system.agents[a].name]));
}

/** Who stands at a wait that does not end by itself here. An idle kernel context waits for nothing that anybody would miss. */
function waitingIn(run: Run, state: readonly number[], taken: number): TraceStep['waiting'] {
  const possible = run.possible(state);
  return run.system.agents.flatMap((agent, index) => {
    if (index === taken || possible.includes(index)) return [];
    const { wait, call } = standing(agent, state);
    return wait === null || (call === null && agent.context !== 'process') ? [] : [{ agent: agent.name, what: wait.what }];
  });
}
