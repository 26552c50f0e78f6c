// What the trace panel's page and the extension say to each other. Both sides, and the tests, import it; nothing here runs.
import type { Span } from '../../server/src/base/span.ts';
import type { Matrix } from '../../server/src/diagram/matrix.ts';
import type { Trace } from '../../server/src/trace/trace.ts';

/** Draws a trace from the beginning. */
export interface Show {
  readonly type: 'show';
  /** The same for the same finding of the same text: what the page remembers (step, folds) is kept over it. */
  readonly key: string;
  readonly title: string;
  /** `fence = srcu`; empty without parameters. */
  readonly combination: string;
  /** The file has changed since: shown, but marked. */
  readonly stale: boolean;
  readonly trace: Trace;
  /** Step to select; null: the one remembered, else the last. */
  readonly step: number | null;
  /** Opaque to the page, given back by VS Code when it restores a panel: how to ask for this trace again. */
  readonly source?: unknown;
}

export type ToPage =
  | Show
  | { readonly type: 'select'; readonly step: number }
  | { readonly type: 'stale'; readonly stale: boolean };

export type CopyFormat = 'mail' | 'text' | 'mermaid' | 'plantuml' | 'svg';

export type FromPage =
  /** The page listens. */
  | { readonly type: 'ready' }
  /** The user is at a step: its statement should be seen, the focus left where it is. */
  | { readonly type: 'reveal'; readonly step: number; readonly file: string; readonly span: Span }
  | { readonly type: 'copy'; readonly as: CopyFormat; readonly text: string }
  /** `data` is text for SVG, base64 for PNG. */
  | { readonly type: 'save'; readonly as: 'svg' | 'png'; readonly data: string }
  /** What is on the screen, after each change. */
  | { readonly type: 'state'; readonly key: string; readonly step: number; readonly steps: number; readonly lanes: readonly string[] };

/** What the page keeps with VS Code's setState, and a panel's serializer is given. */
export interface Saved {
  readonly show: Show;
  readonly step: number;
  readonly fold: boolean;
  readonly open: readonly number[];
  /** 0: as wide as the panel. */
  readonly zoom: number;
}

/** The other page: the table of a design space (bootMatrix.ts). */
export interface ShowMatrix {
  readonly type: 'matrix';
  readonly title: string;
  readonly stale: boolean;
  readonly matrix: Matrix;
  /** Opaque to the page, given back by VS Code when it restores a panel. */
  readonly source?: unknown;
}

export type ToMatrixPage = ShowMatrix | { readonly type: 'stale'; readonly stale: boolean };

export type FromMatrixPage =
  | { readonly type: 'ready' }
  /** Show the trace of a violation, by its number in the order of `lifeline check`. */
  | { readonly type: 'open'; readonly violation: number }
  | { readonly type: 'copy'; readonly as: 'mail'; readonly text: string };

/** What the matrix page keeps with setState. `sort`: index into params and columns together; -1: the order of the file. */
export interface SavedMatrix {
  readonly show: ShowMatrix;
  readonly sort: number;
  readonly descending: boolean;
  readonly filter: string;
}
