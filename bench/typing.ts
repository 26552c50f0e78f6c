// How an editor feels while a large design is explored: 40 edits in ten seconds, every other one saved (the others are explored ahead, as the
// pause is long enough), each followed by a completion, against the built language server with its exploration threads. Ends with 1 when the
// 95th percentile is 50 ms or more, or an old result was shown.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node';
import nakedMisc from '../scenarios/seed/naked_misc.lifeline';
import { type CheckStatus, methods } from '../server/src/lsp/protocol.ts';

const edits = 40;
const everyMs = 250;
const limitMs = 50;
/** Three users instead of one, stopped at two million states. */
const large = nakedMisc.replace('process app ', 'process app x3 ');
const uri = 'file:///bench/large.lifeline';

const child = spawn(process.execPath, [path.resolve('dist/cli.js'), 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
const statuses: CheckStatus[] = [];
let told = () => {};
connection.onNotification(methods.status, (status: CheckStatus) => {
  statuses.push(status);
  told();
});
connection.onRequest('workspace/configuration', () => [{ on: 'save', maxStates: 2_000_000 }]);
connection.onNotification('textDocument/publishDiagnostics', () => {});
connection.onNotification('window/logMessage', ({ message }: { readonly message: string }) => {
  console.error(message);
});
connection.listen();
const until = (wanted: (status: CheckStatus) => boolean) =>
  new Promise<void>((resolve) => {
    told = () => {
      const last = statuses.at(-1);
      if (last !== undefined && wanted(last)) resolve();
    };
    told();
  });

await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: { workspace: { configuration: true } } });
await connection.sendNotification('initialized', {});
await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'lifeline', version: 1, text: large } });
await until((s) => s.state === 'running' && s.states > 0);

const line = large.slice(0, large.indexOf('readl(t.')).split('\n').length - 1;
const character = large.split('\n')[line].indexOf('readl(t.') + 'readl(t.'.length;
const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
const took: number[] = [];
for (let i = 0; i < edits; i++) {
  const next = performance.now() + everyMs;
  const version = i + 2;
  // A comment at the top: every version is another text, none is an error.
  const change = { range: { ...range, end: { line: 0, character: i === 0 ? 0 : `// ${i - 1} `.length } }, text: `// ${i} ` };
  const asked = performance.now();
  await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [change] });
  if (i % 2 === 1) await connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  const items = await connection.sendRequest<ReadonlyArray<{ readonly label: string }>>('textDocument/completion', {
    textDocument: { uri },
    position: { line, character },
  });
  took.push(performance.now() - asked);
  if (!items.some((item) => item.label === 'bar')) throw new Error('the completion does not know the field');
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
}
const late = setTimeout(() => {
  console.error('the last version has no result after a minute:', statuses.slice(-5));
  process.exit(1);
}, 60_000);
await until((s) => s.state === 'done' && s.version === edits + 1);
clearTimeout(late);
const shown = [...new Set(statuses.filter((s) => s.state === 'done').map((s) => s.version))];
const explored = statuses.findLast((s) => s.state === 'done')?.states ?? 0;
child.kill();

took.sort((a, b) => a - b);
const at = (share: number) => Math.round((took[Math.min(took.length - 1, Math.ceil(took.length * share) - 1)] ?? 0) * 10) / 10;
const result = { edits, states: explored, completionMs: { p50: at(0.5), p95: at(0.95), max: at(1) }, resultsShownForVersions: shown };
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else {
  console.log(`${edits} edits, ${everyMs} ms apart, while up to ${explored} states are explored`);
  console.log(
    `completion: p50 ${result.completionMs.p50} ms, p95 ${result.completionMs.p95} ms, max ${result.completionMs.max} ms (wanted: p95 below ${limitMs} ms)`,
  );
  console.log(`results were shown for version ${shown.join(', ')} of ${edits + 1}`);
}
process.exit(at(0.95) < limitMs && shown.length === 1 && shown[0] === edits + 1 ? 0 : 1);
