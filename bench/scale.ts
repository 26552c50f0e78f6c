// npm run bench:scale: states a second and bytes a state over size, on the scaling family, what a second thread gains, how long the pauses of a
// whole check are, and what a cap on memory leaves of a run that is too large for it, which is also cancelled a few times. `-- --json` prints one
// object, `--full` goes on to 100 million states and sets the cap to 1 GiB, `--capped` does that last part alone.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mostWorkers, secondThread } from '../server/bin/secondThread.ts';
import { explorationOf } from '../server/src/checker/explore.ts';
import { wasmOr } from '../server/src/checker/wasm/engine.ts';
import { makeWasmEngine } from '../server/src/checker/wasm/generated.ts';
import type { SecondThread } from '../server/src/checker/wasm/pair.ts';
import { family } from '../test/wasm/family.ts';

const onlyCapped = process.argv.includes('--capped');
const full = onlyCapped || process.argv.includes('--full');
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

// The memory of a search is given back when the host collects garbage, in one piece: here that is done, and measured, between two searches.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const rows = (onlyCapped ? [] : sizes).map(([users, ioctls, maxStates]) => {
  const run = { ...explore(users, ioctls, maxStates, null), givingBackMs: timeOf(collect) };
  say(
    `family ${users},${ioctls}: ${run.states} states, ${run.ended}, ${run.cpuSeconds.toFixed(2)} s, ${(run.statesPerSecond / 1e6).toFixed(2)} M/s, ${run.bytesPerState.toFixed(1)} B/state, longest pause ${run.longestSliceMs.toFixed(0)} ms, giving ${(run.bytes / 2 ** 20).toFixed(0)} MiB back ${run.givingBackMs.toFixed(0)} ms`,
  );
  return { name: `family ${users},${ioctls}`, ...run };
});

// One thread and two, in turns. On a busy machine the second processor is somebody else's: then the best pair says least wrong.
const pairs = (
  onlyCapped
    ? []
    : ([
        [4, 1, 5],
        [4, 2, full ? 5 : 3],
      ] as const)
).map(([users, ioctls, rounds]) => {
  const runs = Array.from({ length: rounds }, () => [explore(users, ioctls, null, null), explore(users, ioctls, null, null, secondThread)]);
  if (runs.some(([one, two]) => one.states !== two.states)) throw new Error('two threads find other states than one');
  const least = (of: (run: (typeof runs)[0][0]) => number) => [0, 1].map((i) => Math.min(...runs.map((r) => of(r[i]))));
  const [wallOne, wallTwo] = least((r) => r.wallSeconds);
  const [cpuOne, cpuTwo] = least((r) => r.cpuSeconds);
  const bestPair = Math.max(...runs.map(([one, two]) => one.wallSeconds / two.wallSeconds));
  say(
    `family ${users},${ioctls} with two threads: ${wallTwo.toFixed(2)} s instead of ${wallOne.toFixed(2)} s on the clock (${(wallOne / wallTwo).toFixed(2)} times; best pair ${bestPair.toFixed(2)}), ${(cpuTwo / cpuOne).toFixed(2)} times the CPU time`,
  );
  return { name: `family ${users},${ioctls}`, wallOne, wallTwo, ratio: wallOne / wallTwo, bestPair, cpuRatio: cpuTwo / cpuOne };
});

await letGo();

// Nobody waits longer for what comes after the search, either.
const [users, ioctls] = full ? [5, 1] : [4, 2];
const whole = onlyCapped ? null : wholeRun(users, ioctls, null, null);
if (whole !== null)
  say(`family ${users},${ioctls} from boot to findings: ${whole.states} states, longest pause ${whole.longestPauseMs.toFixed(0)} ms`);

await letGo();

// More states than fit under the cap: the run ends, says what it covered, stays within the cap, and can be cancelled at any time.
const cap = full ? 2 ** 30 : 2 ** 27;
const capped = wholeRun(5, 2, cap, null);
say(
  `family 5,2 under ${cap / 2 ** 20} MiB: ${capped.limit} after ${capped.states} states at depth ${capped.depth}, ${(capped.bytes / 2 ** 20).toFixed(0)} MiB counted, ${(capped.residentBytes / 2 ** 20).toFixed(0)} MiB resident, longest pause ${capped.longestPauseMs.toFixed(0)} ms on the clock and ${capped.longestPauseCpuMs.toFixed(0)} ms of all threads' time`,
);
const cancelled = [0.3, 0.6, 0.9].map((share) => wholeRun(5, 2, cap, Math.floor(share * capped.states)));
say(`cancelled at ${cancelled.map((c) => `${c.states} states after ${c.cancelMs.toFixed(0)} ms`).join(', at ')}`);
if (json) console.log(JSON.stringify({ rows, pairs, whole, capped: { capBytes: cap, ...capped }, cancelled }));

/** From boot to findings, under a cap on memory; cancelled once there are so many states. */
function wholeRun(users: number, ioctls: number, maxMemoryBytes: number | null, cancelAt: number | null) {
  const system = family(users, ioctls);
  let states = 0;
  let since: number | null = null;
  const host = {
    now: () => performance.now(),
    cancelled: () => since !== null,
    progress: (p: { readonly states: number }) => {
      states = p.states;
    },
    second: secondThread,
  };
  const options = { maxStates: null, maxTimeMs: null, maxMemoryBytes, reduction: false, workers: mostWorkers() };
  const run = explorationOf(
    system,
    options,
    host,
    wasmOr(() => {
      throw new Error('this host has no WebAssembly');
    }),
  );
  const before = process.memoryUsage().rss;
  let resident = before;
  let longestPauseMs = 0;
  let longestPauseCpuMs = 0;
  for (let slice = 0; ; slice++) {
    const at = performance.now();
    const cpu = process.cpuUsage();
    const { done, value } = run.next();
    const now = performance.now();
    longestPauseMs = Math.max(longestPauseMs, now - at);
    const used = process.cpuUsage(cpu);
    longestPauseCpuMs = Math.max(longestPauseCpuMs, (used.user + used.system) / 1000);
    if (slice % 256 === 0) resident = Math.max(resident, process.memoryUsage().rss);
    if (done === true) {
      const { limit, stats } = value;
      const cancelMs = since === null ? 0 : now - since;
      return { limit, ...stats, residentBytes: resident - before, longestPauseMs, longestPauseCpuMs, cancelMs };
    }
    if (since === null && cancelAt !== null && states >= cancelAt) since = performance.now();
  }
}

function explore(users: number, ioctls: number, maxStates: number | null, maxMemoryBytes: number | null, second: SecondThread | null = null) {
  const system = family(users, ioctls);
  const engine = makeWasmEngine(system, [system.initial], { maxStates, maxMemoryBytes, reduction: false, second });
  if (engine === null) throw new Error('this host has no WebAssembly');
  const before = process.cpuUsage();
  const started = performance.now();
  let longestSliceMs = 0;
  let ended: string | null = null;
  while (ended === null) {
    const at = performance.now();
    ended = engine.run(2048);
    longestSliceMs = Math.max(longestSliceMs, performance.now() - at);
  }
  const wallSeconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(before);
  const cpuSeconds = (used.user + used.system) / 1e6;
  const { states, bytes, depth } = engine;
  engine.release();
  return { states, ended, depth, bytes, wallSeconds, cpuSeconds, statesPerSecond: states / cpuSeconds, bytesPerState: bytes / states, longestSliceMs };
}

function timeOf(what: () => void): number {
  const started = performance.now();
  what();
  return performance.now() - started;
}

/** Second threads that are done let go of their memory once they can say so. */
async function letGo(): Promise<void> {
  for (let time = 0; time < 3; time++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    collect();
  }
}
