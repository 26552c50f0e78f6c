// Which steps say too little for a line of their own, and which of them go into one line together.
import { ends } from '../trace/lanes.ts';
import { target } from '../trace/state.ts';
import type { Trace, TraceStep } from '../trace/trace.ts';
import { isInside, pathOf } from './frames.ts';
import { callsOwn, isCall, isLibrary, textOf, violates } from './touches.ts';

/** Steps of libraries that change nothing anybody looks at; returns, which the nesting shows; what holds as it should. */
export function foldable(s: TraceStep, trace: Trace, objects: ReadonlySet<string>): boolean {
  if (violates(trace, s) || (isCall(s) && s.stack.length === 1) || trace.verdict.keys.some((k) => k.step === s.index)) return false;
  if (s.event === 'return' || (s.stack.length === 1 && s.text === 'begins') || s.text.startsWith('assert ') || s.statement?.text.startsWith('assert ')) return true;
  if (!isLibrary(s.at.file) || callsOwn(s, trace)) return false;
  return !s.effects.some((e) => objects.has(e.on) && (ends(e.is) || target(e.on).field === 'life'));
}

/** One fold holds steps of one agent under the same calls; returns go with what they end. */
export function together(first: TraceStep, s: TraceStep): boolean {
  if (first.agent !== s.agent || isInside(first) !== isInside(s)) return false;
  return s.event === 'return' || pathOf(first) === pathOf(s);
}

export function foldText(steps: readonly TraceStep[]): string {
  if (steps.length === 1) return textOf(steps[0]);
  const names = [...new Set(steps.map((s) => s.function))];
  return `${steps.length} steps in ${names.slice(0, 2).join(', ')}${names.length > 2 ? ', ...' : ''}`;
}
