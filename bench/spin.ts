// npm run bench:spin: Lifeline against SPIN's pan, interleaved, on the scaling family and on the largest shipped scenarios. `-- --json` prints one
// object, `--rounds N` sets the rounds (5), `--full` adds the sizes that take pan minutes, `--quick` keeps to the small ones,
// `--only NAME` keeps to rows whose name has that in it. pan gets what suits it best: depth first with its default table and with one of the size
// of the state space, and breadth first with the latter. Left out: races, for which a model has a process of its own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { explore } from '../server/src/checker/explore.ts';
import { makePlainEngine } from '../server/src/checker/plain.ts';
import { wasmOr } from '../server/src/checker/wasm/engine.ts';
import { makeWasmEngine } from '../server/src/checker/wasm/generated.ts';
import { promela } from '../server/src/export/promela.ts';
import type { System } from '../server/src/system/system.ts';
import { kindsOf, stepErrors } from '../test/spin/compare.ts';
import { family } from '../test/wasm/family.ts';
import { buildPan, type PanRun } from './pan.ts';
import { scenarioFiles, subjectsOf } from './systems.ts';

interface Row {
  readonly name: string;
  readonly states: number;
  /** Exploration against exploration, CPU time, without reductions: how many times faster Lifeline is. */
  readonly ratioToPan: number;
  /** The same with reductions, to all verdicts; null where no three processes are identical. */
  readonly ratioReduced: number | null;
  /** A whole process with everything on, on the clock; null where no three processes are identical. */
  readonly wholeProcess: WholeProcess | null;
  /** spin + gcc -O2 + pan against a cold `lifeline check`, on the clock; null where there is no file to check. */
  readonly ratioEndToEnd: number | null;
  readonly bytesPerState: number;
  readonly panBytesPerState: number;
  /** States, transitions, and the kinds of errors with the lengths of their shortest runs. */
  readonly verdictsAgree: boolean;
  readonly statesPerSecond: number;
  readonly panStatesPerSecond: number;
  readonly bits: number;
}

/** From its start to all verdicts and its end, against pan's fastest search. */
interface WholeProcess {
  readonly seconds: number;
  readonly panSeconds: number;
  /** pan's run alone, already compiled: how many times faster Lifeline is. */
  readonly ratioToPan: number;
  /** spin, gcc -O2 and that run. */
  readonly ratioEndToEnd: number;
}

interface Subject {
  readonly name: string;
  readonly system: System;
  readonly initial: readonly number[];
  readonly file: string | null;
  readonly params: readonly string[];
  /** What Node runs for one exploration with everything on. */
  readonly command: readonly string[];
}

const flag = (name: string): boolean => process.argv.includes(`--${name}`);
const value = (name: string): string | undefined => process.argv[process.argv.indexOf(`--${name}`) + 1 || process.argv.length];
const rounds = Number(value('rounds') ?? '5');
const json = flag('json');
const only = value('only');
/** States above which pan, too, takes too long for a run of five rounds. */
const MOST_STATES = flag('full') ? 40_000_000 : flag('quick') ? 600_000 : 15_000_000;
const LARGEST_SCENARIOS = 10;
const SMALLEST = 1000;

const rows: Row[] = [];
const say = (text: string): void => {
  if (!json) console.log(text);
};
say(
  'name | states | bits | ratio to pan | reduced | whole process | with build | end to end | B/state | pan B/state | Mstates/s | pan Mstates/s | agree',
);

const sizes = [
  [2, 1, 9_350],
  [2, 2, 22_292],
  [3, 1, 141_464],
  [3, 2, 546_450],
  [4, 1, 2_199_554],
  [4, 2, 13_741_304],
  [5, 1, 34_568_684],
] as const;
for (const [users, ioctls, states] of sizes) {
  if (states > MOST_STATES) continue;
  const system = family(users, ioctls);
  measure({
    name: `family ${users},${ioctls}`,
    system,
    initial: system.initial,
    file: null,
    params: [],
    command: ['out/bench/cold.mjs', String(users), String(ioctls)],
  });
}
if (only?.startsWith('family') !== true) for (const s of largestScenarios()) measure(s);
if (json) console.log(JSON.stringify({ rows }));

function largestScenarios(): readonly Subject[] {
  const all = [...scenarioFiles('scenarios'), ...scenarioFiles('bench/scenarios')].flatMap((file) =>
    subjectsOf(file, MOST_STATES).flatMap((s) => {
      const { states } = s.exploration.stats;
      const params = s.name.split(' ').slice(1);
      return s.exploration.limit === null && states >= SMALLEST
        ? [{ name: s.name, states, system: s.system, initial: s.initials[0], file, params, command: checkOf(file, params) }]
        : [];
    }),
  );
  return all.sort((a, b) => b.states - a.states).slice(0, LARGEST_SCENARIOS);
}

function measure(subject: Subject): void {
  if (only !== undefined && !subject.name.includes(only)) return;
  const model = promela(subject.system, subject.initial, { title: subject.name, where: (p) => `${p.file}:${p.span.start}` });
  const first = search(subject);
  const tableLog = Math.max(16, Math.ceil(Math.log2(first.states)));
  const depth = buildPan(model, 'depth');
  const breadth = buildPan(model, 'breadth');
  const ours = [first];
  const deep: PanRun[] = [];
  const broad: PanRun[] = [];
  const symmetric = subject.system.symmetries.some((y) => y.agents.length >= 3);
  const whole: number[] = [];
  const cold = (): void => {
    if (symmetric) whole.push(secondsOf(subject.command));
  };
  for (let round = 0; round < rounds; round++) {
    deep.push(depth.run(null));
    cold();
    deep.push(depth.run(tableLog));
    cold();
    ours.push(search(subject));
    broad.push(breadth.run(tableLog));
    cold();
  }
  const theirs = [...deep, ...broad];
  const kinds = kindsOf(model);
  const errors = new Map([...breadth.errors(tableLog)].map(([kind, at]) => [kinds.get(kind) ?? String(kind), at]));
  let endToEnd: number | null = null;
  if (subject.file !== null && existsSync('dist/cli.js')) {
    const command = [...checkOf(subject.file, subject.params), '--no-reduction'];
    const unreduced = Math.min(...Array.from({ length: rounds }, () => secondsOf(command)));
    endToEnd = (depth.buildSeconds + Math.min(...deep.map((r) => r.wallSeconds))) / unreduced;
  }
  depth.remove();
  breadth.remove();
  const best = Math.min(...ours.map((r) => r.cpuSeconds));
  const reduced = symmetric ? Math.min(...Array.from({ length: rounds }, () => reducedSeconds(subject))) : null;
  const panBest = Math.min(...theirs.map((r) => r.cpuSeconds));
  const row: Row = {
    name: subject.name,
    states: first.states,
    ratioToPan: panBest / best,
    ratioReduced: reduced === null ? null : panBest / reduced,
    wholeProcess: symmetric ? wholeProcess(whole, theirs, Math.min(depth.buildSeconds, breadth.buildSeconds)) : null,
    ratioEndToEnd: endToEnd,
    bytesPerState: first.bytes / first.states,
    panBytesPerState: Math.min(...theirs.map((r) => r.bytes)) / first.states,
    verdictsAgree:
      theirs.every((r) => r.states === first.states && r.transitions === first.transitions + 1) && isDeepStrictEqual(errors, first.errors),
    statesPerSecond: first.states / best,
    panStatesPerSecond: first.states / panBest,
    bits: first.bits,
  };
  rows.push(row);
  say(
    [
      row.name,
      row.states,
      row.bits,
      row.ratioToPan.toFixed(2),
      row.ratioReduced === null ? '-' : row.ratioReduced.toFixed(0),
      row.wholeProcess === null ? '-' : row.wholeProcess.ratioToPan.toFixed(0),
      row.wholeProcess === null ? '-' : row.wholeProcess.ratioEndToEnd.toFixed(0),
      endToEnd === null ? '-' : endToEnd.toFixed(1),
      row.bytesPerState.toFixed(1),
      row.panBytesPerState.toFixed(1),
      (row.statesPerSecond / 1e6).toFixed(2),
      (row.panStatesPerSecond / 1e6).toFixed(2),
      row.verdictsAgree ? 'yes' : 'NO',
    ].join(' | '),
  );
}

function search({ system, initial }: Subject) {
  const engine = makeWasmEngine(system, [initial], { maxStates: null, maxMemoryBytes: null, reduction: false });
  if (engine === null) throw new Error('this host has no WebAssembly');
  const before = process.cpuUsage();
  while (engine.run(4096) === null);
  const used = process.cpuUsage(before);
  const result = {
    states: engine.states,
    transitions: engine.transitions,
    bytes: engine.bytes,
    bits: engine.bits,
    errors: stepErrors(system, engine),
    cpuSeconds: (used.user + used.system) / 1e6,
  };
  engine.release();
  return result;
}

/** From the transition system to all verdicts, with everything on. */
function reducedSeconds({ system }: Subject): number {
  const before = process.cpuUsage();
  const host = { now: () => 0, cancelled: () => false, progress: () => {} };
  const options = { maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true };
  const { limit } = explore(system, options, host, wasmOr(makePlainEngine));
  if (limit !== null) throw new Error(`the reduced search ended early: ${limit}`);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

function wholeProcess(ours: readonly number[], theirs: readonly PanRun[], buildSeconds: number): WholeProcess {
  const seconds = Math.min(...ours);
  const panSeconds = Math.min(...theirs.map((r) => r.wallSeconds));
  return { seconds, panSeconds, ratioToPan: panSeconds / seconds, ratioEndToEnd: (buildSeconds + panSeconds) / seconds };
}

function checkOf(file: string, params: readonly string[]): readonly string[] {
  return ['dist/cli.js', 'check', file, ...params.flatMap((p) => ['--param', p])];
}

/** A new process, on the clock. */
function secondsOf(command: readonly string[]): number {
  const started = performance.now();
  const { stdout, status, error } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  // A check that has found something says so with 1.
  if (error !== undefined || (status !== 0 && status !== 1)) throw new Error(`${command.join(' ')} failed: ${stdout}`);
  return (performance.now() - started) / 1000;
}
