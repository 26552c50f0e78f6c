// What a phase has to say about a text: one finding, its place, and edits that would mend it.
import type { Place, Span } from './span.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** `code` is an entry of base/codes.ts (or a verdict name of checker/verdict.ts). */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  readonly fixes?: readonly Fix[];
  readonly related?: ReadonlyArray<{ readonly place: Place; readonly message: string }>;
}
