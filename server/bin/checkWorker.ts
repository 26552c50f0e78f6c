// The exploration thread in Node. What it does is src/lsp/work.ts.
import { parentPort } from 'node:worker_threads';
import { mostWorkers, secondThread } from './secondThread.ts';
import { practice } from '../src/lsp/practice.ts';
import { explorationThread, type FromThread, type ToThread } from '../src/lsp/work.ts';

const port = parentPort;
if (port === null) throw new Error('checkWorker runs as a worker thread only');

const receive = explorationThread({
  post: (message: FromThread) => port.postMessage(message),
  now: () => performance.now(),
  soon: (run) => void setImmediate(run),
  second: mostWorkers() > 1 ? secondThread : null,
  idle: practice(() => performance.now()),
});
port.on('message', (message: ToThread) => receive(message));
