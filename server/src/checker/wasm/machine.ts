// A generated program that has been given its memory, as the host works with it: functions to call, globals, and the words of the memory.
import type { System } from '../../system/system.ts';
import { internal } from '../internal.ts';
import type { Program } from './generate.ts';
import { hitBytes } from './hits.ts';
import type { Layout } from './layout.ts';
import { clear, type EngineMemory } from './memory.ts';
import { type GlobalName, globalNames } from './places.ts';
import type { WasmFunction, WasmGlobal } from './webassembly.ts';

export interface Machine {
  readonly system: System;
  readonly layout: Layout;
  readonly program: Program;
  readonly store: EngineMemory;
  /** Bytes that it may take. */
  readonly cap: number;
  readonly call: Readonly<Record<Called, WasmFunction>>;
  readonly global: Readonly<Record<GlobalName, WasmGlobal>>;
  /** The words of the memory; another array once it has grown. */
  view: Int32Array;
}

/** What every program has, and what it has for two threads. */
const called = ['run', 'flush', 'find', 'link', 'rehash', 'expand', 'work', 'enter', 'move'] as const;
type Called = (typeof called)[number];

export function machineOf(
  system: System,
  layout: Layout,
  program: Program,
  store: EngineMemory,
  cap: number,
  exports: Readonly<Record<string, unknown>>,
): Machine {
  const named = <K extends string, V>(names: readonly K[]) =>
    Object.fromEntries(names.map((name) => [name, exports[name]])) as unknown as Readonly<Record<K, V>>;
  return {
    system,
    layout,
    program,
    store,
    cap,
    call: named(called),
    global: named(globalNames),
    view: new Int32Array(store.memory.buffer),
  };
}

/** States found. */
export function tailOf(m: Machine): number {
  return m.global.tail.value >>> 0;
}

/** States expanded. */
export function headOf(m: Machine): number {
  return m.global.head.value >>> 0;
}

/** Byte address of a state. */
export function addressOf(m: Machine, state: number): number {
  if (!(state >= 0 && state < tailOf(m))) internal(`there is no state ${state}`);
  return m.program.places.log + state * m.program.places.record;
}

/** Puts the buffers of a program into order. */
export function prepare(m: Machine, p: Program): void {
  for (const { address, bytes } of p.data) new Uint8Array(m.store.memory.buffer, address, bytes.length).set(bytes);
  clear(m.store, p.hits.cache, p.hits.cache + p.hits.cacheEntries * hitBytes);
  p.reached.forEach((address, agent) => clear(m.store, address, address + m.system.agents[agent].locations.length));
}
