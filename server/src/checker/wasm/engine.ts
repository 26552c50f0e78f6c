// The generated engine as whoever explores gets it: with the proof by reduction where that can pay, and something else where a host has no
// WebAssembly.
import type { MakeEngine } from '../engine.ts';
import { proving } from '../reduction/proving.ts';
import { makeWasmEngine } from './generated.ts';

export { makeWasmEngine, type WasmEngine } from './generated.ts';

/** An engine of this kind where there can be one, else what `fallback` makes. */
export function wasmOr(fallback: MakeEngine): MakeEngine {
  return (system, initials, options) => {
    const engine = makeWasmEngine(system, initials, options);
    if (engine === null) return fallback(system, initials, options);
    return options.reduction ? proving(system, initials, options, engine) : engine;
  };
}
