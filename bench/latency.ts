// npm run bench:latency: what somebody waits for, for every shipped scenario: a cold `lifeline check`, a check of an edit in a warm process, and
// the time from saving in an editor until the squiggles of what was saved are there: with a pause between the last keystroke and saving, as
// somebody makes it, and without any. The longest piece is what a cancellation has to wait for in a warm process. `-- --json` prints one object,
// `--rounds N` sets the rounds (20), `--only WORD` takes the scenarios whose name has the word.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { type CheckOptions, type Host, newMemory, startShare } from '../server/src/analysis.ts';
import { optimiseLess } from '../server/bin/optimiseLess.ts';
import { type CheckStatus, methods } from '../server/src/lsp/protocol.ts';
import { files, scenarioFiles } from './systems.ts';

interface Quantiles {
  readonly p50: number;
  readonly p95: number;
}

/** From the last keystroke of an edit to the command that saves: two keys of a practised typist, and no thought. */
const pauseMs = 250;

const json = process.argv.includes('--json');
const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1 || process.argv.length] ?? '20');
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : '';
const shipped = scenarioFiles('scenarios').filter((f) => f.includes(only));
const say = (text: string): void => {
  if (!json) console.log(text);
};

optimiseLess();
say(
  'scenario | runs | states | cold p50 | p95 | warm p50 | p95 | warm CPU, least | longest piece | save to diagnostics p50 | p95 | without a pause p50 | p95 (ms)',
);
const editor = await openEditor();
const rows = [];
for (const file of shipped) {
  const text = readFileSync(file, 'utf8');
  const check = warmChecks(file, text);
  const { states } = check();
  const cold = quantiles(await times(Math.min(rounds, 10), () => coldCheck(file)));
  const warm = quantiles(await times(rounds, check));
  const cpu = Math.min(...(await times(rounds, check, cpuMs)));
  const piece = Math.min(...Array.from({ length: rounds }, () => check().longest));
  const save = quantiles(await editor.saves(file, text, rounds, pauseMs));
  const atOnce = quantiles(await editor.saves(file, text, rounds, 0));
  const row = { name: file, runs: states.length, states: Math.max(0, ...states), cold, warm, cpu, piece, save, atOnce };
  rows.push(row);
  const told = (q: Quantiles): readonly string[] => [q.p50.toFixed(1), q.p95.toFixed(1)];
  say([file, row.runs, row.states, ...told(cold), ...told(warm), cpu.toFixed(1), piece.toFixed(1), ...told(save), ...told(atOnce)].join(' | '));
}
editor.close();
const node = quantiles(await times(10, () => spawnSync(process.execPath, ['-e', '0'])));
say(`node itself: ${node.p50.toFixed(1)} ms`);
if (json) console.log(JSON.stringify({ node, rows }));

async function times(count: number, what: () => unknown, now = () => performance.now()): Promise<readonly number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = now();
    await what();
    took.push(now() - at);
  }
  return took;
}

/** What a busy machine does not change much: time that this process has computed, its helper threads included. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function quantiles(took: readonly number[]): Quantiles {
  const sorted = [...took].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}

function coldCheck(file: string): void {
  spawnSync(process.execPath, ['dist/cli.js', 'check', file], { stdio: 'ignore' });
}

/** Checks of one edit of a file after the other, in a process that remembers of the last one what a thread of the language server does. */
function warmChecks(file: string, text: string) {
  const options: CheckOptions = { params: {}, maxStates: null, maxTimeMs: null, maxMemoryBytes: null, reduction: true, workers: 1 };
  const host: Host = { now: () => performance.now(), cancelled: () => false, progress: () => {} };
  const memory = newMemory();
  let edits = 0;
  /** `longest`: of the pieces that it is made in, between which it can be cancelled; ms. */
  return (): { readonly states: readonly number[]; readonly longest: number } => {
    let taken = 0;
    let longest = 0;
    const states: number[] = [];
    const share = startShare(file, edited(text, ++edits), files, options, host, () => taken++, memory);
    for (;;) {
      const began = performance.now();
      const outcome = share.step();
      longest = Math.max(longest, performance.now() - began);
      if (outcome === 'done') return { states, longest };
      if (outcome?.kind === 'explored') states.push(outcome.run.stats.states);
    }
  };
}

/** The built language server, as an editor starts it. */
async function openEditor() {
  const child = spawn(process.execPath, [path.resolve('dist/cli.js'), 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  let told: { readonly uri: string; readonly version: number; done: boolean; readonly published: () => void } | null = null;
  connection.onNotification(methods.status, (status: CheckStatus) => {
    if (status.uri === told?.uri && status.version === told.version && status.state === 'done') told.done = true;
  });
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, version }: PublishDiagnosticsParams) => {
    // Those that come before the exploration is done are only what the text says.
    if (uri === told?.uri && version === told.version && told.done) told.published();
  });
  connection.onRequest('workspace/configuration', () => [{ on: 'save' }]);
  connection.onNotification('window/logMessage', () => {});
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { configuration: true } },
  });
  await connection.sendNotification('initialized', {});
  /** Until the final diagnostics of that version are there. */
  const published = (uri: string, version: number): Promise<void> =>
    new Promise((resolve) => {
      told = { uri, version, done: false, published: resolve };
    });

  let edits = 0;
  const saves = async (file: string, text: string, count: number, pause: number): Promise<readonly number[]> => {
    const uri = pathToFileURL(path.resolve(file)).href;
    const opened = published(uri, 1);
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'lifeline', version: 1, text } });
    await opened;
    const took: number[] = [];
    for (let i = 0; i < count; i++) {
      const version = i + 2;
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text: edited(text, ++edits) }],
      });
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      const ready = published(uri, version);
      const at = performance.now();
      await connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
      await ready;
      took.push(performance.now() - at);
    }
    await connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    return took;
  };
  return { saves, close: () => child.kill() };
}

/**
 * An edit after which no combination of params is the system that it was: a module's init, which every run goes through, stores a value
 * that no version before has stored.
 */
function edited(text: string, number: number): string {
  const changed = text.replace(/^ {2}init \{/m, `  let edited: int\n  init {\n    edited = ${number}\n   `);
  if (changed === text) throw new Error('a scenario without an init has to be edited in another way');
  return changed;
}
