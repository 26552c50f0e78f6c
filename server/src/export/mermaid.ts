// A trace as a Mermaid sequence diagram, for READMEs and issue trackers that draw them. Folding is as in our own pictures.
import { storyOf } from '../diagram/story.ts';
import type { Trace } from '../trace/trace.ts';
import { eventsOf, participantsOf } from './sequence.ts';

export function mermaid(trace: Trace): string {
  const story = storyOf(trace, { fold: true, open: new Set() });
  const participants = participantsOf(trace);
  const ids = new Map(participants.map((p, i) => [p.id, `p${i}`]));
  const id = (name: string) => ids.get(name) ?? 'p0';
  const lines = ['sequenceDiagram', '  autonumber'];
  for (const p of participants) lines.push(`  ${p.actor ? 'actor' : 'participant'} ${id(p.id)} as ${escape(p.title)}`);
  for (const e of eventsOf(trace, story)) {
    switch (e.kind) {
      case 'message':
        lines.push(`  ${id(e.from)}->>${id(e.to)}: ${escape(e.text)}`);
        break;
      case 'ends':
        lines.push(`  ${id(e.from)}-x${id(e.to)}: ${escape(e.text)}`);
        break;
      case 'waits':
        lines.push(`  Note over ${id(e.from)}: ${escape(e.text)}`);
        break;
      case 'verdict':
        lines.push(`  Note over ${id(e.from)}${e.to === e.from ? '' : `,${id(e.to)}`}: ${escape(e.text)}`);
        break;
    }
  }
  return lines.map((l) => l + '\n').join('');
}

/** `;` and line ends would end a statement, `#` begins an entity, and some renderers take tags for markup. */
function escape(text: string): string {
  return text
    .replace(/#/g, '#35;')
    .replace(/(?<!#35);/g, '#59;')
    .replace(/</g, '#lt;')
    .replace(/>/g, '#gt;')
    .replace(/[\r\n]+/g, ' ')
    .trim();
}
