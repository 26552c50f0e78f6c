// Explores every interleaving of an ordering, breadth first and plainly: no reduction, so that it can be the judge of others.
import type { Answer } from './op.ts';
import { perform, type Step, successors, type Waiting } from './successors.ts';
import { firstState, initialAgent, type State, type World } from './world.ts';

export type OrderingVerdict = 'use-after-free' | 'double-free' | 'timer-after-shutdown' | 'deadlock' | 'self-deadlock';

export interface Exploration {
  /** `complete`: every interleaving was seen. `incomplete`: the limit came first. `impossible`: the given order can't be followed. */
  readonly end: 'complete' | 'incomplete' | 'impossible';
  /** Why it is not complete. */
  readonly why: string | null;
  readonly states: number;
  /** By verdict: the steps or calls that have it, and the shortest run to one. */
  readonly found: ReadonlyMap<OrderingVerdict, { readonly where: readonly string[]; readonly trace: readonly string[] }>;
  /** By result name: every value that some interleaving gives. */
  readonly returns: ReadonlyMap<string, readonly Answer[]>;
  /** Callbacks that start in some interleaving. */
  readonly started: ReadonlySet<string>;
  /** By timer: the expiries with which it fires. */
  readonly expiries: ReadonlyMap<string, readonly string[]>;
  readonly warnings: readonly string[];
  /** The states in which nothing can happen any more. */
  readonly finals: readonly State[];
}

export const defaultMaxStates = 200_000;

interface Node {
  readonly state: State;
  /** How many steps of the given order are done. */
  readonly ordered: number;
  readonly from: number;
  readonly by: string;
  readonly next: { who: string; to: number }[];
  /** A step from here commits an error, which ends the run: nobody who waits can be called stuck. */
  ends: boolean;
  waiting: readonly Waiting[];
}

/** Explores `w`. Results are in a stable order, whatever the machine. */
export function explore(w: World, maxStates: number): Exploration {
  const nodes: Node[] = [];
  const index = new Map<string, number>();
  const found = new Map<OrderingVerdict, { where: string[]; trace: string[] }>();
  const returns = new Map<string, Answer[]>();
  const expiries = new Map<string, string[]>();
  const started = new Set<string>();
  const warnings = new Set<string>();
  const finals: State[] = [];
  let why: string | null = null;
  let end: Exploration['end'] = 'complete';

  const trace = (node: number): string[] => {
    const steps: string[] = [];
    for (let i = node; i > 0; i = nodes[i]!.from) steps.unshift(nodes[i]!.by);
    return steps;
  };
  const report = (verdict: OrderingVerdict, where: string, node: number, last: string | null): void => {
    const known = found.get(verdict);
    if (known === undefined) found.set(verdict, { where: [where], trace: [...trace(node), ...(last === null ? [] : [last])] });
    else if (!known.where.includes(where)) known.where.push(where);
  };
  const add = (state: State, ordered: number, from: number, by: string): number => {
    const key = `${ordered} ${JSON.stringify(state)}`;
    const known = index.get(key);
    if (known !== undefined) return known;
    index.set(key, nodes.length);
    nodes.push({ state, ordered, from, by, next: [], ends: false, waiting: [] });
    return nodes.length - 1;
  };
  const note = (s: Step, at: number): void => {
    if (s.warning !== null) warnings.add(s.warning);
    if (s.started !== null) started.add(s.started);
    if (s.result !== null) include(returns, s.result.name, s.result.answer);
    if (s.started !== null && s.expires !== null && s.expires !== '') include(expiries, s.started, s.expires);
    if (s.verdict !== null) report(s.verdict, s.text, at, s.text);
  };

  const first = initialise(w, (s) => note(s, 0));
  if (typeof first === 'string')
    return { end: 'impossible', why: first, states: 0, found, returns, started, expiries, warnings: [], finals };
  add(first, 0, 0, '');
  let impossible = false;
  for (let i = 0; i < nodes.length; i++) {
    if (nodes.length > maxStates) {
      end = 'incomplete';
      why = `more than ${maxStates} states`;
      break;
    }
    const node = nodes[i]!;
    const { steps, waiting } = successors(w, node.state);
    const wanted = w.order[node.ordered];
    const allowed = wanted === undefined ? steps : steps.filter((s) => s.who === wanted);
    if (wanted !== undefined && allowed.length === 0) {
      impossible = true;
      why = `step ${node.ordered + 1} of the order: ${wanted} cannot take a step`;
      continue;
    }
    node.waiting = wanted === undefined ? waiting : [];
    if (steps.length === 0) finals.push(node.state);
    for (const s of allowed) {
      note(s, i);
      if (s.next === null) node.ends = true;
      else node.next.push({ who: s.who, to: add(s.next, Math.min(node.ordered + 1, w.order.length), i, s.text) });
    }
  }
  if (impossible) end = 'impossible';
  if (end === 'complete') stuck(nodes, report);
  return { end, why, states: nodes.length, found, returns, started, expiries, warnings: [...warnings].sort(), finals };
}

/** The state after `initially`, or why that can't be done. `note` is told of each step. */
export function initialise(w: World, note: (s: Step) => void = () => {}): State | string {
  let state = firstState(w);
  for (const call of w.initially) {
    let phase = 0;
    for (;;) {
      const s = perform(w, state, initialAgent, call);
      if ('on' in s) return `initially: ${call.text} would have to wait`;
      if (s.next === null) return `initially: ${call.text} is a ${s.verdict}`;
      note(s);
      const moved = s.next.contexts[initialAgent]!;
      state = s.next;
      if (moved.phase <= phase) break;
      phase = moved.phase;
    }
  }
  return state;
}

/** Reports every call that waits and never goes on, whatever happens. One that only waits behind a reported one has no report of its own. */
function stuck(nodes: readonly Node[], report: (verdict: OrderingVerdict, where: string, node: number, last: null) => void): void {
  const before = nodes.map((): { who: string; at: number }[] => []);
  nodes.forEach((n, at) => {
    for (const { who, to } of n.next) before[to]!.push({ who, at });
  });
  const waiters = new Set(nodes.flatMap((n) => n.waiting.map((x) => x.who)));
  const goesOn = new Map([...waiters].map((who) => [who, canStep(nodes, before, who)]));
  nodes.forEach((n, at) => {
    const forever = n.waiting.filter((x) => goesOn.get(x.who)![at] === 0);
    for (const x of forever) {
      if (x.on === x.who) report('self-deadlock', x.text, at, null);
      else if (inCycle(x, forever) || !forever.some((y) => y.who === x.on)) report('deadlock', x.text, at, null);
    }
  });
}

/** For each node: 1 if some run from it has a step of `who`, or ends in an error before it could. */
function canStep(nodes: readonly Node[], before: readonly { who: string; at: number }[][], who: string): Uint8Array {
  const able = new Uint8Array(nodes.length);
  const todo: number[] = [];
  nodes.forEach((n, at) => {
    if (n.ends || n.next.some((x) => x.who === who)) {
      able[at] = 1;
      todo.push(at);
    }
  });
  for (let i = todo.pop(); i !== undefined; i = todo.pop()) {
    for (const { at } of before[i]!) {
      if (able[at] === 1) continue;
      able[at] = 1;
      todo.push(at);
    }
  }
  return able;
}

function inCycle(x: Waiting, all: readonly Waiting[]): boolean {
  let on = x.on;
  for (let i = 0; i < all.length; i++) {
    if (on === x.who) return true;
    on = all.find((y) => y.who === on)?.on ?? null;
  }
  return on === x.who;
}

function include<T>(into: Map<string, T[]>, key: string, value: T): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, [value]);
  else if (!known.includes(value)) known.push(value);
}
