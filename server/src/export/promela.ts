// A transition system as a Promela model, for a second opinion by SPIN: one process per agent, one label per location, one d_step per way
// through a step. Stored states are the same without reduction. What SPIN can be asked, and how, is told in docs/promela.md.
import { isSmall } from '../checker/plain/range.ts';
import { withCodes } from '../checker/reduction/coded.ts';
import { visitSystem } from '../checker/wasm/visit.ts';
import type { Place } from '../base/span.ts';
import type { System } from '../system/system.ts';
import { agentLines, comment, fitsEachLabel, reachedLocations, standsText, type Telling } from './promelaAgents.ts';
import { promelaNames } from './promelaNames.ts';
import { settler } from './promelaSettled.ts';
import { tabulator } from './promelaTables.ts';
import { raceConditions } from './promelaRaces.ts';
import { fromHereOn } from './promelaReached.ts';
import { promelaWords } from './promelaWords.ts';

export interface PromelaOptions {
  readonly title: string;
  /** `file:line` of a place. */
  readonly where: (place: Place) => string;
}

/** Not committed by a step: a state shows it. */
const RACE = 'data_race';

/** The model that starts in `first`. */
export function promela(whole: System, first: readonly number[], options: PromelaOptions): string {
  const { system, initials, values, ranges } = withCodes(fromHereOn(whole, first), [first], (h) => !isSmall(h.range), false);
  const [initial] = initials;
  const tabulate = tabulator(system);
  const settled = settler(system, ranges, tabulate);
  const reached = reachedLocations(system, initial, settled);
  const labels = fitsEachLabel(system, reached, settled) ? 'each' : 'two';
  const names = promelaNames(system, initial, ranges, labels === 'two');
  const words = promelaWords(system, names, ranges, tabulate, settled);
  const telling: Telling = {
    names,
    words,
    settled,
    reached,
    kind: (fault) => kindName(system.faults[fault].kind),
    labels,
    where: options.where,
  };
  // Before the macros, which are those that the agents turn out to need.
  const agents = system.agents.flatMap((_, agent) => ['', ...agentLines(system, initial, agent, telling)]);
  const races = raceConditions(system, words, reached, (agent, location) => standsText(system, agent, location, telling));
  const kinds = [...kindsOf(system), ...(races.length === 0 ? [] : [RACE])];
  const lines = [
    `/* ${comment(options.title)}`,
    ' * Every d_step, and every condition that stands alone, is one atomic step; a step that commits an error leaves the state as it is.',
    ...(labels === 'two' ? [' * SPIN has no room for a label at each place where an agent can stand: a variable says where it is.'] : []),
    ' * pan names a kind of error by its number. It is not looked for where its name is defined as 0: spin -Duse_after_free=0 -a FILE.',
    ' */',
    ...kinds.flatMap((kind, i) => [`#ifndef ${kind}`, `#define ${kind} ${i + 1}`, '#endif']),
    '#define violates(kind) assert(!(kind))',
    '/* With -DSTOPPABLE the environment may stop for ever: an invalid end state is then a call that waits for it, or for nobody. */',
    '#ifdef STOPPABLE',
    'bit stopped = 0;',
    '#define environment (!stopped)',
    'active proctype stop() { end_0: if :: d_step { true -> stopped = 1 }; goto end_1 fi; end_1: false }',
    '#else',
    '#define environment true',
    '#endif',
    '',
    ...names.declarations,
    ...words.macros(),
    ...system.variables.flatMap((v) => {
      const coded = values[v.slot];
      return coded === null ? [] : [`/* ${comment(v.name)} is a code: ${coded.map((value, code) => `${code} is ${value}`).join(', ')} */`];
    }),
    ...agents,
    ...(races.length === 0 ? [] : raceProcess(races)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Looks at each state, and leaves it as it is. */
function raceProcess(races: readonly string[]): readonly string[] {
  return [
    '',
    '/* With -DRACES: two agents are each about to make a plain access to one variable, one of them to write it. */',
    '#ifdef RACES',
    'active proctype races() {',
    `end_0: assert(!(${RACE} && (`,
    `    ${races.join(' ||\n    ')}`,
    '  ))); goto end_0',
    '}',
    '#endif',
  ];
}

/** A verdict kind as it is named in a model. */
export function kindName(kind: string): string {
  return kind.replace(/-/g, '_');
}

/** The kinds of errors that a step commits, as they are named in a model. */
function kindsOf(system: System): readonly string[] {
  const kinds = new Set<string>();
  visitSystem(system, {
    expression: () => {},
    statement: (s) => {
      if (s.op === 'fail' || s.op === 'report') kinds.add(kindName(system.faults[s.fault].kind));
    },
  });
  return [...kinds].sort();
}
