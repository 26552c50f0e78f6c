// Random small systems of which many steps can be glued to the one before, and as many just cannot: variables of one agent and of all, a lock
// that is mostly taken before something is done, loops, choices, faults, races and steps that may never come.
import fc from 'fast-check';
import type { Statement, System } from '../../server/src/system/system.ts';
import { at, build, c, is, type LocationSpec, plus, set, type StepSpec } from '../checker/build.ts';

const AGENTS = 3;
const LOCATIONS = 5;
const LOCK = AGENTS;
const SHARED = [AGENTS + 1, AGENTS + 2];

export const randomGluable: fc.Arbitrary<System> = fc.tuple(...Array.from({ length: AGENTS }, (_, i) => program(i))).map((programs) =>
  build({
    variables: {
      ...Object.fromEntries(programs.map((_, i) => [`p${i}`, { max: 2 }])),
      lock: { max: 1 },
      s0: { max: 2 },
      s1: { max: 2 },
    },
    faults: [{ kind: 'assertion' }, { kind: 'use-after-free' }],
    agents: programs.map((own, i) => ({ name: `a${i}`, program: own })),
  }),
);

function program(agent: number): fc.Arbitrary<readonly LocationSpec[]> {
  return fc.tuple(...Array.from({ length: LOCATIONS }, (_, i) => location(agent, i)));
}

function location(agent: number, index: number): fc.Arbitrary<LocationSpec> {
  return fc
    .record({
      steps: fc.oneof(
        { weight: 7, arbitrary: fc.tuple(step(agent, index)) },
        { weight: 1, arbitrary: fc.tuple(step(agent, index), step(agent, index)) },
      ),
      access: fc.option(fc.record({ slot: fc.constantFrom(...SHARED), write: fc.boolean() }), { freq: 7 }),
    })
    .map(({ steps, access }) => ({ name: `l${index}`, steps, ...(access === null ? {} : { access }) }));
}

function step(agent: number, index: number): fc.Arbitrary<StepSpec> {
  const shared = fc.constantFrom(...SHARED);
  const value = fc.nat(2);
  const mod = (slot: number, n: number) => ({ op: 'binary' as const, operator: '%' as const, left: plus(slot, n), right: c(3) });
  const fault: fc.Arbitrary<Statement> = fc.record({
    op: fc.constantFrom('fail' as const, 'report' as const),
    fault: fc.nat(1),
    object: fc.constant(null),
    by: fc.constantFrom(null, at(agent)),
  });
  const work: fc.Arbitrary<StepSpec> = fc.oneof(
    { weight: 5, arbitrary: value.map((n) => ({ do: [set(agent, mod(agent, n))] })) },
    { weight: 2, arbitrary: fc.tuple(shared, value).map(([slot, n]) => ({ do: [set(slot, n)] })) },
    { weight: 2, arbitrary: fc.tuple(shared, value).map(([slot, n]) => ({ do: [set(slot, mod(slot, n))] })) },
    { weight: 2, arbitrary: shared.map((slot) => ({ do: [set(agent, at(slot))] })) },
    { weight: 3, arbitrary: fc.constant({ when: is(LOCK, 0), do: [set(LOCK, 1)] }) },
    { weight: 3, arbitrary: fc.constant({ do: [set(LOCK, 0)] }) },
    { weight: 1, arbitrary: fc.tuple(shared, value).map(([slot, n]) => ({ when: is(slot, n) })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(agent, ...SHARED), value, fault)
        .map(([slot, n, f]) => ({ do: [{ op: 'if' as const, condition: is(slot, n), then: [f], else: [] }] })),
    },
  );
  const target = fc.oneof({ weight: 4, arbitrary: fc.constant(index + 1) }, { weight: 1, arbitrary: fc.nat(LOCATIONS) });
  return fc
    .record({
      work,
      target,
      environment: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    })
    .map(({ work: w, target: to, environment }) => ({ ...w, environment, to: to === LOCATIONS ? 'exit' : `l${to}` }));
}
