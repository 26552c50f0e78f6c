// node out/bench/cold.mjs USERS IOCTLS: one exploration of the scaling family as a process of its own, with everything on, as `lifeline check` does
// it. For bench:spin, which looks at the clock.
import { mostWorkers, secondThread } from '../server/bin/secondThread.ts';
import { explore } from '../server/src/checker/explore.ts';
import { makePlainEngine } from '../server/src/checker/plain.ts';
import { staged } from '../server/src/checker/staged.ts';
import { makingWasmOr } from '../server/src/checker/wasm/engine.ts';
import { family } from '../test/wasm/family.ts';

const [users, ioctls] = process.argv.slice(2).map(Number);
const host = { now: () => 0, cancelled: () => false, progress: () => {}, second: secondThread };
const options = { maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true, workers: mostWorkers() };
const { limit, findings } = explore(family(users, ioctls), options, host, staged(makePlainEngine, makingWasmOr(makePlainEngine)));
console.log(JSON.stringify({ limit, findings: findings.length }));
