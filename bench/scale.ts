// npm run bench:scale: states a second and bytes a state over size, on the scaling family, and what a cap on memory leaves of a run that is too
// large for it. `-- --json` prints one object, `--full` goes on to 100 million states.
import { makeWasmEngine } from '../server/src/checker/wasm/generated.ts';
import { family } from '../test/wasm/family.ts';

const full = process.argv.includes('--full');
const json = process.argv.includes('--json');
const say = (text: string): void => {
  if (!json) console.log(text);
};

const sizes: ReadonlyArray<readonly [users: number, ioctls: number, maxStates: number | null]> = [
  [2, 1, null],
  [2, 2, null],
  [3, 1, null],
  [3, 2, null],
  [4, 1, null],
  [4, 2, null],
  ...(full
    ? ([
        [5, 1, null],
        [5, 2, 100_000_000],
      ] as const)
    : []),
];

const rows = sizes.map(([users, ioctls, maxStates]) => {
  const run = explore(users, ioctls, maxStates, null);
  say(
    `family ${users},${ioctls}: ${run.states} states, ${run.ended}, ${run.cpuSeconds.toFixed(2)} s, ${(run.statesPerSecond / 1e6).toFixed(2)} M/s, ${run.bytesPerState.toFixed(1)} B/state, longest pause ${run.longestSliceMs.toFixed(0)} ms`,
  );
  return { name: `family ${users},${ioctls}`, ...run };
});

// 50 million states do not fit into this: the run ends, says what it covered, and stays within the cap.
const cap = full ? 2 ** 30 : 2 ** 27;
const capped = explore(5, 2, null, cap);
say(
  `family 5,2 under ${cap / 2 ** 20} MiB: ${capped.ended} after ${capped.states} states at depth ${capped.depth}, ${(capped.bytes / 2 ** 20).toFixed(0)} MiB, longest pause ${capped.longestSliceMs.toFixed(0)} ms`,
);
if (json) console.log(JSON.stringify({ rows, capped: { capBytes: cap, ...capped } }));

function explore(users: number, ioctls: number, maxStates: number | null, maxMemoryBytes: number | null) {
  const system = family(users, ioctls);
  const engine = makeWasmEngine(system, [system.initial], { maxStates, maxMemoryBytes, reduction: false });
  if (engine === null) throw new Error('this host has no WebAssembly');
  const before = process.cpuUsage();
  let longestSliceMs = 0;
  let ended: string | null = null;
  while (ended === null) {
    const at = performance.now();
    ended = engine.run(2048);
    longestSliceMs = Math.max(longestSliceMs, performance.now() - at);
  }
  const used = process.cpuUsage(before);
  const cpuSeconds = (used.user + used.system) / 1e6;
  const { states, bytes, depth } = engine;
  engine.release();
  return { states, ended, depth, bytes, cpuSeconds, statesPerSecond: states / cpuSeconds, bytesPerState: bytes / states, longestSliceMs };
}
