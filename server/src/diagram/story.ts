// What every drawing of a trace tells, line by line: calls with their nesting, steps, runs of library steps folded into one line, waits, and
// how it ends. Where a line goes on paper or screen is decided by layout.ts and text.ts.
import { since } from '../trace/nanoseconds.ts';
import type { Trace, TraceStep } from '../trace/trace.ts';
import { foldable, foldText, together } from './folding.ts';
import { depthOf, newFrames, seen, type Seen } from './frames.ts';
import { callsOwn, entered, isCall, isLibrary, sameStatement, statementText, textOf, violates } from './touches.ts';

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
  const agents = new Map<string, Seen>();
  const objects = new Set(trace.lanes.map((l) => l.id));
  let waiting: ReadonlyMap<string, string> = new Map();
  let hidden: TraceStep[] = [];

  const flush = (): void => {
    if (hidden.length === 0) return;
    const [first] = hidden;
    if (options.open.has(first.index)) for (const s of hidden) tell(s, false);
    else {
      announce(first, true);
      lines.push(foldLine(hidden));
      agents.set(first.agent, seen(hidden[hidden.length - 1]));
    }
    hidden = [];
  };
  const announce = (s: TraceStep, fold: boolean): void => {
    for (const f of newFrames(s, agents.get(s.agent), fold)) {
      lines.push({ ...EMPTY, kind: 'call', agent: s.agent, depth: f.depth, text: `${f.function}()`, anchor: s.index, library: f.library, enters: f.enters });
    }
  };
  const tell = (s: TraceStep, fold: boolean): void => {
    announce(s, fold);
    agents.set(s.agent, seen(s));
    lines.push(stepLine(trace, s, fold));
  };

  for (const s of trace.steps) {
    const now = new Map(s.waiting.map((w) => [w.agent, w.what]));
    const fresh = [...now].filter(([agent, what]) => agent !== s.agent && waiting.get(agent) !== what);
    if (fresh.length > 0) flush();
    for (const [agent, what] of fresh) lines.push(waitLine(agent, what, s.index, agents.get(agent), options.fold));
    waiting = now;
    const folds = options.fold && foldable(s, trace, objects);
    if (hidden.length > 0 && (!folds || !together(hidden[0], s))) flush();
    const before = lines[lines.length - 1];
    if (folds) hidden.push(s);
    else if (options.fold && hidden.length === 0 && before !== undefined && continues(trace, before, s)) lines[lines.length - 1] = joined(trace, before, s);
    else tell(s, options.fold);
  }
  flush();
  for (const w of trace.end?.waiting ?? []) {
    if (waiting.get(w.agent) !== w.what) lines.push(waitLine(w.agent, w.what, Math.max(0, trace.steps.length - 1), agents.get(w.agent), options.fold));
  }
  return lines;
}

const EMPTY = { steps: [], library: false, violation: false, enters: null } as const;

function stepLine(trace: Trace, s: TraceStep, fold: boolean): Line {
  const call = isCall(s);
  return {
    kind: call ? 'call' : 'step',
    agent: s.agent,
    depth: depthOf(seen(s), fold),
    text: fold && !call ? statementText(trace, s) : textOf(s),
    steps: [s.index],
    anchor: s.index,
    library: isLibrary(s.at.file) && !callsOwn(s, trace),
    violation: violates(trace, s),
    enters: call ? entered(s, trace) : null,
  };
}

/** The touches of one statement are one line as long as nobody else comes between. */
function continues(trace: Trace, before: Line, s: TraceStep): boolean {
  return before.kind === 'step' && before.steps.length > 0 && sameStatement(trace.steps[before.steps[before.steps.length - 1]], s);
}

function joined(trace: Trace, before: Line, s: TraceStep): Line {
  const text = s.context === 'clock' ? passed(trace, before.steps[0], s) : statementText(trace, s);
  return { ...before, text, steps: [...before.steps, s.index], anchor: s.index, violation: violates(trace, s) };
}

/** Steps of a clock in a row are one: how much time passes in all, and what comes then. */
function passed(trace: Trace, first: number, last: TraceStep): string {
  const after = trace.steps[last.index + 1]?.time;
  if (after === undefined) return last.text;
  return since(trace.steps[first].time, after) + last.text.replace(/^[^:]*/, '');
}

function foldLine(steps: readonly TraceStep[]): Line {
  const numbers = steps.map((s) => s.index);
  return { ...EMPTY, kind: 'fold', agent: steps[0].agent, depth: depthOf(seen(steps[0]), true), text: foldText(steps), steps: numbers, anchor: numbers[numbers.length - 1], library: true };
}

function waitLine(agent: string, what: string, anchor: number, at: Seen | undefined, fold: boolean): Line {
  return { ...EMPTY, kind: 'wait', agent, depth: at === undefined ? 0 : depthOf(at, fold), text: `waits for ${what.replace(/`/g, '')}`, anchor };
}
