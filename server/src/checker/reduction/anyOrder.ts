// Assignments that do not get in each other's way, and so may stand in any order.
import type { Expression, Statement } from '../../system/system.ts';
import { visitExpression } from '../wasm/visit.ts';

/** The end of the assignments from `from` on that can be made in any order: none reads or writes what another writes. */
export function endOfRun(body: readonly Statement[], from: number): number {
  const before: Footprint[] = [];
  for (let i = from; i < body.length; i++) {
    const own: Footprint = { reads: new Set(), writes: new Set(), value: null };
    if (!addFootprint(body[i], own, true) || before.some((other) => inTheWay(own, other))) return i;
    before.push(own);
  }
  return body.length;
}

interface Footprint {
  readonly reads: Set<number>;
  readonly writes: Set<number>;
  /** The one value that is written; null where there are others. */
  value: number | null;
}

function inTheWay(x: Footprint, y: Footprint): boolean {
  // To write the same twice is to write it once.
  const alike = x.value !== null && x.value === y.value;
  for (const slot of x.writes) if (y.reads.has(slot) || (!alike && y.writes.has(slot))) return true;
  for (const slot of y.writes) if (x.reads.has(slot)) return true;
  return false;
}

/** False for what is no assignment. */
function addFootprint(s: Statement, into: Footprint, first: boolean): boolean {
  const read = (e: Expression): void => {
    visitExpression(e, (n) => {
      if (n.op === 'load') into.reads.add(n.slot);
      else if (n.op === 'element') for (let i = 0; i < n.length; i++) into.reads.add(n.slot + i);
    });
  };
  switch (s.op) {
    case 'set':
    case 'setElement':
      read(s.value);
      if (s.op === 'setElement') read(s.index);
      for (let i = 0; i < (s.op === 'set' ? 1 : s.length); i++) into.writes.add(s.slot + i);
      if (first && s.value.op === 'constant') into.value = s.value.value;
      return true;
    case 'if':
      read(s.condition);
      return [...s.then, ...s.else].every((b) => addFootprint(b, into, false));
    case 'goto':
    case 'fail':
    case 'report':
    case 'disable':
      return false;
  }
}
