// What a complete exploration knows besides verdicts: calls that only a signal can still end, and statements that no interleaving reaches. Hints
// are never errors, and an exploration that ended early gives none of the second kind.
import type { Run } from '../analysis.ts';
import type { LineMap, Place, Span } from '../base/span.ts';
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
  const reached = new Set<string>();
  const never = new Map<string, Span>();
  system.agents.forEach((agent, a) => {
    agent.locations.forEach((location, l) => {
      for (const frame of location.stack) {
        if (frame.at.file !== path) continue;
        const key = keyOf(frame.at);
        // What the start of the run goes through is not told apart.
        if (agent.context === 'boot' || exploration.reached[a].has(l)) reached.add(key);
        else never.set(key, frame.at.span);
      }
    });
  });
  const left = [...never].filter(([key]) => !reached.has(key)).map(([, span]) => span);
  if (left.length === 0) return [];
  const covered = [...reached].map((key) => key.split(' ').map(Number));
  const statements: Span[] = [];
  walk(file, (node) => {
    if (!isStatement(node) || !left.some((s) => node.start <= s.start && s.end <= node.end)) return true;
    if (covered.some(([start, end]) => node.start <= start && end <= node.end)) return true;
    statements.push({ start: node.start, end: node.end });
    return false;
  });
  return statements;
}

function keyOf(at: Place): string {
  return `${at.span.start} ${at.span.end}`;
}

const STATEMENTS: ReadonlySet<string> = new Set(['let', 'assign', 'expression', 'if', 'while', 'loop', 'for', 'return', 'with', 'wait', 'atomic', 'either', 'assert', 'free']);

function isStatement(node: Node): boolean {
  return STATEMENTS.has(node.kind);
}
