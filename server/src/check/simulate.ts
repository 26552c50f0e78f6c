// One run of a scenario with dice instead of a search: what a reader wants to see before asking about all of them. It says nothing about what holds.
import type { VerdictKind } from '../base/verdicts.ts';
import { runBoot } from '../checker/boot.ts';
import { faultFinding, type Unrouted } from '../checker/finding.ts';
import { agentsThatCanStep } from '../checker/possible.ts';
import { enabledSteps, type Met, takeStep } from '../checker/reference.ts';
import { evaluate } from '../checker/referenceValue.ts';
import { lower, type Lowered } from '../lowering/lower.ts';
import { contexts, operations, primitiveTypes } from '../primitives/index.ts';
import type { Program } from '../semantics/program.ts';
import type { System } from '../system/system.ts';
import { buildTrace, type Found, type Visit } from '../trace/build.ts';
import { withNumbers } from '../trace/shown.ts';
import type { Trace } from '../trace/trace.ts';
import { dice, type Dice } from './dice.ts';
import { POOL_LIMIT } from './run.ts';

export interface Simulation {
  readonly trace: Trace;
  /** A violation ended the run, nobody can take a step any more, or there were as many steps as were asked for. */
  readonly ended: 'violation' | 'quiet' | 'steps';
  /** Violations on the way that end nothing, in order; each kind and position once. */
  readonly met: ReadonlyArray<{ readonly kind: VerdictKind; readonly message: string; readonly step: number }>;
}

export interface SimulationOptions {
  /** The same seed makes the same run of the same text. */
  readonly seed: number;
  readonly steps: number;
}

/** Null where boot never comes to its end: `check` says why. */
export function simulate(program: Program, options: SimulationOptions): Simulation | null {
  // One run can afford pools as large as they may get.
  const pools = new Map(program.structs.map((s) => [s, s.capacity ?? POOL_LIMIT]));
  const lowered = lower(program, { types: primitiveTypes, operations, contexts }, { pools, fds: POOL_LIMIT });
  const run = walk(lowered.system, options);
  return run === null ? null : told(program, lowered, run);
}

interface Walk {
  readonly initial: readonly number[];
  readonly visits: readonly Visit[];
  readonly met: ReadonlyArray<{ readonly met: Met; readonly step: number }>;
  readonly ended: Simulation['ended'];
}

function walk(system: System, { seed, steps }: SimulationOptions): Walk | null {
  const rolls = dice(seed);
  const boot = endOf(runBoot(system, BOOT_STATES));
  if (boot.initials.length === 0) return null;
  const initial = rolls.pick(boot.initials);
  const visits: Visit[] = [];
  const met: Array<{ met: Met; step: number }> = [];
  let state = initial;
  while (visits.length < steps) {
    const chosen = choose(system, state, rolls);
    if (chosen === null) return { initial, visits, met, ended: 'quiet' };
    const taken = takeStep(system, state, chosen.agent, chosen.step);
    if (taken === null) break;
    met.push(...taken.met.map((m) => ({ met: m, step: visits.length })));
    visits.push({ ...chosen, before: state, state: taken.state });
    if (taken.state === null) return { initial, visits, met, ended: 'violation' };
    state = taken.state;
  }
  return { initial, visits, met, ended: 'steps' };
}

/** More than any boot takes that comes to its end. */
const BOOT_STATES = 50_000;

/** Agents are equally likely, whatever choices each has. */
function choose(system: System, state: readonly number[], rolls: Dice): { readonly agent: number; readonly step: number } | null {
  const enabled = enabledSteps(system, state);
  if (enabled.length === 0) return null;
  const agent = rolls.pick([...new Set(enabled.map((e) => e.agent))]);
  const { step } = rolls.pick(enabled.filter((e) => e.agent === agent));
  return { agent, step };
}

function told(program: Program, { system, functionNames }: Lowered, run: Walk): Simulation {
  const met = run.met.map(({ met: m, step }) => {
    const meets = faultFinding(system, m.fault, m.object, m.by);
    return { ...meets, message: withNumbers(meets.message, system.faults[m.fault], m.shown ?? []), step };
  });
  const last = met.at(-1);
  const found = run.ended === 'violation' && last !== undefined ? last : nothing(run, inCalls(system, run));
  const trace = buildTrace({
    system,
    initial: run.initial,
    steps: run.visits,
    found,
    functions: functionNames,
    possible: (state) => agentsThatCanStep(system, state),
    evaluate: (state, e) => evaluate(system, state, e),
    source: (file) => program.units.find((u) => u.path === file)?.text ?? null,
  });
  const rest = run.ended === 'violation' ? met.slice(0, -1) : met;
  const first = rest.filter((m, i) => rest.findIndex((o) => sameAs(o, m)) === i);
  return { trace, ended: run.ended, met: first.map(({ kind, message, step }) => ({ kind, message, step })) };
}

function sameAs(a: Unrouted, b: Unrouted): boolean {
  return a.kind === b.kind && a.at.file === b.at.file && a.at.span.start === b.at.span.start;
}

/** Agents that are inside a call or callback at the end, by name. */
function inCalls({ agents }: System, { initial, visits }: Walk): string[] {
  const state = visits.at(-1)?.state ?? initial;
  return agents.filter((a) => a.locations[state[a.slot]].call !== null).map((a) => a.name);
}

/** The end of a run in which no step went wrong. Where nobody at all can go on, whoever is inside a call never returns from it. */
function nothing({ visits, ended }: Walk, unfinished: readonly string[]): Found {
  const count = `${visits.length} ${visits.length === 1 ? 'step' : 'steps'}`;
  const stuck = ended === 'quiet' && unfinished.length > 0;
  const quiet = `after ${count} nobody can take one any more${stuck ? `, and ${unfinished.join(', ')} never ${unfinished.length === 1 ? 'returns' : 'return'}` : ''}`;
  const message = ended === 'quiet' ? quiet : `${count}, and it could go on`;
  return { kind: stuck ? 'deadlock' : 'no violation', at: { file: '', span: { start: 0, end: 0 } }, stack: [], agent: '', object: null, instance: null, by: [], waitsFor: null, message };
}

function endOf<T>(run: Generator<void, T>): T {
  for (;;) {
    const { done, value } = run.next();
    if (done === true) return value;
  }
}
