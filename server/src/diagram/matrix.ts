// "Which design survives?": what each combination of params comes to, as data for a table, and as plain text for a mail.
import { ascii, wrap } from './wrap.ts';

/** The parts of a check's result that the table is about; a FileResult is one. */
export interface MatrixInput {
  readonly runs: ReadonlyArray<{
    readonly params: Readonly<Record<string, string>>;
    readonly complete: boolean;
    readonly violations: ReadonlyArray<{ readonly kind: string; readonly expected: boolean; readonly severity: string }>;
  }>;
  readonly expects: ReadonlyArray<{ readonly text: string; readonly when: string | null; readonly met: boolean | null }>;
  readonly claims: ReadonlyArray<{ readonly text: string; readonly state: string }>;
}

export interface Matrix {
  readonly params: readonly string[];
  /** Verdict kinds: those found, and those that an `expect` speaks of. */
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
  readonly claims: ReadonlyArray<{ readonly text: string; readonly state: string }>;
}

export interface MatrixRow {
  /** Values in the order of `params`. */
  readonly values: readonly string[];
  /** One for each column. */
  readonly cells: readonly Cell[];
  /** Nothing but what is expected was found; null: the exploration was incomplete, and nothing else was found so far. */
  readonly asExpected: boolean | null;
}

export interface Cell {
  /** `open`: not found, but the exploration was incomplete. */
  readonly state: 'unreachable' | 'expected' | 'unexpected' | 'open';
  /** Number of its first violation, from 1, in the order of `lifeline check`; null without one. */
  readonly violation: number | null;
}

export function matrixOf(input: MatrixInput): Matrix {
  const params = [...new Set(input.runs.flatMap((r) => Object.keys(r.params)))];
  const named = input.expects.map((e) => /^(?:no\s+)?([a-z][a-z-]*)/.exec(e.text)?.[1]).filter((k) => k !== undefined);
  const columns = [...new Set([...named, ...input.runs.flatMap((r) => r.violations.filter((v) => v.severity !== 'information' || v.expected).map((v) => v.kind))])];
  let before = 0;
  const rows = input.runs.map((run): MatrixRow => {
    // What a limit of the model hides is as open as what a limit of the exploration does.
    const whole = run.complete && !run.violations.some((v) => v.kind === 'bound-reached' && !v.expected);
    const first = before;
    before += run.violations.length;
    const cells = columns.map((kind): Cell => {
      const own = run.violations.map((v, i) => ({ v, number: first + i + 1 })).filter(({ v }) => v.kind === kind);
      const surplus = own.find(({ v }) => !v.expected && v.severity !== 'information');
      const shown = surplus ?? own[0];
      if (shown === undefined) return { state: whole ? 'unreachable' : 'open', violation: null };
      return { state: surplus === undefined ? 'expected' : 'unexpected', violation: shown.number };
    });
    const surplus = cells.some((c) => c.state === 'unexpected');
    return { values: params.map((p) => run.params[p] ?? ''), cells, asExpected: surplus ? false : whole ? true : null };
  });
  return { params, columns, rows, claims: input.claims.map(({ text, state }) => ({ text, state })) };
}

export const CELL_TEXT: Readonly<Record<Cell['state'], string>> = { unreachable: '.', expected: 'x', unexpected: 'X!', open: '?' };

const GAP = 2;
const MARGIN = 1;

/** ASCII, no line wider than `width` (at least 40), no trailing spaces. */
export function matrixText(matrix: Matrix, width: number): string {
  const room = Math.max(40, Math.floor(width)) - MARGIN;
  const values = matrix.params.map((p, i) => ({ title: ascii(p), cells: matrix.rows.map((r) => ascii(r.values[i])) }));
  const natural = values.map((c) => Math.max(c.title.length, ...c.cells.map((x) => x.length)));
  const all = natural.reduce((a, b) => a + b + GAP, 0);
  // Names of verdicts head their columns where there is room, numbers with a legend otherwise.
  const spelled = all + matrix.columns.reduce((a, c) => a + c.length + GAP, -GAP) <= room;
  const heads = matrix.columns.map((c, i) => (spelled ? c : `[${i + 1}]`));
  const verdicts = heads.reduce((a, h) => a + h.length + GAP, 0);
  const widths = shrink(natural, Math.max(4 * natural.length, room - verdicts - GAP * natural.length));
  const lines: string[] = [];
  const row = (params: readonly string[], cells: readonly string[]): string =>
    [...params.map((p, i) => cut(p, widths[i]).padEnd(widths[i])), ...cells.map((c, i) => c.padEnd(heads[i].length))].join(' '.repeat(GAP));
  const rule = (texts: readonly string[]) => texts.map((t) => '-'.repeat(t.length));
  const titles = values.map((v, i) => cut(v.title, widths[i]));
  lines.push(row(titles, heads), row(rule(titles), rule(heads)));
  matrix.rows.forEach((r, n) =>
    lines.push(
      row(
        values.map((v) => v.cells[n]),
        r.cells.map((c) => CELL_TEXT[c.state]),
      ),
    ),
  );
  // More columns than even numbers have room for go on below.
  const folded = lines.flatMap((l) => (l.trimEnd().length <= room ? [l] : wrap(l, room, 4)));
  const legend: string[] = spelled ? [] : ['', ...matrix.columns.map((c, i) => `[${i + 1}] ${c}`)];
  legend.push('', ...wrap('x: reachable, as expected; X!: reachable, not expected;', room), '.: not reachable; ?: not decided');
  for (const c of matrix.claims) legend.push(...wrap(`${c.state}: ${ascii(c.text)}`, room, 4));
  return [...folded, ...legend].map((l) => (l === '' ? '' : ' '.repeat(MARGIN) + l).trimEnd() + '\n').join('');
}

/** The widest give first. */
function shrink(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  while (widths.reduce((a, b) => a + b, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest] <= 4) break;
    widths[widest]--;
  }
  return widths;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 2))}..`;
}
