// Runs the boot agent to its end and so makes the initial states: modules loaded, devices probed, one after another, before anything else
// takes a step. What goes wrong meanwhile is a verdict like any other. The exploration proper starts where this ends.
import type { System } from '../system/system.ts';
import { type EnabledStep, enabledSteps, type Met, takeStep } from './reference.ts';
import { internal } from './internal.ts';
import { cyclicComponents } from './tarjan.ts';
import type { Limit, PathToFinding } from './verdict.ts';

export interface Boot {
  /** Without duplicates, in breadth-first order. */
  readonly initials: ReadonlyArray<readonly number[]>;
  /** Violations met on the way; each path includes the step that commits it. */
  readonly met: ReadonlyArray<{ readonly met: Met; readonly path: PathToFinding }>;
  /** Boot that never comes to its end: it waits for ever, or goes round for ever. */
  readonly stuck: { readonly kind: 'deadlock' | 'livelock'; readonly state: readonly number[]; readonly path: PathToFinding } | null;
  readonly limit: Limit | null;
}

/** Contexts that run meanwhile, while boot itself waits: whatever boot may have started. */
const KERNEL: ReadonlySet<string> = new Set(['work', 'timer', 'irq', 'rcu', 'kthread', 'clock']);

interface Node {
  readonly state: readonly number[];
  readonly parent: number;
  readonly by: EnabledStep | null;
  readonly next: number[];
  ends: boolean;
}

/** Yields now and then, so that the caller can look at the clock and at its messages. */
export function* runBoot(system: System, maxStates: number): Generator<void, Boot> {
  if (system.boot === null) return { initials: [system.initial], met: [], stuck: null, limit: null };
  const boot = system.boot;
  const { exit, slot } = system.agents[boot];
  const nodes: Node[] = [{ state: system.initial, parent: -1, by: null, next: [], ends: false }];
  const numbers = new Map([[system.initial.join(), 0]]);
  const initials: Array<readonly number[]> = [];
  const met: Array<Boot['met'][number]> = [];
  const seen = new Set<string>();
  let limit: Limit | null = null;

  for (let at = 0; at < nodes.length && limit === null; at++) {
    if (at % 64 === 63) yield;
    const node = nodes[at];
    if (node.state[slot] === exit) {
      initials.push(node.state);
      node.ends = true;
      continue;
    }
    for (const by of bootSteps(system, boot, node.state)) {
      const taken = takeStep(system, node.state, by.agent, by.step);
      if (taken === null) continue;
      for (const m of taken.met) {
        const key = `${m.fault} ${m.object} ${m.by}`;
        if (!seen.has(key)) met.push({ met: m, path: pathOf(nodes, at, by) });
        seen.add(key);
      }
      if (taken.state === null) {
        node.ends = true;
        continue;
      }
      const key = taken.state.join();
      let number = numbers.get(key);
      if (number === undefined) {
        if (nodes.length >= maxStates) {
          limit = 'states';
          break;
        }
        number = nodes.push({ state: taken.state, parent: at, by, next: [], ends: false }) - 1;
        numbers.set(key, number);
      }
      node.next.push(number);
    }
  }
  return { initials, met, stuck: limit === null ? yield* stuckIn(nodes) : null, limit };
}

/** Boot goes first; the kernel's own contexts run only where it cannot. */
function bootSteps(system: System, boot: number, state: readonly number[]): readonly EnabledStep[] {
  const steps = enabledSteps(system, state).filter((s) => !s.environment);
  const own = steps.filter((s) => s.agent === boot);
  return own.length > 0 ? own : steps.filter((s) => KERNEL.has(system.agents[s.agent].context));
}

/** The first state from which no way leads to an end, and in which nothing moves any more; else the first on a way round. */
function* stuckIn(nodes: readonly Node[]): Generator<void, Boot['stuck']> {
  const before: number[][] = nodes.map(() => []);
  nodes.forEach((node, from) => {
    for (const to of node.next) before[to].push(from);
  });
  const ends = nodes.map((node) => node.ends);
  const queue = nodes.flatMap((node, number) => (node.ends ? [number] : []));
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const from of before[at]) {
      if (!ends[from]) queue.push(from);
      ends[from] = true;
    }
  }
  const waits = nodes.findIndex((node, number) => !ends[number] && node.next.length === 0);
  if (waits < 0 && !ends.includes(false)) return null;
  const stuck = waits >= 0 ? waits : yield* firstRound(nodes, ends);
  return { kind: waits >= 0 ? 'deadlock' : 'livelock', state: nodes[stuck].state, path: pathOf(nodes, stuck, null) };
}

/** Nodes are in breadth-first order. */
function* firstRound(nodes: readonly Node[], ends: readonly boolean[]): Generator<void, number> {
  const first = new Int32Array(nodes.length + 1);
  nodes.forEach((node, i) => {
    first[i + 1] = first[i] + node.next.length;
  });
  const to = Int32Array.from(nodes.flatMap((node) => node.next));
  const rounds = yield* cyclicComponents(first, to, Uint8Array.from(ends, (end) => (end ? 0 : 1)));
  return rounds[0]?.[0] ?? internal('a boot that never ends, and neither waits nor goes round');
}

function pathOf(nodes: readonly Node[], number: number, last: EnabledStep | null): PathToFinding {
  const choices: Array<{ agent: number; step: number }> = last === null ? [] : [{ agent: last.agent, step: last.step }];
  for (let node = nodes[number]; node.by !== null; node = nodes[node.parent]) choices.push({ agent: node.by.agent, step: node.by.step });
  return { initial: -1, choices: choices.reverse() };
}
