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
  return new Conversion(agent).from(entry);
}

/** A class, as what a host has compiled of methods outlives their objects: of functions within a function it is lost with the last of them. */
class Conversion {
  private readonly agent: number;
  private readonly numbers = new Map<Node, number>();
  private readonly order: Node[] = [];
  private statements = 0;

  constructor(agent: number) {
    this.agent = agent;
  }

  from(entry: Node): Converted {
    // The entry may be private: then a location of its own stands before it (see emit.ts, which puts a touch first).
    const before: Statement[] = [];
    const first = chain(entry, before);
    if (first === null || before.length > 0 || (first.kind !== 'touch' && first.kind !== 'exit')) throw new Error('lowering: a program must begin with a step');
    const start = this.number(first);
    const locations: Location[] = [];
    let exit: number | null = null;
    for (let i = 0; i < this.order.length; i++) {
      const node = this.order[i];
      if (node.kind === 'exit') {
        exit = i;
        locations.push({ steps: [], call: null, stack: [], wait: null, access: null });
      } else if (node.kind === 'touch') locations.push(this.location(node.touch));
      else throw new Error('lowering: unreachable');
    }
    return { locations, entry: start, exit };
  }

  private location({ exits, call, stack, wait, access }: Touch): Location {
    const steps: Step[] = [];
    for (const e of exits) {
      const ends = endsAlways(e.body) ? [[]] : this.tails(e.next, 0);
      for (const tail of ends) {
        steps.push({ agent: this.agent, environment: e.environment, guard: e.guard, body: tail.length === 0 ? e.body : e.body.concat(tail), label: e.label });
      }
    }
    return { steps, call, stack, wait, access };
  }

  private number(node: Node): number {
    const known = this.numbers.get(node);
    if (known !== undefined) return known;
    this.numbers.set(node, this.order.length);
    this.order.push(node);
    return this.order.length - 1;
  }

  /** All ways to go on from a node, one per resolution of the choices met: each a statement list that ends in goto, fail or disable. */
  private tails(start: Node | null, depth: number): Statement[][] {
    const body: Statement[] = [];
    let node = start;
    // Along what does not fork, one list grows.
    for (let length = depth; length <= PATH_LIMIT; length++) {
      const before = body.length;
      const end = chain(node, body);
      this.statements += body.length - before + 1;
      if (this.statements > STEP_LIMIT * (this.order.length + 1)) throw new Error('lowering: a step with too many branches');
      if (end === null) return [body];
      switch (end.kind) {
        case 'touch': case 'exit':
          body.push({ op: 'goto', location: this.number(end) });
          return [body];
        case 'choice': return end.arms.flatMap((arm) => this.tails(arm, length + 1)).map((rest) => [...body, ...rest]);
        case 'branch': {
          const condition = end.condition;
          if (condition.op === 'constant') {
            node = condition.value !== 0 ? end.then : end.else;
            break;
          }
          const left: Statement[] = [];
          const right: Statement[] = [];
          const met = chain(end.then, left);
          if (met === chain(end.else, right) && met !== null) {
            if (left.length + right.length > 0) body.push({ op: 'if', condition, then: left, else: right });
            node = met;
            break;
          }
          const then = this.tails(end.then, length + 1);
          const otherwise = this.tails(end.else, length + 1);
          if (then.length === 1 && otherwise.length === 1) {
            body.push({ op: 'if', condition, then: then[0], else: otherwise[0] });
            return [body];
          }
          return [
            [...body, { op: 'if', condition, then: then[0], else: otherwise[0] }],
            ...then.slice(1).map((t): Statement[] => [...body, { op: 'if', condition, then: t, else: [{ op: 'disable' }] }]),
            ...otherwise.slice(1).map((e): Statement[] => [...body, { op: 'if', condition, then: [{ op: 'disable' }], else: e }]),
          ];
        }
        case 'private': throw new Error('lowering: unreachable');
      }
    }
    throw new Error('lowering: a loop without a step in it');
  }
}

/** Adds the private chain behind a node to `body`, up to something that is not private; null where the run ends before. */
function chain(start: Node | null, body: Statement[]): Node | null {
  let node = start;
  for (let i = 0; i < PATH_LIMIT; i++) {
    if (node === null) throw new Error('lowering: a loose end in the control-flow graph');
    if (node.kind !== 'private') return node;
    for (const s of node.body) body.push(s);
    if (endsAlways(node.body)) return null;
    node = node.next;
  }
  throw new Error('lowering: a loop without a step in it');
}

/** Every path through the statements ends the run or the step. */
function endsAlways(body: readonly Statement[]): boolean {
  for (const s of body) {
    if (s.op === 'fail' || s.op === 'disable' || (s.op === 'if' && endsAlways(s.then) && endsAlways(s.else))) return true;
  }
  return false;
}
