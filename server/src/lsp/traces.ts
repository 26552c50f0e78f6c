// Counterexamples of an open file for panels and for the clipboard. How they are drawn and printed is for diagram/ and export/.
import type { Run, Violation } from '../analysis.ts';
import { matrixOf } from '../diagram/matrix.ts';
import { combination, groups, violationNumber } from '../export/group.ts';
import { placesIn } from '../export/places.ts';
import { traceAs } from '../export/traceAs.ts';
import type { Shown } from './checking.ts';
import type { DocumentParams, FindingItem, MatrixAnswer, TraceAnswer, TraceFormat, TraceParams } from './protocol.ts';

type Read = (file: string) => string | null;

export function findings(shown: Shown | null): FindingItem[] {
  if (shown === null) return [];
  return groups(shown.result).map(({ violation, number, runs, expected, everywhere }) => ({
    violation: number,
    kind: violation.kind,
    message: violation.message,
    expected,
    combination: everywhere ? '' : combination(runs[0].params),
    position: violation.range.start,
  }));
}

export function trace(params: TraceParams, shown: Shown | null, read: Read): TraceAnswer | null {
  const found = chosen(params, shown);
  if (shown === null || found === null) return null;
  const { violation, run, number } = found;
  const places = placesIn((file) => (file === params.uri ? shown.text : read(file)));
  return {
    uri: params.uri,
    violation: number,
    title: `${violation.kind} in ${violation.function}`,
    combination: combination(run.params),
    params: run.params,
    stale: shown.changes.length > 0,
    trace: violation.trace,
    places: violation.trace.steps.map((step) => ({ uri: step.at.file, range: places.range(step.at) })),
  };
}

/** Null: there is no such finding. */
export function traceText(params: TraceParams, as: TraceFormat, shown: Shown | null, read: Read): string | null {
  const found = chosen(params, shown);
  if (shown === null || found === null) return null;
  const places = placesIn((file) => (file === params.uri ? shown.text : read(file)));
  const file = params.uri.slice(params.uri.lastIndexOf('/') + 1);
  return traceAs(as, { file, params: found.run.params, violation: found.violation, places, width: 72 });
}

export function matrix({ uri }: DocumentParams, shown: Shown | null): MatrixAnswer | null {
  if (shown === null || shown.result.runs.length === 0) return null;
  return {
    uri,
    title: shown.result.scenario ?? uri.slice(uri.lastIndexOf('/') + 1),
    stale: shown.changes.length > 0,
    matrix: matrixOf(shown.result),
  };
}

function chosen(
  params: TraceParams,
  shown: Shown | null,
): { readonly violation: Violation; readonly run: Run; readonly number: number } | null {
  if (shown === null) return null;
  const all = groups(shown.result);
  const wanted = params.violation ?? (all.find((g) => !g.expected && g.violation.severity !== 'information') ?? all.at(0))?.number;
  const found = wanted === undefined ? null : violationNumber(shown.result, wanted);
  return found === null || wanted === undefined ? null : { ...found, number: wanted };
}
