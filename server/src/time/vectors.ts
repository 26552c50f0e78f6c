// Timer vectors: the two functions behind `lifeline timer`. Text in, a report out; no files, no clock.
import { computeOrdering, orderingShape, readWorld } from './vectors/ordering.ts';
import { type Json, meets, type Outcome, outcomeJson } from './vectors/outcome.ts';
import { fileShape, routines, type vectorShape } from './vectors/schema.ts';
import { type InputError, isObject, type Read } from './vectors/shape.ts';
import { defaultMaxStates } from './ordering/explore.ts';

export type { InputError };

export interface VectorResult {
  readonly name: string;
  /** As the author wrote it. */
  readonly expected: { readonly [key: string]: Json };
  /** All that was computed, also what nobody expected. */
  readonly computed: { readonly [key: string]: Json };
  /** Every expected field was computed, exactly. */
  readonly ok: boolean;
}

export interface VectorReport {
  readonly version: 1;
  /** Empty if there are errors: a file runs whole or not at all. */
  readonly vectors: readonly VectorResult[];
  readonly errors: readonly InputError[];
}

type Vector = Read<typeof vectorShape>;

/**
 * Runs a `.vectors.json` text: checks its form, runs each vector, compares. Never throws for what is in the text; bad input is in
 * `errors`, each with its JSON path. Deterministic.
 */
export function runVectors(text: string): VectorReport {
  const errors: InputError[] = [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (e) {
    return { version: 1, vectors: [], errors: [{ path: '$', message: `not JSON: ${e instanceof Error ? e.message : String(e)}` }] };
  }
  const file = fileShape.read(json, '$', errors);
  if (file === undefined) {
    const raw = isObject(json) && Array.isArray(json['vectors']) ? json['vectors'] : [];
    raw.forEach((v: unknown, i) => lookInside(v, `$.vectors[${i}]`, errors));
    return { version: 1, vectors: [], errors };
  }
  uniqueNames(file.vectors, errors);
  const ready = file.vectors.map((v, i) => prepare(v, `$.vectors[${i}]`, errors));
  if (errors.length > 0) return { version: 1, vectors: [], errors };
  const raw = isObject(json) && Array.isArray(json['vectors']) ? json['vectors'] : [];
  return { version: 1, vectors: file.vectors.map((v, i) => result(v, raw[i], ready[i]!())), errors };
}

/** 0: all as expected; 1: something differs; 2: bad input. */
export function exitStatus(report: VectorReport): 0 | 1 | 2 {
  if (report.errors.length > 0) return 2;
  return report.vectors.every((v) => v.ok) ? 0 : 1;
}

/** The report as printed: for people, or as the stable JSON object. Errors of the input are in the text only; in JSON they add a field. */
export function formatReport(report: VectorReport, format: 'text' | 'json'): string {
  if (format === 'json') {
    const { version, vectors, errors } = report;
    return `${JSON.stringify({ version, vectors, ...(errors.length > 0 ? { errors } : {}) }, null, 2)}\n`;
  }
  if (report.errors.length > 0) return report.errors.map((e) => `${e.path}: ${e.message}\n`).join('');
  const wrong = report.vectors.filter((v) => !v.ok).length;
  const total = report.vectors.length;
  const summary =
    wrong === 0 ? `${total} as expected` : `${total - wrong} of ${total} as expected, ${wrong} differ${wrong === 1 ? 's' : ''}`;
  return `${report.vectors.map(lines).join('')}${summary}\n`;
}

/** Reads what the vector's own routine or objects ask for; gives what computes it. */
function prepare(v: Vector, path: string, errors: InputError[]): () => Outcome {
  if (v.kind === 'ordering') {
    const world = readWorld(v, path, errors);
    return () => (world === undefined ? {} : computeOrdering(world, v.limits?.states ?? defaultMaxStates));
  }
  const compute = routines[v.routine]!.bind(v.args, `${path}.args`, errors);
  return () => (compute === undefined ? {} : compute(v));
}

/** What would be wrong with a vector behind its shape, whose own faults have been told: so that all that is wrong is told at once. */
function lookInside(v: unknown, path: string, errors: InputError[]): void {
  if (!isObject(v)) return;
  const { kind, routine, args, objects, agents, initially, order } = v;
  if (kind === 'routine' && typeof routine === 'string' && Object.hasOwn(routines, routine)) routines[routine]!.bind(args, `${path}.args`, errors);
  if (kind !== 'ordering') return;
  const world = orderingShape.read({ objects, agents, ...(initially === undefined ? {} : { initially }), ...(order === undefined ? {} : { order }) }, path, []);
  if (world !== undefined) readWorld(world, path, errors);
}

function uniqueNames(vectors: readonly Vector[], errors: InputError[]): void {
  const seen = new Map<string, number>();
  vectors.forEach((v, i) => {
    const first = seen.get(v.name);
    if (first === undefined) seen.set(v.name, i);
    else errors.push({ path: `$.vectors[${i}].name`, message: `the name "${v.name}" is taken by $.vectors[${first}]` });
  });
}

function result(v: Vector, raw: unknown, computed: Outcome): VectorResult {
  const expected = isObject(raw) ? raw['expect'] : undefined;
  return { name: v.name, expected: toPlain(expected), computed: outcomeJson(computed, expected), ok: meets(v.expect, computed) };
}

/** What JSON.parse gave, as the type that it is. */
const toPlain = (value: unknown): { readonly [key: string]: Json } =>
  JSON.parse(JSON.stringify(value ?? {})) as { readonly [key: string]: Json };

function lines(v: VectorResult): string {
  const rows = Object.entries(v.expected).map(([key, e]) => {
    const c = v.computed[key];
    const [want, got] = [show(e), c === undefined ? '(nothing)' : show(c)];
    return `        ${key.padEnd(12)} expected ${want}  computed ${got}\n`;
  });
  const why = v.computed['why'];
  return `${v.ok ? 'ok   ' : 'FAIL '} ${v.name}\n${rows.join('')}${why === undefined ? '' : `        (${show(why)})\n`}`;
}

const show = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
