// Whether two agents may be exchanged for each other: finds which slots and which values have to be exchanged with them, and then proves, step
// by step and agent by agent, that the exchange maps every step of the system to a step of the system. What it cannot prove it refuses.
import type { Agent, Location, Step, System } from '../../system/system.ts';
import type { Held } from '../wasm/values.ts';
import { ExpressionMatcher } from './expressionMatcher.ts';
import { guess } from './guess.ts';
import { type Arms, StatementMatcher } from './statementMatcher.ts';
import { type Automorphism, image, isSame, partner, swapOf, type ValueMap } from './valueMap.ts';

/**
 * Null where it is not proved that the agents may be exchanged. `held` is what slots can hold. With `apart`, arms of an `if` that stand in the
 * way are added there, and the proof is for the system without them; whoever asks has to make sure that nobody goes there. Yields after each
 * location.
 */
export function* exchange(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  held: ReadonlyArray<Readonly<Held>>,
  a: number,
  b: number,
  apart: Arms | null = null,
): Generator<void, Automorphism | null> {
  const start = guess(system, a, b);
  if (start === null) return null;
  // First both programs are laid side by side to see what differs, then everything is proved with that.
  const found = new ExpressionMatcher(system, held, start, start.agents, true);
  for (let before = -1; before < found.lessons.length; ) {
    before = found.lessons.length;
    if (!(yield* allMatch(system, found, null, start.agents))) return null;
  }
  const proof = new ExpressionMatcher(system, held, found, start.agents, false);
  const { slots, values } = proof;
  if (!(yield* allMatch(system, proof, apart, start.agents))) return null;
  for (let slot = 0; slot < system.slots; slot++) {
    const to = slots[slot];
    if (slots[to] !== slot || !isSame(values[slot], values[to])) return null;
  }
  const automorphism = { slots, values: values.map((map, slot) => narrowed(map, held[slot].values, held[slots[slot]].values)) };
  const known = new Set(initials.map((s) => s.join()));
  return initials.every((s) => known.has(image(automorphism, s).join())) ? automorphism : null;
}

function* allMatch(
  system: System,
  expressions: ExpressionMatcher,
  apart: Arms | null,
  pairs: ReadonlyArray<readonly [number, number]>,
): Generator<void, boolean> {
  const statements = new StatementMatcher(system, expressions, apart);
  for (const agent of system.agents.keys()) {
    if (!(yield* agentsMatch(expressions, statements, system.agents[agent], system.agents[partner(pairs, agent)]))) return false;
  }
  return true;
}

function* agentsMatch(expressions: ExpressionMatcher, statements: StatementMatcher, x: Agent, y: Agent): Generator<void, boolean> {
  if (x.locations.length !== y.locations.length || !expressions.slot(x.slot, y.slot) || (x.exit === null) !== (y.exit === null))
    return false;
  for (let i = 0; i < x.locations.length; i++) {
    if (!locationsMatch(expressions, statements, x.locations[i], y.locations[i])) return false;
    yield;
  }
  return true;
}

function locationsMatch(expressions: ExpressionMatcher, statements: StatementMatcher, l: Location, k: Location): boolean {
  if ((l.call === null) !== (k.call === null) || l.steps.length !== k.steps.length) return false;
  if ((l.access === null) !== (k.access === null)) return false;
  if (l.access !== null && k.access !== null && !expressions.access(l.access, k.access)) return false;
  return l.steps.every((s, j) => expressions.tried(() => stepsMatch(expressions, statements, s, k.steps[j])));
}

function stepsMatch(expressions: ExpressionMatcher, statements: StatementMatcher, s: Step, t: Step): boolean {
  if (s.environment !== t.environment || (s.guard === null) !== (t.guard === null)) return false;
  if (s.guard !== null && t.guard !== null && !expressions.truth(s.guard, t.guard)) return false;
  return statements.bodies(s.body, t.body) || statements.adding(() => statements.bodies(s.body, t.body));
}

/** Without pairs that neither a slot nor the one that it changes places with can hold. */
function narrowed(map: ValueMap, one: ReadonlySet<number> | null, other: ReadonlySet<number> | null): ValueMap {
  if (map.kind !== 'swap' || one === null || other === null) return map;
  return swapOf(map.pairs.filter((pair) => pair.some((v) => one.has(v) || other.has(v))));
}
