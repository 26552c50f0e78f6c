// What a step is in the telling of a trace: a call, a part of a statement, the violation. Nesting is frames.ts's business.
import type { Trace, TraceStep } from '../trace/trace.ts';

/** Text of a shipped library. */
export function isLibrary(file: string): boolean {
  return file.startsWith('lifeline:/library/');
}

/** The last step, where it is what is wrong; findings that are a state have no such step. */
export function violates(trace: Trace, s: TraceStep): boolean {
  return s.index === trace.steps.length - 1 && (s.event === 'violation' || (s.event === 'refuse' && trace.verdict.kind === 'unload-refused'));
}

/** Entering a system call, a callback of a kernel context, or a function in another module's text. */
export function isCall(s: TraceStep): boolean {
  return s.event === 'call' || begins(s);
}

/** What an agent does for itself before anything is called: `unplug(gpu)`, `the work starts`. */
export function begins(s: TraceStep): boolean {
  return s.stack.length === 1 && s.context !== 'process' && s.context !== 'syscall' && (s.environment || s.event === 'wake');
}

/** The function whose name a step of a call gives. */
export function called(s: TraceStep): string | null {
  return /^calls (.+)\(\)$/.exec(s.text)?.[1] ?? null;
}

/** The module whose text a call enters from outside. */
export function entered(s: TraceStep, trace: Trace): string | null {
  const next = nextOf(s, trace)?.stack[s.stack.length];
  return called(s) === null || next === undefined || next.module === s.stack[s.stack.length - 1].module ? null : next.module;
}

/** A library's call into the text of the scenario: the beginning of a callback. */
export function callsOwn(s: TraceStep, trace: Trace): boolean {
  const next = nextOf(s, trace);
  return s.event === 'call' && next !== undefined && next.stack.length > s.stack.length && !isLibrary(next.stack[s.stack.length].at.file);
}

export function textOf(s: TraceStep): string {
  return s.text.replace(/^calls /, '');
}

/** The whole statement at its last touch; before that, the part that is done. */
export function statementText(trace: Trace, s: TraceStep): string {
  const { statement } = s;
  // What a step does without being written there (`next link`) is not in its statement.
  if (!statement || s.stack.length === 1 || !statement.text.includes(s.text)) return textOf(s);
  const next = nextOf(s, trace);
  const goesOn = next?.statement?.start === statement.start && next.at.file === s.at.file && next.stack.length === s.stack.length;
  return goesOn ? textOf(s) : statement.text;
}

/** Whether a step is a further touch of the statement that the step before it is of: `t.bar`, then `readl(t.bar, 0)`. */
export function sameStatement(before: TraceStep, s: TraceStep): boolean {
  if (before.agent !== s.agent || before.index !== s.index - 1 || before.event !== null || s.event === 'call' || s.event === 'return') return false;
  if (before.stack.length !== s.stack.length || before.at.file !== s.at.file) return false;
  if (before.statement && s.statement) return before.statement.start === s.statement.start;
  return s.at.span.start <= before.at.span.start && before.at.span.end <= s.at.span.end;
}

function nextOf(s: TraceStep, trace: Trace): TraceStep | undefined {
  return trace.steps.find((t) => t.index > s.index && t.agent === s.agent);
}
