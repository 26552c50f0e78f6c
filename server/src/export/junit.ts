// `check --format junit`: one suite per file, one case per `expect` and claim and one for what nothing expected.
import type { FileResult } from '../analysis.ts';
import { groups, outcome, totals, whenText } from './group.ts';

interface Case {
  readonly name: string;
  readonly line: number;
  readonly problem: { readonly element: 'failure' | 'error' | 'skipped'; readonly message: string } | null;
}

export function checkJunit(results: readonly FileResult[]): string {
  const suites = results.map(suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lifeline">\n${suites.join('')}</testsuites>\n`;
}

function suite(result: FileResult): string {
  const cases = casesOf(result);
  const count = (element: string) => cases.filter((c) => c.problem?.element === element).length;
  const seconds = (totals(result).elapsedMs / 1000).toFixed(3);
  const head = `  <testsuite name="${escape(result.file)}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${seconds}">\n`;
  const body = cases.map((c) => {
    const open = `    <testcase classname="${escape(result.scenario ?? result.file)}" name="${escape(c.name)}" file="${escape(result.file)}" line="${c.line}"`;
    return c.problem === null
      ? `${open}/>\n`
      : `${open}>\n      <${c.problem.element} message="${escape(c.problem.message)}"/>\n    </testcase>\n`;
  });
  return `${head}${body.join('')}  </testsuite>\n`;
}

function casesOf(result: FileResult): readonly Case[] {
  const errors = result.errors.filter((e) => e.severity === 'error');
  if (errors.length > 0) {
    return errors.map((e) => ({ name: e.code, line: e.range.start.line + 1, problem: { element: 'error', message: e.message } }));
  }
  const undecided = { element: 'skipped', message: 'not decided: an exploration was incomplete' } as const;
  const surplus = groups(result).filter((g) => !g.expected && g.violation.severity !== 'information');
  return [
    ...result.expects.map(
      (e): Case => ({
        name: `expect ${e.text}`,
        line: e.line + 1,
        problem: e.met === null ? undecided : e.met ? null : { element: 'failure', message: e.message ?? 'not met' },
      }),
    ),
    ...result.claims.map(
      (c): Case => ({
        name: `claim "${c.text}"`,
        line: c.line + 1,
        problem:
          c.state === 'holds'
            ? null
            : c.state === 'refuted'
              ? { element: 'failure', message: 'refuted' }
              : { element: 'skipped', message: 'unchecked' },
      }),
    ),
    ...surplus.map(
      (g): Case => ({
        name: `no unexpected ${g.violation.kind} in ${g.violation.function}`,
        line: g.violation.range.start.line + 1,
        problem: { element: 'failure', message: [g.violation.message, whenText(g, result.runs.length)].filter((s) => s !== '').join(', ') },
      }),
    ),
    ...(surplus.length === 0
      ? [{ name: 'nothing unexpected', line: 1, problem: outcome(result) === 'incomplete' ? undecided : null } satisfies Case]
      : []),
  ];
}

function escape(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };
  return text.replace(/[&<>"\n\t]/g, (c) => names[c]).replace(/[\u0000-\u0008\u000b\u000c\u000d-\u001f]/g, '\ufffd');
}
