// What the emulated clocks did in a run: the instants that something depended on, and every look at a clock with what it returned.
import type { Clock, Expression, System } from '../system/system.ts';
import { formatNanoseconds } from './nanoseconds.ts';
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
  const times = timesOf(system, visits) ?? [];
  const instants = new Map<string, ClockInstant>();
  const began = visits[0]?.before[clock.slot] ?? 0;
  visits.forEach((v, step) => {
    [v.before, ...(v.state === null ? [] : [v.state])].forEach((state, later) => {
      // Where nobody can look at the time any more it stands, and what it is away from something says nothing.
      const stands = (times[step + later] - times[0] + BigInt(began - state[clock.slot])) % BigInt(clock.wrap) !== 0n;
      for (const { kind, text, left } of clock.instants) {
        const distance = evaluate(state, left);
        if (distance < 0 || (stands && kind === 'roll-over')) continue;
        const time = String(times[step + later] + BigInt(distance));
        instants.set(JSON.stringify([kind, text, time]), { kind, text, time });
      }
    });
  });
  const samples = visits.flatMap((visit, index): ClockSample[] => {
    const agent = system.agents[visit.agent];
    const sample = agent.locations[visit.before[agent.slot]].steps[visit.step].label.sample;
    if (sample === undefined) return [];
    const value = evaluate(visit.before, sample.value);
    return [
      {
        step: index,
        time: String(times[index]),
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

/** Emulated time before each step and after the last; null where the scenario has no clock. It comes round, or stands, where nobody sees that. */
export function timesOf(system: System, visits: readonly Visited[]): readonly bigint[] | null {
  const { clock } = system;
  if (clock === undefined || clock === null) return null;
  const times = [BigInt(visits[0]?.before[clock.slot] ?? 0)];
  for (const { agent, before, state } of visits) {
    const moves = state !== null && system.agents[agent].context === 'clock';
    times.push(times[times.length - 1] + (moves ? BigInt(passed(clock, before, state)) : 0n));
  }
  return times;
}

function passed(clock: Clock, before: readonly number[], after: readonly number[]): number {
  const shown = after[clock.slot] - before[clock.slot];
  // Whatever counts down does so by the same number, if it does not come to its end.
  return Math.max(shown < 0 ? shown + clock.wrap : shown, ...clock.counts.map((slot) => before[slot] - after[slot]));
}

/** `+992 ns: app's deadline`: how far a step of the clock goes, and what comes then; null for other steps. */
export function passingText(system: System, visit: Visited, passes: bigint, evaluate: Evaluate): string | null {
  const { clock } = system;
  if (clock === undefined || clock === null || system.agents[visit.agent].context !== 'clock') return null;
  const come = clock.instants.flatMap(({ text, left }) => {
    const rest = BigInt(evaluate(visit.before, left)) - passes;
    return rest === 0n ? [text] : rest === 1n ? [`1 ns before ${text}`] : [];
  });
  return `+${formatNanoseconds(passes)}${come.length === 0 ? '' : `: ${come.join(', ')}`}`;
}
