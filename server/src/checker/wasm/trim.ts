// Leaves out of a system what never happens: locations that nobody comes to, steps and arms whose condition no value meets, and conditions that
// always hold. What can only have one value becomes that value, and equal expressions one object, so that who works on expressions can do
// so once for each. Locations and steps keep their numbers, and every reachable state its steps.
import { binary, choose, constant, zero } from '../../system/expression.ts';
import type { Agent, Expression, Location, Statement, Step, System } from '../../system/system.ts';
import { LOCATIONS_AT_ONCE } from '../slices.ts';
import type { Narrow } from './narrow.ts';
import type { Term } from './terms.ts';
import { canComeOut } from './values.ts';

/** Yields every few milliseconds. */
export function* trimming(system: System, narrow: Narrow): Generator<void, System> {
  const { terms } = narrow;
  const known: Array<Expression | undefined> = [];

  const expression = (e: Expression): Expression => of(terms.of(e));
  const of = (t: Term): Expression => {
    let e = known[t.id];
    if (e === undefined) {
      e = made(t);
      known[t.id] = e;
    }
    return e;
  };
  const made = ({ expression: e, values, first, second, third }: Term): Expression => {
    if (values?.size === 1) for (const v of values) return constant(v);
    switch (e.op) {
      case 'element':
      case 'table':
        return { ...e, index: operand(first) };
      case 'not':
      case 'negate':
      case 'complement':
        return { op: e.op, operand: operand(first) };
      case 'binary':
        return binary(e.operator, operand(first), operand(second));
      case 'choose':
        return choose(operand(first), operand(second), operand(third));
      default:
        return e;
    }
  };
  const operand = (t: Term | null): Expression => (t === null ? zero : of(t));

  const body = (statements: readonly Statement[], into: Statement[]): readonly Statement[] => {
    for (const s of statements) {
      if (ends(into)) break;
      statement(s, into);
    }
    return into;
  };

  const statement = (s: Statement, into: Statement[]): void => {
    switch (s.op) {
      case 'set': {
        const value = expression(s.value);
        into.push(value === s.value ? s : { ...s, value });
        break;
      }
      case 'setElement': {
        const index = expression(s.index);
        const value = expression(s.value);
        if (index.op === 'constant' && index.value >= 0 && index.value < s.length)
          into.push({ op: 'set', slot: s.slot + index.value, value });
        else into.push({ ...s, index, value });
        break;
      }
      case 'if': {
        const condition = terms.of(s.condition);
        if (!canComeOut(condition.values, false)) body(s.then, into);
        else if (!canComeOut(condition.values, true)) body(s.else, into);
        else {
          const then = body(s.then, []);
          const otherwise = body(s.else, []);
          if (then.length + otherwise.length > 0) into.push({ op: 'if', condition: of(condition), then, else: otherwise });
        }
        break;
      }
      case 'fail':
      case 'report': {
        const object = s.object && expression(s.object);
        const by = s.by && expression(s.by);
        into.push(object === s.object && by === s.by ? s : { ...s, object, by });
        break;
      }
      case 'goto':
      case 'disable':
        into.push(s);
        break;
    }
  };

  const step = (s: Step): Step => {
    if (s.guard === null) return { ...s, body: body(s.body, []) };
    const guard = terms.of(s.guard);
    if (!canComeOut(guard.values, true)) return { ...s, guard: zero, body: [] };
    return { ...s, guard: canComeOut(guard.values, false) ? of(guard) : null, body: body(s.body, []) };
  };

  const location = (l: Location, isReached: boolean): Location => {
    if (!isReached) return { ...l, steps: [], access: null };
    const access = l.access?.index ? { ...l.access, index: expression(l.access.index) } : l.access;
    return { ...l, steps: l.steps.map(step), access };
  };

  const agents: Agent[] = [];
  for (const [i, a] of system.agents.entries()) {
    const locations: Location[] = [];
    for (const l of a.locations) {
      locations.push(location(l, narrow.comesTo(i, locations.length)));
      if (locations.length % LOCATIONS_AT_ONCE === 0) yield;
    }
    agents.push({ ...a, locations });
  }
  return { ...system, agents };
}

/** Nothing that follows is done. */
function ends(body: readonly Statement[]): boolean {
  const last = body[body.length - 1];
  return last !== undefined && (last.op === 'fail' || last.op === 'disable');
}
