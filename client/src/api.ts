// What `activate` gives to whoever asks VS Code for the extension's exports: the questions that the test suites put to it.
import type { CheckStatus } from '../../server/src/lsp/protocol.ts';

export interface LifelineApi {
  /** The last status that the server sent for a document. */
  readonly status: (uri: string) => CheckStatus | null;
  /** Resolves with the first status that satisfies `wanted`, the present one included. */
  readonly waitForStatus: (uri: string, wanted: (status: CheckStatus) => boolean) => Promise<CheckStatus>;
  /** What the status bar shows. */
  readonly statusBar: () => { readonly text: string; readonly visible: boolean };
  /** What the trace panel shows; null: it is closed. */
  readonly panelState: () => PanelState | null;
  /** Resolves when the panel's page has drawn what it was last sent. */
  readonly panelReady: () => Promise<PanelState>;
}

export interface PanelState {
  readonly uri: string;
  readonly violation: number;
  readonly title: string;
  readonly lanes: readonly string[];
  readonly steps: number;
  /** The step that is selected, from 0. */
  readonly step: number;
  /** The page has drawn it. */
  readonly drawn: boolean;
}
