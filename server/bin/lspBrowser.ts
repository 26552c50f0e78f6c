// The language server in a Web Worker, for VS Code in a browser. It has no disk: files beside an open one come from the client.
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';
import { version } from '../../package.json';
import type { Platform } from '../src/lsp/platform.ts';
import { serve } from '../src/lsp/serve.ts';
import { explorationThread } from '../src/lsp/work.ts';

declare const self: DedicatedWorkerGlobalScope;

const connection = createConnection(ProposedFeatures.all, new BrowserMessageReader(self), new BrowserMessageWriter(self));

// Explores in slices between the server's other work: a worker inside a worker is refused by some hosts.
const platform: Platform = {
  files: { read: () => null },
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  startThread(receive) {
    const channel = new MessageChannel();
    const waiting: Array<() => void> = [];
    channel.port1.onmessage = () => waiting.shift()?.();
    const soon = (run: () => void) => {
      waiting.push(run);
      channel.port2.postMessage(null);
    };
    const thread = explorationThread({ post: (message) => soon(() => receive(message)), now: () => performance.now(), soon });
    return { post: (message) => soon(() => thread(message)), flag: null };
  },
  memoryLimit: () => null,
};

serve(connection, platform, version);
