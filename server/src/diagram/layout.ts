// Lays a trace out as a sequence diagram: a pure function from a trace to a display list. Bars and lifelines have files of their own.
import type { Lane, Trace } from '../trace/trace.ts';
import { barsOf } from './bars.ts';
import type { Diagram, DiagramRow, LaneBox, Mark, TextLabel } from './display.ts';
import { brief, effectTexts, objectsOf, subjectOf, worthWords } from './lifelines.ts';
import { fitted, SIZE } from './metrics.ts';
import { isLibrary, type Line, type StoryOptions, storyOf } from './story.ts';
import { wrap } from './wrap.ts';

export const FOLDED: StoryOptions = { fold: true, open: new Set() };

/** A line of the story and the row that it has got. */
export interface Placed {
  readonly line: Line;
  readonly row: DiagramRow;
  readonly lane: LaneBox;
}

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
    bars: barsOf(trace, placed, lanes, bottom),
    arrows: objects.arrows,
    labels: [...placed.filter((p) => p.line.steps.length > 0).map(numberOf), ...labels, ...objects.labels, ...verdict.labels],
    marks: [...objects.marks, ...violationMarks(trace, placed, lanes, bottom)],
  };
}

function widthOf(lanes: readonly LaneBox[]): number {
  return Math.max(...lanes.map((l) => l.wordsRight), 320) + SIZE.bottom;
}

/** As narrow as titles allow, then wider again as far as there is room. */
function compactLanes(trace: Trace, story: readonly Line[], room: number): readonly LaneBox[] {
  const narrow = laneBoxes(trace, story, 0);
  const between = narrow.filter((l) => l.actor).length - 1;
  const spare = Math.floor((room - widthOf(narrow)) / Math.max(1, between));
  return spare <= 0 || between < 1 ? narrow : laneBoxes(trace, story, spare);
}

/** `spare`: by how much agents' lanes that share their room are wider than their titles; null: each has room for all its words. */
function laneBoxes(trace: Trace, story: readonly Line[], spare: number | null): readonly LaneBox[] {
  const declared = new Set(trace.lanes.map((l) => l.id));
  // A trace from elsewhere may have steps of agents that it gives no lane.
  const missing = [...new Set(story.map((l) => l.agent))].filter((a) => !declared.has(a));
  const all: readonly Lane[] = [...missing.map((id): Lane => ({ id, kind: 'process', title: id, from: null, to: null })), ...trace.lanes];
  const boxes: Array<Omit<LaneBox, 'wordsRight'> & { wordsRight: number }> = [];
  let left: number = SIZE.gutter;
  let wordsRight = 0;
  for (const lane of all) {
    const actor = isActor(lane.kind);
    const subtitle = subtitleOf(lane.kind);
    const heading = Math.max(lane.title.length * SIZE.titleChar, subtitle.length * SIZE.smallChar) + SIZE.inset + SIZE.lanePadding;
    const words = actor ? actorWidth(lane, story) : objectWidth(lane, trace);
    const [least, most] = actor ? [spare === null ? SIZE.actorMin : SIZE.objectMin, SIZE.actorMax] : [SIZE.objectMin, SIZE.objectMax];
    const wants = Math.round(Math.min(most, Math.max(least, heading, words)));
    const width = actor && spare !== null ? Math.min(wants, Math.round(Math.max(least, heading)) + spare) : wants;
    if (!actor) left = Math.max(left, wordsRight);
    boxes.push({ id: lane.id, kind: lane.kind, actor, title: fitted(lane.title, width - SIZE.lanePadding, SIZE.titleChar), subtitle, left, right: left + width, wordsRight: left + wants, x: left + SIZE.inset });
    if (actor) wordsRight = Math.max(wordsRight, left + wants);
    left += width;
  }
  // Only one agent acts in a row: its words may run on over the other agents' lines.
  if (spare !== null) for (const box of boxes) if (box.actor) box.wordsRight = wordsRight;
  return boxes;
}

function actorWidth(lane: Lane, story: readonly Line[]): number {
  const own = story.filter((l) => l.agent === lane.id);
  return SIZE.inset + SIZE.lanePadding + Math.max(0, ...own.map((l) => SIZE.labelGap + l.depth * SIZE.indent + (l.text.length + (l.kind === 'fold' ? 2 : 0)) * charOf(l)));
}

function objectWidth(lane: Lane, trace: Trace): number {
  // Steps of libraries are mostly folded, and then say little of what they change.
  const texts = trace.steps.flatMap((s) => effectTexts(s.effects, lane.id).filter((t) => !isLibrary(s.at.file) || worthWords(t)).map(brief));
  return SIZE.inset + SIZE.lanePadding + SIZE.labelGap + Math.max(0, ...texts.map((t) => t.length * SIZE.smallChar));
}

function charOf(line: Line): number {
  return line.kind === 'fold' || line.kind === 'wait' ? SIZE.smallChar : SIZE.char;
}

function place(story: readonly Line[], lanes: readonly LaneBox[]): readonly Placed[] {
  const byId = new Map(lanes.filter((l) => l.actor).map((l) => [l.id, l]));
  let y: number = SIZE.header + 6;
  let before: string | null = null;
  return story.map((line) => {
    const lane = byId.get(line.agent) ?? lanes[0];
    const height = line.violation ? SIZE.rows.violation : SIZE.rows[line.kind];
    const turn = before !== null && before !== line.agent && line.kind !== 'wait';
    if (line.kind !== 'wait') before = line.agent;
    const row = { kind: line.kind, y, height, lane: lane.id, steps: line.steps, anchor: line.anchor, text: line.text, violation: line.violation, turn };
    y += height;
    return { line, row, lane };
  });
}

function labelOf({ line, row, lane }: Placed): TextLabel {
  const x = lane.x + SIZE.labelGap + line.depth * SIZE.indent;
  const text = fitted(line.kind === 'fold' && line.steps.length > 1 ? `\u25b8 ${line.text}` : line.text, lane.wordsRight - x - 4, charOf(line));
  return {
    kind: line.kind,
    lane: lane.id,
    x,
    y: row.y + row.height / 2 + 4,
    width: text.length * charOf(line),
    text,
    full: line.text,
    anchor: line.anchor,
    library: line.library,
    violation: line.violation,
  };
}

/** Step numbers as people count them, from 1. */
function numberOf({ line, row }: Placed): TextLabel {
  const text = String(line.steps[0] + 1);
  return {
    kind: 'number',
    lane: null,
    x: SIZE.gutter - 10,
    y: row.y + row.height / 2 + 4,
    width: text.length * SIZE.smallChar,
    text,
    full: text,
    anchor: line.anchor,
    library: line.library,
    violation: line.violation,
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

export function isActor(kind: Lane['kind']): boolean {
  switch (kind) {
    case 'process':
    case 'work':
    case 'timer':
    case 'irq':
    case 'rcu':
    case 'kthread':
    case 'hardware':
    case 'clock':
      return true;
    case 'module':
    case 'device':
    case 'file':
    case 'memory':
    case 'mapping':
      return false;
  }
}

function subtitleOf(kind: Lane['kind']): string {
  switch (kind) {
    case 'rcu':
      return 'RCU callback';
    case 'kthread':
      return 'kernel thread';
    default:
      return kind;
  }
}
