// What lowering alone can tell to be no scenario: an error at a place in the text, thrown to whoever asked for the system.
import type { Code } from '../base/codes.ts';
import type { Span } from '../base/span.ts';
import type { Unit } from '../semantics/program.ts';

export class Refused extends Error {
  readonly code: Code;
  readonly unit: Unit;
  readonly span: Span;

  constructor(code: Code, unit: Unit, span: Span, message: string) {
    super(message);
    this.code = code;
    this.unit = unit;
    this.span = span;
  }
}
