// The upright bars of a sequence diagram: calls that an agent is inside of, spans in which it is blocked, and who runs in a module's text.
import type { Trace } from '../trace/trace.ts';
import type { Bar, LaneBox, Mark } from './display.ts';
import { SIZE } from './metrics.ts';
import type { Placed } from './placing.ts';

export function barsOf(trace: Trace, placed: readonly Placed[], lanes: readonly LaneBox[], marks: readonly Mark[], bottom: number): readonly Bar[] {
  const actors = lanes.filter((l) => l.actor);
  return [
    ...actors.flatMap((lane) => callBars(trace, lane, ofLane(placed, lane), bottom)),
    ...lanes.filter((l) => l.kind === 'module').flatMap((lane) => splitAt(textBars(trace, lane, placed, actors, bottom), marks.find((m) => m.kind === 'death' && m.lane === lane.id)?.y)),
    ...actors.flatMap((lane) => blockedBars(lane, ofLane(placed, lane), bottom)),
  ];
}

function ofLane(placed: readonly Placed[], lane: LaneBox): readonly Placed[] {
  return placed.filter((p) => p.lane.id === lane.id);
}

/** A call lasts from the row that makes it to the last row inside it; to the end, where the agent is still in it. */
function callBars(trace: Trace, lane: LaneBox, own: readonly Placed[], bottom: number): readonly Bar[] {
  const bars: Bar[] = [];
  const open: Array<{ readonly placed: Placed; readonly depth: number }> = [];
  let last = 0;
  const close = (depth: number, y2: number) => {
    while (open.length > 0 && open[open.length - 1].depth >= depth) {
      const call = open.pop();
      if (call !== undefined) bars.push(callBar(lane, call.placed, call.depth, y2));
    }
  };
  for (const p of own) {
    if (p.line.kind !== 'wait') close(p.line.depth, last);
    if (p.line.kind === 'call') open.push({ placed: p, depth: p.line.depth });
    last = p.row.y + p.row.height - 3;
  }
  close(0, endsInside(trace, lane.id) ? bottom : last);
  // Outer calls first, so that inner ones lie on them.
  return bars.sort((a, b) => a.x - b.x || a.y1 - b.y1);
}

function callBar(lane: LaneBox, { line, row }: Placed, depth: number, y2: number): Bar {
  const y1 = row.y + row.height / 2;
  return {
    kind: line.library ? 'library' : 'call',
    lane: lane.id,
    x: lane.x - SIZE.barWidth / 2 + depth * SIZE.barOffset,
    width: SIZE.barWidth,
    y1,
    y2: Math.max(y2, y1 + 6),
    title: line.text,
  };
}

/** Whether an agent is inside a call when the trace ends. */
function endsInside(trace: Trace, agent: string): boolean {
  const last = lastStep(trace, agent);
  if (last === undefined) return false;
  const { end } = trace;
  const stands = end?.stands.find((s) => s.agent === agent);
  if (stands !== undefined) return stands.inCall;
  if (end?.stands.length) return false;
  if (last.event === 'refuse') return false;
  if ((trace.end?.waiting ?? []).some((w) => w.agent === agent)) return true;
  return last.event === 'violation' || (last.context !== 'process' && last.event !== 'return');
}

function lastStep(trace: Trace, agent: string): Trace['steps'][number] | undefined {
  return trace.steps.findLast((s) => s.agent === agent);
}

/** From each row in which somebody enters the module to the last of that agent's rows inside. */
function textBars(trace: Trace, lane: LaneBox, placed: readonly Placed[], actors: readonly LaneBox[], bottom: number): readonly Bar[] {
  const inside = (p: Placed) => (p.line.steps.length > 0 ? p.line.steps : [p.line.anchor]).some((s) => trace.steps[s].stack.some((f) => f.module === lane.id));
  const bars: Bar[] = [];
  for (const actor of actors) {
    let from: number | null = null;
    let last = 0;
    const close = (y2: number) => {
      // Two agents at once stand side by side.
      const beside = from === null ? 0 : bars.filter((b) => b.y2 > (from ?? 0)).length;
      if (from !== null) bars.push({ kind: 'text', lane: lane.id, x: lane.x - 3 + beside * 4, width: 6, y1: from, y2, title: `${actor.title} runs in ${lane.title}` });
      from = null;
    };
    for (const p of ofLane(placed, actor)) {
      if (p.line.kind === 'wait') continue;
      if (p.line.enters === lane.id || inside(p)) from ??= p.row.y + p.row.height / 2;
      else close(last);
      last = p.row.y + p.row.height - 3;
    }
    close(endsInside(trace, actor.id) ? bottom : last);
  }
  return bars;
}

/** Who is still in the text when it goes runs on in nothing. */
function splitAt(bars: readonly Bar[], end: number | undefined): readonly Bar[] {
  if (end === undefined) return bars;
  return bars.flatMap((b): readonly Bar[] => [...(b.y1 < end ? [{ ...b, y2: Math.min(b.y2, end) }] : []), ...(b.y2 > end ? [{ ...b, kind: 'gone' as const, y1: Math.max(b.y1, end) }] : [])]);
}

function blockedBars(lane: LaneBox, own: readonly Placed[], bottom: number): readonly Bar[] {
  return own.flatMap((p, i) => {
    if (p.line.kind !== 'wait') return [];
    const next = own[i + 1];
    const y2 = next === undefined ? bottom : next.row.y + (next.line.kind === 'wait' ? 0 : 2);
    const x = lane.x - SIZE.barWidth / 2 + Math.max(0, p.line.depth - 1) * SIZE.barOffset;
    return [{ kind: 'blocked' as const, lane: lane.id, x: x - 1, width: SIZE.barWidth + 2, y1: p.row.y + 3, y2, title: p.line.text }];
  });
}
