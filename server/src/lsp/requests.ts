// Which request goes to which feature, and the one place where a request that throws is caught.
import type { _Connection, Position } from 'vscode-languageserver';
import type { Checking } from './checking.ts';
import type { Client } from './client.ts';
import type { Document, Documents } from './documents.ts';
import { codeAction } from './features/codeAction.ts';
import { codeLens } from './features/codeLens.ts';
import { completion } from './features/completion.ts';
import { definition } from './features/definition.ts';
import { documentLink } from './features/documentLink.ts';
import { documentSymbol } from './features/documentSymbol.ts';
import { foldingRange } from './features/foldingRange.ts';
import { formatting } from './features/formatting.ts';
import { hover } from './features/hover.ts';
import { inlayHint } from './features/inlayHint.ts';
import { documentHighlight, references } from './features/references.ts';
import { prepareRename, rename } from './features/rename.ts';
import { selectionRange } from './features/selectionRange.ts';
import { semanticTokens } from './features/semanticTokens.ts';
import { signatureHelp } from './features/signatureHelp.ts';
import type { Openable } from './libraryFiles.ts';
import { type DocumentParams, methods, type TraceFormat, type TraceParams } from './protocol.ts';
import { findings, matrix, trace, traceText } from './traces.ts';
import { virtualText } from './virtual.ts';

export type Connection = _Connection;

/** Runs something that must not take the server with it: a defect of ours is said in the output channel, and `otherwise` is the answer. */
export type Guard = <T>(what: string, otherwise: T, run: () => T) => T;

export function guardFor(connection: Connection): Guard {
  return (what, otherwise, run) => {
    try {
      return run();
    } catch (e) {
      connection.console.error(`internal error in ${what}: ${e instanceof Error ? (e.stack ?? e.message) : String(e)}`);
      return otherwise;
    }
  };
}

interface OfDocument {
  readonly textDocument: { readonly uri: string };
}
interface OfPlace extends OfDocument {
  readonly position: Position;
}

/** Who asks, and where that client finds a file. */
export interface Asking {
  readonly client: () => Client;
  readonly openable: Openable;
}

export function answerRequests(connection: Connection, documents: Documents, checks: Checking, { client, openable }: Asking, guard: Guard): void {
  /** No answer where the document is not open. */
  const about =
    <P extends OfDocument, R>(run: (document: Document, params: P) => R) =>
    (params: P): R | null =>
      guard(`a request about ${params.textDocument.uri}`, null, () => {
        const document = documents.get(params.textDocument.uri);
        return document === null ? null : run(document, params);
      });
  const at = <P extends OfPlace, R>(run: (document: Document, offset: number, params: P) => R) =>
    about((document, params: P) => run(document, document.map.offset(params.position), params));
  const read = (file: string) => documents.read(file) ?? virtualText(file);

  connection.onHover(at((document, offset) => hover(document, offset, checks.shown(document.uri))));
  connection.onCompletion(at((document, offset) => completion(document, offset, client())));
  connection.onSignatureHelp(at(signatureHelp));
  connection.onDefinition(
    at((document, offset) => definition(document, offset)?.map((link) => ({ ...link, targetUri: openable(link.targetUri) })) ?? null),
  );
  connection.onReferences(at((document, offset, params) => references(document, offset, params.context.includeDeclaration, openable)));
  connection.onDocumentHighlight(at(documentHighlight));
  connection.onPrepareRename(at(prepareRename));
  connection.onRenameRequest(at((document, offset, params) => rename(document, offset, params.newName)));
  connection.onDocumentSymbol(about(documentSymbol));
  connection.onDocumentFormatting(about(formatting));
  connection.onFoldingRanges(about(foldingRange));
  connection.onSelectionRanges(about((document, params) => selectionRange(document, params.positions)));
  connection.onDocumentLinks(about(documentLink));
  connection.onCodeLens(about((document) => codeLens(document, checks.status(document.uri), checks.shown(document.uri), client().ours)));
  connection.onCodeAction(
    about((document, params) => codeAction(document, params.range, params.context.diagnostics, checks.shown(document.uri), client().ours)),
  );
  connection.languages.inlayHint.on(about((document, params) => inlayHint(document, params.range)));
  const tokens = about(semanticTokens);
  connection.languages.semanticTokens.on((params) => tokens(params) ?? { data: [] });

  connection.onRequest(methods.text, ({ uri }: DocumentParams) => guard(methods.text, null, () => virtualText(uri)));
  connection.onRequest(methods.check, ({ uri }: DocumentParams) => guard(methods.check, null, () => checks.checkNow(uri)));
  connection.onRequest(methods.currentStatus, ({ uri }: DocumentParams) => checks.status(uri));
  connection.onRequest(methods.findings, ({ uri }: DocumentParams) => guard(methods.findings, [], () => findings(checks.shown(uri))));
  connection.onRequest(methods.trace, (params: TraceParams) =>
    guard(methods.trace, null, () => trace(params, checks.shown(params.uri), read)),
  );
  connection.onRequest(methods.matrix, (params: DocumentParams) =>
    guard(methods.matrix, null, () => matrix(params, checks.shown(params.uri))),
  );
  connection.onRequest(methods.traceText, (params: TraceParams & { readonly as: TraceFormat }) =>
    guard(methods.traceText, null, () => traceText(params, params.as, checks.shown(params.uri), read)),
  );
}
