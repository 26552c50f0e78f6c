// `check --format json` and `trace --as json`: the results that scripts lean on. Stable key order; times only under `stats`.
import type { ClaimResult, ExpectResult, FileError, FileResult, Run, Violation } from '../analysis.ts';
import type { Trace, TraceStep } from '../trace/trace.ts';
import type { Places } from './places.ts';

/** One object for all files of a call, as text that ends in a newline. */
export function checkJson(results: ReadonlyArray<{ readonly result: FileResult; readonly places: Places }>): string {
  return JSON.stringify({ version: 1, files: results.map(({ result, places }) => fileJson(result, places)) }, null, 2) + '\n';
}

/** A counterexample that a third party can replay. */
export function traceJson(file: string, params: Readonly<Record<string, string>>, trace: Trace, places: Places): string {
  const { initial, steps } = trace;
  return JSON.stringify({ version: 1, file, params, initial, steps: steps.map((s) => stepJson(s, places)), ...clockJson(trace) }, null, 2) + '\n';
}

/** Only scenarios with a clock have it. */
function clockJson({ clock }: Trace) {
  if (clock === undefined || clock === null) return {};
  const instants = clock.instants.map(({ time, kind, text }) => ({ time, kind, text }));
  const samples = clock.samples.map(({ step, time, agent, what, value, wrong }) => ({ step, time, agent, what, value, wrong }));
  return { clock: { assumed: clock.assumed, instants, samples } };
}

function fileJson(result: FileResult, places: Places) {
  return {
    file: result.file,
    scenario: result.scenario,
    errors: result.errors.map(errorJson),
    green: result.green,
    runs: result.runs.map((run) => runJson(run, places)),
    expects: result.expects.map(expectJson),
    claims: result.claims.map(claimJson),
  };
}

function errorJson(e: FileError) {
  return { code: e.code, severity: e.severity, message: e.message, range: e.range };
}

function runJson(run: Run, places: Places) {
  const { states, transitions, depth, elapsedMs } = run.stats;
  return {
    params: run.params,
    complete: run.complete,
    limit: run.limit,
    ...(run.behindSearch === true ? { behindSearch: true } : {}),
    ...(run.assumed === undefined ? {} : { assumed: run.assumed }),
    stats: { states, transitions, depth, elapsedMs: Math.round(elapsedMs * 10) / 10 },
    violations: run.violations.map((v) => violationJson(v, places)),
    hints: run.hints.map((h) => ({ code: h.code, file: h.at.file, range: h.range, message: h.message })),
  };
}

function violationJson(v: Violation, places: Places) {
  return {
    kind: v.kind,
    severity: v.severity,
    file: v.at.file,
    range: v.range,
    function: v.function,
    object: v.object,
    agent: v.agent,
    by: v.by,
    waitsFor: v.waitsFor,
    expected: v.expected,
    message: v.message,
    steps: v.steps,
    switches: v.switches,
    trace: v.trace.steps.map((s) => stepJson(s, places)),
    ...clockJson(v.trace),
  };
}

export function stepJson(s: TraceStep, places: Places) {
  return {
    index: s.index,
    agent: s.agent,
    context: s.context,
    function: s.function,
    range: places.range(s.at),
    file: s.at.file,
    text: s.text,
    time: s.time,
    effects: s.effects.map((e) => ({ on: e.on, was: e.was, is: e.is })),
    event: s.event,
  };
}

function expectJson(e: ExpectResult) {
  return { line: e.line, text: e.text, when: e.when, met: e.met };
}

function claimJson(c: ClaimResult) {
  return { line: c.line, text: c.text, messageId: c.messageId, quotation: c.quotation, state: c.state, underAssumption: c.underAssumption };
}
