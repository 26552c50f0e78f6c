// An editor for the tests: the real server and a client at the two ends of two streams, in one process. The exploration thread is a turn
// of the event loop.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { createConnection } from 'vscode-languageserver/node';
import type { Platform } from '../../server/src/lsp/platform.ts';
import { type CheckStatus, methods } from '../../server/src/lsp/protocol.ts';
import { serve } from '../../server/src/lsp/serve.ts';
import { explorationThread, type ToThread } from '../../server/src/lsp/work.ts';

export interface Editor {
  readonly connection: ProtocolConnection;
  readonly statuses: readonly CheckStatus[];
  /** Errors that the server logged. */
  readonly logged: readonly string[];
  readonly open: (uri: string, text: string) => void;
  /** Replaces the first `from` of the document. */
  readonly edit: (uri: string, from: string, to: string) => void;
  readonly save: (uri: string) => void;
  readonly text: (uri: string) => string;
  readonly request: <R>(method: string, params: unknown) => Promise<R>;
  /** The position of an offset, or of the beginning of a text, of a document. */
  readonly at: (
    uri: string,
    where: string,
    into?: number,
  ) => { textDocument: { uri: string }; position: { line: number; character: number } };
  /** The first diagnostics, from now on or already there, that satisfy `wanted`. */
  readonly diagnostics: (uri: string, wanted: (all: readonly Diagnostic[]) => boolean) => Promise<readonly Diagnostic[]>;
  readonly status: (uri: string, wanted: (status: CheckStatus) => boolean) => Promise<CheckStatus>;
  /** Texts that exploration threads were given. */
  readonly begun: readonly string[];
  /** Until a thread is through with the present text, whether or not anything is shown of it. */
  readonly explored: (uri: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface EditorOptions {
  /** The section lifeline.check. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly disk?: Readonly<Record<string, string>>;
  /** Files that only the client can read. */
  readonly remote?: Readonly<Record<string, string>>;
  readonly capabilities?: ClientCapabilities;
  /** Some other editor than VS Code with our extension. */
  readonly foreign?: boolean;
  /** Files that the server keeps for the editor come here by URI; left out: it has no disk to keep any on. */
  readonly kept?: Record<string, string>;
  /** The first exploration thread never answers, not even to a cancellation. */
  readonly threadIsDeaf?: boolean;
  /** What the exploration thread dies of, instead of exploring. */
  readonly threadDiesOf?: string;
  /** Called with every progress that the server begins; its answer cancels. */
  readonly onProgress?: (value: { readonly kind: string; readonly message?: string }, token: string | number) => void;
}

export async function editor(options: EditorOptions = {}): Promise<Editor> {
  const up = new PassThrough();
  const down = new PassThrough();
  const begun: string[] = [];
  const explored = new Set<string>();
  const threadLog: ThreadLog = {
    begun: (text) => begun.push(text),
    explored(text) {
      explored.add(text);
      told();
    },
  };
  serve(createConnection(up, down), platform(options, threadLog), '0.0.0-test');
  const connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));

  const documents = new Map<string, { version: number; text: string }>();
  const latest = new Map<string, readonly Diagnostic[]>();
  const statuses: CheckStatus[] = [];
  const logged: string[] = [];
  const waiting = new Set<() => void>();
  const told = () => {
    for (const w of [...waiting]) w();
  };
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, version, diagnostics }: PublishDiagnosticsParams) => {
    // What is for an older version of the text is no answer about this one.
    if (version !== undefined && version !== documents.get(uri)?.version) return;
    latest.set(uri, diagnostics);
    told();
  });
  connection.onNotification(methods.status, (status: CheckStatus) => {
    statuses.push(status);
    told();
  });
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
    logged.push(message);
  });
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) => items.map(() => options.settings ?? {}));
  connection.onRequest(methods.readFile, ({ uri }: { uri: string }) => options.remote?.[uri] ?? null);
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/codeLens/refresh', () => null);
  connection.onNotification('$/progress', ({ value, token }: { value: { kind: string; message?: string }; token: string | number }) => {
    options.onProgress?.(value, token);
  });
  connection.listen();

  const until = <T>(what: string, look: () => T | null): Promise<T> => {
    const now = look();
    if (now !== null) return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`${what} did not come; statuses: ${JSON.stringify(statuses.slice(-3))}; log: ${logged.join('\n')}`)),
        20_000,
      );
      const again = () => {
        const value = look();
        if (value === null) return;
        clearTimeout(limit);
        waiting.delete(again);
        resolve(value);
      };
      waiting.add(again);
    });
  };
  const known = (uri: string) => {
    const document = documents.get(uri);
    assert.ok(document, `${uri} is not open`);
    return document;
  };

  const capabilities: ClientCapabilities = options.capabilities ?? {
    workspace: { configuration: true, codeLens: { refreshSupport: true } },
    window: { workDoneProgress: true },
    textDocument: { completion: { completionItem: { snippetSupport: true } } },
  };
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities,
    initializationOptions: options.foreign === true ? undefined : { client: 'lifeline' },
  });
  await connection.sendNotification('initialized', {});

  return {
    connection,
    statuses,
    logged,
    open(uri, text) {
      documents.set(uri, { version: 1, text });
      void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'lifeline', version: 1, text } });
    },
    edit(uri, from, to) {
      const document = known(uri);
      const start = document.text.indexOf(from);
      assert.ok(start >= 0, `there is no ${from} in ${uri}`);
      const range = { start: position(document.text, start), end: position(document.text, start + from.length) };
      document.text = document.text.slice(0, start) + to + document.text.slice(start + from.length);
      document.version++;
      latest.delete(uri);
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: document.version },
        contentChanges: [{ range, text: to }],
      });
    },
    save(uri) {
      void connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    },
    text: (uri) => known(uri).text,
    request: (method, params) => connection.sendRequest(method, params),
    at(uri, where, into = 0) {
      const { text } = known(uri);
      const start = text.indexOf(where);
      assert.ok(start >= 0, `there is no ${where} in ${uri}`);
      return { textDocument: { uri }, position: position(text, start + into) };
    },
    diagnostics: (uri, wanted) =>
      until(`diagnostics of ${uri}`, () => {
        const all = latest.get(uri);
        return all !== undefined && wanted(all) ? all : null;
      }),
    status: (uri, wanted) =>
      until(`status of ${uri}`, () => {
        const last = statuses.findLast((s) => s.uri === uri);
        return last !== undefined && last.version === documents.get(uri)?.version && wanted(last) ? last : null;
      }),
    begun,
    explored: (uri) => until(`an exploration of ${uri}`, () => (explored.has(known(uri).text) ? true : null)).then(() => undefined),
    async close() {
      await connection.sendRequest('shutdown');
      connection.dispose();
    },
  };
}

export function position(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before[before.length - 1].length };
}

interface ThreadLog {
  readonly begun: (text: string) => void;
  readonly explored: (text: string) => void;
}

function platform({ disk = {}, kept, threadDiesOf, threadIsDeaf = false }: EditorOptions, log: ThreadLog): Platform {
  let killed = false;
  return {
    files: { read: (uri) => disk[uri] ?? null },
    keep:
      kept === undefined
        ? null
        : (name, text) => {
            kept[`file:///cache/${name}`] = text;
            return `file:///cache/${name}`;
          },
    now: () => performance.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return { cancel: () => clearTimeout(timer) };
    },
    threads: 2,
    startThread(receive) {
      if (threadDiesOf !== undefined) {
        const post = (m: ToThread) => {
          if (m.kind === 'check') setImmediate(() => receive({ kind: 'failed', id: m.job.id, message: threadDiesOf }));
        };
        return { post, kill: null, share: null };
      }
      // The first one hears nothing, the next is a good one.
      if (threadIsDeaf && !killed) {
        return {
          post: () => {},
          kill: () => {
            killed = true;
          },
          share: null,
        };
      }
      let text = '';
      const thread = explorationThread({
        post: (m) =>
          setImmediate(() => {
            receive(m);
            if (m.kind === 'done') log.explored(text);
          }),
        now: () => performance.now(),
        second: null,
        soon: (run) => setImmediate(run),
        idle: null,
      });
      const post = (m: ToThread) => {
        if (m.kind === 'check') {
          text = m.job.text;
          log.begun(text);
        }
        setImmediate(() => thread(m));
      };
      return { post, kill: null, share: (numbers) => new Int32Array(new SharedArrayBuffer(4 * numbers)) };
    },
    memoryLimit: () => null,
  };
}
