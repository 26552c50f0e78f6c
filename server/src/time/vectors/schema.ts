// The whole shape of a `.vectors.json` file, from which both the checks and the published JSON schema come.
import { deviceRoutines } from './deviceRoutines.ts';
import { orderingExpectation, routineExpectation } from './expectations.ts';
import { beforeShape, conditionShape, duration, inputFields, registerMap, viaShape } from './inputs.ts';
import { kernelRoutines } from './kernelRoutines.ts';
import { orderingFields, orderingOptions } from './ordering.ts';
import type { RoutineEntry } from './routineKit.ts';
import { type JsonSchema, list, literal, object, oneOf, type Shape, tagged, text } from './shape.ts';
import { waitRoutines } from './waitRoutines.ts';

/** Every routine that a vector may name. */
export const routines: Readonly<Record<string, RoutineEntry>> = { ...deviceRoutines, ...waitRoutines, ...kernelRoutines };

/** The arguments have the shape that their routine declares; that is looked at once the routine is known. */
const anything: Shape<unknown> = { schema: { type: 'object' }, read: (value) => value ?? {} };

const heading = {
  name: text('unique in the file'),
  about: text('what it shows, for readers'),
  source: text('where its numbers come from, for readers'),
};
const { name, about, source } = heading;

const routineVector = object(
  { name, kind: literal('routine'), routine: oneOf(Object.keys(routines), 'what runs'), expect: routineExpectation },
  { about, source, args: anything, ...inputFields },
  'one run of a routine',
);
const orderingVector = object(
  { name, kind: literal('ordering'), ...orderingFields, expect: orderingExpectation },
  { about, source, ...orderingOptions },
  'every interleaving of some agents',
);

export const vectorShape = tagged('kind', { routine: routineVector, ordering: orderingVector }, 'one vector');
export const fileShape = object(
  {
    version: { schema: { const: 1 }, read: (v, path, errors) => (v === 1 ? 1 : void errors.push({ path, message: 'expected version 1' })) },
    vectors: list(vectorShape, 'the vectors'),
  },
  { $schema: text('the schema that editors use') },
  'timer vectors for lifeline timer',
);

/** Parts that occur many times; in the published schema each stands once. */
const shared: Readonly<Record<string, Shape<unknown>>> = {
  condition: conditionShape,
  duration,
  via: viaShape,
  before: beforeShape,
  registers: registerMap,
};

/** The JSON schema, draft 2020-12, as published. */
export function jsonSchema(): JsonSchema {
  const perRoutine = Object.entries(routines).map(([routine, r]) => ({
    if: { properties: { routine: { const: routine } }, required: ['routine'] },
    then: { properties: { args: r.args.schema }, ...(needsArgs(r) ? { required: ['args'] } : {}) },
  }));
  const defs = {
    routine: { ...routineVector.schema, allOf: perRoutine },
    ordering: orderingVector.schema,
    ...Object.fromEntries(Object.entries(shared).map(([name, s]) => [name, { ...s.schema }])),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Lifeline timer vectors',
    ...fileShape.schema,
    properties: {
      $schema: { type: 'string' },
      version: { const: 1 },
      vectors: { type: 'array', items: { oneOf: [{ $ref: '#/$defs/routine' }, { $ref: '#/$defs/ordering' }] } },
    },
    $defs: byReference(defs),
  };
}

/** Replaces every shared part, known by identity, by a reference to its definition. */
function byReference(node: unknown): unknown {
  const name = Object.keys(shared).find((n) => shared[n]!.schema === node);
  if (name !== undefined) return { $ref: `#/$defs/${name}` };
  if (Array.isArray(node)) return node.map(byReference);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, byReference(v)]));
}

const needsArgs = (r: RoutineEntry): boolean => Array.isArray(r.args.schema['required']);
