// What the client at the other end can do, and what this server tells it that it does.
import { type InitializeParams, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import { legend } from './features/semanticTokens.ts';

export interface Client {
  /** Answers workspace/configuration. */
  readonly configuration: boolean;
  /** Says so when a setting changes, if asked to. */
  readonly configurationDynamic: boolean;
  readonly workDoneProgress: boolean;
  readonly lensRefresh: boolean;
  readonly snippets: boolean;
  /** Lifeline's own extension: it has our commands and VS Code's, opens `lifeline:` documents, and reads files for us. */
  readonly ours: boolean;
  /** URL of the exploration thread's script, from a client in a browser. */
  readonly threadScript: string | null;
  /** `lifeline.check` of a client that pushes its settings. */
  readonly settings: unknown;
}

export function clientOf(params: InitializeParams | null): Client {
  const { workspace, window, textDocument } = params?.capabilities ?? {};
  const own = (params?.initializationOptions ?? {}) as { readonly client?: unknown; readonly threadScript?: unknown };
  return {
    configuration: workspace?.configuration === true,
    configurationDynamic: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    workDoneProgress: window?.workDoneProgress === true,
    lensRefresh: workspace?.codeLens?.refreshSupport === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    ours: own.client === 'lifeline',
    threadScript: typeof own.threadScript === 'string' ? own.threadScript : null,
    settings: checkSection(params?.initializationOptions),
  };
}

/** `lifeline.check` inside of what a client pushes: `{"lifeline": {"check": {...}}}` or `{"check": {...}}`. */
export function checkSection(pushed: unknown): unknown {
  const inside = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null && name in of ? (of as Readonly<Record<string, unknown>>)[name] : undefined;
  return inside(inside(pushed, 'lifeline'), 'check') ?? inside(pushed, 'check');
}

export const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  hoverProvider: true,
  completionProvider: { triggerCharacters: ['.', '<', ' ', '-'] },
  signatureHelpProvider: { triggerCharacters: ['(', ','] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  documentFormattingProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  documentLinkProvider: {},
  codeLensProvider: {},
  codeActionProvider: { codeActionKinds: ['quickfix'] },
  inlayHintProvider: true,
  semanticTokensProvider: { legend, full: true },
};
