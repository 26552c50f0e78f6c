// Generates one function per agent: from a state in the log it writes every successor by that agent's steps into the batch. What a step does
// is in body.ts.
import type { Statement, Step } from '../../system/system.ts';
import { internal } from '../internal.ts';
import { LOCATIONS_AT_ONCE } from '../slices.ts';
import { Body, type Surroundings } from './body.ts';
import { Code, I32, Op } from './emit.ts';
import { emit32, emitTruth } from './expression.ts';
import type { Reader } from './field.ts';
import { type Context, intervalIn } from './interval.ts';
import { labelOf } from './label.ts';

/** Statements above which an agent's locations become functions of their own: a host then compiles those that are reached. */
const LARGE = 200;

/** step(address of the state, its number, where to write) -> where to write next. Yields every few milliseconds. */
export function* stepFunction(context: Context, around: Surroundings, agent: number, add: (code: Code) => number): Generator<void, Code> {
  const code = new Code([I32, I32, I32], [I32]);
  const { locations, slot } = context.system.agents[agent];
  const reader: Reader = { context, code, baseOf: () => 0 };
  let statements = 0;
  for (const l of locations) for (const s of l.steps) statements += countStatements(s.body);
  const apart = statements > LARGE ? add : null;
  if (context.layout.fields[slot] === null) emitLocation(context, around, code, agent, context.layout.constants[slot], apart);
  else {
    // One block per location, innermost first; locations without a step share the way out.
    const n = locations.length;
    for (let i = 0; i <= n; i++) code.block();
    emit32(reader, { op: 'load', slot });
    code.branchTable(
      locations.map((_, i) => i),
      n,
    );
    for (let i = 0; i < n; i++) {
      code.end();
      emitLocation(context, around, code, agent, i, apart);
      code.branch(n - 1 - i);
      if (i % LOCATIONS_AT_ONCE === LOCATIONS_AT_ONCE - 1) yield;
    }
    code.end();
  }
  code.get(2);
  return code;
}

/** `apart`: adds a function of its own for the steps; null where they stand here. */
function emitLocation(
  context: Context,
  around: Surroundings,
  code: Code,
  agent: number,
  location: number,
  apart: ((code: Code) => number) | null,
): void {
  code
    .i32(0)
    .i32(1)
    .store8(around.reached(agent) + location);
  const { steps } = context.system.agents[agent].locations[location];
  if (apart === null || steps.length === 0) {
    emitSteps(context, around, code, agent, steps);
    return;
  }
  const own = new Code([I32, I32, I32], [I32]);
  emitSteps(context, around, own, agent, steps);
  own.get(2);
  code.get(0).get(1).get(2).call(apart(own)).set(2);
}

function emitSteps(context: Context, around: Surroundings, code: Code, agent: number, steps: readonly Step[]): void {
  for (const [index, s] of steps.entries()) {
    if (s.agent !== agent) internal(`a step of agent ${agent} says that it is of agent ${s.agent}`);
    emitStep(context, around, code, s, index);
  }
}

function countStatements(body: readonly Statement[]): number {
  let n = body.length;
  for (const s of body) if (s.op === 'if') n += countStatements(s.then) + countStatements(s.else);
  return n;
}

function emitStep(context: Context, around: Surroundings, code: Code, step: Step, index: number): void {
  const source: Reader = { context, code, baseOf: () => 0 };
  if (step.guard !== null) {
    const known = intervalIn(context, step.guard);
    if (known.low === 0 && known.high === 0) return;
  }
  code.block();
  if (step.guard !== null) {
    emitTruth(source, step.guard);
    code.op(Op.eqz).branchIf(0);
  }
  const body = new Body(context, around, code, step, labelOf(step, index));
  body.run();
  code.end();
}
