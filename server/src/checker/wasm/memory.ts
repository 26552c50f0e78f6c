// Linear memories for engines: one is kept after use, since making and touching a new one costs milliseconds. Knows which part of it a
// former engine has written, so that only that part has to be cleared.
import { maximumPages, pageBytes, type WasmMemory, webAssembly } from './webassembly.ts';

export interface EngineMemory {
  readonly memory: WasmMemory;
  /** Two threads can work in it. */
  readonly shared: boolean;
  /** Below this, bytes may be other than 0. */
  dirtyEnd: number;
  /** Bytes that were ever written, so that the system has given them to us. */
  touched: number;
}

/** Larger ones are given back to the system. */
const KEPT_BYTES = 64 * 2 ** 20;

/** The one memory that waits for its next engine: hidden state, but of no effect on any result. */
let spare: EngineMemory | null = null;

/** Null where the host gives none. */
export function takeMemory(bytes: number, shared: boolean): EngineMemory | null {
  const pages = Math.ceil(bytes / pageBytes);
  const kept = spare;
  spare = null;
  if (kept !== null && kept.shared === shared && (kept.memory.buffer.byteLength >= bytes || growTo(kept.memory, bytes))) return kept;
  const host = webAssembly();
  if (host === null) return null;
  try {
    return { memory: new host.Memory({ initial: pages, maximum: maximumPages, shared }), shared, dirtyEnd: 0, touched: 0 };
  } catch {
    return null;
  }
}

export function giveBack(m: EngineMemory): void {
  if (m.touched <= KEPT_BYTES) spare = m;
}

/** False where the host refuses. */
export function growTo(memory: WasmMemory, bytes: number): boolean {
  const more = Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes;
  if (more <= 0) return true;
  try {
    memory.grow(more);
    return true;
  } catch {
    return false;
  }
}

/** Zeroes a range as far as it may have been written. */
export function clear(m: EngineMemory, from: number, to: number): void {
  const end = Math.min(to, m.dirtyEnd);
  if (end > from) new Uint8Array(m.memory.buffer, from, end - from).fill(0);
}
