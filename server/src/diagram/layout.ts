// Lays a trace out as a sequence diagram: a pure function from a trace to a display list. Lanes, rows, bars and lifelines have files of their own.
import type { Trace } from '../trace/trace.ts';
import { barsOf } from './bars.ts';
import { compactLanes, laneBoxes, widthOf } from './boxes.ts';
import type { Diagram, DiagramRow, LaneBox, Mark, TextLabel } from './display.ts';
import { subjectOf } from './effects.ts';
import { objectsOf } from './lifelines.ts';
import { SIZE } from './metrics.ts';
import { labelOf, numberOf, place, type Placed } from './placing.ts';
import { type StoryOptions, storyOf } from './story.ts';
import { wrap } from './wrap.ts';

export const FOLDED: StoryOptions = { fold: true, open: new Set() };

/** `room`: pixels that there are; a picture that is wider is made narrower by letting agents' words share one room. Null: any. */
export function layout(trace: Trace, options: StoryOptions, room: number | null = null): Diagram {
  const story = storyOf(trace, options);
  const wide = laneBoxes(trace, story, null);
  const wideWidth = widthOf(wide);
  const compact = room !== null && wideWidth > room;
  const lanes = compact ? compactLanes(trace, story, room) : wide;
  const width = widthOf(lanes);
  const placed = place(story, lanes);
  const bottom = placed.reduce((y, p) => Math.max(y, p.row.y + p.row.height), SIZE.header + 4) + 14;
  const labels = placed.map(labelOf);
  const objects = objectsOf(trace, placed, lanes, labels, bottom);
  const verdict = verdictRows(trace, width, bottom, placed);
  return {
    width,
    height: verdict.y + SIZE.bottom,
    wideWidth,
    compact,
    headerHeight: SIZE.header,
    lanes,
    rows: [...placed.map((p) => p.row), ...verdict.rows],
    segments: [...lanes.filter((l) => l.actor).map((l) => ({ lane: l.id, x: l.x, y1: SIZE.header, y2: bottom, state: 'actor' as const, focus: false })), ...objects.segments],
    bars: barsOf(trace, placed, lanes, objects.marks, bottom),
    arrows: objects.arrows,
    labels: [...placed.filter((p) => p.line.steps.length > 0).map(numberOf), ...labels, ...objects.labels, ...verdict.labels],
    marks: [...objects.marks, ...violationMarks(trace, placed, lanes, bottom)],
  };
}

function verdictRows(trace: Trace, width: number, top: number, placed: readonly Placed[]) {
  const { kind, message, waitsFor } = trace.verdict;
  const said = `${kind}: ${message}${waitsFor === null || message.includes(waitsFor) ? '' : `; goes on after ${waitsFor}`}`.replace(/`/g, '');
  const room = width - SIZE.gutter - SIZE.inset - SIZE.lanePadding;
  const anchor = Math.max(0, trace.steps.length - 1);
  const violation = !placed.some((p) => p.line.violation);
  const lines = wrap(said, Math.floor(room / SIZE.char));
  const rows: DiagramRow[] = [{ kind: 'verdict', y: top, height: lines.length * SIZE.rows.verdict + 12, lane: null, steps: [], anchor, text: said, violation, turn: false }];
  const labels = lines.map(
    (text, i): TextLabel => ({
      kind: 'verdict',
      lane: null,
      x: SIZE.gutter + SIZE.inset,
      y: top + 20 + i * SIZE.rows.verdict,
      width: text.length * SIZE.char,
      text,
      full: said,
      anchor,
      library: false,
      violation: true,
    }),
  );
  return { rows, labels, y: top + lines.length * SIZE.rows.verdict + 12 };
}

/** The mark stands on the lifeline of what is used wrongly, else on that of who does it; who is stuck gets it at the end. */
function violationMarks(trace: Trace, placed: readonly Placed[], lanes: readonly LaneBox[], bottom: number): readonly Mark[] {
  const { verdict } = trace;
  const title = verdict.kind;
  const at = placed.find((p) => p.line.violation);
  if (at === undefined) {
    const lane = lanes.find((l) => l.actor && l.id === verdict.agent);
    return lane === undefined ? [] : [{ kind: 'stuck', lane: lane.id, x: lane.x, y: bottom - 4, title }];
  }
  const y = at.row.y + at.row.height / 2;
  const lane = lanes.find((l) => !l.actor && l.id === subjectOf(trace)) ?? at.lane;
  return [{ kind: trace.steps[at.line.anchor].event === 'refuse' ? 'refused' : 'violation', lane: lane.id, x: lane.x, y, title }];
}
