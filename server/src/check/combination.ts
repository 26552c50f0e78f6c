// One combination of params, from resolved program to what is told of it. An outcome is plain data: threads hand it to each other, and result.ts
// puts those of all combinations together.
import type { Analysis, CheckOptions, FileError, Files, Run, Violation } from '../analysis.ts';
import { codes } from '../base/codes.ts';
import { LineMap, type Place } from '../base/span.ts';
import { VERDICTS } from '../base/verdicts.ts';
import type { ExploreHost } from '../checker/explore.ts';
import { groupFindings, switchesOf } from '../checker/group.ts';
import { makePlainEngine } from '../checker/plain.ts';
import { agentsThatCanStep } from '../checker/possible.ts';
import { replay, type ReplayedStep } from '../checker/reference.ts';
import { evaluate } from '../checker/referenceValue.ts';
import { staged } from '../checker/staged.ts';
import type { Finding } from '../checker/verdict.ts';
import { makingWasmOr } from '../checker/wasm/engine.ts';
import { EXACT } from '../lowering/clock.ts';
import { Refused } from '../lowering/refused.ts';
import type { ParamValue, Program } from '../semantics/program.ts';
import type { Fault, System } from '../system/system.ts';
import { buildTrace } from '../trace/build.ts';
import { withNumbers } from '../trace/shown.ts';
import type { Trace } from '../trace/trace.ts';
import type { Memory } from './before.ts';
import { errorsOf } from './errors.ts';
import { hintsOf } from './hints.ts';
import { type Answer, answersOf, isExpected, saysAll } from './judge.ts';
import { runOf, type Explored } from './run.ts';

export type Outcome = ExploredOutcome | BrokenOutcome;

interface AnyOutcome {
  /** Among the combinations that are explored. */
  readonly index: number;
  /** What resolving has to say about this combination. */
  readonly resolved: readonly FileError[];
}

export interface ExploredOutcome extends AnyOutcome {
  readonly kind: 'explored';
  readonly run: Run;
  /** What was found says all: no limit was met, neither of the exploration nor of the model. */
  readonly complete: boolean;
  /** For every `expect` of the file. */
  readonly answers: readonly Answer[];
}

/** The file cannot be explored: this combination shows why. */
export interface BrokenOutcome extends AnyOutcome {
  readonly kind: 'broken';
  readonly errors: readonly FileError[];
  /** They stand behind what resolving has to say about the file; otherwise they stand alone. */
  readonly more: boolean;
}

/** The file as far as every combination has it in common. */
export type Checked = Pick<Analysis, 'path' | 'text' | 'file'>;

const makeEngine = staged(makePlainEngine, makingWasmOr(makePlainEngine));

export function* outcomeOf(
  checked: Checked,
  program: Program,
  params: Readonly<Record<string, ParamValue>>,
  index: number,
  files: Files,
  options: CheckOptions,
  host: ExploreHost,
  memory: Memory,
): Generator<void, Outcome> {
  const { path, text, file } = checked;
  const resolved = errorsOf([program], path, text);
  const broken = (errors: readonly FileError[], more = false): BrokenOutcome => ({ kind: 'broken', index, resolved, errors, more });
  if (program.processes.length === 0 && program.hardware.length === 0 && program.modules.every((m) => m.init === null))
    return broken([nothingRuns(checked)]);
  if (resolved.some((e) => e.severity === 'error')) return broken(resolved);
  const started = host.now();
  const given = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, textOfValue(value)]));
  const combination = JSON.stringify(given);
  let explored: Explored;
  try {
    explored = yield* runOf(program, options, host, makeEngine, memory.recall(path, combination));
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    return broken([refused(e, checked)], true);
  }
  const { exploration } = explored;
  memory.note(path, combination, { pools: explored.sizes, states: exploration.stats.states });
  const { clock } = explored.lowered.system;
  const lines = new LineMap(text);
  const maps = new Map<string, LineMap>();
  const linesOf = (p: string): LineMap => linesIn(program, p, maps, files);
  return {
    kind: 'explored',
    index,
    resolved,
    run: {
      params: given,
      complete: exploration.limit === null,
      limit: exploration.limit,
      ...(exploration.behindSearch ? { behindSearch: true } : {}),
      ...(clock?.wrap === EXACT ? { timeGoesOn: true } : {}),
      ...(clock ? { assumed: clock.assumed } : {}),
      ...(exploration.grown.length === 0 ? {} : { grown: exploration.grown }),
      stats: {
        states: exploration.stats.states,
        transitions: exploration.stats.transitions,
        depth: exploration.stats.depth,
        elapsedMs: host.now() - started,
      },
      violations: yield* violationsOf(program, explored, path, linesOf),
      hints: hintsOf(path, file, lines, linesOf, explored.lowered.system, exploration),
    },
    complete: exploration.limit === null && saysAll(program, exploration.findings),
    answers: answersOf(file, program, exploration.findings),
  };
}

function nothingRuns({ file, text }: Checked): FileError {
  const at = file.header?.name ?? { start: 0, end: 0 };
  const message =
    file.header === null
      ? 'the file is empty: a scenario begins with `scenario NAME`'
      : file.header.kind === 'library'
        ? 'this is a library: check a scenario that uses it'
        : 'the scenario has no process, no hardware and no module init: nothing runs';
  return { code: codes.nothingRuns.code, severity: 'error', message, range: new LineMap(text).range(at) };
}

function refused(e: Refused, { path, text }: Checked): FileError {
  const own = e.unit.path === path;
  return {
    code: e.code.code,
    severity: 'error',
    message: own ? e.message : `in ${e.unit.path}: ${e.message}`,
    range: new LineMap(text).range(own ? e.span : { start: 0, end: 0 }),
  };
}

export function textOfValue(value: ParamValue): string {
  return value.kind === 'name' ? value.name : String(value.value);
}

/** One violation for each kind, position and object type; of those that some `expect` covers and the others, apart. Yields after each. */
function* violationsOf(program: Program, explored: Explored, own: string, linesOf: (path: string) => LineMap): Generator<void, Violation[]> {
  const { findings } = explored.exploration;
  const expected = findings.filter((f) => isExpected(program, f));
  const surplus = findings.filter((f) => !isExpected(program, f));
  const told = [
    ...groupFindings(expected).map((g) => ({ group: g, expected: true })),
    ...groupFindings(surplus).map((g) => ({ group: g, expected: false })),
  ];
  const violations: Violation[] = [];
  for (const { group, expected: e } of told) {
    violations.push(violationOf(program, explored, group, e, own, linesOf));
    yield;
  }
  return violations.sort(
    (a, b) =>
      Number(a.at.file !== own) - Number(b.at.file !== own) ||
      (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : 0) ||
      a.at.span.start - b.at.span.start ||
      (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) ||
      a.steps - b.steps,
  );
}

function violationOf(
  program: Program,
  { lowered, exploration }: Explored,
  group: readonly Finding[],
  expected: boolean,
  file: string,
  linesOf: (path: string) => LineMap,
): Violation {
  const finding = group[0];
  const { system, functionNames } = lowered;
  const steps = replay(system, exploration.initials, finding.path);
  const initial = exploration.initials[finding.path.initial] ?? system.initial;
  const trace = buildTrace({
    system,
    initial,
    found: { ...finding, message: messageIn(system, finding, steps) },
    functions: functionNames,
    steps: steps.map((s) => ({ agent: s.agent, step: s.step, before: s.before, state: s.state })),
    possible: (state) => agentsThatCanStep(system, state),
    evaluate: (state, e) => evaluate(system, state, e),
    source: (file) => program.units.find((u) => u.path === file)?.text ?? null,
  });
  const at = causeOf(finding, trace, file);
  const { stack } = finding;
  // A call into text that is gone stands where it is made, which is not the innermost frame.
  const where = stack.findLast((f) => f.at.file === finding.at.file && f.at.span.start === finding.at.span.start) ?? stack.findLast((f) => f.at.file === finding.at.file);
  const by = [...new Set(group.flatMap((f) => f.by))];
  return {
    kind: finding.kind,
    severity: VERDICTS[finding.kind],
    at,
    range: linesOf(at.file).range(at.span),
    function: where?.function ?? finding.agent,
    functions: stack.map((f) => f.function),
    object: finding.object,
    instance: finding.instance,
    agent: finding.agent,
    by,
    waitsFor: finding.waitsFor,
    expected,
    message: trace.verdict.message,
    steps: finding.path.choices.length,
    switches: switchesOf(finding.path).length,
    trace: at === finding.at ? trace : { ...trace, verdict: { ...trace.verdict, at } },
  };
}

/** A context of the kernel that comes to what was freed has no statement of its own: what is wrong there is where it was freed. */
function causeOf({ kind, at, stack, agent }: Finding, trace: Trace, file: string): Place {
  if (kind !== 'use-after-free' || stack.length !== 1 || stack[0].function !== agent) return at;
  const freed = trace.verdict.keys.map((key) => trace.steps[key.step]).find((step) => step.event === 'free');
  return freed?.stack.findLast((f) => f.at.file === file)?.at ?? at;
}

/** The numbers of the run that is shown. */
function messageIn(system: System, finding: Finding, steps: readonly ReplayedStep[]): string {
  const last = steps.at(-1)?.met ?? [];
  const met = last.find(({ fault }) => isOf(system.faults[fault], finding));
  return met === undefined ? finding.message : withNumbers(finding.message, system.faults[met.fault], met.shown ?? []);
}

function isOf(fault: Fault, { kind, at }: Finding): boolean {
  return fault.shows !== undefined && fault.kind === kind && fault.at.file === at.file && fault.at.span.start === at.span.start;
}

function linesIn(program: Program, path: string, maps: Map<string, LineMap>, files: Files): LineMap {
  const known = maps.get(path);
  if (known !== undefined) return known;
  const made = new LineMap(program.units.find((u) => u.path === path)?.text ?? files.read(path) ?? '');
  maps.set(path, made);
  return made;
}
