// Gives each line of a story its row, its label and its number.
import type { DiagramRow, LaneBox, TextLabel } from './display.ts';
import { charOf, fitted, SIZE } from './metrics.ts';
import type { Line } from './story.ts';

/** A line of the story and the row that it has got. */
export interface Placed {
  readonly line: Line;
  readonly row: DiagramRow;
  readonly lane: LaneBox;
}

export function place(story: readonly Line[], lanes: readonly LaneBox[]): readonly Placed[] {
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

export function labelOf({ line, row, lane }: Placed): TextLabel {
  const x = lane.x + SIZE.labelGap + line.depth * SIZE.indent;
  const text = fitted(line.kind === 'fold' && line.steps.length > 1 ? `\u25b8 ${line.text}` : line.text, lane.wordsRight - x - 4, charOf(line.kind));
  return {
    kind: line.kind,
    lane: lane.id,
    x,
    y: row.y + row.height / 2 + 4,
    width: text.length * charOf(line.kind),
    text,
    full: line.text,
    anchor: line.anchor,
    library: line.library,
    violation: line.violation,
  };
}

/** Step numbers as people count them, from 1. */
export function numberOf({ line, row }: Placed): TextLabel {
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

