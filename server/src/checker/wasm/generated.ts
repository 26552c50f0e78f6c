// Makes a generated engine: compiles a system to WebAssembly and gives it a memory. What the code does is in step.ts and store.ts, and how it is run
// in search.ts.
import type { System } from '../../system/system.ts';
import type { EngineOptions } from '../engine.ts';
import { coding } from '../reduction/coded.ts';
import { finished } from '../slices.ts';
import { ALONE, generating, type MakeCanonical } from './generate.ts';
import { makeLayout } from './layout.ts';
import { machineOf } from './machine.ts';
import { giveBack, takeMemory } from './memory.ts';
import { SLACK } from './room.ts';
import { searchOf, type WasmEngine } from './search.ts';
import type { Held } from './values.ts';
import { maximumPages, pageBytes, webAssembly } from './webassembly.ts';

export type { WasmEngine } from './search.ts';

/** Null where WebAssembly is missing or refuses the module: the plain engine stands in. */
export function makeWasmEngine(
  system: System,
  initials: ReadonlyArray<readonly number[]>,
  options: EngineOptions,
  makeCanonical: MakeCanonical | null = null,
): WasmEngine | null {
  return finished(makingWasmEngine(system, initials, options, makeCanonical));
}

/** The same in parts of some ten milliseconds. */
export function* makingWasmEngine(
  whole: System,
  wholeInitials: ReadonlyArray<readonly number[]>,
  options: EngineOptions,
  makeCanonical: MakeCanonical | null,
): Generator<void, WasmEngine | null> {
  const host = webAssembly();
  if (host === null) return null;
  const isWorthCode =
    (options.expectedStates ?? Number.POSITIVE_INFINITY) <= FEW_STATES ? never : makeCanonical === null ? savesBits : isFar;
  const coded = yield* coding(whole, wholeInitials, isWorthCode);
  const { system, initials } = coded;
  yield;
  const layout = makeLayout(system, initials, coded.ranges);
  const cap = Math.min(options.maxMemoryBytes ?? Number.POSITIVE_INFINITY, maximumPages * pageBytes - pageBytes);
  const second = options.second ?? null;
  const where = second === null ? ALONE : { ...ALONE, others: 1, chunk: second.chunk };
  yield;
  const program = yield* generating(system, coded.values, layout, cap, makeCanonical, where);
  const another = () =>
    finished(generating(system, coded.values, layout, cap, makeCanonical, { ...where, from: program.end, table: program.places.table }));
  yield;
  const memory = takeMemory(program.places.log + 2 * SLACK * program.places.record, second !== null);
  if (memory === null) return null;
  let instance: { readonly exports: Readonly<Record<string, unknown>> };
  try {
    instance = new host.Instance(new host.Module(program.bytes), { engine: { memory: memory.memory } });
  } catch (e) {
    giveBack(memory);
    // A host without vector instructions refuses any module; a module that is wrong is a bug in us.
    if (host.validate(minimalVectorModule)) throw e;
    return null;
  }
  return searchOf(coded, options, machineOf(system, layout, program, memory, cap, instance.exports), another);
}

/** (module (func v128.const 0 drop)) */
const minimalVectorModule = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 0xfd, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0x1a, 0x0b,
]);

/** Of few states it does not matter how wide they are. */
const FEW_STATES = 50_000;

function never(): boolean {
  return false;
}

/** Narrow states are worth more than what reading a code costs. */
function savesBits({ values, range }: Readonly<Held>): boolean {
  return values !== null && bitsFor(range.high - range.low + 1) > bitsFor(values.size);
}

/** Where agents are exchanged for each other, values that stand for agents or their objects have to be seen as such. */
function isFar({ values, range }: Readonly<Held>): boolean {
  return values !== null && range.high - range.low >= 16 * values.size;
}

function bitsFor(values: number): number {
  return Math.ceil(Math.log2(values));
}
