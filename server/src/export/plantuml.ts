// A trace as a PlantUML sequence diagram. Folding is as in our own pictures.
import { storyOf } from '../diagram/story.ts';
import type { Trace } from '../trace/trace.ts';
import { eventsOf, participantsOf } from './sequence.ts';

export function plantuml(trace: Trace): string {
  const story = storyOf(trace, { fold: true, open: new Set() });
  const participants = participantsOf(trace);
  const ids = new Map(participants.map((p, i) => [p.id, `p${i}`]));
  const id = (name: string) => ids.get(name) ?? 'p0';
  const lines = ['@startuml', 'hide footbox', 'autonumber'];
  for (const p of participants) lines.push(`${p.actor ? 'actor' : 'participant'} "${p.title.replace(/"/g, "''")}" as ${id(p.id)}`);
  for (const e of eventsOf(trace, story)) {
    switch (e.kind) {
      case 'message':
        lines.push(`${id(e.from)} -> ${id(e.to)} : ${escape(e.text)}`);
        break;
      case 'ends':
        lines.push(`${id(e.from)} ->x ${id(e.to)} : ${escape(e.text)}`);
        break;
      case 'waits':
        lines.push(`note over ${id(e.from)} : ${escape(e.text)}`);
        break;
      case 'verdict':
        lines.push(`note over ${id(e.from)}${e.to === e.from ? '' : `, ${id(e.to)}`} #FFDDDD : ${escape(e.text)}`);
        break;
    }
  }
  return [...lines, '@enduml'].map((l) => l + '\n').join('');
}

/** Creole markup and the escape for line ends are taken literally; `~` is PlantUML's escape character. */
function escape(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/\\/g, '~\\')
    .replace(/(\*\*|\/\/|__|--|""|<|~~)/g, '~$1')
    .trim();
}
