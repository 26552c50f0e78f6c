// The squiggles of a file: what is wrong with its text, at once, and what its last exploration found, greyed once the text has moved on.
import { type Diagnostic, DiagnosticSeverity, type DiagnosticRelatedInformation, DiagnosticTag } from 'vscode-languageserver';
import type { FileError } from '../analysis.ts';
import { LineMap, type Place } from '../base/span.ts';
import { assumedText } from '../export/assumed.ts';
import { commonHints, type Group, outcome, whenText } from '../export/group.ts';
import { summary, unmetText } from '../export/summary.ts';
import type { Shown } from './checking.ts';
import { lspRange, severity, spanRange } from './convert.ts';
import type { Document } from './documents.ts';
import type { Openable } from './libraryFiles.ts';
import { headerSpan, type Located, locatedGroups, locatedRanges, present } from './located.ts';
import { verdictUri } from './virtual.ts';

/** What a diagnostic carries for code actions. */
export interface DiagnosticData {
  readonly violation: number;
  readonly kind: string;
  readonly function: string;
}

/** What a diagnostic leads to beside its own place. */
export interface Leads {
  /** The text of any file that a trace passes through. */
  readonly read: (file: string) => string | null;
  readonly openable: Openable;
  /** The client can open the page of a verdict. */
  readonly pages: boolean;
}

export function diagnosticsOf(document: Document, shown: Shown | null, leads: Leads): Diagnostic[] {
  const found = textDiagnostics(document);
  if (shown === null) return found;
  const stale = shown.changes.length > 0;
  found.push(...locatedGroups(document, shown).map((located) => violation(document, shown, located, stale, leads)));
  for (const { of, span } of locatedRanges(shown.result.expects, shown)) {
    if (of.met !== false) continue;
    found.push(
      fade(
        {
          range: spanRange(document.map, span),
          severity: DiagnosticSeverity.Error,
          code: 'unmet-expect',
          source: 'lifeline',
          message: unmetText(of),
        },
        stale,
      ),
    );
  }
  if (stale) return found;
  found.push(...laterErrors(document, shown));
  for (const { of, span } of locatedRanges(commonHints(shown.result, document.uri), shown)) {
    const tags = of.code.startsWith('unreached') ? { tags: [DiagnosticTag.Unnecessary] } : {};
    found.push({
      range: spanRange(document.map, span),
      severity: DiagnosticSeverity.Hint,
      code: of.code,
      source: 'lifeline',
      message: of.message,
      ...tags,
    });
  }
  if (outcome(shown.result) === 'incomplete') {
    const { word, rest } = summary(shown.result);
    found.push({
      range: spanRange(document.map, headerSpan(document)),
      severity: DiagnosticSeverity.Information,
      code: 'incomplete',
      source: 'lifeline',
      message: `${word}${rest}`,
    });
  }
  return found;
}

function textDiagnostics(document: Document): Diagnostic[] {
  return (document.errors ?? document.analysis.errors).map(errorDiagnostic);
}

/** What is wrong with a text and shows only when it is made ready to be explored. */
function laterErrors(document: Document, shown: Shown): Diagnostic[] {
  const known = new Set((document.errors ?? document.analysis.errors).map((e) => `${e.code} ${e.message}`));
  return shown.result.errors.filter((e) => !known.has(`${e.code} ${e.message}`)).map(errorDiagnostic);
}

function errorDiagnostic(e: FileError): Diagnostic {
  return { range: lspRange(e.range), severity: severity(e.severity), code: e.code, source: 'lifeline', message: e.message };
}

function violation(
  document: Document,
  shown: Shown,
  { of: group, span }: Located<Group>,
  stale: boolean,
  leads: Leads,
): Diagnostic {
  const v = group.violation;
  const range = spanRange(document.map, span);
  const assumed = assumedText(v);
  const assumption = assumed === null ? [] : [{ location: { uri: document.uri, range }, message: assumed }];
  const when = whenText(group, shown.result.runs.length);
  const message = `${v.message}${when === '' ? '' : ` (${when})`}${group.expected ? ' (expected)' : ''}`;
  const data: DiagnosticData = { violation: group.number, kind: v.kind, function: v.function };
  return fade(
    {
      range,
      severity: group.expected ? DiagnosticSeverity.Information : severity(v.severity),
      code: v.kind,
      ...(leads.pages ? { codeDescription: { href: verdictUri(v.kind) } } : {}),
      source: 'lifeline',
      message,
      relatedInformation: [...related(document, shown, group, leads), ...assumption],
      data,
    },
    stale,
  );
}

function related(document: Document, shown: Shown, group: Group, { read, openable }: Leads): DiagnosticRelatedInformation[] {
  const { steps, verdict } = group.violation.trace;
  const maps = new Map<string, LineMap>();
  const range = (place: Place) => {
    if (place.file === document.uri) {
      const span = present(place.span, shown);
      return span === null ? null : spanRange(document.map, span);
    }
    const map = maps.get(place.file) ?? new LineMap(read(place.file) ?? '');
    maps.set(place.file, map);
    return spanRange(map, place.span);
  };
  return verdict.keys.flatMap(({ step, message }) => {
    const at = steps[step]?.at;
    const where = at === undefined ? null : range(at);
    return at === undefined || where === null ? [] : [{ location: { uri: openable(at.file), range: where }, message }];
  });
}

/** An old finding stays where it was, without its colour, until the new answer is there. */
function fade(diagnostic: Diagnostic, stale: boolean): Diagnostic {
  if (!stale) return diagnostic;
  return {
    ...diagnostic,
    severity: DiagnosticSeverity.Information,
    tags: [DiagnosticTag.Unnecessary],
    message: `out of date: ${diagnostic.message}`,
  };
}
