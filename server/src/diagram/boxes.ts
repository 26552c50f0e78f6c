// How wide the lanes of a picture are, and which agents have to share their room where there is little.
import type { Lane, Trace } from '../trace/trace.ts';
import type { LaneBox } from './display.ts';
import { brief, effectTexts, worthWords } from './effects.ts';
import { charOf, fitted, SIZE } from './metrics.ts';
import type { Line } from './story.ts';
import { isLibrary } from './touches.ts';

export function widthOf(lanes: readonly LaneBox[]): number {
  return Math.max(...lanes.map((l) => l.wordsRight), 320) + SIZE.bottom;
}

/** As narrow as titles allow, then wider again as far as there is room. */
export function compactLanes(trace: Trace, story: readonly Line[], room: number): readonly LaneBox[] {
  const narrow = laneBoxes(trace, story, 0);
  const between = narrow.filter((l) => l.actor).length - 1;
  const spare = Math.floor((room - widthOf(narrow)) / Math.max(1, between));
  return spare <= 0 || between < 1 ? narrow : laneBoxes(trace, story, spare);
}

/** `spare`: by how much agents' lanes that share their room are wider than their titles; null: each has room for all its words. */
export function laneBoxes(trace: Trace, story: readonly Line[], spare: number | null): readonly LaneBox[] {
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
  return SIZE.inset + SIZE.lanePadding + Math.max(0, ...own.map((l) => SIZE.labelGap + l.depth * SIZE.indent + (l.text.length + (l.kind === 'fold' ? 2 : 0)) * charOf(l.kind)));
}

function objectWidth(lane: Lane, trace: Trace): number {
  // Steps of libraries are mostly folded, and then say little of what they change.
  const texts = trace.steps.flatMap((s) => effectTexts(s.effects, lane.id).filter((t) => !isLibrary(s.at.file) || worthWords(t)).map(brief));
  return SIZE.inset + SIZE.lanePadding + SIZE.labelGap + Math.max(0, ...texts.map((t) => t.length * SIZE.smallChar));
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
