// A transition system as a Promela model, for a second opinion by SPIN: one process per agent, one label per location, one d_step per way
// through a step. Stored states are the same without reduction. What SPIN can be asked, and how, is told in docs/promela.md.
import { isSmall } from '../checker/plain/range.ts';
import { withCodes } from '../checker/reduction/coded.ts';
import type { Place } from '../base/span.ts';
import type { Step, System } from '../system/system.ts';
import { type Names, promelaNames } from './promelaNames.ts';
import { type Way, waysThrough } from './promelaWays.ts';

export interface PromelaOptions {
  readonly title: string;
  /** `file:line` of a place. */
  readonly where: (place: Place) => string;
}

/** The model that starts in `first`, or why there is none: SPIN's integers have 32 bits. */
export function promela(
  whole: System,
  first: readonly number[],
  options: PromelaOptions,
): { readonly model: string } | { readonly refused: string } {
  const { system, initials, values, ranges } = withCodes(whole, [first], (h) => !isSmall(h.range), true);
  const [initial] = initials;
  const names = promelaNames(system, initial, ranges);
  if (typeof names === 'string') return { refused: names };
  const kinds = [...new Set(system.faults.map((f) => f.kind))].sort();
  const lines: string[] = [
    `/* ${comment(options.title)}`,
    ' * Every d_step is one atomic step; a step that commits an error leaves the state as it is.',
    ' * A kind of error is not looked for where its name is defined as 0: spin -Duse_after_free=0 -a FILE.',
    ' */',
    ...kinds.flatMap((k) => [`#ifndef ${kindName(k)}`, `#define ${kindName(k)} 1`, '#endif']),
    '#define violates(kind) assert(!kind)',
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
    ...system.variables.flatMap((v) => {
      const coded = values[v.slot];
      return coded === null ? [] : [`/* ${comment(v.name)} is a code: ${coded.map((value, code) => `${code} is ${value}`).join(', ')} */`];
    }),
  ];
  system.agents.forEach((_, agent) => {
    lines.push('', ...agentLines(system, names, initial, agent, options));
  });
  // SPIN gives up on longer ones: "d_step sequence too long".
  if (lines.some((l) => l.split(/;|::/).length > LONGEST_STEP)) return { refused: 'one of its atomic steps is longer than SPIN takes' };
  return { model: `${lines.join('\n')}\n` };
}

/** Statements and options in one d_step. */
const LONGEST_STEP = 1000;

/** A verdict kind as it is named in a model. */
export function kindName(kind: string): string {
  return kind.replace(/-/g, '_');
}

function agentLines(system: System, names: Names, initial: readonly number[], agent: number, options: PromelaOptions): readonly string[] {
  const a = system.agents[agent];
  const label = (location: number): string => {
    const l = a.locations[location];
    // To stand in user space, idle or at the end for ever is no error.
    return `${l.call === null ? 'end' : 'at'}_${location}`;
  };
  // The text begins where the agent stands at first.
  const start = initial[a.slot];
  const order = [start, ...a.locations.keys()].filter((l, i) => i === 0 || l !== start);
  const lines = [`/* ${comment(a.name)} (${a.context}) */`, `active proctype ${names.agents[agent]}() {`];
  for (const location of order) {
    const options_ = a.locations[location].steps.flatMap((s) => stepLines(system, names, s, location, label, options));
    if (options_.length === 0) lines.push(`${label(location)}: false;`);
    else lines.push(`${label(location)}: if`, ...options_.map((l) => `  ${l}`), '  fi;');
  }
  lines.push('}');
  return lines;
}

function stepLines(
  system: System,
  names: Names,
  step: Step,
  from: number,
  label: (location: number) => string,
  options: PromelaOptions,
): readonly string[] {
  const about = `/* ${comment(options.where(step.label.at))}: ${comment(step.label.text)}${step.environment ? ' (environment)' : ''} */`;
  const ways = waysThrough(system, step, from);
  return ways.flatMap((w, i) => [...(i === 0 ? [about] : []), `:: ${wayText(system, names, step, w)}; goto ${label(w.to)}`]);
}

function wayText(system: System, names: Names, step: Step, way: Way): string {
  const said = way.condition === null ? null : names.expression(way.condition);
  const condition = step.environment ? `environment${said === null ? '' : ` && ${said}`}` : (said ?? 'true');
  const parts: string[] = [];
  for (const m of way.moves) {
    if (m.kind === 'violates') parts.push(`violates(${kindName(system.faults[m.fault].kind)})`);
    else parts.push(...names.statement(m.statement, step.agent));
  }
  const stands = names.standsAt(step.agent, way.to);
  if (stands !== null) parts.push(stands);
  return `d_step { (${condition}) -> ${parts.length === 0 ? 'skip' : parts.join('; ')} }`;
}

function comment(text: string): string {
  return text.replace(/\*\//g, '* /').replace(/\s+/g, ' ');
}
