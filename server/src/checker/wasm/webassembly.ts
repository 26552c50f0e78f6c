// The few names of WebAssembly that the engine uses: they are in no TypeScript library but the DOM's, which this room must not know.

export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}

export interface WasmGlobal {
  value: number;
}

export type WasmFunction = (...parameters: number[]) => number;

interface WasmNamespace {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared?: boolean }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  validate(bytes: Uint8Array): boolean;
}

/** Null where the host has no WebAssembly. */
export function webAssembly(): WasmNamespace | null {
  const found: unknown = Reflect.get(globalThis, 'WebAssembly');
  return typeof found === 'object' && found !== null ? (found as WasmNamespace) : null;
}

export const pageBytes = 65536;
/** 4 GiB: what 32-bit addresses reach. */
export const maximumPages = 65536;
