// Data races in a Promela model: a condition over where two agents stand, for an assertion in a process of its own.
import { and, binary, constant } from '../system/expression.ts';
import type { Access, Agent, Expression, System } from '../system/system.ts';
import type { Words } from './promelaWords.ts';

/** Locations from which an agent makes the same access. */
interface Sites {
  readonly access: Access;
  readonly locations: readonly number[];
}

/**
 * One for each two accesses to what can be the same variable; `stands` says that an agent stands at a location. None: nothing ever races.
 */
export function raceConditions(
  system: System,
  words: Words,
  reached: ReadonlyArray<ReadonlySet<number>>,
  stands: (agent: number, location: number) => string,
): readonly string[] {
  const sites = system.agents.map((a, agent) => sitesOf(a, reached[agent]));
  const standing = (agent: number, { locations }: Sites): string => {
    const all = locations.map((l) => stands(agent, l)).join(' || ');
    return locations.length === 1 ? all : `(${all})`;
  };
  const between = (first: number, second: number): readonly string[] =>
    sites[first].flatMap((a) =>
      sites[second].flatMap((b) => {
        if (!a.access.write && !b.access.write) return [];
        const same = words.conditions(sameSlot(a.access, b.access));
        if (same.includes('0')) return [];
        return [[standing(first, a), standing(second, b), ...same.filter((c) => c !== '1')].join(' && ')];
      }),
    );
  return system.agents.flatMap((_, first) => system.agents.flatMap((_, second) => (first < second ? between(first, second) : [])));
}

function sitesOf(a: Agent, reached: ReadonlySet<number>): readonly Sites[] {
  const sites = new Map<string, { access: Access; locations: number[] }>();
  a.locations.forEach(({ access }, location) => {
    if (access === null || !reached.has(location)) return;
    const key = JSON.stringify([access.slot, access.index, access.write]);
    const known = sites.get(key);
    if (known === undefined) sites.set(key, { access, locations: [location] });
    else known.locations.push(location);
  });
  return [...sites.values()];
}

/** A negative index is no access. */
function sameSlot(a: Access, b: Access): Expression {
  if (a.slot + a.length <= b.slot || b.slot + b.length <= a.slot) return constant(0);
  const [x, y] = [a, b].map((access) => access.index ?? constant(0));
  return and(binary('>=', x, constant(0)), binary('>=', y, constant(0)), binary('==', binary('+', x, constant(a.slot - b.slot)), y));
}
