// Tells the editor about explorations that last, with states and states per second and a Cancel that works. Short ones are not worth a flicker.
import type { WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { Platform } from './platform.ts';
import type { CheckStatus } from './protocol.ts';

const worthShowingMs = 300;

export interface ProgressHost {
  /** Null: the client shows no progress. */
  readonly create: (() => Promise<WorkDoneProgressServerReporter>) | null;
  readonly cancel: (uri: string) => void;
}

/** Takes every status that is sent. */
export function workProgress(platform: Platform, host: ProgressHost): (status: CheckStatus) => void {
  const { create } = host;
  const shown = new Map<
    string,
    { readonly wait: { readonly cancel: () => void }; reporter: WorkDoneProgressServerReporter | null; over: boolean; last: string }
  >();
  if (create === null) return () => {};
  return (status) => {
    const { uri, state, summary } = status;
    const known = shown.get(uri);
    if (state === 'running') {
      if (known !== undefined) {
        known.last = summary;
        known.reporter?.report(summary);
        return;
      }
      const entry = {
        wait: platform.after(worthShowingMs, () => {
          void create().then((reporter) => {
            if (entry.over) return reporter.done();
            entry.reporter = reporter;
            reporter.begin(`Lifeline: ${uri.slice(uri.lastIndexOf('/') + 1)}`, undefined, entry.last, true);
            reporter.token.onCancellationRequested(() => host.cancel(uri));
          });
        }),
        reporter: null as WorkDoneProgressServerReporter | null,
        over: false,
        last: summary,
      };
      shown.set(uri, entry);
      return;
    }
    if (known === undefined) return;
    shown.delete(uri);
    known.over = true;
    known.wait.cancel();
    known.reporter?.done();
  };
}
