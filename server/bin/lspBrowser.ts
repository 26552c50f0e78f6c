// The language server in a Web Worker, for VS Code in a browser. It has no disk: files beside an open one come from the client.
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';
import { version } from '../../package.json';
import type { Platform } from '../src/lsp/platform.ts';
import { serve } from '../src/lsp/serve.ts';
import { browserThread } from './threadBrowser.ts';

declare const self: DedicatedWorkerGlobalScope;

const connection = createConnection(ProposedFeatures.all, new BrowserMessageReader(self), new BrowserMessageWriter(self));

const platform: Platform = {
  files: { read: () => null },
  keep: null,
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  threads: 1,
  startThread: browserThread,
  memoryLimit: () => null,
};

serve(connection, platform, version);
