// What the combinations of a file came to, put together: its violations, its `expect`s and its claims.
import type { Analysis, ClaimResult, ExpectResult, FileResult } from '../analysis.ts';
import { LineMap } from '../base/span.ts';
import type { Outcome } from './combination.ts';
import { claimState, expectsIn, isMet, type Met } from './judge.ts';

/** A file, what resolving has to say about it, and the program of its first combination. */
export type Resolved = Omit<Analysis, 'programs'>;

/** `outcomes` in any order; fewer than `chosen`, which is how many combinations there are to explore: somebody ended it. */
export function resultOf(analysis: Resolved, outcomes: readonly Outcome[], chosen: number): FileResult {
  const { text, program } = analysis;
  const ordered = [...outcomes].sort((a, b) => a.index - b.index);
  const first = ordered.find((o) => o.kind === 'broken');
  if (first !== undefined) return brokenResult(analysis, first.more ? [...analysis.errors, ...first.errors] : first.errors);
  const explored = ordered.filter((o) => o.kind === 'explored');
  const runs = explored.map((o) => o.run);
  const whole = runs.length === chosen;
  const lines = new LineMap(text);

  const metOf = new Map<number, Met>(program.expects.map((e) => [e.start, whole ? isMet(e, explored) : null]));
  const asked = new Set(explored.flatMap((o) => o.answers.filter((a) => a.own).map((a) => a.start)));
  const nodes = expectsIn(analysis.file).filter((e) => asked.has(e.start));
  for (const e of nodes) if (!metOf.has(e.start)) metOf.set(e.start, isMet(e, explored));
  const expects = nodes.map((e): ExpectResult => {
    const met = metOf.get(e.start) ?? null;
    return {
      line: lines.position(e.start).line,
      range: lines.range(e),
      text: text.slice(e.start, e.when === null ? e.end : e.when.start).replace(/^expect\s+/, '').replace(/\s*\bwhen\s*$/, '').trim(),
      when: e.when === null ? null : text.slice(e.when.start, e.when.end),
      met,
      message: unmetMessage(met, e.no),
    };
  });
  const assumption = program.assumes.length === 0 ? null : program.assumes.map((a) => text.slice(a.start, a.end)).join(', ');
  const claims = program.claims.map((c): ClaimResult => ({
    line: lines.position(c.start).line,
    range: lines.range(c),
    text: c.text.value,
    messageId: c.cites[0]?.id ?? null,
    quotation: c.quotes.length > 0 && c.cites.length > 0 ? 'no-mail' : null,
    state: claimState(c.expects.map((e) => metOf.get(e.start) ?? null)),
    underAssumption: assumption,
  }));
  const incomplete = !whole || explored.some((o) => !o.complete);
  const unexpected = runs.some((r) => r.violations.some((v) => !v.expected && v.severity !== 'information'));
  const green = !incomplete && !unexpected && expects.every((e) => e.met === true);
  return { ...brokenResult(analysis, analysis.errors), green, incomplete, runs, expects, claims };
}

/** Of a file that is not explored: what is wrong with it. */
export function brokenResult({ path, file }: Resolved, errors: FileResult['errors']): FileResult {
  const scenario = file.header?.kind === 'scenario' ? file.header.name.text : null;
  return { file: path, scenario, errors, green: false, incomplete: false, runs: [], expects: [], claims: [] };
}

function unmetMessage(met: Met, no: boolean): string | null {
  if (met === true) return null;
  if (met === null) return 'not decided: an exploration ended early, or met a limit of the model';
  return no ? 'it does happen' : 'no interleaving leads there';
}
