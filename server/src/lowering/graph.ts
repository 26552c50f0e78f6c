// The control-flow graph of one agent while it is being lowered, and its conversion to locations and atomic steps. A step is one touch of
// shared state together with the private computation behind it, up to the next touch.
import type { Access, Expression, Frame, Label, Location, Statement, Step, Wait } from '../system/system.ts';

/** Private nodes cost nothing; touches are where the agent can stand. */
export type Node =
  | { readonly kind: 'touch'; readonly touch: Touch }
  | { readonly kind: 'private'; readonly body: Statement[]; next: Node | null }
  | { readonly kind: 'branch'; readonly condition: Expression; then: Node | null; else: Node | null }
  | { readonly kind: 'choice'; readonly arms: Array<Node | null> }
  | { readonly kind: 'exit' };

export interface Touch {
  readonly stack: readonly Frame[];
  readonly call: number | null;
  readonly wait: Wait | null;
  readonly access: Access | null;
  readonly exits: TouchExit[];
}

export interface TouchExit {
  readonly guard: Expression | null;
  readonly environment: boolean;
  readonly body: Statement[];
  readonly label: Label;
  next: Node | null;
}

/** The loose ends that the next node will be tied to. */
export type Ends = Array<(node: Node) => void>;

/** A private path longer than this is a loop without a touch in it: a bug of lowering. */
const PATH_LIMIT = 2000;
/** Statements of one step, branches included; see `bound-reached`. */
const STEP_LIMIT = 20000;

export interface Converted {
  readonly locations: Location[];
  readonly entry: number;
  readonly exit: number | null;
}

/** Numbers every touch that `entry` leads to, in the order in which a depth-first walk meets them; the exit is a location of its own. */
export function convert(agent: number, entry: Node): Converted {
  const numbers = new Map<Node, number>();
  const order: Node[] = [];
  const locations: Location[] = [];
  let statements = 0;

  const number = (node: Node): number => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    numbers.set(node, order.length);
    order.push(node);
    return order.length - 1;
  };

  /** The private chain behind a node up to something that is not private; null where the run ends before. */
  const chain = (start: Node | null): { body: Statement[]; end: Node | null } => {
    const body: Statement[] = [];
    let node = start;
    for (let i = 0; i < PATH_LIMIT; i++) {
      if (node === null) throw new Error('lowering: a loose end in the control-flow graph');
      if (node.kind !== 'private') return { body, end: node };
      body.push(...node.body);
      if (endsAlways(node.body)) return { body, end: null };
      node = node.next;
    }
    throw new Error('lowering: a loop without a step in it');
  };

  /** All ways to go on from a node, one per resolution of the choices met: each a statement list that ends in goto, fail or disable. */
  const tails = (start: Node | null, depth: number): Statement[][] => {
    if (depth > PATH_LIMIT) throw new Error('lowering: a loop without a step in it');
    const { body, end } = chain(start);
    statements += body.length + 1;
    if (statements > STEP_LIMIT * (order.length + 1)) throw new Error('lowering: a step with too many branches');
    const before = (variants: Statement[][]): Statement[][] => (body.length === 0 ? variants : variants.map((v) => [...body, ...v]));
    if (end === null) return [body];
    switch (end.kind) {
      case 'touch': case 'exit': return before([[{ op: 'goto', location: number(end) }]]);
      case 'choice': return before(end.arms.flatMap((arm) => tails(arm, depth + 1)));
      case 'branch': {
        const condition = end.condition;
        if (condition.op === 'constant') return before(tails(condition.value !== 0 ? end.then : end.else, depth + 1));
        const left = chain(end.then);
        const right = chain(end.else);
        if (left.end === right.end && left.end !== null) {
          const joined: Statement[] = left.body.length + right.body.length === 0 ? [] : [{ op: 'if', condition, then: left.body, else: right.body }];
          return before(tails(left.end, depth + 1).map((v) => [...joined, ...v]));
        }
        const then = tails(end.then, depth + 1);
        const otherwise = tails(end.else, depth + 1);
        const variants: Statement[][] = [[{ op: 'if', condition, then: then[0], else: otherwise[0] }]];
        for (const t of then.slice(1)) variants.push([{ op: 'if', condition, then: t, else: [{ op: 'disable' }] }]);
        for (const e of otherwise.slice(1)) variants.push([{ op: 'if', condition, then: [{ op: 'disable' }], else: e }]);
        return before(variants);
      }
      case 'private': throw new Error('lowering: unreachable');
    }
  };

  // The entry may be private: then a location of its own stands before it (see emit.ts, which puts a touch first).
  const first = chain(entry);
  if (first.end === null || first.body.length > 0 || (first.end.kind !== 'touch' && first.end.kind !== 'exit')) throw new Error('lowering: a program must begin with a step');
  const start = number(first.end);
  let exit: number | null = null;
  for (let i = 0; i < order.length; i++) {
    const node = order[i];
    if (node.kind === 'exit') {
      exit = i;
      locations.push({ steps: [], call: null, stack: [], wait: null, access: null });
      continue;
    }
    if (node.kind !== 'touch') throw new Error('lowering: unreachable');
    const { touch } = node;
    const steps: Step[] = [];
    for (const e of touch.exits) {
      const ends = endsAlways(e.body) ? [[]] : tails(e.next, 0);
      for (const tail of ends) {
        steps.push({ agent, environment: e.environment, guard: e.guard, body: tail.length === 0 ? e.body : [...e.body, ...tail], label: e.label });
      }
    }
    locations.push({ steps, call: touch.call, stack: touch.stack, wait: touch.wait, access: touch.access });
  }
  return { locations, entry: start, exit };
}

/** Every path through the statements ends the run or the step. */
function endsAlways(body: readonly Statement[]): boolean {
  return body.some((s) => s.op === 'fail' || s.op === 'disable' || (s.op === 'if' && endsAlways(s.then) && endsAlways(s.else)));
}
