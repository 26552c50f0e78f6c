// `check --format sarif`: SARIF 2.1.0 for code-scanning services. Rule ids are verdict names and diagnostic codes.
import type { FileError, FileResult, Violation } from '../analysis.ts';
import type { Place, Range } from '../base/span.ts';
import { groups, whenText } from './group.ts';
import type { Places } from './places.ts';
import { unmetText } from './summary.ts';

/** One run for all files of a call, as text that ends in a newline. */
export function checkSarif(version: string, results: ReadonlyArray<{ readonly result: FileResult; readonly places: Places }>): string {
  const all = results.flatMap(({ result, places }) => fileResults(result, places));
  const rules = [...new Set(all.map((r) => r.ruleId))].sort().map((id) => ({ id }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'lifeline', version, rules } }, columnKind: 'utf16CodeUnits', results: all }],
  };
  return JSON.stringify(log, null, 2) + '\n';
}

function fileResults(result: FileResult, places: Places) {
  return [
    ...result.errors.map((e) => errorResult(result.file, e)),
    ...groups(result).map((g) => violationResult(g.violation, g.expected, whenText(g, result.runs.length), places)),
    ...result.expects
      .filter((e) => e.met === false)
      .map((e) => ({
        ruleId: 'unmet-expect',
        level: 'error',
        message: { text: unmetText(e) },
        locations: [{ physicalLocation: physical(result.file, e.range) }],
      })),
  ];
}

function errorResult(file: string, e: FileError) {
  return {
    ruleId: e.code,
    level: level(e.severity),
    message: { text: e.message },
    locations: [{ physicalLocation: physical(file, e.range) }],
  };
}

function violationResult(v: Violation, expected: boolean, when: string, places: Places) {
  const at = (place: Place) => ({ physicalLocation: physical(place.file, places.range(place)) });
  return {
    ruleId: v.kind,
    level: expected ? 'note' : level(v.severity),
    message: { text: when === '' ? v.message : `${v.message} (${when})` },
    locations: [
      { physicalLocation: physical(v.at.file, v.range), logicalLocations: [{ fullyQualifiedName: v.function, kind: 'function' }] },
    ],
    relatedLocations: v.trace.verdict.keys.map((key) => ({ ...at(v.trace.steps[key.step].at), message: { text: key.message } })),
    codeFlows: [
      {
        threadFlows: [
          {
            locations: v.trace.steps.map((s) => ({
              executionOrder: s.index + 1,
              location: { ...at(s.at), message: { text: `${s.agent}: ${s.text}` } },
            })),
          },
        ],
      },
    ],
    properties: { expected, steps: v.steps },
  };
}

function level(severity: FileError['severity']): 'error' | 'warning' | 'note' {
  return severity === 'error' || severity === 'warning' ? severity : 'note';
}

// SARIF counts lines and columns from 1.
function physical(file: string, range: Range) {
  return {
    artifactLocation: {
      uri: file
        .split('/')
        .map((part) => (part.endsWith(':') ? part : encodeURIComponent(part)))
        .join('/'),
    },
    region: {
      startLine: range.start.line + 1,
      startColumn: range.start.character + 1,
      endLine: range.end.line + 1,
      endColumn: range.end.character + 1,
    },
  };
}
