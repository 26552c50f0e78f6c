// Random Lifeline programs as text: well-typed, small, and often wrong. Functions of random statements in the shape of a core kernel, a module
// or a driver, and processes and hardware that call them.
import fc from 'fast-check';
import { names } from './declarations.ts';
import { type Bodies, everywhere, type Plan, type Shape, shapes } from './shapes.ts';
import { bodiesOf, type Family, type Place, render, type Statement, templates } from './statements.ts';

/** Texts of scenarios. Names of locals do not depend on anything but the text before them. */
export const randomProgram: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(...shapes.map((s) => ({ weight: s.weight, arbitrary: fc.constant(s) }))),
    fc.subarray(everywhere, { minLength: 1, maxLength: 2 }),
  )
  .chain(([shape, chosen]) => planOf(shape, [...chosen, ...shape.also]))
  .map(textOf);

function planOf(shape: Shape, chosen: readonly Family[]): fc.Arbitrary<Plan> {
  const statements = bodyOf(
    chosen.flatMap((f) => templates[f]),
    shape.name === 'core' ? 3 : 2,
    1,
  );
  return fc.record({
    shape: fc.constant(shape),
    bodies: fc.array(statements, { minLength: 8, maxLength: 8 }),
    undo: fc.option(statements, { freq: 2 }),
    processes: fc.array(fc.record({ copies: fc.constantFrom(1, 1, 1, 1, 1, 1, 2, 2, 3), body: bodyOf(shape.calls, 2, 1) }), {
      minLength: 1,
      maxLength: 2,
    }),
    choices: fc.array(fc.nat(59), { minLength: 8, maxLength: 8 }),
    hardware: fc.subarray(['unplug', 'interrupt'], { maxLength: 2 }),
  });
}

function bodyOf(from: readonly string[], maxLength: number, minLength = 0): fc.Arbitrary<readonly Statement[]> {
  const { body } = fc.letrec<{ body: readonly Statement[]; statement: Statement }>((tie) => {
    const leaves = from.filter((t) => bodiesOf(t) === 0);
    const leaf = fc.constantFrom(...(leaves.length > 0 ? leaves : ['let $n = 0'])).map((template): Statement => ({ template, bodies: [] }));
    const nodes = from
      .filter((t) => bodiesOf(t) > 0)
      .map((template) => {
        const inside = fc.array(tie('statement'), { maxLength: 2 });
        return fc
          .array(inside, { minLength: bodiesOf(template), maxLength: bodiesOf(template) })
          .map((bodies): Statement => ({ template, bodies }));
      });
    return {
      statement: fc.oneof(
        { maxDepth: 2 },
        { weight: leaves.length, arbitrary: leaf },
        ...nodes.map((arbitrary) => ({ weight: 1, arbitrary })),
      ),
      body: fc.array(tie('statement'), { minLength, maxLength }),
    };
  });
  return body;
}

function textOf(plan: Plan): string {
  let made = 0;
  const place: Place = {
    pointer: plan.choices[0] % 2 === 0 ? 'one' : 'obj',
    returns: true,
    undo: false,
    own: null,
    device: null,
    module: null,
    without: [],
    fresh: () => `v${made++}`,
  };
  const body: Bodies = Object.assign(
    (n: number, other: Partial<Place>) => render(plan.bodies[n % plan.bodies.length], { ...place, ...other }),
    {
      undo: (other: Partial<Place>) => render(plan.undo ?? [], { ...place, ...other }),
    },
  );
  const kernel = plan.shape.text(plan, body);
  const processes = plan.processes.map(({ copies, body: calls }, i) => {
    const inside = render(calls, { ...place, pointer: null });
    return `process p${i}${copies > 1 ? ` x${copies}` : ''} {\n${inside === '' ? 'let nothing = 0' : inside}\n}`;
  });
  const all = [kernel, ...processes].join('\n');
  const param = names(all, 'which') ? 'param which in bool\n' : '';
  const lib = all.includes('rmmod(lib)') && !names(all, 'module lib') ? 'module lib { }\n' : '';
  const closes = plan.choices[5] % 4 === 1 && names(all, 'close') ? 'assume p0 closes\n' : '';
  return `scenario random "random"\n${param}${lib}${all}\n${closes}`;
}
