// The last status of every document, as the server sent it, for whoever shows or waits for one.
import * as vscode from 'vscode';
import type { CheckStatus } from '../../server/src/lsp/protocol.ts';

export interface Statuses {
  readonly get: (uri: string) => CheckStatus | null;
  readonly put: (status: CheckStatus) => void;
  readonly changed: vscode.Event<CheckStatus>;
  readonly waitFor: (uri: string, wanted: (status: CheckStatus) => boolean) => Promise<CheckStatus>;
}

export function statuses(): Statuses {
  const known = new Map<string, CheckStatus>();
  const emitter = new vscode.EventEmitter<CheckStatus>();
  return {
    get: (uri) => known.get(uri) ?? null,
    put(status) {
      known.set(status.uri, status);
      emitter.fire(status);
    },
    changed: emitter.event,
    waitFor(uri, wanted) {
      const present = known.get(uri);
      if (present !== undefined && wanted(present)) return Promise.resolve(present);
      return new Promise((resolve) => {
        const listener = emitter.event((status) => {
          if (status.uri !== uri || !wanted(status)) return;
          listener.dispose();
          resolve(status);
        });
      });
    },
  };
}
