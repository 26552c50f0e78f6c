// A path from an initial state to a stored one along first-found parents: one of the shortest. Which of the shortest is shown to the user
// is decided in shortest.ts; this is the fallback where that would cost too much.
import type { Engine } from './engine.ts';
import { internal } from './internal.ts';
import type { PathToFinding } from './verdict.ts';

/** `last` is a step taken in `state` at the end, for a violation that happens in a step. */
export function parentPath(engine: Engine, state: number, last: { readonly agent: number; readonly step: number } | null): PathToFinding {
  const choices: Array<{ agent: number; step: number }> = last === null ? [] : [{ agent: last.agent, step: last.step }];
  let at = state;
  for (let parent = engine.parent(at); parent >= 0; at = parent, parent = engine.parent(at)) {
    const to = at;
    const found = engine.stepInto?.(parent, to) ?? engine.successors(parent).find((s) => s.to === to);
    const step = found ?? internal(`state ${parent} does not lead to its child ${to}`);
    choices.push({ agent: step.agent, step: step.step });
  }
  // Initial states are numbered first, in their own order.
  return { initial: at, choices: choices.reverse() };
}
