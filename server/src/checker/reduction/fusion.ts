// Steps that need not be told from the one before them: nobody else can see that an agent stands in between, or do anything that matters to
// what it does next. They are glued together; what a search of the result shows of the whole system, and why, is in docs/reductions.md.
import type { Agent, Location, Statement, Step, System } from '../../system/system.ts';
import type { Held } from '../wasm/values.ts';
import { identicalTo } from './apart.ts';
import { independence } from './independence.ts';
import type { Touches } from './touches.ts';

type Initials = ReadonlyArray<readonly number[]>;

export interface Fused {
  readonly system: System;
  /** Index of the fault that stands for one that a step meets that was glued to another. */
  readonly cut: number;
  /** Index of the first of those that say that an agent came through one of `passed`: locations that it had not been seen at. */
  readonly passes: number;
  readonly passed: ReadonlyArray<{ readonly agent: number; readonly location: number }>;
}

/** Statements of steps that are glued to one, at most. */
const GLUED_MOST = 400;

/** What an exploration has already come across. */
export interface Before {
  /** Faults that were met: steps that may meet them stay what they are. */
  readonly failing: ReadonlySet<number>;
  /** By agent, locations that it has come to. */
  readonly seen: ReadonlyArray<ReadonlySet<number>>;
}

/** Null where nothing can be glued. `held` is what slots can hold. Yields after each location. */
export function* fuse(
  system: System,
  initials: Initials,
  held: ReadonlyArray<Readonly<Held>>,
  before: Before,
): Generator<void, Fused | null> {
  // Boot that never ends leaves no state to begin with.
  if (initials.length === 0) return null;
  const over = yield* passedOver(system, initials, held, before.failing);
  return over.some((own) => own.size > 0) ? glued(system, over, before.seen) : null;
}

/** By agent, the locations at which it need not be seen. */
function* passedOver(
  system: System,
  initials: Initials,
  held: ReadonlyArray<Readonly<Held>>,
  failing: ReadonlySet<number>,
): Generator<void, ReadonlyArray<Set<number>>> {
  const { agents } = system;
  const over = agents.map(() => new Set<number>());
  const independent = yield* independence(system, initials, held);
  if (independent === null) return over;
  for (const [agent, a] of agents.entries()) {
    const starts = new Set(initials.map((s) => s[a.slot]));
    for (const [location, l] of a.locations.entries()) {
      if (starts.has(location) || l.access !== null || l.steps.length !== 1) continue;
      const [t = null] = independent.steps(agent, location);
      if (t === null || !goesOn(l.steps[0], t, location) || t.fails.some((fault) => failing.has(fault))) continue;
      if (independent.isClear(agent, location, t)) over[agent].add(location);
      yield;
    }
    keepTails(a, over[agent]);
  }
  // Whoever may take its place passes over the same ones.
  const alike = over.map(
    (own, agent) => new Set([...own].filter((location) => identicalTo(system, agent).every((b) => over[b].has(location)))),
  );
  agents.forEach((a, agent) => {
    breakLoops(a, alike[agent]);
  });
  return alike;
}

/** Always possible, taken some day, and then the agent is somewhere else. */
function goesOn(step: Step, t: Touches, location: number): boolean {
  if (step.environment || step.guard !== null || t.disables) return false;
  return t.ends.length > 0 && t.ends.every((e) => e.location !== null && e.location !== location);
}

/** Leaves out locations to which something leads that is not the last thing that a step does. */
function keepTails(a: Agent, over: Set<number>): void {
  const visit = (body: readonly Statement[], isLast: boolean): void => {
    body.forEach((s, i) => {
      const last = isLast && i === body.length - 1;
      if (s.op === 'goto' && !last) over.delete(s.location);
      else if (s.op === 'if') for (const arm of [s.then, s.else]) visit(arm, last);
    });
  };
  for (const l of a.locations) for (const s of l.steps) visit(s.body, true);
}

/** Leaves out so many that none leads back to itself over the others, and what would make steps too long. */
function breakLoops(a: Agent, over: Set<number>): void {
  const lengths = new Map<number, number>();
  const lengthOf = (location: number): number => {
    if (!over.has(location)) return 0;
    const known = lengths.get(location);
    if (known !== undefined) return known;
    // Whoever comes here meanwhile has gone round.
    lengths.set(location, Number.POSITIVE_INFINITY);
    const length = bodyLength(a.locations[location].steps[0].body, lengthOf);
    if (length > GLUED_MOST) over.delete(location);
    lengths.set(location, over.has(location) ? length : 0);
    return over.has(location) ? length : 0;
  };
  for (const location of a.locations.keys()) lengthOf(location);
}

function bodyLength(body: readonly Statement[], lengthOf: (location: number) => number): number {
  return body.reduce(
    (n, s) =>
      n + 1 + (s.op === 'goto' ? lengthOf(s.location) : s.op === 'if' ? bodyLength(s.then, lengthOf) + bodyLength(s.else, lengthOf) : 0),
    0,
  );
}

function glued(system: System, over: ReadonlyArray<ReadonlySet<number>>, seen: Before['seen']): Fused {
  const cut = system.faults.length;
  const passes = cut + 1;
  const passed = over.flatMap((own, agent) => [...own].flatMap((location) => (seen[agent].has(location) ? [] : [{ agent, location }])));
  const agents = system.agents.map((a, agent): Agent => {
    if (over[agent].size === 0) return a;
    const through = (location: number): readonly Statement[] => {
      if (!over[agent].has(location)) return [{ op: 'goto', location }];
      const pass = passes + passed.findIndex((p) => p.agent === agent && p.location === location);
      const told: readonly Statement[] = pass < passes ? [] : [{ op: 'report', fault: pass, object: null, by: null }];
      return [...told, ...body(a.locations[location].steps[0].body, true)];
    };
    const body = (statements: readonly Statement[], isGlued: boolean): readonly Statement[] =>
      statements.flatMap((s): readonly Statement[] => {
        if (s.op === 'goto') return through(s.location);
        if (s.op === 'if') return [{ ...s, then: body(s.then, isGlued), else: body(s.else, isGlued) }];
        return [s.op === 'fail' && isGlued ? { op: 'fail', fault: cut, object: null, by: null } : s];
      });
    const step = (s: Step): Step => ({ ...s, body: body(s.body, false) });
    const location = (l: Location, at: number): Location =>
      over[agent].has(at) ? { ...l, steps: [] } : { ...l, steps: l.steps.map(step) };
    return { ...a, locations: a.locations.map(location) };
  });
  const nowhere = { file: '', span: { start: 0, end: 0 } };
  const fault = { kind: 'assertion', at: nowhere, stack: [], agent: 0, object: null, message: '', by: 'agent' as const };
  return { system: { ...system, agents, faults: [...system.faults, fault, ...passed.map(() => fault)] }, cut, passes, passed };
}
