// What Lifeline's server and clients say to each other beyond LSP: names and shapes only, so that both sides (and the tests) can import it.
import type { Position, Range } from '../base/span.ts';
import type { Matrix } from '../diagram/matrix.ts';
import type { Trace } from '../trace/trace.ts';

export interface DocumentParams {
  readonly uri: string;
}

export const methods = {
  /** Server to client, notification: CheckStatus. */
  status: 'lifeline/status',
  /** DocumentParams -> CheckStatus | null. The state that was last sent for a document. */
  currentStatus: 'lifeline/currentStatus',
  /** DocumentParams -> CheckStatus | null. Explores a file now, whatever lifeline.check.on says; answers once it is queued. Null: nothing to explore. */
  check: 'lifeline/check',
  /** DocumentParams -> string | null. The text of a `lifeline:` document: a shipped library, the page of a verdict. */
  text: 'lifeline/text',
  /** TraceParams -> TraceAnswer | null. */
  trace: 'lifeline/trace',
  /** TraceParams & { as: TraceFormat } -> string | null. The same counterexample as text. */
  traceText: 'lifeline/traceText',
  /** DocumentParams -> MatrixAnswer | null. What each combination of the parameters comes to. */
  matrix: 'lifeline/matrix',
  /** DocumentParams -> FindingItem[]. What there is to choose a trace from. */
  findings: 'lifeline/findings',
  /** Server to client, DocumentParams -> string | null: a file beside an open one, for a server that has no disk (browser). */
  readFile: 'lifeline/readFile',
} as const;

/** The one life cycle of a check, shown alike in lenses, status bar, panels and tests. */
export interface CheckStatus {
  readonly uri: string;
  /** The document's version that this speaks of. */
  readonly version: number;
  /**
   * `stale`: the text has changed since the result, or was never explored. `done`: the result below is for exactly this text.
   */
  readonly state: 'stale' | 'queued' | 'running' | 'done';
  /** Only when `done`. `errors`: the file does not parse or type, so nothing was explored. */
  readonly outcome: 'green' | 'red' | 'incomplete' | 'errors' | null;
  /** One line for people. */
  readonly summary: string;
  readonly states: number;
  readonly statesPerSecond: number;
  /** How long the exploration took, or has taken so far. */
  readonly elapsedMs: number;
  /** Distinct findings, those that an `expect` covers included. */
  readonly findings: number;
}

export interface TraceParams {
  readonly uri: string;
  /** From 1, in the order of `lifeline check`. Without one: the first that is not expected, else the first. */
  readonly violation?: number;
}

/** A counterexample with everything that a panel needs to draw it and to follow it in an editor. */
export interface TraceAnswer {
  readonly uri: string;
  readonly violation: number;
  readonly title: string;
  /** `fence = srcu`; empty without parameters. */
  readonly combination: string;
  readonly params: Readonly<Record<string, string>>;
  /** The file has changed since: shown, but marked. */
  readonly stale: boolean;
  readonly trace: Trace;
  /** For each step its place in line/character. */
  readonly places: ReadonlyArray<{ readonly uri: string; readonly range: Range }>;
}

export interface MatrixAnswer {
  readonly uri: string;
  readonly title: string;
  readonly stale: boolean;
  readonly matrix: Matrix;
}

export type TraceFormat = 'text' | 'mail' | 'mermaid' | 'plantuml' | 'svg' | 'itf' | 'json';

/** The list of findings, to choose one from. */
export interface FindingItem {
  readonly violation: number;
  readonly kind: string;
  readonly message: string;
  readonly expected: boolean;
  readonly combination: string;
  readonly position: Position;
}

/** Commands that lenses and code actions carry; clients implement them. Arguments: `[uri, violation]`. */
export const commands = {
  showTrace: 'lifeline.showTrace',
  showMatrix: 'lifeline.showMatrix',
  copyForMail: 'lifeline.copyForMail',
  check: 'lifeline.check',
} as const;
