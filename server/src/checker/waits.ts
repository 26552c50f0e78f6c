// Who waits for whom among the calls that are stuck in one settled state: which of them are reported for themselves, which only wait
// behind one that is, and where waiting goes in a circle. Whether a call is stuck, and why, is decided in blocking.ts.
import type { System } from '../system/system.ts';
import { membersOf } from './finding.ts';
import { evaluate } from './referenceValue.ts';

export interface Stuck {
  readonly agent: number;
  /** Whether there is a verdict for it, were it alone. */
  readonly counts: boolean;
  /** Agents that it waits for, itself included where it is among them; empty: for an event that is nobody's. */
  readonly holders: readonly number[];
}

export interface Report {
  readonly agent: number;
  /** Stuck agents that only wait behind this one. */
  readonly behind: readonly number[];
  /** The circle in which it waits, from the agent to the last that waits for it; empty: none. */
  readonly cycle: readonly number[];
}

/** Agents that the agent waits for where it stands. */
export function holdersOf(system: System, state: ArrayLike<number>, agent: number): readonly number[] {
  const a = system.agents[agent];
  const holder = a.locations[state[a.slot]].wait?.holder ?? null;
  if (holder === null) return [];
  const value = evaluate(system, state, holder.value);
  return holder.kind === 'agentMask' ? membersOf(value) : value > 0 ? [value - 1] : [];
}

/** `running`: agents that never return either but go round; they are reported as well. `stuck` is in the order of agents. */
export function reportsAmong(stuck: readonly Stuck[], running: ReadonlySet<number>): readonly Report[] {
  const byAgent = new Map(stuck.map((s) => [s.agent, s]));
  const decided = new Map<number, 'reported' | 'behind' | 'silent'>([...running].map((a) => [a, 'reported']));
  const decideAlone = (s: Stuck): void => {
    decided.set(s.agent, s.counts ? 'reported' : 'silent');
  };
  for (let open = stuck.filter((s) => !decided.has(s.agent)); open.length > 0; open = open.filter((s) => !decided.has(s.agent))) {
    let progress = false;
    for (const s of open) {
      const fates = s.holders.map((h) => (byAgent.has(h) || running.has(h) ? (decided.get(h) ?? 'open') : 'moves'));
      if (fates.length === 0 || fates.includes('moves') || fates.includes('silent')) decideAlone(s);
      else if (fates.includes('open')) continue;
      else decided.set(s.agent, 'behind');
      progress = true;
    }
    if (progress) continue;
    // All that is left waits in circles, or behind one: the first in a circle speaks for it.
    const round = open.filter((s) => circleFrom(byAgent, decided, s.agent).length > 0);
    decideAlone(round.find((s) => s.counts) ?? round[0] ?? open[0]);
  }
  return [...decided].flatMap(([agent, fate]) =>
    fate !== 'reported'
      ? []
      : {
          agent,
          behind: stuck.filter((x) => decided.get(x.agent) === 'behind' && waitsBehind(byAgent, decided, x, agent)).map((x) => x.agent),
          cycle: circleFrom(byAgent, new Map(), agent),
        },
  );
}

/** Whether a chain of calls without reports of their own leads to the agent. */
function waitsBehind(
  byAgent: ReadonlyMap<number, Stuck>,
  decided: ReadonlyMap<number, 'reported' | 'behind' | 'silent'>,
  from: Stuck,
  agent: number,
): boolean {
  const chain = new Set([from.agent]);
  for (const a of chain) {
    for (const h of byAgent.get(a)?.holders ?? []) {
      if (h === agent) return true;
      if (decided.get(h) === 'behind') chain.add(h);
    }
  }
  return false;
}

/** The shortest way from an agent through what it waits for back to itself, over agents that are stuck and not yet decided. */
function circleFrom(byAgent: ReadonlyMap<number, Stuck>, decided: ReadonlyMap<number, unknown>, agent: number): readonly number[] {
  const cameFrom = new Map<number, number>();
  const queue = [agent];
  for (const a of queue) {
    for (const h of byAgent.get(a)?.holders ?? []) {
      if (h === agent) {
        const circle = [a];
        for (let at = a; at !== agent; at = circle[circle.length - 1]) circle.push(cameFrom.get(at) ?? agent);
        return circle.reverse();
      }
      if (!byAgent.has(h) || decided.has(h) || cameFrom.has(h)) continue;
      cameFrom.set(h, a);
      queue.push(h);
    }
  }
  return [];
}
