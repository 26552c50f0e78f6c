// Where the reader is in a trace and how keys, clicks and search move: plain data and functions, no DOM.
import type { DiagramRow } from '../../server/src/diagram/display.ts';
import type { Trace } from '../../server/src/trace/trace.ts';

export type Move = 'next' | 'previous' | 'nextPage' | 'previousPage' | 'first' | 'last' | 'nextTurn' | 'previousTurn';

const PAGE = 10;

/** The row that shows a step; -1 where none does. */
export function rowOfStep(rows: readonly DiagramRow[], step: number): number {
  return rows.findIndex((r) => r.steps.includes(step));
}

/** The step to be at after a move. Rows that stand for several steps are one stop, as is every row that has a step. */
export function moved(rows: readonly DiagramRow[], step: number, move: Move): number {
  const stops = rows.filter((r) => r.steps.length > 0);
  if (stops.length === 0) return step;
  const at = Math.max(
    0,
    stops.findIndex((r) => r.steps.includes(step)),
  );
  const stop = (index: number) => stops[Math.max(0, Math.min(index, stops.length - 1))].anchor;
  switch (move) {
    case 'next':
      return stop(at + 1);
    case 'previous':
      return stop(at - 1);
    case 'nextPage':
      return stop(at + PAGE);
    case 'previousPage':
      return stop(at - PAGE);
    case 'first':
      return stop(0);
    case 'last':
      return stop(stops.length - 1);
    case 'nextTurn': {
      const next = stops.findIndex((r, i) => i > at && r.lane !== stops[i - 1].lane);
      return stop(next < 0 ? stops.length - 1 : next);
    }
    case 'previousTurn': {
      for (let i = at - 1; i > 0; i--) if (stops[i].lane !== stops[i - 1].lane) return stop(i);
      return stop(0);
    }
  }
}

export type Command =
  | { readonly kind: 'move'; readonly move: Move }
  | { readonly kind: 'fold' | 'foldAll' | 'search' | 'zoomIn' | 'zoomOut' | 'zoomFit' | 'copy' | 'nextMatch' | 'previousMatch' };

/** What a key means while the picture has the focus; null: nothing of ours. */
export function commandOf(key: { readonly key: string; readonly shift: boolean; readonly control: boolean }): Command | null {
  if (key.control) return key.key === 'f' ? { kind: 'search' } : null;
  switch (key.key) {
    case 'ArrowDown':
    case 'ArrowRight':
    case 'j':
      return { kind: 'move', move: key.shift ? 'nextTurn' : 'next' };
    case 'ArrowUp':
    case 'ArrowLeft':
    case 'k':
      return { kind: 'move', move: key.shift ? 'previousTurn' : 'previous' };
    case 'PageDown':
      return { kind: 'move', move: 'nextPage' };
    case 'PageUp':
      return { kind: 'move', move: 'previousPage' };
    case 'Home':
      return { kind: 'move', move: 'first' };
    case 'End':
      return { kind: 'move', move: 'last' };
    case ']':
      return { kind: 'move', move: 'nextTurn' };
    case '[':
      return { kind: 'move', move: 'previousTurn' };
    case 'Enter':
    case ' ':
      return { kind: 'fold' };
    case 'f':
      return { kind: 'foldAll' };
    case '/':
      return { kind: 'search' };
    case 'n':
      return { kind: 'nextMatch' };
    case 'N':
      return { kind: 'previousMatch' };
    case '+':
    case '=':
      return { kind: 'zoomIn' };
    case '-':
      return { kind: 'zoomOut' };
    case '0':
      return { kind: 'zoomFit' };
    case 'c':
      return { kind: 'copy' };
    default:
      return null;
  }
}

/** Steps in which the words occur: statement, function, agent, or what changes. Every word must, anywhere, in any case. */
export function matches(trace: Trace, query: string): readonly number[] {
  const words = query.toLowerCase().split(/\s+/).filter((w) => w !== '');
  if (words.length === 0) return [];
  return trace.steps
    .filter((s) => {
      const text = [s.text, s.agent, ...s.stack.map((f) => f.function), ...s.effects.flatMap((e) => [e.on, e.is]), ...s.waiting.map((w) => w.what)].join(' ').toLowerCase();
      return words.every((w) => text.includes(w));
    })
    .map((s) => s.index);
}

/** The match to go to from a step; null without any. Wraps around. */
export function nextMatch(found: readonly number[], step: number, way: 1 | -1): number | null {
  if (found.length === 0) return null;
  if (way === 1) return found.find((s) => s > step) ?? found[0];
  return found.findLast((s) => s < step) ?? found[found.length - 1];
}

/** One sentence for screen readers. */
export function announcement(trace: Trace, step: number): string {
  const s = trace.steps[step];
  if (s === undefined) return 'No steps';
  const where = s.function === s.agent ? '' : ` in ${s.function}`;
  const effects = s.effects.map((e) => `${e.on} becomes ${e.is}`).join(', ');
  const wrong = s.event === 'violation' ? `, ${trace.verdict.kind}` : '';
  return `Step ${step + 1} of ${trace.steps.length}: ${s.agent}${where}: ${s.text}${wrong}${effects === '' ? '' : `; ${effects}`}`;
}
