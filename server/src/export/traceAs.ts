// One counterexample in every form in which it can leave the tool. Each form is a file of its own; this one only chooses.
import type { Violation } from '../analysis.ts';
import type { Places } from './places.ts';
import { traceJson } from './resultJson.ts';

export const traceForms = ['text', 'mail', 'mermaid', 'plantuml', 'svg', 'itf', 'json'] as const;
export type TraceForm = (typeof traceForms)[number];

export interface TraceSource {
  readonly file: string;
  readonly scenario: string | null;
  readonly params: Readonly<Record<string, string>>;
  readonly violation: Violation;
  readonly places: Places;
  /** Columns, for the forms that are plain text. */
  readonly width: number;
}

export function traceAs(form: TraceForm, source: TraceSource): string | null {
  switch (form) {
    case 'json':
      return traceJson(source.file, source.params, source.violation.trace, source.places);
    default:
      return null;
  }
}
