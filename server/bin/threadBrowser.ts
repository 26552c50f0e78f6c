// Where a browser explores: in a worker of the server's worker if the host lets there be one, else between the server's other work.
import type { Thread } from '../src/lsp/platform.ts';
import { explorationThread, type FromThread, type ToThread } from '../src/lsp/work.ts';
import { soon } from './soonBrowser.ts';

export function browserThread(receive: (message: FromThread) => void, script: string | null): Thread {
  let heard = false;
  let sent: ToThread[] = [];
  let post: (message: ToThread) => void;
  const here = () => {
    const thread = explorationThread({ post: (message) => soon(() => receive(message)), now: () => performance.now(), soon, second: null, idle: null });
    post = (message) => soon(() => thread(message));
    // What went to a worker that never came to life is not lost.
    for (const message of sent) post(message);
    sent = [];
  };
  const worker = script === null ? null : workerFrom(script);
  if (worker === null) here();
  else {
    worker.onmessage = (event: MessageEvent<FromThread>) => {
      heard = true;
      sent = [];
      receive(event.data);
    };
    worker.onerror = (event) => {
      if (heard) return;
      event.preventDefault();
      worker.terminate();
      here();
    };
    post = (message) => {
      if (!heard) sent.push(message);
      worker.postMessage(message);
    };
  }
  const shared = worker !== null && globalThis.crossOriginIsolated === true;
  return {
    post: (message) => post(message),
    kill: worker === null ? null : () => worker.terminate(),
    share: shared ? (numbers) => new Int32Array(new SharedArrayBuffer(4 * numbers)) : null,
  };
}

/** The script comes from the extension's origin, which need not be the page's: a worker of the page's own loads it. */
function workerFrom(script: string): Worker | null {
  try {
    const loader = URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(script)});`], { type: 'text/javascript' }));
    return new Worker(loader, { name: 'lifeline exploration' });
  } catch {
    return null;
  }
}
