// One counterexample in every form in which it can leave the tool. Each form is a file of its own; this one only chooses.
import type { Violation } from '../analysis.ts';
import { svg } from '../diagram/svg.ts';
import { textDiagram } from '../diagram/text.ts';
import { printTrace } from '../trace/print.ts';
import { itf } from './itf.ts';
import { mermaid } from './mermaid.ts';
import type { Places } from './places.ts';
import { plantuml } from './plantuml.ts';
import { traceJson } from './resultJson.ts';

export const traceForms = ['text', 'mail', 'mermaid', 'plantuml', 'svg', 'itf', 'json'] as const;
export type TraceForm = (typeof traceForms)[number];

export interface TraceSource {
  readonly file: string;
  readonly params: Readonly<Record<string, string>>;
  readonly violation: Violation;
  readonly places: Places;
  /** Columns, for `mail`. */
  readonly width: number;
}

/** Ends in a newline. */
export function traceAs(form: TraceForm, { file, params, violation, places, width }: TraceSource): string {
  const { trace } = violation;
  switch (form) {
    case 'text':
      return printTrace(trace, {
        where: (at) => `${at.file.slice(at.file.lastIndexOf('/') + 1)}:${places.range(at).start.line + 1}`,
      });
    case 'mail':
      return textDiagram(trace, { width });
    case 'mermaid':
      return mermaid(trace);
    case 'plantuml':
      return plantuml(trace);
    case 'svg':
      return svg(trace);
    case 'itf':
      return itf(trace, file);
    case 'json':
      return traceJson(file, params, trace, places);
  }
}
