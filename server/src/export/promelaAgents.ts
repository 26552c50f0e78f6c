// The processes of a Promela model: labels where an agent can stand, and from each the ways through its steps. Ways that end at the same
// label stand together, because SPIN has room for only so many ends of d_steps.
import type { Place } from '../base/span.ts';
import { binary, constant, load } from '../system/expression.ts';
import { sizeOf } from '../system/parts.ts';
import type { Agent, Expression, Step, System } from '../system/system.ts';
import type { Names } from './promelaNames.ts';
import type { Settled } from './promelaSettled.ts';
import { type Way, waysThrough } from './promelaWays.ts';
import type { Words } from './promelaWords.ts';

export interface Telling {
  readonly names: Names;
  readonly words: Words;
  readonly settled: Settled;
  readonly reached: ReadonlyArray<ReadonlySet<number>>;
  /** The name of a fault's kind. */
  readonly kind: (fault: number) => string;
  /** A label for each location, or one for those in user space and one for those inside a call: a variable then says which location it is. */
  readonly labels: 'each' | 'two';
  readonly where: (place: Place) => string;
}

interface Option {
  readonly from: string;
  readonly to: string;
  readonly about: string;
  readonly text: string;
}

/** Ends of d_steps and elements of the longest that SPIN's table has room for: MAXDSTEP in its dstep.c, less some. */
const SPINS_ROOM = 2000;
/** Elements; the body of a longer step is in C, which is one. */
const LONG_STEP = 400;
/** Parts of a condition; what a longer one asks is found by a run of the step in C. */
const LONG_CONDITION = 400;

/** By agent: where it can ever stand, as far as that is known beforehand. */
export function reachedLocations(system: System, initial: readonly number[], settled: Settled): ReadonlyArray<ReadonlySet<number>> {
  return system.agents.map((a) => {
    const reached = new Set([initial[a.slot]]);
    for (const from of reached) for (const to of targets(system, a, from, settled)) reached.add(to);
    return reached;
  });
}

/** Whether SPIN has room for a label at each location. */
export function fitsEachLabel(system: System, reached: ReadonlyArray<ReadonlySet<number>>, settled: Settled): boolean {
  let ends = 0;
  for (const [agent, a] of system.agents.entries()) for (const from of reached[agent]) ends += targets(system, a, from, settled).size;
  return ends + LONG_STEP < SPINS_ROOM;
}

function targets(system: System, a: Agent, from: number, settled: Settled): ReadonlySet<number> {
  return new Set(a.locations[from].steps.flatMap((s) => takenWays(system, s, from, settled).map((w) => w.to)));
}

/** The ways that some state can take, as far as that is known beforehand. */
function takenWays(system: System, step: Step, from: number, settled: Settled): readonly Way[] {
  return waysThrough(system, step, from).flatMap((w): readonly Way[] => {
    if (w.condition !== null && isLong(w.condition)) return [w];
    const condition = w.condition === null ? constant(1) : settled(w.condition);
    if (condition.op !== 'constant') return [{ ...w, condition }];
    return condition.value === 0 ? [] : [{ ...w, condition: null }];
  });
}

export function agentLines(system: System, initial: readonly number[], agent: number, telling: Telling): readonly string[] {
  const a = system.agents[agent];
  const locations = [...a.locations.entries()].filter(([from]) => telling.reached[agent].has(from));
  const options = locations.flatMap(([from, l]) => l.steps.flatMap((s) => optionsOf(system, s, from, telling)));
  // The text begins where the agent stands at first.
  const labels = new Set([initial[a.slot], ...locations.map(([from]) => from)].map((l) => labelOf(a, l, telling)));
  return [
    `/* ${comment(a.name)} (${a.context}) */`,
    `active proctype ${telling.names.agents[agent]}() {`,
    ...[...labels].flatMap((label) =>
      labelLines(
        label,
        options.filter((o) => o.from === label),
      ),
    ),
    '}',
  ];
}

/** To stand in user space, idle or at the end for ever is no error, which SPIN reads from the label. */
function labelOf(a: Agent, location: number, { labels }: Telling): string {
  const kind = a.locations[location].call === null ? 'end' : 'at';
  return labels === 'each' ? `${kind}_${location}` : `${kind}_`;
}

/** That an agent stands at a location, for a process that looks at others. */
export function standsText(system: System, agent: number, location: number, telling: Telling): string {
  const a = system.agents[agent];
  if (telling.labels === 'each') return `${telling.names.agents[agent]}@${labelOf(a, location, telling)}`;
  return telling.words.conditions(binary('==', load(a.slot), constant(location))).join(' && ');
}

function labelLines(label: string, options: readonly Option[]): readonly string[] {
  if (options.length === 0) return [`${label}: false;`];
  const lines: string[] = [];
  for (const to of new Set(options.map((o) => o.to))) {
    const own = options.filter((o) => o.to === to);
    const told = own.flatMap((o, i) => [...(own[i - 1]?.about === o.about ? [] : [o.about]), `:: ${o.text}`]);
    const last = told.pop() ?? '';
    if (own.length === 1) lines.push(...told, `${last}; goto ${to}`);
    else lines.push(':: if', ...[...told, last].map((l) => `   ${l}`), `   fi; goto ${to}`);
  }
  return [`${label}: if`, ...lines.map((l) => `  ${l}`), '  fi;'];
}

function optionsOf(system: System, step: Step, from: number, telling: Telling): readonly Option[] {
  const a = system.agents[step.agent];
  const about = `/* ${comment(telling.where(step.label.at))}: ${comment(step.label.text)}${step.environment ? ' (environment)' : ''} */`;
  return takenWays(system, step, from, telling.settled).map((way) => ({
    from: labelOf(a, from, telling),
    to: labelOf(a, way.to, telling),
    about,
    text: wayText(system, step, from, way, telling),
  }));
}

function wayText(system: System, step: Step, from: number, way: Way, telling: Telling): string {
  const { names, words } = telling;
  const { slot } = system.agents[step.agent];
  const at = names.at(slot);
  const conditions = [
    ...(telling.labels === 'two' ? words.conditions(binary('==', load(slot), constant(from))) : []),
    ...(step.environment ? ['environment'] : []),
    ...(way.condition === null ? [] : isLong(way.condition) ? [words.courseInC(way.course)] : words.conditions(way.condition)),
  ];
  const moves = way.moves.flatMap((m) => (m.kind === 'violates' ? [`violates(${telling.kind(m.fault)})`] : words.statement(m.statement)));
  const does = elements(moves) <= LONG_STEP ? moves : inC(way, telling);
  const goes = at.written && at.read ? words.statement({ op: 'set', slot, value: constant(way.to) }) : [];
  const all = [...does, ...goes];
  const condition = conditions.length === 0 ? '(true)' : bracketed(conditions.join(' && '), conditions.length);
  // SPIN refuses a condition that always holds and leads to itself.
  if (all.length === 0 && way.to !== from) return condition;
  return `d_step { ${condition} -> ${all.length === 0 ? 'skip' : all.join('; ')} }`;
}

const isLong = (condition: Expression): boolean => sizeOf(condition) > LONG_CONDITION;

/** A comparison has brackets already. */
function bracketed(text: string, conditions: number): string {
  return conditions === 1 && text.startsWith('(') ? text : `(${text})`;
}

/** One statement of C for each of the step's. */
function inC(way: Way, { words, kind }: Telling): readonly string[] {
  return way.moves.map((m) => (m.kind === 'violates' ? `violates(${kind(m.fault)})` : `c_code { ${words.statementInC(m.statement)} }`));
}

function elements(moves: readonly string[]): number {
  return moves.reduce((n, m) => n + m.split(/;|::|\bfi\b/).length, 0);
}

export function comment(text: string): string {
  return text.replace(/\*\//g, '* /').replace(/\s+/g, ' ');
}
