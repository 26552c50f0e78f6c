// Integer arithmetic of both interpreters: exact, on 64 bits where 32 are not enough, and the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileExpression } from '../../server/src/checker/plain/expression.ts';
import { slotRanges } from '../../server/src/checker/plain/range.ts';
import { evaluate } from '../../server/src/checker/referenceValue.ts';
import type { Binary, Expression } from '../../server/src/system/system.ts';
import { at, build, c } from './build.ts';

const two = (operator: Binary, left: Expression, right: Expression): Expression => ({ op: 'binary', operator, left, right });
const empty = build({ variables: {}, agents: [] });
const value = (e: Expression) => evaluate(empty, [], e);

test('numbers are exact, whatever their size in between', () => {
  const big = 2 ** 53 - 1;
  assert.equal(value(two('&', two('*', c(0xffffffff), c(0xffffffff)), c(0xffffffff))), 1);
  assert.equal(value(two('-', two('+', c(big), c(big)), c(big))), big);
  assert.equal(value(two('>>', two('<<', c(1), c(63)), c(63))), -1, 'shifts right keep the sign');
  assert.equal(value(two('&', c(-1), c(2 ** 40 + 5))), 2 ** 40 + 5);
  assert.equal(value(two('^', c(-1), c(2 ** 40))), -1 - 2 ** 40);
  assert.equal(value(two('|', c(2 ** 40), c(1))), 2 ** 40 + 1);
  assert.equal(value({ op: 'complement', operand: c(2 ** 40) }), -1 - 2 ** 40);
  assert.equal(value(two('/', c(-7), c(2))), -3);
  assert.equal(value(two('%', c(-7), c(2))), -1);
  assert.equal(value(two('/', c(7), c(0))), 0);
  assert.ok(Object.is(value(two('*', c(0), c(-1))), 0), 'there is no minus zero');
  assert.throws(() => value(two('*', c(big), c(3))), /does not fit/);
});

test('what is not needed is not evaluated', () => {
  const outside: Expression = { op: 'element', slot: 0, length: 2, index: c(7) };
  assert.equal(value(two('&&', c(0), outside)), 0);
  assert.equal(value(two('||', c(3), outside)), 1);
  assert.equal(value({ op: 'choose', condition: c(1), then: c(5), else: outside }), 5);
  assert.throws(() => value(two('&&', c(1), outside)), /index 7 is outside 0..1/);
});

test('closures compute what the trees mean', () => {
  const bounds = [
    { min: 0, max: 1 },
    { min: -5, max: 300 },
    { min: 0, max: 2 ** 32 - 1 },
    { min: -(2 ** 53) + 1, max: 2 ** 53 - 1 },
  ];
  const system = build({ variables: Object.fromEntries(bounds.map((b, i) => [`v${i}`, b])), agents: [] });
  const { expression } = fc.letrec<{ expression: Expression; leaf: Expression }>((tie) => ({
    leaf: fc.oneof(fc.nat(3).map(at), fc.constantFrom(0, 1, 2, 3, 31, 32, 63, 255, 2 ** 31, 2 ** 32 - 1, -1, -(2 ** 40)).map(c)),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      fc
        .tuple(
          fc.constantFrom<Binary>('+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '==', '!=', '<', '<=', '>', '>=', '&&', '||'),
          tie('expression'),
          tie('expression'),
        )
        .map(([o, l, r]) => two(o, l, r)),
      fc
        .tuple(fc.constantFrom('not' as const, 'negate' as const, 'complement' as const), tie('expression'))
        .map(([op, operand]): Expression => ({ op, operand })),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map(([condition, then, other]): Expression => ({ op: 'choose', condition, then, else: other })),
    ),
  }));
  const state = fc.tuple(
    ...bounds.map((b) =>
      fc.oneof(
        fc.maxSafeInteger().filter((v) => v >= b.min && v <= b.max),
        fc.constantFrom(b.min, b.max),
        fc.nat(1).map((v) => v + b.min),
      ),
    ),
  );
  const outcome = (compute: () => number) => {
    try {
      return compute();
    } catch (error) {
      return error instanceof Error && error.message.startsWith('internal error') ? 'refused' : `${error}`;
    }
  };
  let numbers = 0;
  fc.assert(
    fc.property(expression, state, (e, values) => {
      const slots = Float64Array.from(values);
      const compiled = compileExpression({ system, ranges: slotRanges(system), slots }, e);
      const meant = outcome(() => evaluate(system, values, e));
      // The reference refuses what lowering never makes; an engine may not notice.
      if (typeof meant !== 'number') return;
      numbers++;
      assert.equal(outcome(compiled), meant);
    }),
    { seed: 7, numRuns: 4000 },
  );
  assert.ok(numbers > 2000, `only ${numbers} of the values were numbers`);
});
