// The exploration thread in a browser: a Web Worker. What it does is src/lsp/work.ts.
import { explorationThread, type ToThread } from '../src/lsp/work.ts';
import { soon } from './soonBrowser.ts';

declare const self: DedicatedWorkerGlobalScope;

const receive = explorationThread({ post: (message) => self.postMessage(message), now: () => performance.now(), soon, second: null, idle: null });
self.onmessage = (event: MessageEvent<ToThread>) => receive(event.data);
