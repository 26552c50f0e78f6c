// Checks a file: every combination of its params is explored, what was found is told as violations with their traces, and held against what the
// file expects.
import type { Analysis, CheckOptions, ClaimResult, ExpectResult, FileResult, Files, Host, Run, Violation } from '../analysis.ts';
import { codes } from '../base/codes.ts';
import { LineMap } from '../base/span.ts';
import { VERDICTS } from '../base/verdicts.ts';
import { groupFindings, switchesOf } from '../checker/group.ts';
import { makePlainEngine } from '../checker/plain.ts';
import { enabledSteps, replay } from '../checker/reference.ts';
import { evaluate } from '../checker/referenceValue.ts';
import { staged } from '../checker/staged.ts';
import type { Finding } from '../checker/verdict.ts';
import { wasmOr } from '../checker/wasm/engine.ts';
import { NotPure } from '../lowering/evaluate.ts';
import { prelude } from '../primitives/index.ts';
import { analyse } from '../semantics/analyse.ts';
import { combinations } from '../semantics/parameters.ts';
import type { ParamValue, Program } from '../semantics/program.ts';
import { buildTrace } from '../trace/build.ts';
import { errorsOf } from './errors.ts';
import { hintsOf } from './hints.ts';
import { claimState, isExpected, isMet, saysAll, type Judged, type Met } from './judge.ts';
import { librariesIn, libraryNames } from './libraries.ts';
import { runOf, type Explored } from './run.ts';

const makeEngine = staged(makePlainEngine, wasmOr(makePlainEngine));

export function* checkTask(analysis: Analysis, files: Files, options: CheckOptions, host: Host): Generator<void, FileResult> {
  const { path, text, file } = analysis;
  const scenario = file.header?.kind === 'scenario' ? file.header.name.text : null;
  const broken = (errors: FileResult['errors']): FileResult => ({ file: path, scenario, errors, green: false, incomplete: false, runs: [], expects: [], claims: [] });
  if (analysis.errors.some((e) => e.severity === 'error')) return broken(analysis.errors);

  const all = combinations(file);
  const chosen = all.filter((c) => Object.entries(options.params).every(([name, value]) => c[name] === undefined || textOfValue(c[name]) === value));
  const runs: Run[] = [];
  const lines = new LineMap(text);
  const maps = new Map<string, LineMap>();
  const judged: Judged[] = [];
  const libraries = librariesIn((p) => files.read(p));
  for (const [index, params] of chosen.entries()) {
    const program = analysis.programs[all.indexOf(params)] ?? analyse(path, file, text, libraries, prelude, params, { verdicts: Object.keys(VERDICTS), libraryNames });
    if (program.processes.length === 0 && program.hardware.length === 0 && program.modules.every((m) => m.init === null)) return broken([nothingRuns(analysis)]);
    const errors = errorsOf([program], path, text);
    if (errors.some((e) => e.severity === 'error')) return broken(errors);
    const started = host.now();
    let explored: Explored;
    try {
      explored = yield* runOf(program, options, { ...host, progress: (p) => host.progress({ ...p, run: index, runs: chosen.length }) }, makeEngine);
    } catch (e) {
      if (!(e instanceof NotPure)) throw e;
      return broken([...analysis.errors, notPure(e, analysis)]);
    }
    const { exploration } = explored;
    judged.push({ program, complete: exploration.limit === null && saysAll(program, exploration.findings), findings: exploration.findings });
    runs.push({
      params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, textOfValue(value)])),
      complete: exploration.limit === null,
      limit: exploration.limit,
      stats: { states: exploration.stats.states, transitions: exploration.stats.transitions, depth: exploration.stats.depth, elapsedMs: host.now() - started },
      violations: violationsOf(program, explored, analysis, files),
      hints: hintsOf(path, file, lines, (p) => linesOf(program, p, maps, files), explored.lowered.system, exploration),
    });
    yield;
    if (host.cancelled()) break;
  }

  const whole = runs.length === chosen.length;
  const metOf = new Map(analysis.program.expects.map((e) => [e, whole ? isMet(e, judged) : null] as const));
  const expectNodes = [...new Set(judged.flatMap((j) => j.program.expects))].sort((a, b) => a.start - b.start);
  for (const e of expectNodes) if (!metOf.has(e)) metOf.set(e, isMet(e, judged));
  const expects = expectNodes.map((e): ExpectResult => ({
    line: lines.position(e.start).line,
    range: lines.range(e),
    text: text.slice(e.start, e.when === null ? e.end : e.when.start).replace(/^expect\s+/, '').replace(/\s*\bwhen\s*$/, '').trim(),
    when: e.when === null ? null : text.slice(e.when.start, e.when.end),
    met: metOf.get(e) ?? null,
    message: unmetMessage(metOf.get(e) ?? null, e.no),
  }));
  const assumption = analysis.program.assumes.length === 0 ? null : analysis.program.assumes.map((a) => text.slice(a.start, a.end)).join(', ');
  const claims = analysis.program.claims.map((c): ClaimResult => ({
    line: lines.position(c.start).line,
    range: lines.range(c),
    text: c.text.value,
    messageId: c.cites[0]?.id ?? null,
    quotation: c.quotes.length > 0 && c.cites.length > 0 ? 'no-mail' : null,
    state: claimState(c.expects.map((e) => metOf.get(e) ?? null)),
    underAssumption: assumption,
  }));
  const incomplete = !whole || judged.some((j) => !j.complete);
  const unexpected = runs.some((r) => r.violations.some((v) => !v.expected && v.severity !== 'information'));
  return {
    file: path, scenario, errors: analysis.errors, green: !incomplete && !unexpected && expects.every((e) => e.met === true), incomplete, runs, expects, claims,
  };
}

function nothingRuns({ file, text }: Analysis): FileResult['errors'][number] {
  const at = file.header?.name ?? { start: 0, end: 0 };
  const message = file.header === null ? 'the file is empty: a scenario begins with `scenario NAME`' : 'the scenario has no process, no hardware and no module init: nothing runs';
  return { code: codes.nothingRuns.code, severity: 'error', message, range: new LineMap(text).range(at) };
}

function notPure(e: NotPure, analysis: Analysis): FileResult['errors'][number] {
  const own = e.unit.path === analysis.path;
  return { code: codes.notOneStep.code, severity: 'error', message: own ? e.message : `in ${e.unit.path}: ${e.message}`, range: new LineMap(analysis.text).range(own ? e.span : { start: 0, end: 0 }) };
}

export function textOfValue(value: ParamValue): string {
  return value.kind === 'name' ? value.name : String(value.value);
}

function unmetMessage(met: Met, no: boolean): string | null {
  if (met === true) return null;
  if (met === null) return 'not decided: an exploration ended early, or met a limit of the model';
  return no ? 'it does happen' : 'no interleaving leads there';
}

/** One violation for each kind, position and object type; of those that some `expect` covers and the others, apart. */
function violationsOf(program: Program, explored: Explored, analysis: Analysis, files: Files): Violation[] {
  const { findings } = explored.exploration;
  const maps = new Map<string, LineMap>();
  const expected = findings.filter((f) => isExpected(program, f));
  const surplus = findings.filter((f) => !isExpected(program, f));
  const told = [...groupFindings(expected).map((g) => ({ group: g, expected: true })), ...groupFindings(surplus).map((g) => ({ group: g, expected: false }))];
  const own = analysis.path;
  return told
    .map(({ group, expected: e }) => violationOf(program, explored, group, e, maps, files))
    .sort((a, b) => Number(a.at.file !== own) - Number(b.at.file !== own) || (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : 0) || a.at.span.start - b.at.span.start || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) || a.steps - b.steps);
}

function violationOf(program: Program, { lowered, exploration }: Explored, group: readonly Finding[], expected: boolean, maps: Map<string, LineMap>, files: Files): Violation {
  const finding = group[0];
  const { system, functionNames } = lowered;
  const steps = replay(system, exploration.initials, finding.path);
  const initial = exploration.initials[finding.path.initial] ?? system.initial;
  const trace = buildTrace({
    system, initial, found: finding, functions: functionNames,
    steps: steps.map((s) => ({ agent: s.agent, step: s.step, before: s.before, state: s.state })),
    possible: (state) => [...new Set(enabledSteps(system, state).map((s) => s.agent))],
    evaluate: (state, e) => evaluate(system, state, e),
    source: (file) => program.units.find((u) => u.path === file)?.text ?? null,
  });
  const own = finding.stack.filter((f) => f.at.file === finding.at.file);
  const by = [...new Set(group.flatMap((f) => f.by))];
  return {
    kind: finding.kind, severity: VERDICTS[finding.kind], at: finding.at, range: linesOf(program, finding.at.file, maps, files).range(finding.at.span),
    function: own[own.length - 1]?.function ?? finding.agent, functions: finding.stack.map((f) => f.function), object: finding.object, instance: finding.instance,
    agent: finding.agent, by, waitsFor: finding.waitsFor, expected, message: trace.verdict.message, steps: finding.path.choices.length,
    switches: switchesOf(finding.path).length, trace,
  };
}

function linesOf(program: Program, path: string, maps: Map<string, LineMap>, files: Files): LineMap {
  const known = maps.get(path);
  if (known !== undefined) return known;
  const made = new LineMap(program.units.find((u) => u.path === path)?.text ?? files.read(path) ?? '');
  maps.set(path, made);
  return made;
}
