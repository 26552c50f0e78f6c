// Leaves out of a system what never happens: locations that nobody comes to, steps and arms whose condition no value meets, and conditions that
// always hold. What can only have one value becomes that value, and equal expressions one object, so that who works on expressions can do
// so once for each. Locations and steps keep their numbers, and every reachable state its steps.
import { binary, choose, constant, zero } from '../../system/expression.ts';
import type { Agent, Expression, Location, Statement, Step, System } from '../../system/system.ts';
import { LOCATIONS_AT_ONCE } from '../slices.ts';
import type { Narrow } from './narrow.ts';
import type { Term, Terms } from './terms.ts';
import { canComeOut } from './values.ts';

/** Yields every few milliseconds. */
export function* trimming(system: System, narrow: Narrow): Generator<void, System> {
  const trim = new Trim(narrow.terms);
  const agents: Agent[] = [];
  for (const [i, a] of system.agents.entries()) {
    const locations: Location[] = [];
    for (const l of a.locations) {
      locations.push(trim.location(l, narrow.comesTo(i, locations.length)));
      if (locations.length % LOCATIONS_AT_ONCE === 0) yield;
    }
    agents.push({ ...a, locations });
  }
  return { ...system, agents };
}

class Trim {
  private readonly terms: Terms;
  /** What has become of each term, by its number. */
  private readonly known: Array<Expression | undefined> = [];

  constructor(terms: Terms) {
    this.terms = terms;
  }

  location(l: Location, isReached: boolean): Location {
    if (!isReached) return { ...l, steps: [], access: null };
    const access = l.access?.index ? { ...l.access, index: this.expression(l.access.index) } : l.access;
    const steps: Step[] = [];
    for (const s of l.steps) steps.push(this.step(s));
    return { ...l, steps, access };
  }

  private step(s: Step): Step {
    if (s.guard === null) return { ...s, body: this.body(s.body) };
    const guard = this.terms.of(s.guard);
    if (!canComeOut(guard.values, true)) return { ...s, guard: zero, body: [] };
    return { ...s, guard: canComeOut(guard.values, false) ? this.of(guard) : null, body: this.body(s.body) };
  }

  private body(statements: readonly Statement[], into: Statement[] = []): readonly Statement[] {
    for (const s of statements) {
      if (ends(into)) break;
      this.statement(s, into);
    }
    return into;
  }

  private statement(s: Statement, into: Statement[]): void {
    switch (s.op) {
      case 'set': {
        const value = this.expression(s.value);
        into.push(value === s.value ? s : { ...s, value });
        break;
      }
      case 'setElement': {
        const index = this.expression(s.index);
        const value = this.expression(s.value);
        if (index.op === 'constant' && index.value >= 0 && index.value < s.length)
          into.push({ op: 'set', slot: s.slot + index.value, value });
        else into.push({ ...s, index, value });
        break;
      }
      case 'if': {
        const condition = this.terms.of(s.condition);
        if (!canComeOut(condition.values, false)) this.body(s.then, into);
        else if (!canComeOut(condition.values, true)) this.body(s.else, into);
        else {
          const then = this.body(s.then);
          const otherwise = this.body(s.else);
          if (then.length + otherwise.length > 0) into.push({ op: 'if', condition: this.of(condition), then, else: otherwise });
        }
        break;
      }
      case 'fail':
      case 'report': {
        const object = s.object && this.expression(s.object);
        const by = s.by && this.expression(s.by);
        into.push(object === s.object && by === s.by ? s : { ...s, object, by });
        break;
      }
      case 'goto':
      case 'disable':
        into.push(s);
        break;
    }
  }

  private expression(e: Expression): Expression {
    return this.of(this.terms.of(e));
  }

  private of(t: Term): Expression {
    return (this.known[t.id] ??= this.made(t));
  }

  private made({ expression: e, values, first, second, third }: Term): Expression {
    if (values?.size === 1) for (const v of values) return constant(v);
    switch (e.op) {
      case 'element':
      case 'table':
        return { ...e, index: this.operand(first) };
      case 'not':
      case 'negate':
      case 'complement':
        return { op: e.op, operand: this.operand(first) };
      case 'binary':
        return binary(e.operator, this.operand(first), this.operand(second));
      case 'choose':
        return choose(this.operand(first), this.operand(second), this.operand(third));
      default:
        return e;
    }
  }

  private operand(t: Term | null): Expression {
    return t === null ? zero : this.of(t);
  }
}

/** Nothing that follows is done. */
function ends(body: readonly Statement[]): boolean {
  const last = body[body.length - 1];
  return last !== undefined && (last.op === 'fail' || last.op === 'disable');
}
