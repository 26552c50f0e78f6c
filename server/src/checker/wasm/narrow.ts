// Bounds of what each slot can ever hold, from what is ever written to it: declared types are wide (an `int` is 32 bits), and states have to be
// small. Never looks at the order of steps, so every reachable state is inside.
import type { Expression, Statement, System } from '../../system/system.ts';
import { type Interval, intervalOf, slotRanges } from '../plain/range.ts';
import { visitSystem } from './visit.ts';

/** After so many rounds, what still grows gets its declared range. */
const ROUNDS = 6;

interface Write {
  readonly slot: number;
  readonly length: number;
  readonly value: Expression;
}

/** By slot; one that only ever holds its first value has equal bounds. */
export function narrowRanges(system: System, initials: ReadonlyArray<readonly number[]>): readonly Interval[] {
  const declared = slotRanges(system);
  const starts = initials.length > 0 ? initials : [system.initial];
  const low = Array.from({ length: system.slots }, (_, slot) => Math.min(...starts.map((s) => s[slot])));
  const high = Array.from({ length: system.slots }, (_, slot) => Math.max(...starts.map((s) => s[slot])));
  const ranges: Interval[] = low.map((l, slot) => ({ low: l, high: high[slot] }));
  const open: Write[] = [];
  const grow = (slot: number, to: Interval): boolean => {
    const now = ranges[slot];
    const limit = declared[slot];
    const next = { low: Math.max(limit.low, Math.min(now.low, to.low)), high: Math.min(limit.high, Math.max(now.high, to.high)) };
    if (next.low === now.low && next.high === now.high) return false;
    ranges[slot] = next;
    return true;
  };
  const constant = (slot: number, value: number): boolean => grow(slot, { low: value, high: value });
  visitSystem(system, {
    expression: () => {},
    statement: (s: Statement, agent) => {
      if (s.op === 'goto') constant(system.agents[agent].slot, s.location);
      else if (s.op === 'set') {
        if (s.value.op === 'constant') constant(s.slot, s.value.value);
        else open.push({ slot: s.slot, length: 1, value: s.value });
      } else if (s.op === 'setElement') {
        if (s.value.op === 'constant') for (let i = 0; i < s.length; i++) constant(s.slot + i, s.value.value);
        else open.push({ slot: s.slot, length: s.length, value: s.value });
      }
    },
  });
  for (let round = 0, changed = true; changed; round++) {
    changed = false;
    for (const w of open) {
      const value = intervalOf(system, ranges, w.value);
      for (let slot = w.slot; slot < w.slot + w.length; slot++) {
        if (!grow(slot, value)) continue;
        changed = true;
        if (round >= ROUNDS) ranges[slot] = declared[slot];
      }
    }
  }
  return ranges;
}
