// Turns steps into closures that change the one current state and note what they overwrote, so that a step is undone by what it wrote.
// Which steps are taken, and where their results are kept, is the engine's business.
import type { Statement, Step, System } from '../../system/system.ts';
import { internal } from '../internal.ts';
import { type Compiler, type Value, compileCondition, compileExpression, inside } from './expression.ts';

export const STEPPED = 0;
export const FAILED = 1;
export const DISABLED = 2;
export type Outcome = typeof STEPPED | typeof FAILED | typeof DISABLED;

/** What the last step wrote and met. `undoSlots[0..writes)` may name a slot twice; the older value comes first. */
export interface Effects {
  readonly undoSlots: Int32Array;
  readonly undoValues: Float64Array;
  writes: number;
  /** Triples of fault, object and by. */
  readonly met: number[];
}

export interface CompiledStep {
  readonly environment: boolean;
  readonly guard: Value | null;
  readonly run: () => Outcome;
}

export function newEffects(system: System): Effects {
  let most = 0;
  for (const a of system.agents) for (const l of a.locations) for (const s of l.steps) most = Math.max(most, countWrites(s.body));
  return { undoSlots: new Int32Array(most), undoValues: new Float64Array(most), writes: 0, met: [] };
}

export function compileStep(c: Compiler, effects: Effects, step: Step): CompiledStep {
  return {
    environment: step.environment,
    guard: step.guard === null ? null : compileCondition(c, step.guard),
    run: compileBody(c, effects, step.agent, step.body),
  };
}

/** Puts back what the last step overwrote. */
export function undo(c: Compiler, effects: Effects): void {
  const { slots } = c;
  for (let i = effects.writes - 1; i >= 0; i--) slots[effects.undoSlots[i]] = effects.undoValues[i];
  effects.writes = 0;
  if (effects.met.length > 0) effects.met.length = 0;
}

function compileBody(c: Compiler, effects: Effects, agent: number, body: readonly Statement[]): () => Outcome {
  const statements: Array<() => Outcome> = [];
  for (let i = 0; i < body.length; ) {
    const constants = constantsFrom(c, agent, body, i);
    statements.push(constants.length > 0 ? writeConstants(c, effects, constants) : compileStatement(c, effects, agent, body[i]));
    i += Math.max(1, constants.length);
  }
  if (statements.length === 0) return () => STEPPED;
  if (statements.length === 1) return statements[0];
  if (statements.length === 2) {
    const [first, second] = statements;
    return () => {
      const outcome = first();
      return outcome === STEPPED ? second() : outcome;
    };
  }
  return () => {
    for (let i = 0; i < statements.length; i++) {
      const outcome = statements[i]();
      if (outcome !== STEPPED) return outcome;
    }
    return STEPPED;
  };
}

function compileStatement(c: Compiler, effects: Effects, agent: number, s: Statement): () => Outcome {
  switch (s.op) {
    case 'set': {
      const { slot } = s;
      const value = compileExpression(c, s.value);
      const write = writer(c, effects, slot);
      return () => write(slot, value());
    }
    case 'setElement': {
      const { slot, length } = s;
      const index = compileExpression(c, s.index);
      const value = compileExpression(c, s.value);
      const write = writer(c, effects, slot);
      return () => write(slot + inside(index(), length), value());
    }
    case 'goto': {
      const { slot } = c.system.agents[agent];
      const { location } = s;
      const write = writer(c, effects, slot);
      return () => write(slot, location);
    }
    case 'if': {
      const condition = compileCondition(c, s.condition);
      const then = compileBody(c, effects, agent, s.then);
      const otherwise = compileBody(c, effects, agent, s.else);
      // Most are checks: nothing else happens when they find nothing.
      if (s.else.length === 0) return () => (condition() !== 0 ? then() : STEPPED);
      if (s.then.length === 0) return () => (condition() !== 0 ? STEPPED : otherwise());
      return () => (condition() !== 0 ? then() : otherwise());
    }
    case 'fail':
    case 'report': {
      const { fault } = s;
      const object = s.object === null ? () => 0 : compileExpression(c, s.object);
      const by = s.by === null ? () => 0 : compileExpression(c, s.by);
      const outcome = s.op === 'fail' ? FAILED : STEPPED;
      return () => {
        effects.met.push(fault, object(), by());
        return outcome;
      };
    }
    case 'disable':
      return () => DISABLED;
  }
}

interface ConstantWrite {
  readonly slot: number;
  readonly value: number;
}

/** The writes of constants that follow each other from statement `first` on: at the end of a scope there are many. */
function constantsFrom(c: Compiler, agent: number, body: readonly Statement[], first: number): readonly ConstantWrite[] {
  const found: ConstantWrite[] = [];
  for (let i = first; i < body.length; i++) {
    const s = body[i];
    let write: ConstantWrite;
    if (s.op === 'goto') write = { slot: c.system.agents[agent].slot, value: s.location };
    else if (s.op === 'set' && s.value.op === 'constant') write = { slot: s.slot, value: s.value.value };
    else break;
    const { low, high } = c.ranges[write.slot];
    if (!(write.value >= low && write.value <= high)) break;
    found.push(write);
  }
  return found;
}

function writeConstants(c: Compiler, effects: Effects, writes: readonly ConstantWrite[]): () => Outcome {
  const { slots } = c;
  const { undoSlots, undoValues } = effects;
  const at = Int32Array.from(writes, (w) => w.slot);
  const values = Float64Array.from(writes, (w) => w.value);
  return () => {
    for (let i = 0; i < at.length; i++) {
      const slot = at[i];
      const before = slots[slot];
      // What is as it was need be neither undone nor packed.
      if (before === values[i]) continue;
      undoSlots[effects.writes] = slot;
      undoValues[effects.writes++] = before;
      slots[slot] = values[i];
    }
    return STEPPED;
  };
}

/** Writes one slot of the variable at `slot`, whose elements share one range. */
function writer(c: Compiler, effects: Effects, slot: number): (at: number, value: number) => Outcome {
  const { slots } = c;
  const { undoSlots, undoValues } = effects;
  const { low, high } = c.ranges[slot];
  return (at, value) => {
    if (!(value >= low && value <= high)) internal(`slot ${at} would become ${value}, outside ${low}..${high}`);
    const before = slots[at];
    if (before === value) return STEPPED;
    undoSlots[effects.writes] = at;
    undoValues[effects.writes++] = before;
    slots[at] = value;
    return STEPPED;
  };
}

function countWrites(body: readonly Statement[]): number {
  let count = 0;
  for (const s of body) {
    if (s.op === 'set' || s.op === 'setElement' || s.op === 'goto') count++;
    else if (s.op === 'if') count += Math.max(countWrites(s.then), countWrites(s.else));
  }
  return count;
}
