// What a search has met and counted, taken out of the buffers of its threads: each violation and each race once.
import type { Hit, Race } from '../engine.ts';
import { hitBytes, raceFault } from './hits.ts';
import { readLabel } from './label.ts';
import type { Machine } from './machine.ts';
import { readHit } from './reading.ts';

export interface Found {
  transitions: number;
  readonly hits: readonly Hit[];
  readonly races: readonly Race[];
  /** Takes the hits of a buffer. */
  take(buffer: number, count: number): void;
  /** What this thread has met and counted. */
  takeOwn(): void;
}

export function makeFound(m: Machine): Found {
  const { global, program, store } = m;
  const hits: Hit[] = [];
  const races: Race[] = [];
  const seen = new Set<string>();
  const isNew = (key: string): boolean => {
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  const found: Found = {
    transitions: 0,
    hits,
    races,
    take: (buffer, count) => {
      for (let i = 0; i < count; i++) {
        const h = readHit(store.memory.buffer, buffer + i * hitBytes);
        if (h.fault === raceFault) {
          const first = h.label >>> 16;
          const second = h.label & 0xffff;
          if (isNew(`race ${first} ${h.object} ${second} ${h.by}`)) races.push({ state: h.state, first, second });
          continue;
        }
        const { agent, step } = readLabel(h.label);
        if (isNew(`${h.fault} ${h.object} ${h.by}`)) hits.push({ fault: h.fault, object: h.object, by: h.by, state: h.state, agent, step });
      }
    },
    takeOwn: () => {
      found.transitions += (global.transitions.value >>> 0) + (global.fails.value >>> 0);
      global.transitions.value = 0;
      global.fails.value = 0;
      found.take(program.hits.buffer, global.hits.value);
      global.hits.value = 0;
    },
  };
  return found;
}
