// Random small transition systems for comparing engines: every kind of expression and statement, narrow, wide and negative variables,
// arrays with computed indices, faults and races. Values are folded into their ranges, as lowering promises.
import fc from 'fast-check';
import type {
  Access,
  Agent,
  Binary,
  Expression,
  Fault,
  Location,
  Statement,
  Step,
  System,
  Variable,
} from '../../server/src/system/system.ts';

const place = { file: 'random', span: { start: 0, end: 1 } };
const c = (value: number): Expression => ({ op: 'constant', value });
const binary = (operator: Binary, left: Expression, right: Expression): Expression => ({ op: 'binary', operator, left, right });

interface Shape {
  readonly scalars: ReadonlyArray<{ readonly min: number; readonly max: number }>;
  readonly arrays: ReadonlyArray<{ readonly min: number; readonly max: number; readonly length: number }>;
  readonly locations: readonly number[];
}

const range = fc
  .constantFrom([0, 1], [0, 1], [0, 3], [0, 5], [-2, 2], [1, 7], [5, 5], [0, 255], [-1, 65535], [0, 2 ** 32 - 1], [-(2 ** 40), 2 ** 40])
  .map(([min, max]) => ({ min, max }));

const shapes: fc.Arbitrary<Shape> = fc.record({
  scalars: fc.array(range, { minLength: 1, maxLength: 5 }),
  arrays: fc.array(
    fc.tuple(range, fc.integer({ min: 1, max: 9 })).map(([r, length]) => ({ ...r, length })),
    { maxLength: 2 },
  ),
  locations: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
});

/** Systems with few values in their initial states, so that most have between one and some thousand reachable states. */
export const randomSystem: fc.Arbitrary<System> = shapes.chain(systemOf);

function systemOf(shape: Shape): fc.Arbitrary<System> {
  const variables: Variable[] = [];
  const initial: number[] = [];
  const variable = (name: string, r: { min: number; max: number }, length: number, owner: number | null): number => {
    variables.push({
      name,
      slot: initial.length,
      length,
      min: r.min,
      max: r.max,
      holds: owner === null ? 'int' : 'location',
      over: null,
      owner,
    });
    const slot = initial.length;
    for (let i = 0; i < length; i++) initial.push(owner === null ? Math.min(Math.max(r.min, i % 3), r.max) : 0);
    return slot;
  };
  const scalars = shape.scalars.map((r, i) => ({ ...r, slot: variable(`s${i}`, r, 1, null) }));
  const arrays = shape.arrays.map((r, i) => ({ ...r, slot: variable(`a${i}`, r, r.length, null) }));
  const slots = shape.locations.map((n, agent) => variable(`agent ${agent} at`, { min: 0, max: n }, 1, agent));
  const tables = [
    [3, 1, 2],
    [0, -5, 2 ** 36],
  ];
  const folded = (e: Expression, size: number): Expression => binary('%', binary('+', binary('%', e, c(size)), c(size)), c(size));
  const inside = (e: Expression, r: { min: number; max: number }): Expression => binary('+', folded(e, r.max - r.min + 1), c(r.min));

  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom(0, 1, 2, 3, 7, -1, 255, 2 ** 31, 2 ** 45).map(c),
      fc.constantFrom(...scalars.map((s): Expression => ({ op: 'load', slot: s.slot }))),
      tie('expression').chain((index) =>
        arrays.length === 0
          ? fc.constant(index)
          : fc
              .constantFrom(...arrays)
              .map((a): Expression => ({ op: 'element', slot: a.slot, length: a.length, index: folded(index, a.length) })),
      ),
      fc
        .tuple(fc.constantFrom(0, 1), tie('expression'))
        .map(([table, index]): Expression => ({ op: 'table', table, index: folded(index, 3) })),
      fc
        .tuple(fc.constantFrom<'not' | 'negate' | 'complement'>('not', 'negate', 'complement'), tie('expression'))
        .map(([op, operand]): Expression => ({ op, operand })),
      fc
        .tuple(
          fc.constantFrom<Binary>('+', '-', '*', '/', '%', '&', '|', '^', '==', '!=', '<', '<=', '>', '>=', '&&', '||'),
          tie('expression'),
          tie('expression'),
        )
        .map(([operator, left, right]) => binary(operator, left, right)),
      fc
        .tuple(fc.constantFrom<Binary>('<<', '>>'), tie('expression'), tie('expression'))
        .map(([operator, left, right]) => binary(operator, left, folded(right, 64))),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map(([condition, then, otherwise]): Expression => ({ op: 'choose', condition, then, else: otherwise })),
    ),
  }));
  const condition = fc
    .tuple(fc.constantFrom<Binary>('==', '!=', '<', '>='), expression, fc.oneof(expression, fc.constantFrom(0, 1, 2).map(c)))
    .map(([operator, left, right]) => binary(operator, left, right));
  const guard = fc.oneof(
    fc.constant(null),
    condition,
    fc.tuple(condition, condition).map(([a, b]) => binary('&&', a, b)),
  );

  const faults: Fault[] = slots.map((_, agent) => ({
    kind: 'assertion',
    at: place,
    stack: [],
    agent,
    object: null,
    message: 'fails',
    by: 'agent',
  }));
  const { statements } = fc.letrec<{ statement: Statement; statements: readonly Statement[] }>((tie) => ({
    statements: fc.array(tie('statement'), { maxLength: 3 }),
    statement: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      fc.tuple(fc.constantFrom(...scalars), expression).map(([s, e]): Statement => ({ op: 'set', slot: s.slot, value: inside(e, s) })),
      fc
        .tuple(fc.constantFrom(...scalars), fc.nat(1))
        .map(([s, n]): Statement => ({ op: 'set', slot: s.slot, value: c(n === 0 ? s.min : s.max) })),
      fc.tuple(expression, expression, fc.nat()).map(([index, e, n]): Statement => {
        if (arrays.length === 0) return { op: 'set', slot: scalars[0].slot, value: inside(e, scalars[0]) };
        const a = arrays[n % arrays.length];
        return { op: 'setElement', slot: a.slot, length: a.length, index: folded(index, a.length), value: inside(e, a) };
      }),
      fc
        .tuple(condition, tie('statements'), tie('statements'))
        .map(([condition, then, otherwise]): Statement => ({ op: 'if', condition, then, else: otherwise })),
      fc
        .tuple(
          fc.constantFrom<'fail' | 'report'>('fail', 'report', 'report'),
          fc.nat(faults.length - 1),
          fc.option(expression),
          fc.boolean(),
        )
        .map(([op, fault, e, by]): Statement => {
          const value = e === null ? null : folded(e, 5);
          return { op, fault, object: by ? null : value, by: by ? value : null };
        }),
      fc.constant<Statement>({ op: 'disable' }),
      fc.nat(Math.min(...shape.locations)).map((location): Statement => ({ op: 'goto', location })),
    ),
  }));

  const access: fc.Arbitrary<Access | null> = fc.option(
    fc.tuple(fc.nat(), fc.boolean(), expression).map(([n, write, e]): Access => {
      const all = [...scalars.map((s) => ({ slot: s.slot, length: 1 })), ...arrays];
      const { slot, length } = all[n % all.length];
      const index = length === 1 ? null : binary('-', folded(e, length + 1), c(1));
      return { slot, length, index, write, name: 'x', fault: 0 };
    }),
  );
  const agents = fc.tuple(
    ...shape.locations.map((n, agent) =>
      fc
        .array(
          fc.record({
            access,
            steps: fc.array(fc.record({ environment: fc.boolean(), guard, body: statements, to: fc.nat(n) }), { maxLength: 3 }),
          }),
          { minLength: n, maxLength: n },
        )
        .map((locations): Agent => {
          const made = locations.map(
            (l, at): Location => ({
              call: null,
              stack: [],
              wait: null,
              access: l.access,
              steps: l.steps.map(
                (s, index): Step => ({
                  agent,
                  environment: s.environment,
                  guard: s.guard,
                  body: [...s.body, { op: 'goto', location: s.to }],
                  label: { text: `${at}.${index}`, at: place, event: null },
                }),
              ),
            }),
          );
          const end: Location = { call: null, stack: [], wait: null, access: null, steps: [] };
          return {
            name: `agent ${agent}`,
            context: 'process',
            slot: slots[agent],
            locations: [...made, end],
            exit: n,
            entry: 0,
            process: `agent ${agent}`,
          };
        }),
    ),
  );
  return agents.map(
    (list): System => ({
      variables,
      slots: initial.length,
      tables,
      agents: list,
      calls: [],
      faults,
      initial,
      boot: null,
      heap: { places: [{ type: 'null', name: 'null', root: -1 }], roots: [] },
      symmetries: [],
    }),
  );
}
