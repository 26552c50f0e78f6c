// Objects in a sequence diagram: when each is alive, what the steps do to it, and the arrows from who does it.
import { begins, ends } from '../trace/lanes.ts';
import type { Effect, Trace } from '../trace/trace.ts';
import type { Arrow, LaneBox, Mark, Segment, TextLabel } from './display.ts';
import type { Placed } from './placing.ts';
import { brief, effectTexts, subjectOf, worthWords } from './effects.ts';
import { fitted, SIZE } from './metrics.ts';

export interface Objects {
  readonly segments: readonly Segment[];
  readonly arrows: readonly Arrow[];
  readonly labels: readonly TextLabel[];
  readonly marks: readonly Mark[];
}

/** `labels[i]` is the label of `placed[i]`: arrows start where it ends. */
export function objectsOf(trace: Trace, placed: readonly Placed[], lanes: readonly LaneBox[], labels: readonly TextLabel[], bottom: number): Objects {
  const objects = lanes.filter((l) => !l.actor);
  const arrows: Arrow[] = [];
  const texts: TextLabel[] = [];
  const marks: Mark[] = [];
  placed.forEach((p, i) => {
    const y = p.row.y + p.row.height / 2;
    const x1 = labels[i].x + labels[i].width + 5;
    const arrow = (kind: Arrow['kind'], x2: number, title: string) => arrows.push({ kind, x1: x2 > x1 ? x1 : p.lane.x - SIZE.barWidth, x2, y, anchor: p.line.anchor, title });
    for (const lane of objects) {
      const said = effectTexts(
        p.line.steps.flatMap((s) => trace.steps[s].effects),
        lane.id,
      );
      const life = p.line.steps.flatMap((s) => trace.steps[s].effects).filter((e) => e.on === lane.id);
      const dies = life.find((e) => ends(e.is));
      const born = life.find((e) => begins(e.was) || ends(e.was));
      if (dies !== undefined) {
        arrow('free', lane.x, `${lane.title}: ${dies.is}`);
        marks.push({ kind: 'death', lane: lane.id, x: lane.x, y, title: dies.is });
      } else if (born !== undefined) {
        arrow('alloc', lane.x, `${lane.title} is allocated`);
        marks.push({ kind: 'birth', lane: lane.id, x: lane.x, y, title: 'allocated' });
      } else if (said.length > 0) arrow('change', lane.x, `${lane.title}: ${said.join(', ')}`);
      else if (p.line.enters === lane.id && lane.kind === 'module') arrow('call', lane.x, `${p.line.text} runs in ${lane.title}`);
      const text = said.join(', ');
      if (text !== '' && (p.line.kind !== 'fold' || worthWords(text))) texts.push(effectLabel(text, dies ?? born, lane, y, p));
    }
    if (p.line.violation) {
      const lane = objects.find((l) => l.id === subjectOf(trace));
      if (lane !== undefined) arrow('access', lane.x, trace.verdict.kind);
    }
    for (const woken of wokenBy(trace, p, lanes)) arrow('wake', woken.x, `${woken.title} can go on`);
  });
  return { segments: objects.flatMap((l) => segmentsOf(trace, l, marks, bottom)), arrows, labels: texts, marks };
}

function effectLabel(text: string, life: Effect | undefined, lane: LaneBox, y: number, p: Placed): TextLabel {
  const x = lane.x + SIZE.labelGap;
  const cut = fitted(brief(text), lane.right - x - 2, SIZE.smallChar);
  return {
    kind: life === undefined ? 'effect' : 'life',
    lane: lane.id,
    x,
    y: y - 4,
    width: cut.length * SIZE.smallChar,
    text: cut,
    full: text,
    anchor: p.line.anchor,
    library: p.line.library,
    violation: life !== undefined && ends(life.is),
  };
}

/** Agents that waited before this line and need not any more. */
function wokenBy(trace: Trace, p: Placed, lanes: readonly LaneBox[]): readonly LaneBox[] {
  if (p.line.steps.length === 0) return [];
  const before = trace.steps[p.line.steps[0]].waiting;
  const next = p.line.steps[p.line.steps.length - 1] + 1;
  if (next >= trace.steps.length && (trace.end === null || trace.end === undefined)) return [];
  const after = next < trace.steps.length ? trace.steps[next] : null;
  const waiting = new Set((after === null ? (trace.end?.waiting ?? []) : after.waiting).map((w) => w.agent));
  return before.flatMap((w) => lanes.filter((l) => l.actor && l.id === w.agent && l.id !== p.lane.id && !waiting.has(w.agent)));
}

/** Each birth begins a life, each death ends it; before the first birth there is nothing. */
function segmentsOf(trace: Trace, lane: LaneBox, marks: readonly Mark[], bottom: number): readonly Segment[] {
  const own = marks.filter((m) => m.lane === lane.id && (m.kind === 'birth' || m.kind === 'death')).sort((a, b) => a.y - b.y);
  const segments: Segment[] = [];
  const focus = lane.id === subjectOf(trace);
  const life = trace.initial[lane.id]?.life;
  let state: Segment['state'] = own[0]?.kind === 'birth' || (life !== undefined && begins(life)) ? 'unborn' : life !== undefined && ends(life) ? 'dead' : 'alive';
  let from: number = SIZE.header;
  for (const m of own) {
    segments.push({ lane: lane.id, x: lane.x, y1: from, y2: m.y, state, focus });
    state = m.kind === 'birth' ? 'alive' : 'dead';
    from = m.y;
  }
  return [...segments, { lane: lane.id, x: lane.x, y1: from, y2: bottom, state, focus }];
}
