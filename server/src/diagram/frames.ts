// The nesting of calls: which frames of a stack are shown, how deep a step stands, and which calls have begun since an agent was last seen.
import type { TraceStep } from '../trace/trace.ts';
import { begins, called, isLibrary } from './touches.ts';

/** Where an agent was last seen. */
export interface Seen {
  readonly stack: TraceStep['stack'];
  readonly inside: boolean;
  /** Function that its last step called: its frame needs no further line. */
  readonly calls: string | null;
}

/** A frame that has come to the stack without a step of its own. */
export interface NewFrame {
  readonly function: string;
  readonly depth: number;
  readonly library: boolean;
  /** The module whose text it enters from outside. */
  readonly enters: string | null;
}

export function seen(s: TraceStep): Seen {
  return { stack: s.stack, inside: isInside(s), calls: called(s) };
}

/** A system call, or the run of a kernel context, is a level of its own. */
export function isInside(s: TraceStep): boolean {
  return s.context === 'syscall' || (s.context !== 'process' && !begins(s));
}

export function depthOf(at: Pick<Seen, 'stack' | 'inside'>, fold: boolean, frames = at.stack.length): number {
  let depth = at.inside ? 1 : 0;
  for (let k = 0; k < frames; k++) if (isVisible(at.stack, k, fold)) depth++;
  return depth;
}

/** Frame 0 is the agent itself. Library frames show only where the scenario's own code calls them: what they call in turn is theirs. */
function isVisible(stack: Seen['stack'], frame: number, fold: boolean): boolean {
  if (frame === 0) return false;
  if (!fold || !isLibrary(stack[frame].at.file)) return true;
  return frame > 1 && !isLibrary(stack[frame - 1].at.file);
}

/** Calls that took no step of their own: they show when the first step inside them comes. */
export function newFrames(s: TraceStep, before: Seen | undefined, fold: boolean): readonly NewFrame[] {
  if (s.event === 'return') return [];
  const now = seen(s);
  const frames: NewFrame[] = [];
  let same = before !== undefined && before.inside === now.inside;
  for (let k = 0; k < s.stack.length; k++) {
    const { function: name, module, at } = s.stack[k];
    const caller = before?.stack[k - 1];
    same = same && before?.stack[k]?.function === name && (k === 0 || (caller !== undefined && samePlace(caller.at, s.stack[k - 1].at)));
    if (same || !isVisible(s.stack, k, fold) || (before?.calls === name && before.stack.length === k)) continue;
    frames.push({ function: name, depth: depthOf(now, fold, k), library: isLibrary(at.file), enters: module === s.stack[k - 1].module ? null : module });
  }
  return frames;
}

/** The shown calls that a step is inside of, by name and call site. */
export function pathOf(s: TraceStep): string {
  return s.stack.flatMap((f, k) => (isVisible(s.stack, k, true) ? [`${f.function}@${s.stack[k - 1].at.span.start}`] : [])).join();
}

function samePlace(a: TraceStep['at'], b: TraceStep['at']): boolean {
  return a.file === b.file && a.span.start === b.span.start && a.span.end === b.span.end;
}
