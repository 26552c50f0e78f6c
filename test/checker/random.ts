// Random small transition systems for properties: a few agents with calls, waits, faults, races and both kinds of steps.
import fc from 'fast-check';
import type { Expression, Statement, System, Wait } from '../../server/src/system/system.ts';
import { type AgentSpec, build, c, is, type LocationSpec, type StepSpec, type SystemSpec } from './build.ts';

export interface Shape {
  readonly agents: number;
  readonly locations: number;
  readonly variables: number;
  /** Whether waits name their holders. */
  readonly holders: boolean;
  readonly faults: boolean;
}

export function randomSystem(shape: Shape): fc.Arbitrary<System> {
  const variable = fc.nat(shape.variables - 1);
  const value = fc.nat(2);
  const expression: fc.Arbitrary<Expression> = fc.oneof(
    value.map(c),
    variable.map((slot): Expression => ({ op: 'load', slot })),
    fc.tuple(variable, value).map(
      ([slot, v]): Expression => ({
        op: 'binary',
        operator: '%',
        left: { op: 'binary', operator: '+', left: { op: 'load', slot }, right: c(v) },
        right: c(3),
      }),
    ),
    fc.tuple(variable, variable).map(
      ([slot, other]): Expression => ({
        op: 'choose',
        condition: is(slot, 0),
        then: { op: 'load', slot: other },
        else: {
          op: 'element',
          slot: 0,
          length: shape.variables,
          index: { op: 'binary', operator: '%', left: { op: 'load', slot }, right: c(shape.variables) },
        },
      }),
    ),
  );
  const guard = fc.option(
    fc.tuple(variable, value).map(([slot, v]) => is(slot, v)),
    { freq: 2 },
  );
  const assignment: fc.Arbitrary<Statement> = fc.oneof(
    fc.tuple(variable, expression).map(([slot, v]): Statement => ({ op: 'set', slot, value: v })),
    fc.tuple(expression, expression).map(
      ([index, v]): Statement => ({
        op: 'setElement',
        slot: 0,
        length: shape.variables,
        index: { op: 'binary', operator: '%', left: index, right: c(shape.variables) },
        value: v,
      }),
    ),
  );
  const fault: fc.Arbitrary<Statement> = fc.record({
    op: fc.constantFrom('fail' as const, 'report' as const),
    fault: fc.nat(1),
    object: fc.constant(null),
    by: fc.option<Expression>(fc.nat(shape.agents).map(c)),
  });
  const statement: fc.Arbitrary<Statement> = shape.faults
    ? fc.oneof(
        { weight: 6, arbitrary: assignment },
        { weight: 1, arbitrary: fault },
        {
          weight: 1,
          arbitrary: fc
            .tuple(variable, fc.oneof(fault, assignment, fc.constant<Statement>({ op: 'disable' })))
            .map(([slot, s]): Statement => ({ op: 'if', condition: is(slot, 1), then: [s], else: [] })),
        },
      )
    : assignment;
  const step: fc.Arbitrary<StepSpec> = fc
    .record({
      guard,
      body: fc.array(statement, { maxLength: 2 }),
      target: fc.nat(shape.locations),
      environment: fc.boolean(),
    })
    .map(({ guard: when, body, target, environment }) => ({
      ...(when === null ? {} : { when }),
      do: body,
      to: target === shape.locations ? 'exit' : `l${target}`,
      environment,
    }));
  const wait: fc.Arbitrary<Wait | null> = fc.option(
    fc.record({
      kind: fc.constantFrom('lock' as const, 'event' as const),
      what: fc.constant('it'),
      holder: shape.holders
        ? fc.option(fc.record({ kind: fc.constant('agentMask' as const), value: fc.nat(2 ** shape.agents - 1).map(c) }), { freq: 3 })
        : fc.constant(null),
    }),
  );
  const location = (index: number): fc.Arbitrary<LocationSpec> =>
    fc
      .record({
        call: fc.constantFrom('', 'close', 'ioctl', 'ioctl'),
        wait,
        access: fc.option(fc.record({ slot: variable, write: fc.boolean() }), { freq: 4 }),
        steps: fc.array(step, { maxLength: 2 }),
      })
      .map(({ call, wait: w, access, steps }) => ({
        name: `l${index}`,
        steps,
        ...(call === '' ? {} : { call }),
        ...(w === null ? {} : { wait: w }),
        ...(access === null ? {} : { access }),
      }));
  const agent = (index: number): fc.Arbitrary<AgentSpec> =>
    fc.tuple(...Array.from({ length: shape.locations }, (_, i) => location(i))).map((program) => ({
      name: `a${index}`,
      calls: { close: 'close-blocked', ioctl: null },
      program,
    }));
  return fc.tuple(...Array.from({ length: shape.agents }, (_, i) => agent(i))).map((agents) => build(specOf(shape, agents)));
}

function specOf(shape: Shape, agents: readonly AgentSpec[]): SystemSpec {
  return {
    variables: Object.fromEntries(Array.from({ length: shape.variables }, (_, i) => [`v${i}`, { max: 2 }])),
    agents,
    faults: [{ kind: 'assertion' }, { kind: 'use-after-free', by: 'agent' }],
  };
}
