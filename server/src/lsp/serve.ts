// The language server's life: what it is told (documents, settings) and what it sends unasked (squiggles, status). What it answers is
// requests.ts. Everything that knows the machine comes in as a Platform, the wire as a connection.
import { CodeLensRefreshRequest, DidChangeConfigurationNotification } from 'vscode-languageserver';
import { checking } from './checking.ts';
import { capabilities, checkSection, type Client, clientOf } from './client.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { Documents } from './documents.ts';
import { libraryFiles } from './libraryFiles.ts';
import type { Platform } from './platform.ts';
import { type CheckStatus, methods } from './protocol.ts';
import { remoteFiles } from './remoteFiles.ts';
import { answerRequests, type Connection, guardFor } from './requests.ts';
import { settingsFrom } from './settings.ts';
import { virtualText } from './virtual.ts';
import { workProgress } from './workProgress.ts';

/** Keystrokes come in bursts: squiggles and lenses follow when there is a moment. */
const burstMs = 15;
/** A design space is resolved combination by combination, which is for the end of a word. */
const designSpaceMs = 150;

/** Answers until the connection ends. `version` is Lifeline's. */
export function serve(connection: Connection, platform: Platform, version: string): void {
  const guard = guardFor(connection);
  let client: Client = clientOf(null);
  const ask = (uri: string) => (client.ours ? connection.sendRequest<string | null>(methods.readFile, { uri }) : Promise.resolve(null));
  const files = remoteFiles(platform.files, ask, () => filesChanged());
  const documents = new Documents(files);
  const kept = libraryFiles(platform);
  const openable = (uri: string) => (client.ours ? uri : kept(uri));
  let progress: (status: CheckStatus) => void = () => {};

  const pause = (uri: string) => ((documents.get(uri)?.first.program.paramInfos.length ?? 0) === 0 ? burstMs : designSpaceMs);
  const publish = later(platform, pause, (uri) =>
    guard('diagnostics', undefined, () => {
      const document = documents.get(uri);
      if (document === null || checks.willTell(uri)) return;
      checks.settled(uri);
      const read = (file: string) => documents.read(file) ?? virtualText(file);
      void connection.sendDiagnostics({
        uri,
        version: document.version,
        diagnostics: diagnosticsOf(document, checks.shown(uri), { read, openable, pages: client.ours }),
      });
    }),
  );
  const refreshLenses = later(
    platform,
    () => burstMs,
    () => void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {}),
  );

  const checks = checking(documents, platform, {
    status(status) {
      void connection.sendNotification(methods.status, status);
      progress(status);
      if (client.lensRefresh) refreshLenses('');
    },
    results: (uri, when) => (when === 'now' ? publish.now(uri) : publish(uri)),
    log: (message) => connection.console.error(message),
    threadScript: () => client.threadScript,
  });

  const configure = async () => {
    const section: unknown = client.configuration ? await connection.workspace.getConfiguration('lifeline.check') : client.settings;
    guard('settings', undefined, () => checks.configured(settingsFrom(section)));
  };

  connection.onInitialize((params) => {
    client = clientOf(params);
    const create = client.workDoneProgress ? () => connection.window.createWorkDoneProgress() : null;
    progress = workProgress(platform, { create, cancel: checks.cancel });
    return { capabilities, serverInfo: { name: 'Lifeline', version } };
  });
  connection.onInitialized(() => {
    if (client.configurationDynamic) void connection.client.register(DidChangeConfigurationNotification.type, { section: 'lifeline' });
    void configure();
  });
  connection.onDidChangeConfiguration(({ settings }: { readonly settings: unknown }) => {
    client = { ...client, settings: checkSection(settings) };
    void configure();
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version: v, text } }) => {
    documents.opened(uri, languageId, v, text);
    publish(uri);
    guard('didOpen', undefined, () => checks.opened(uri));
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version: v }, contentChanges }) => {
    const before = documents.get(uri)?.text ?? '';
    documents.changed(uri, v, contentChanges);
    publish(uri);
    guard('didChange', undefined, () => checks.changed(uri, before));
    // Files that use this one mean something else now.
    for (const other of documents.dependents().filter((d) => d !== uri)) {
      publish(other);
      guard('didChange', undefined, () => checks.outdated(other));
    }
  });
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => guard('didSave', undefined, () => checks.saved(uri)));
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    checks.closed(uri);
    documents.closed(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    // What is open is what the editor has, whatever happens on disk.
    if (changes.every(({ uri }) => documents.isOpen(uri))) return;
    files.forget();
    filesChanged();
  });
  const filesChanged = () => {
    documents.forgetAll();
    for (const uri of documents.dependents()) {
      publish(uri);
      guard('files', undefined, () => checks.opened(uri));
    }
  };

  answerRequests(connection, documents, checks, { client: () => client, openable }, guard);
  connection.listen();
}

interface Later {
  (name: string): void;
  /** Instead of later. */
  readonly now: (name: string) => void;
}

/** Runs for each name once it has not been asked for during a pause. */
function later(platform: Platform, pauseMs: (name: string) => number, run: (name: string) => void): Later {
  const waiting = new Map<string, { readonly cancel: () => void }>();
  const now = (name: string) => {
    waiting.get(name)?.cancel();
    waiting.delete(name);
    run(name);
  };
  const soon = (name: string) => {
    waiting.get(name)?.cancel();
    waiting.set(
      name,
      platform.after(pauseMs(name), () => now(name)),
    );
  };
  return Object.assign(soon, { now });
}
