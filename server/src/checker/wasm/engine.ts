// The generated engine as whoever explores gets it: with the proof by reduction where that can pay, and something else where a host has no
// WebAssembly.
import type { MakeEngine, MakingEngine } from '../engine.ts';
import { proving } from '../reduction/proving.ts';
import { finished } from '../slices.ts';
import { makingWasmEngine } from './generated.ts';

export { makeWasmEngine, type WasmEngine } from './generated.ts';

/** An engine of this kind where there can be one, else what `fallback` makes. */
export function wasmOr(fallback: MakeEngine): MakeEngine {
  const making = makingWasmOr(fallback);
  return (...given) => finished(making(...given));
}

/** The same in parts. */
export function makingWasmOr(fallback: MakeEngine): MakingEngine {
  return function* (system, initials, options) {
    const engine = yield* makingWasmEngine(system, initials, options, null);
    if (engine === null) return fallback(system, initials, options);
    return options.reduction ? proving(system, initials, options, engine) : engine;
  };
}
