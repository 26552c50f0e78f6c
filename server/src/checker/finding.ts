// Turns what an engine met (faults, races) into findings in the user's words: which object, who did it, what the message says. How the
// shortest path to it is chosen is in shortest.ts; blocking and leaks make their own findings with the helpers below.
import type { Fault, System } from '../system/system.ts';
import { internal } from './internal.ts';
import { type Finding, VERDICTS, type VerdictKind } from './verdict.ts';

/** A finding whose path is not known yet. */
export type Unrouted = Omit<Finding, 'path'>;

/** What a `fail` or `report` met: `object` is a place, `by` as the fault says. */
export function faultFinding(system: System, fault: number, object: number, by: number): Unrouted {
  const f = system.faults[fault] ?? internal(`there is no fault ${fault}`);
  const what = objectOf(system, f, object);
  const names = [...(f.names ?? []), ...agentNames(system, f.by === 'agentMask' ? membersOf(by) : by > 0 ? [by - 1] : [])];
  return {
    kind: kindOf(f.kind),
    at: f.at,
    stack: f.stack,
    agent: system.agents[f.agent].name,
    object: what.object,
    instance: what.instance,
    by: names,
    waitsFor: null,
    message: fill(f.message, { object: what.place ?? what.object ?? 'it', by: listed(names), agent: system.agents[f.agent].name }),
  };
}

/** A race of two agents at their locations in `state`: it is told from the side that only reads, where one does. */
export function raceFinding(system: System, state: ArrayLike<number>, first: number, second: number): Unrouted {
  const one = accessOf(system, state, first);
  const other = accessOf(system, state, second);
  const readerIsSecond = one.write && !other.write;
  return faultFinding(system, (readerIsSecond ? other : one).fault, 0, 1 + (readerIsSecond ? first : second));
}

/** What makes findings different: everything that an `expect` can tell apart, and the position. */
export function findingKey(f: Unrouted): string {
  const stack = f.stack.map((s) => `${s.function}@${s.at.file}:${s.at.span.start}-${s.at.span.end}`);
  return JSON.stringify([f.kind, f.at.file, f.at.span.start, f.at.span.end, f.object, f.agent, f.by, stack]);
}

/** Process names of agents, each once, in the order of the file. */
export function agentNames(system: System, agents: Iterable<number>): readonly string[] {
  const sorted = [...agents].sort((a, b) => a - b);
  return [...new Set(sorted.map((a) => (system.agents[a] ?? internal(`there is no agent ${a}`)).process))];
}

/** Agents of a bit mask. */
export function membersOf(mask: number): readonly number[] {
  const members: number[] = [];
  let left = mask < 0 ? BigInt.asUintN(64, BigInt(mask)) : BigInt(mask);
  for (let agent = 0; left !== 0n; agent++, left >>= 1n) if ((left & 1n) !== 0n) members.push(agent);
  return members;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'nobody';
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

export function fill(message: string, holes: { readonly object: string; readonly by: string; readonly agent: string }): string {
  return message.replace(/\{(object|by|agent)\}/g, (_, hole: 'object' | 'by' | 'agent') => holes[hole]);
}

function objectOf(system: System, fault: Fault, place: number): { object: string | null; instance: string | null; place: string | null } {
  if (place === 0) return { object: fault.object, instance: null, place: null };
  const info = system.heap.places[place] ?? internal(`there is no place ${place}`);
  const root = system.heap.roots[info.root];
  if (root === undefined) return { object: info.type, instance: info.name, place: info.name };
  // Modules and devices are spoken of by name, memory by type.
  const named = root.view === 'module' || root.view === 'device';
  return { object: named ? root.name : root.type, instance: root.name, place: info.name };
}

function kindOf(kind: string): VerdictKind {
  if (!Object.hasOwn(VERDICTS, kind)) internal(`${kind} is not a verdict`);
  return kind as VerdictKind;
}

function accessOf(system: System, state: ArrayLike<number>, agent: number) {
  const a = system.agents[agent];
  return a.locations[state[a.slot]].access ?? internal(`${a.name} races without an access`);
}
