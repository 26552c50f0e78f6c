// The built command as a process: signals, pipes, and the language server with its exploration thread. `npm test` builds it first.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  createProtocolConnection,
  type InitializeResult,
  type LocationLink,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { type CheckStatus, methods } from '../../server/src/lsp/protocol.ts';
import { position as positionOf } from '../lsp/editor.ts';
import { text, uri } from '../lsp/nakedMisc.ts';

const cli = path.resolve('dist/cli.js');

suite('the command as a process', () => {
  assert.ok(existsSync(cli), 'dist/cli.js is not there: npm run build');
  const folder = mkdtempSync(path.join(tmpdir(), 'lifeline-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'naked_misc.lifeline'), text);
  writeFileSync(path.join(folder, 'large.lifeline'), text.replace('process app   {', 'process app x3 {'));
  const start = (...args: string[]) => spawn(process.execPath, [cli, ...args], { cwd: folder, env: { ...process.env, XDG_CACHE_HOME: folder } });
  const ended = async (child: ReturnType<typeof start>) => {
    let out = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
    });
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { status, out };
  };

  test('results go to standard output, and nothing to the other', async () => {
    const child = start('check', 'naked_misc.lifeline');
    let err = '';
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    const { status, out } = await ended(child);
    assert.deepEqual([status, err], [0, '']);
    assert.match(out, /^naked_misc\.lifeline: green /m);
  });

  test('Ctrl-C ends a long run with what was found', async () => {
    // The first report says that it has begun; the second file is the long one.
    const child = start('check', 'naked_misc.lifeline', 'large.lifeline', '--max-memory', '4096');
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { status, out } = await ended(child);
    assert.equal(status, 3, out);
    assert.match(out, /incomplete: cancelled/);
  });

  test('a reader that has seen enough is no error', async () => {
    const child = start('check', 'naked_misc.lifeline', '--format', 'json');
    child.stdout.destroy();
    assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
  });

  test('lsp --stdio explores in its thread and answers meanwhile', async () => {
    const child = start('lsp', '--stdio');
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const done = new Promise<CheckStatus>((resolve) =>
      connection.onNotification(methods.status, (status: CheckStatus) => void (status.state === 'done' && resolve(status))),
    );
    connection.listen();
    const { serverInfo } = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
    });
    assert.equal(serverInfo?.name, 'Lifeline');
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'lifeline', version: 1, text } });
    assert.equal((await done).outcome, 'green');
    const position = { textDocument: { uri }, position: positionOf(text, text.indexOf('misc_register(')) };
    const [link] = await connection.sendRequest<LocationLink[]>('textDocument/definition', position);
    const library = fileURLToPath(link.targetUri);
    assert.ok(library.startsWith(path.join(folder, 'lifeline')), library);
    assert.equal(readFileSync(library, 'utf8'), readFileSync('server/library/misc.lifeline', 'utf8'));
    await connection.sendRequest('shutdown');
    const closed = new Promise((resolve) => child.on('close', resolve));
    await connection.sendNotification('exit');
    assert.equal(await closed, 0);
    connection.dispose();
  });

  test('lsp without --stdio says how it is called', async () => {
    assert.equal((await ended(start('lsp'))).status, 2);
  });
});
