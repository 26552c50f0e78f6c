// What a complete exploration knows besides verdicts: calls that only a signal can still end, and statements that no interleaving reaches. Hints
// are never errors, and an exploration that ended early gives none of the second kind.
import type { Run } from '../analysis.ts';
import type { LineMap, Span } from '../base/span.ts';
import type { Exploration } from '../checker/verdict.ts';
import type { System } from '../system/system.ts';
import type * as tree from '../syntax/tree.ts';
import { walk, type Node } from '../syntax/visit.ts';

type Hint = Run['hints'][number];

export function hintsOf(path: string, file: tree.File, lines: LineMap, linesOf: (path: string) => LineMap, system: System, exploration: Exploration): Hint[] {
  const signals = exploration.hints.map((h): Hint => ({ code: 'only-a-signal', at: h.at, range: linesOf(h.at.file).range(h.at.span), message: h.message }));
  return [...signals, ...unreached(path, file, system, exploration).map((span): Hint => ({
    code: 'unreached', at: { file: path, span }, range: lines.range(span), message: 'no interleaving reaches this',
  }))];
}

/** Statements of the file of which no step is ever about to be taken, outermost ones only. */
function unreached(path: string, file: tree.File, system: System, exploration: Exploration): readonly Span[] {
  if (exploration.limit !== null || exploration.reached.length === 0 || exploration.initials.length === 0) return [];
  const reached = new Map<number, Span>();
  const never = new Map<number, Span>();
  for (const [a, agent] of system.agents.entries()) {
    for (const [l, location] of agent.locations.entries()) {
      // What the start of the run goes through is not told apart.
      const into = agent.context === 'boot' || exploration.reached[a].has(l) ? reached : never;
      for (const { at } of location.stack) if (at.file === path) into.set(keyOf(at.span), at.span);
    }
  }
  const left = [...never].filter(([key]) => !reached.has(key)).map(([, span]) => span);
  if (left.length === 0) return [];
  const covered = [...reached.values()];
  const statements: Span[] = [];
  walk(file, (node) => {
    const isAround = (span: Span): boolean => node.start <= span.start && span.end <= node.end;
    if (!left.some(isAround)) return false;
    if (!isStatement(node) || covered.some(isAround)) return true;
    statements.push({ start: node.start, end: node.end });
    return false;
  });
  return statements;
}

/** Different for all spans of a text of less than 2^26 characters. */
function keyOf({ start, end }: Span): number {
  return start * 2 ** 26 + end;
}

const STATEMENTS: ReadonlySet<string> = new Set(['let', 'assign', 'expression', 'if', 'while', 'loop', 'for', 'return', 'with', 'wait', 'atomic', 'either', 'assert', 'free']);

function isStatement(node: Node): boolean {
  return STATEMENTS.has(node.kind);
}
