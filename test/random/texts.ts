// A formatted program is the same program: the same tree, the same result. And what was found can be expected.
import assert from 'node:assert/strict';
import { type FileResult, format, parseFile, type Run } from '../../server/src/analysis.ts';
import { checkText } from './subjects.ts';

/** `result`: of the text as it stands. */
export function compareFormatted(text: string, result: FileResult): void {
  const formatted = format(text);
  assert.equal(format(formatted), formatted, 'formatting it again changes it');
  assert.deepEqual(bare(parseFile(formatted).file), bare(parseFile(text).file), 'formatting changes the tree');
  assert.deepEqual(told(checkText(formatted, true)), told(result), 'formatting changes what is found');
}

/** The file with an `expect` for each kind in each combination where it was found is green, and with an `expect no` for one of them it is not. */
export function compareExpected(text: string, result: FileResult): void {
  const expects = result.runs.flatMap((run) => [...kindsOf(run)].map((kind) => `expect ${kind}${when(run)}\n`));
  const green = checkText(`${text}\n${expects.join('')}`, true);
  assert.deepEqual(
    green.errors.filter((e) => e.severity === 'error'),
    [],
    'expecting what was found is a mistake',
  );
  assert.ok(green.green, 'it is red although everything is expected');
  for (const kind of result.runs.flatMap((run) => [...kindsOf(run)]).slice(0, 1)) {
    const red = checkText(`${text}\nexpect no ${kind}\n`, true);
    assert.ok(!red.green && red.expects[0]?.met === false, `${kind} is found, and "expect no ${kind}" is met`);
  }
}

function kindsOf(run: Run): ReadonlySet<string> {
  return new Set(run.violations.map((v) => v.kind));
}

function when({ params }: Run): string {
  const values = Object.entries(params).map(([name, value]) => `${name} == ${value}`);
  return values.length === 0 ? '' : ` when ${values.join(' && ')}`;
}

/** What does not depend on where things stand in the text. */
function told(result: FileResult): unknown {
  return result.runs.map((r) => ({
    states: r.stats.states,
    hints: r.hints.map((h) => h.code).sort(),
    violations: r.violations.map((v) => [v.kind, v.functions.join(), v.object, v.agent, v.by.join(), v.steps, v.message].join(' ')).sort(),
  }));
}

function bare(node: unknown): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) =>
      key === 'start' || key === 'end' ? undefined : typeof value === 'bigint' ? String(value) : value,
    ),
  );
}
