// The `lifeline` command in Node: signals, terminal, files. The commands themselves are in commands/, and it is started by cliStart.ts.
import { createRequire } from 'node:module';
import { freemem } from 'node:os';
import process from 'node:process';
import { version } from '../../package.json';
import type { Io } from './commands/io.ts';
import { run } from './commands/run.ts';
import { diskFiles } from './files.ts';
import { mostWorkers, secondThread } from './secondThread.ts';

let interrupted = false;

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === 'lsp') return languageServer(args.slice(1));
  process.on('SIGINT', () => {
    // Whoever presses it twice does not want to wait for the results either.
    if (interrupted) process.exit(130);
    interrupted = true;
  });
  return run(args, nodeIo());
}

function languageServer(args: readonly string[]): number {
  if (args.length !== 1 || args[0] !== '--stdio') {
    process.stderr.write('lifeline: lsp speaks over standard input and output only: lifeline lsp --stdio\n');
    return 2;
  }
  // Begins to listen when it is loaded, and ends the process itself. A bundle of its own: other commands would load it for nothing.
  createRequire(__filename)('./lsp.js');
  return 0;
}

function nodeIo(): Io {
  const { stdout, stderr, env } = process;
  return {
    ...diskFiles(process.cwd()),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    color: stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    progress:
      stderr.isTTY === true ? (text) => void stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`) : null,
    now: () => performance.now(),
    cancelled: () => interrupted,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    freeMemory: () => freemem(),
    second: mostWorkers() > 1 ? secondThread : null,
    version,
  };
}

// `lifeline check ... | head` is no error.
process.stdout.on('error', (e: NodeJS.ErrnoException) => process.exit(e.code === 'EPIPE' ? 0 : 2));

main(process.argv.slice(2)).then(
  // Not process.exit: what is still in a pipe would be lost.
  (status) => {
    process.exitCode = status;
  },
  (e: unknown) => {
    process.stderr.write(`lifeline: internal error, please report it: ${e instanceof Error ? (e.stack ?? e.message) : String(e)}\n`);
    process.exitCode = 2;
  },
);
