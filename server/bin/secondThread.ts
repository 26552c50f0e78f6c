// The second thread of an exploration in Node. It has no code of its own: it runs the generated module over the memory of the first.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SecondThread, ThreadStart } from '../src/checker/wasm/pair.ts';

/** Text, since a bundle has no file for it. */
const source = `
const { memory, module, state, failed } = require('node:worker_threads').workerData;
try {
  new WebAssembly.Instance(new WebAssembly.Module(module), { engine: { memory } }).exports.help();
} catch (e) {
  const words = new Int32Array(memory.buffer);
  Atomics.store(words, state >> 2, failed);
  Atomics.notify(words, state >> 2);
  throw e;
}`;

/** Threads that are of use to one exploration here. */
export function mostWorkers(): number {
  return Math.min(2, availableParallelism());
}

/** Starting it takes as long as exploring some hundred thousand states does. */
export const secondThread: SecondThread = { start: startWorker, startAt: 50_000, wakeAt: 4096, chunk: 64, wait: false };

export function startWorker(start: ThreadStart): void {
  const worker = new Worker(source, { eval: true, workerData: start });
  // Nobody waits for it to end; what goes wrong in it is told through the memory.
  worker.on('error', () => undefined);
  worker.unref();
}
