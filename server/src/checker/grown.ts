// Which variables an exploration that met a limit went on and on in: numbers whose range among the last states is wider than among the first.
import type { System, Variable } from '../system/system.ts';
import type { Engine } from './engine.ts';

export interface Grown {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/** States that are looked at, of each half. */
const SAMPLES = 400;
/** Values; fewer are no growth. */
const WIDE = 16;
/** So many are named. */
const NAMED = 2;

/** The widest first. The time of a scenario with a clock is told elsewhere. */
export function grownIn(system: System, engine: Engine): readonly Grown[] {
  const half = Math.floor(engine.states / 2);
  if (half < SAMPLES) return [];
  const [early, late] = [rangesOf(system, engine, 0, half), rangesOf(system, engine, half, engine.states)];
  const ofTime = new Set([system.clock?.slot, ...(system.clock?.counts ?? [])]);
  // What is private to an agent has no name of its own, and mostly holds what a shared variable has held.
  const shared = system.variables.filter((v) => v.holds === 'int' && v.owner === null && !ofTime.has(v.slot) && !isOurs(v));
  return shared
    .flatMap((v) => grown(v, early, late))
    .sort((a, b) => b.max - b.min - (a.max - a.min))
    .slice(0, NAMED);
}

/** Not a variable of the scenario, of which no name has a space. */
function isOurs({ name }: Variable): boolean {
  return name.includes(' ');
}

interface Ranges {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

function grown({ name, slot, length }: Variable, early: Ranges, late: Ranges): Grown[] {
  const over = (of: Float64Array, pick: (...values: number[]) => number): number => pick(...of.subarray(slot, slot + length));
  const was = { min: over(early.min, Math.min), max: over(early.max, Math.max) };
  const is = { min: Math.min(was.min, over(late.min, Math.min)), max: Math.max(was.max, over(late.max, Math.max)) };
  const wider = is.max > was.max || is.min < was.min;
  return wider && is.max - is.min >= WIDE ? [{ name, ...is }] : [];
}

/** Of every slot, among states that are evenly spread. */
function rangesOf(system: System, engine: Engine, from: number, to: number): Ranges {
  const min = new Float64Array(system.slots).fill(Infinity);
  const max = new Float64Array(system.slots).fill(-Infinity);
  const state = new Float64Array(system.slots);
  for (let i = 0; i < SAMPLES; i++) {
    engine.decode(from + Math.floor((i * (to - from - 1)) / (SAMPLES - 1)), state);
    for (let slot = 0; slot < state.length; slot++) {
      if (state[slot] < min[slot]) min[slot] = state[slot];
      if (state[slot] > max[slot]) max[slot] = state[slot];
    }
  }
  return { min, max };
}
