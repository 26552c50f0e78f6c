// The language server in Node: started by VS Code over IPC, or by any editor over `--stdio`. Explores in a worker thread.
import { availableParallelism, freemem } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../../package.json';
import type { Platform, Thread } from '../src/lsp/platform.ts';
import { serve } from '../src/lsp/serve.ts';
import type { FromThread, ToThread } from '../src/lsp/work.ts';
import { cacheFolder, keptIn, uriFiles } from './files.ts';
import { optimiseLess } from './optimiseLess.ts';

optimiseLess();

const platform: Platform = {
  files: uriFiles,
  keep: keptIn(path.join(cacheFolder(), 'lifeline', version)),
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  threads: Math.min(availableParallelism(), 4),
  startThread: (receive) => workerThread(path.join(__dirname, 'checkWorker.js'), receive),
  memoryLimit: () => Math.min(2 ** 30, Math.floor(freemem() / 4)),
};

/** A thread that dies (out of memory, say) fails the job that it had; the next job gets a new one. */
function workerThread(script: string, receive: (message: FromThread) => void): Thread {
  let job: number | null = null;
  const died = (message: string) => {
    worker = null;
    if (job !== null) receive({ kind: 'failed', id: job, message });
    job = null;
  };
  const start = () => {
    // An exploration makes much that lives for a few milliseconds: room for it saves collecting it again and again.
    const started = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: 96 } });
    started.on('message', (message: FromThread) => {
      if (message.kind === 'done' || message.kind === 'failed') job = null;
      receive(message);
    });
    started.on('error', (e) => worker === started && died(e.stack ?? e.message));
    started.on('exit', (code) => worker === started && died(`the exploration thread ended with ${code}`));
    return started;
  };
  let worker: Worker | null = start();
  return {
    post(message: ToThread) {
      if (message.kind === 'check') job = message.job.id;
      worker ??= start();
      worker.postMessage(message);
    },
    kill() {
      const ending = worker;
      worker = null;
      job = null;
      void ending?.terminate();
    },
    share: (numbers) => new Int32Array(new SharedArrayBuffer(4 * numbers)),
  };
}

serve(createConnection(ProposedFeatures.all), platform, version);
