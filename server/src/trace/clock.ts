// What the emulated clocks did in a run: the instants that something depended on, and every look at a clock with what it returned.
import type { Expression, System } from '../system/system.ts';
import type { ClockInstant, ClockSample, TraceClock } from './trace.ts';

interface Visited {
  readonly agent: number;
  readonly step: number;
  readonly before: readonly number[];
  readonly state: readonly number[] | null;
}

/** Value of an expression in a state. */
export type Evaluate = (state: readonly number[], expression: Expression) => number;

/** Null where the scenario has no clock. */
export function clockOf(system: System, visits: readonly Visited[], evaluate: Evaluate): TraceClock | null {
  const { clock } = system;
  if (clock === undefined || clock === null) return null;
  const instants = new Map<string, ClockInstant>();
  for (const state of visits.flatMap((v) => (v.state === null ? [v.before] : [v.before, v.state]))) {
    for (const { kind, text, left } of clock.instants) {
      const distance = evaluate(state, left);
      if (distance < 0) continue;
      const time = String(BigInt(state[clock.slot]) + BigInt(distance));
      instants.set(JSON.stringify([kind, text, time]), { kind, text, time });
    }
  }
  const samples = visits.flatMap((visit, index): ClockSample[] => {
    const agent = system.agents[visit.agent];
    const sample = agent.locations[visit.before[agent.slot]].steps[visit.step].label.sample;
    if (sample === undefined) return [];
    const value = evaluate(visit.before, sample.value);
    return [
      {
        step: index,
        time: String(visit.before[clock.slot]),
        agent: agent.name,
        what: sample.what,
        value: sample.base === 16 ? `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}` : String(value),
        wrong: value !== evaluate(visit.before, sample.shown),
      },
    ];
  });
  const inOrder = [...instants.values()].sort((a, b) => (BigInt(a.time) < BigInt(b.time) ? -1 : BigInt(a.time) > BigInt(b.time) ? 1 : 0));
  return { assumed: clock.assumed, instants: inOrder, samples };
}

/** Emulated time of a state, in decimal; null where the scenario has no clock. */
export function timeIn(system: System): ((state: readonly number[]) => string) | null {
  const slot = system.clock?.slot;
  return slot === undefined ? null : (state) => String(state[slot]);
}
