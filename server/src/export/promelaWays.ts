// Takes a step apart into its ways: Promela may not jump out of a d_step, and a step that fails must change nothing. Conditions are
// rewritten to speak of the state before the step; what happens on a way stays in its order.
import type { Expression, Statement, Step, System } from '../system/system.ts';
import { and, binary, choose, constant, load, not } from '../system/expression.ts';

export type Move = { readonly kind: 'violates'; readonly fault: number } | { readonly kind: 'does'; readonly statement: Statement };

export interface Way {
  /** Of the state before the step; null: always. What has been written is told wherever it is read, so that this can be far too long to write. */
  readonly condition: Expression | null;
  /** The same as what a run of the step meets: conditions of the state there, among what is assigned. */
  readonly course: readonly Turn[];
  readonly moves: readonly Move[];
  readonly to: number;
}

export type Turn =
  | { readonly kind: 'goes'; readonly condition: Expression; readonly holds: boolean }
  | { readonly kind: 'does'; readonly statement: Statement };

/** What has been written so far, in terms of the state before the step; later writes come later. */
interface Write {
  readonly slot: number;
  readonly length: number;
  readonly index: Expression;
  readonly value: Expression;
  /** Null: certainly. */
  readonly condition: Expression | null;
}

interface Thread {
  readonly condition: Expression | null;
  readonly course: readonly Turn[];
  readonly moves: readonly Move[];
  readonly writes: readonly Write[];
  readonly to: number;
}

export function waysThrough(system: System, step: Step, from: number): readonly Way[] {
  const ended: Way[] = [];
  const course: readonly Turn[] = step.guard === null ? [] : [{ kind: 'goes', condition: step.guard, holds: true }];
  const start: Thread = { condition: step.guard, course, moves: [], writes: [], to: from };
  for (const { condition, course, moves, to } of follow(system, step.body, [start], from, ended)) ended.push({ condition, course, moves, to });
  return ended;
}

function follow(system: System, body: readonly Statement[], threads: readonly Thread[], from: number, ended: Way[]): readonly Thread[] {
  let open = threads;
  for (const s of body) open = open.flatMap((t) => one(system, s, t, from, ended));
  return open;
}

function one(system: System, s: Statement, t: Thread, from: number, ended: Way[]): readonly Thread[] {
  switch (s.op) {
    case 'set':
    case 'setElement': {
      return [{ ...does(t, s), writes: [...t.writes, writeOf(s, t.writes)] }];
    }
    case 'goto':
      return [{ ...t, to: s.location }];
    case 'report':
      return [{ ...t, moves: [...t.moves, { kind: 'violates', fault: s.fault }] }];
    case 'fail': {
      // Reports on the way count; what was written does not.
      const reports = t.moves.filter((m) => m.kind === 'violates');
      ended.push({ condition: t.condition, course: t.course, moves: [...reports, { kind: 'violates', fault: s.fault }], to: from });
      return [];
    }
    case 'disable':
      return [];
    case 'if': {
      if (isQuiet(s)) {
        const condition = before(s.condition, t.writes);
        const then = writesOf(s.then, t.writes).map((w) => under(condition, w));
        const otherwise = writesOf(s.else, t.writes).map((w) => under(not(condition), w));
        return [{ ...does(t, s), writes: [...t.writes, ...then, ...otherwise] }];
      }
      const condition = before(s.condition, t.writes);
      const goes = (holds: boolean): Thread => ({
        ...t,
        condition: both(t.condition, holds ? condition : not(condition)),
        course: [...t.course, { kind: 'goes', condition: s.condition, holds }],
      });
      return [...follow(system, s.then, [goes(true)], from, ended), ...follow(system, s.else, [goes(false)], from, ended)];
    }
  }
}

function does(t: Thread, statement: Statement): Thread {
  const own = { kind: 'does', statement } as const;
  return { ...t, course: [...t.course, own], moves: [...t.moves, own] };
}

/** Only assignments inside, which Promela can have in a d_step as they are. */
function isQuiet(s: Statement): boolean {
  return s.op === 'set' || s.op === 'setElement' || (s.op === 'if' && s.then.every(isQuiet) && s.else.every(isQuiet));
}

function writeOf(s: Statement & { readonly op: 'set' | 'setElement' }, writes: readonly Write[]): Write {
  const value = before(s.value, writes);
  return s.op === 'set'
    ? { slot: s.slot, length: 1, index: constant(0), value, condition: null }
    : { slot: s.slot, length: s.length, index: before(s.index, writes), value, condition: null };
}

/** The writes of a branch, seen after what was written before it. */
function writesOf(body: readonly Statement[], writes: readonly Write[]): readonly Write[] {
  const own: Write[] = [];
  for (const s of body) {
    if (s.op === 'set' || s.op === 'setElement') own.push(writeOf(s, [...writes, ...own]));
    else if (s.op === 'if') {
      const condition = before(s.condition, [...writes, ...own]);
      const then = writesOf(s.then, [...writes, ...own]).map((w) => under(condition, w));
      own.push(...then, ...writesOf(s.else, [...writes, ...own]).map((w) => under(not(condition), w)));
    }
  }
  return own;
}

function under(condition: Expression, w: Write): Write {
  return { ...w, condition: both(w.condition, condition) };
}

function both(a: Expression | null, b: Expression): Expression | null {
  return a === null ? b : and(a, b);
}

/** The same value, said of the state before the writes. */
function before(e: Expression, writes: readonly Write[]): Expression {
  switch (e.op) {
    case 'constant':
      return e;
    case 'load':
      return slotBefore(load(e.slot), e.slot, constant(0), 1, writes);
    case 'element': {
      const index = before(e.index, writes);
      return slotBefore({ ...e, index }, e.slot, index, e.length, writes);
    }
    case 'table':
      return { ...e, index: before(e.index, writes) };
    case 'not':
    case 'negate':
    case 'complement':
      return { ...e, operand: before(e.operand, writes) };
    case 'binary':
      return binary(e.operator, before(e.left, writes), before(e.right, writes));
    case 'choose':
      return choose(before(e.condition, writes), before(e.then, writes), before(e.else, writes));
  }
}

function slotBefore(unwritten: Expression, slot: number, index: Expression, length: number, writes: readonly Write[]): Expression {
  let value = unwritten;
  for (const w of writes) {
    if (w.slot + w.length <= slot || slot + length <= w.slot) continue;
    const same = binary('==', binary('+', index, constant(slot)), binary('+', w.index, constant(w.slot)));
    value = choose(w.condition === null ? same : and(w.condition, same), w.value, value);
  }
  return value;
}
