// What every drawing of a trace tells, line by line: calls with their nesting, steps, runs of library steps folded into one line, waits, and
// how it ends. Where a line goes on paper or screen is decided by layout.ts and text.ts.
import { ends } from '../trace/lanes.ts';
import { target } from '../trace/state.ts';
import type { Trace, TraceStep } from '../trace/trace.ts';

export interface Line {
  /**
   * `call`: enters a system call or a function (a step of its own, or the first sign of a call that took none). `fold`: several steps.
   * `wait`: the agent cannot go on from here.
   */
  readonly kind: 'call' | 'step' | 'fold' | 'wait';
  readonly agent: string;
  /** Nesting of calls, 0 for what a program says itself. */
  readonly depth: number;
  readonly text: string;
  /** Steps that this line stands for, in order; empty for a call without a step of its own and for a wait. */
  readonly steps: readonly number[];
  /** The step to show when somebody points at the line: its last, or the one that it announces. */
  readonly anchor: number;
  /** In the text of a shipped library. */
  readonly library: boolean;
  /** Where the run goes wrong. */
  readonly violation: boolean;
  /** A call that enters the text of a module from outside: which one. */
  readonly enters: string | null;
}

export interface StoryOptions {
  /** Folds runs of library steps that neither allocate, free, wait nor fail. */
  readonly fold: boolean;
  /** Folds that are open all the same, by their first step. */
  readonly open: ReadonlySet<number>;
}

export function storyOf(trace: Trace, options: StoryOptions): readonly Line[] {
  const lines: Line[] = [];
  const stacks = new Map<string, Shown>();
  const objects = new Set(trace.lanes.map((l) => l.id));
  let waiting: ReadonlyMap<string, string> = new Map();
  let hidden: TraceStep[] = [];

  const flush = (): void => {
    if (hidden.length === 0) return;
    const [first] = hidden;
    if (options.open.has(first.index)) for (const s of hidden) tell(s, false);
    else {
      if (first.event !== 'return') lines.push(...newFrames(first, stacks.get(first.agent), true));
      lines.push(foldLine(hidden, depthOf(first, true)));
      const last = hidden[hidden.length - 1];
      stacks.set(last.agent, { stack: last.stack, context: last.context, calls: called(last) });
    }
    hidden = [];
  };
  const tell = (s: TraceStep, fold: boolean): void => {
    const before = stacks.get(s.agent);
    if (s.event !== 'return') lines.push(...newFrames(s, before, fold));
    stacks.set(s.agent, { stack: s.stack, context: s.context, calls: called(s) });
    const call = isCall(s);
    lines.push({
      kind: call ? 'call' : 'step',
      agent: s.agent,
      depth: depthOf(s, fold),
      text: fold && !call ? statementText(trace, s) : textOf(s),
      steps: [s.index],
      anchor: s.index,
      library: isLibrary(s.at.file) && !(s.event === 'call' && callsOwn(s, trace)),
      violation: violates(trace, s),
      enters: call && called(s) !== null ? entered(s, trace) : null,
    });
  };

  for (const s of trace.steps) {
    const now = new Map(s.waiting.map((w) => [w.agent, w.what]));
    const fresh = [...now].filter(([agent, what]) => agent !== s.agent && waiting.get(agent) !== what);
    if (fresh.length > 0) flush();
    for (const [agent, what] of fresh) lines.push(waitLine(agent, what, s.index, stacks.get(agent), options.fold));
    waiting = now;
    const foldsIn = options.fold && foldable(s, trace, objects);
    if (hidden.length > 0 && (!foldsIn || !together(hidden[0], s))) flush();
    const before = lines[lines.length - 1];
    if (foldsIn) hidden.push(s);
    else if (options.fold && hidden.length === 0 && before !== undefined && continues(trace, before, s)) lines[lines.length - 1] = joined(trace, before, s);
    else tell(s, options.fold);
  }
  flush();
  for (const w of trace.end?.waiting ?? []) {
    if (waiting.get(w.agent) !== w.what) lines.push(waitLine(w.agent, w.what, Math.max(0, trace.steps.length - 1), stacks.get(w.agent), options.fold));
  }
  return lines;
}

/** The last step, where it is what is wrong; findings that are a state have no such step. */
export function violates(trace: Trace, s: TraceStep): boolean {
  return s.index === trace.steps.length - 1 && (s.event === 'violation' || s.event === 'refuse');
}

export function isLibrary(file: string): boolean {
  return file.startsWith('lifeline:/library/');
}

interface Shown {
  readonly stack: TraceStep['stack'];
  readonly context: TraceStep['context'];
  /** Function that the agent's last step called: its frame needs no further line. */
  readonly calls: string | null;
}

/** The touches of one statement are one line as long as nobody else comes between: `t.bar`, then `readl(t.bar, 0)`. */
function continues(trace: Trace, before: Line, s: TraceStep): boolean {
  if (before.kind !== 'step' || before.agent !== s.agent || s.event === 'call' || s.event === 'return') return false;
  const last = trace.steps[before.steps[before.steps.length - 1]];
  if (last === undefined || last.index !== s.index - 1 || last.event !== null || last.stack.length !== s.stack.length || last.at.file !== s.at.file) return false;
  if (last.statement && s.statement) return last.statement.start === s.statement.start;
  return s.at.span.start <= last.at.span.start && last.at.span.end <= s.at.span.end;
}

function joined(trace: Trace, before: Line, s: TraceStep): Line {
  return { ...before, text: statementText(trace, s), steps: [...before.steps, s.index], anchor: s.index, violation: violates(trace, s) };
}

/** The whole statement at its last touch; before that, the part that is done. */
function statementText(trace: Trace, s: TraceStep): string {
  const { statement } = s;
  // What a step does without being written there (`next link`) is not in its statement.
  if (!statement || s.stack.length === 1 || !statement.text.includes(s.text)) return textOf(s);
  const next = trace.steps.find((t) => t.index > s.index && t.agent === s.agent);
  const goesOn = next?.statement?.start === statement.start && next.at.file === s.at.file && next.stack.length === s.stack.length;
  return goesOn ? textOf(s) : statement.text;
}

/** Entering a system call, a callback of a kernel context, or a function in another module's text. */
function isCall(s: TraceStep): boolean {
  return s.event === 'call' || begins(s);
}

/** What an agent does for itself before anything is called: `unplug(gpu)`, `the work starts`. */
function begins(s: TraceStep): boolean {
  return s.stack.length === 1 && s.context !== 'process' && s.context !== 'syscall' && (s.environment || s.event === 'wake');
}

function called(s: TraceStep): string | null {
  return /^calls (.+)\(\)$/.exec(s.text)?.[1] ?? null;
}

function textOf(s: TraceStep): string {
  return s.text.replace(/^calls /, '');
}

/** Frame 0 is the agent itself. Library frames show only where the scenario's own code calls them: what they call in turn is theirs. */
function visible(s: Pick<TraceStep, 'stack'>, frame: number, fold: boolean): boolean {
  if (frame === 0) return false;
  if (!fold || !isLibrary(s.stack[frame].at.file)) return true;
  return frame > 1 && !isLibrary(s.stack[frame - 1].at.file);
}

/** A system call, or the run of a kernel context, is a level of its own. */
function inside(s: Pick<TraceStep, 'stack' | 'context'>): boolean {
  return s.context === 'syscall' || (s.context !== 'process' && s.stack.length > 1);
}

function depthOf(s: Pick<TraceStep, 'stack' | 'context'>, fold: boolean, frames = s.stack.length): number {
  let depth = inside(s) ? 1 : 0;
  for (let k = 0; k < frames; k++) if (visible(s, k, fold)) depth++;
  return depth;
}

/** Calls that took no step of their own show when the first step inside them comes. */
function newFrames(s: TraceStep, before: Shown | undefined, fold: boolean): readonly Line[] {
  const headers: Line[] = [];
  let same = before !== undefined && inside(before) === inside(s);
  for (let k = 0; k < s.stack.length; k++) {
    const was = before?.stack[k];
    const caller = k === 0 || (before?.stack[k - 1] !== undefined && samePlace(before.stack[k - 1].at, s.stack[k - 1].at));
    same = same && was?.function === s.stack[k].function && caller;
    if (same || !visible(s, k, fold)) continue;
    const name = s.stack[k].function;
    if (before?.calls === name && before.stack.length === k) continue;
    headers.push({
      kind: 'call',
      agent: s.agent,
      depth: depthOf(s, fold, k),
      text: `${name}()`,
      steps: [],
      anchor: s.index,
      library: isLibrary(s.stack[k].at.file),
      violation: false,
      enters: k > 0 && s.stack[k].module === s.stack[k - 1].module ? null : s.stack[k].module,
    });
  }
  return headers;
}

function samePlace(a: TraceStep['at'], b: TraceStep['at']): boolean {
  return a.file === b.file && a.span.start === b.span.start && a.span.end === b.span.end;
}

/** Steps of libraries that change nothing anybody looks at, and returns: the nesting shows those. */
function foldable(s: TraceStep, trace: Trace, objects: ReadonlySet<string>): boolean {
  if (violates(trace, s) || (isCall(s) && s.stack.length === 1) || trace.verdict.keys.some((k) => k.step === s.index)) return false;
  if (s.event === 'return') return true;
  if (!isLibrary(s.at.file)) return false;
  if (s.event === 'call' && callsOwn(s, trace)) return false;
  return !s.effects.some((e) => objects.has(e.on) && (ends(e.is) || target(e.on).field === 'life'));
}

function entered(s: TraceStep, trace: Trace): string | null {
  const next = trace.steps.find((t) => t.index > s.index && t.agent === s.agent)?.stack[s.stack.length];
  return next === undefined || next.module === s.stack[s.stack.length - 1].module ? null : next.module;
}

/** A library's call into the text of the scenario: the beginning of a callback. */
function callsOwn(s: TraceStep, trace: Trace): boolean {
  const next = trace.steps.find((t) => t.index > s.index && t.agent === s.agent);
  return next !== undefined && next.stack.length > s.stack.length && !isLibrary(next.stack[s.stack.length].at.file);
}

/** One fold holds steps of one agent under the same calls; returns go with what they end. */
function together(first: TraceStep, s: TraceStep): boolean {
  if (first.agent !== s.agent || inside(first) !== inside(s)) return false;
  if (s.event === 'return') return true;
  const path = (t: TraceStep) => t.stack.flatMap((f, k) => (visible(t, k, true) ? [`${f.function}@${k === 0 ? '' : t.stack[k - 1].at.span.start}`] : [])).join();
  return path(first) === path(s);
}

function foldLine(steps: readonly TraceStep[], depth: number): Line {
  const names = [...new Set(steps.map((s) => s.function))];
  const where = names.slice(0, 2).join(', ') + (names.length > 2 ? ', ...' : '');
  return {
    kind: 'fold',
    agent: steps[0].agent,
    depth,
    text: steps.length === 1 ? textOf(steps[0]) : `${steps.length} steps in ${where}`,
    steps: steps.map((s) => s.index),
    anchor: steps[steps.length - 1].index,
    library: true,
    violation: false,
    enters: null,
  };
}

function waitLine(agent: string, what: string, anchor: number, shown: Shown | undefined, fold: boolean): Line {
  const depth = shown === undefined ? 0 : depthOf(shown, fold);
  return { kind: 'wait', agent, depth, text: `waits for ${what}`, steps: [], anchor, library: false, violation: false, enters: null };
}
