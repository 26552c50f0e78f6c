// What the sequence-diagram languages have in common: participants, and the lines of a story as messages between them.
import type { Line } from '../diagram/story.ts';
import { ends } from '../trace/lanes.ts';
import { target } from '../trace/state.ts';
import type { Trace } from '../trace/trace.ts';

export interface Participant {
  readonly id: string;
  readonly title: string;
  readonly actor: boolean;
}

/** `ends`: a message that ends the life of what it goes to. */
export interface SequenceEvent {
  readonly kind: 'message' | 'ends' | 'waits' | 'verdict';
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

export function participantsOf(trace: Trace): readonly Participant[] {
  const known = trace.lanes.map((l) => ({ id: l.id, title: l.title, actor: l.kind === 'process' }));
  const missing = [...new Set(trace.steps.map((s) => s.agent))].filter((a) => !known.some((k) => k.id === a));
  return [...known, ...missing.map((id) => ({ id, title: id, actor: false }))];
}

export function eventsOf(trace: Trace, story: readonly Line[]): readonly SequenceEvent[] {
  const { verdict } = trace;
  const lanes = new Set(trace.lanes.map((l) => l.id));
  const events: SequenceEvent[] = [];
  for (const line of story) {
    if (line.kind === 'wait') {
      events.push({ kind: 'waits', from: line.agent, to: line.agent, text: line.text });
      continue;
    }
    const changed = line.steps.flatMap((s) => trace.steps[s].effects).filter((e) => lanes.has(target(e.on).object));
    const ended = changed.find((e) => ends(e.is) && lanes.has(e.on));
    const to = ended?.on ?? (changed.length > 0 ? target(changed[0].on).object : line.agent);
    events.push({ kind: ended === undefined ? 'message' : 'ends', from: line.agent, to, text: line.text });
  }
  const instance = verdict.instance === null ? verdict.object : target(verdict.instance).object;
  const from = participantsOf(trace).some((p) => p.id === verdict.agent) ? verdict.agent : (participantsOf(trace)[0]?.id ?? verdict.agent);
  events.push({ kind: 'verdict', from, to: instance !== null && lanes.has(instance) ? instance : from, text: `${verdict.kind}: ${verdict.message}` });
  return events;
}
